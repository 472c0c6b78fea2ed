/** The dates a file states, and where they contradict one another. Nothing is compared with the clock. */
import type { MediaFacts } from '../../contract/media.ts'
import type { Observation } from '../../contract/signals.ts'
import { lavfEarliest, systemEarliest, x264Earliest, type EarliestWriting } from './encoder-releases.ts'
import type { IsoFacts } from './iso-facts.ts'

export interface StatedDate {
  readonly place: string
  readonly kind: 'created' | 'modified' | 'signed'
  /** As it stands in the file, or as ISO 8601 for binary fields. */
  readonly text: string
  /** ms since 1970. Times without an offset are read as UTC: see `UNKNOWN_ZONE`. */
  readonly at: number
}

/** Largest distance between a local time and UTC, both ways, plus a margin: less than this may only be a missing zone. */
const UNKNOWN_ZONE = 27 * 3_600_000
const DAY = 86_400_000
/** The first edition of the MP4 file format appeared in 2001 (ISO/IEC 14496-1:2001), QuickTime in 1991. */
const FIRST_PLAUSIBLE = Date.UTC(1991, 0, 1)

/** Where XMP keeps the first of all creation dates. */
const XMP_CREATED = 'tag xmp:CreateDate'
const CREATED_KEYS =
  /(?:^|[:.])(?:creation_?date|creation_?time|date|©day|xmp:CreateDate|DATE_DIGITIZED|DATE_RECORDED|Recorded_Date)$/iu
const MODIFIED_KEYS = /(?:^|[:.])(?:xmp:ModifyDate|modification_?time)$/iu

/** All dates of a file, each place once. */
export function statedDates(facts: MediaFacts, iso: IsoFacts | null, signed: string | null): StatedDate[] {
  const dates: StatedDate[] = []
  const add = (place: string, kind: StatedDate['kind'], text: string) => {
    const at = parseDate(text)
    if (at !== null) dates.push({ place, kind, text, at })
  }
  const fields: [string, { created: number | null; modified: number | null } | null][] = [
    ['movie header', iso?.movie ?? null],
    ...(iso?.tracks ?? []).flatMap((t): [string, typeof t.header][] => [
      [`track ${t.id} header`, t.header],
      [`track ${t.id} media header`, t.media],
    ]),
  ]
  for (const [place, times] of fields)
    for (const kind of ['created', 'modified'] as const) {
      const at = times?.[kind] ?? null
      if (at !== null) dates.push({ place, kind, text: new Date(at).toISOString(), at })
    }
  for (const { key, value } of iso?.tags ?? []) {
    if (CREATED_KEYS.test(key)) add(`tag ${key}`, 'created', value)
    else if (MODIFIED_KEYS.test(key)) add(`tag ${key}`, 'modified', value)
  }
  // ffmpeg repeats the binary fields of an ISO file as tags; they would only stand twice.
  if (!iso) {
    for (const [key, value] of Object.entries(facts.container.tags))
      if (CREATED_KEYS.test(key)) add(`tag ${key}`, 'created', value)
    add('encoded date', 'created', facts.container.encodedDate)
    add('tagged date', 'modified', facts.container.taggedDate)
  }
  if (signed) add('signature of the Content Credentials', 'signed', signed)
  return dates.filter(
    (date, i) => dates.findIndex((d) => d.place === date.place && d.kind === date.kind && d.at === date.at) === i,
  )
}

/** A full date in one of the forms that writers use; null for years alone and for anything else. */
export function parseDate(text: string): number | null {
  const match =
    /^(?:UTC )?(\d{4})[-:](\d{2})[-:](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?/u.exec(
      text.trim(),
    )
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return null
  const zone = match[7]
  const offset = zone && /^[+-]/u.test(zone) ? zoneMinutes(zone) : 0
  return Date.UTC(year, month - 1, day, hour, minute, second) - offset * 60_000
}

function zoneMinutes(zone: string): number {
  const digits = zone.replace(/\D/gu, '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))
  return zone.startsWith('-') ? -minutes : minutes
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10)
const observation = (code: string, text: string, weight: Observation['weight'], reference?: string): Observation => ({
  code: `provenance.${code}`,
  text,
  weight,
  ...(reference ? { reference } : {}),
})

/**
 * Contradictions. An earlier file's creation date often survives honest re-encoding (ffmpeg copies it), which is why no
 * date alone is more than `some`.
 */
export function dateContradictions(
  dates: readonly StatedDate[],
  texts: readonly string[],
  iso: IsoFacts | null,
): Observation[] {
  const found: Observation[] = []
  const plausible = dates.filter(({ at }) => at >= FIRST_PLAUSIBLE)
  const early = dates.filter(({ at }) => at < FIRST_PLAUSIBLE)
  if (early.length > 0)
    found.push(
      observation(
        'date-unset',
        `${capital(early[0]!.place)} says ${day(early[0]!.at)}, before such files existed: the writer's clock was not set, or the field was filled with a default.`,
        'context',
      ),
    )

  const movie = iso?.movie
  if (movie?.created && movie.modified && movie.modified + 2000 < movie.created)
    found.push(
      observation(
        'date-order',
        `The file says it was modified (${day(movie.modified)}) before it was created (${day(movie.created)}).`,
        'some',
        'ISO/IEC 14496-12, 8.2.2: modification_time is the most recent time the presentation was modified',
      ),
    )

  const created = plausible.filter(({ kind }) => kind === 'created')
  const earliest = created.toSorted((a, b) => a.at - b.at)[0]
  const latest = created.toSorted((a, b) => b.at - a.at)[0]
  if (earliest && latest && latest.at - earliest.at > UNKNOWN_ZONE) {
    // XMP keeps when the work was begun; every export of it writes a new header (XMP Specification Part 1, 8.4). So an earlier
    // date there is none of the file's own dates, which must still agree among themselves.
    const own = created.filter(({ place }) => place !== XMP_CREATED).map(({ at }) => at)
    const kept = earliest.place === XMP_CREATED && latest.at - Math.min(...own) <= UNKNOWN_ZONE
    found.push(
      observation(
        'date-mismatch',
        `Two creation dates differ by ${Math.round((latest.at - earliest.at) / DAY)} days: ${earliest.place} says ${day(earliest.at)}, ${latest.place} says ${day(latest.at)}. ${kept ? 'An editing program keeps the first when it exports anew.' : 'Parts of the file were made or rewritten at another time.'}`,
        kept ? 'context' : 'some',
        'Gloe, Fischer, Kirchner 2014, "Forensic analysis of video file formats"',
      ),
    )
  }

  if (earliest)
    for (const bound of softwareBounds(texts, iso))
      if (earliest.at + UNKNOWN_ZONE < bound.at) {
        found.push(
          observation(
            'date-before-software',
            `The file says it was created on ${day(earliest.at)} (${earliest.place}), but ${bound.software}, which left its name in it, did not exist before ${day(bound.at)}. The date was copied from an earlier file, or set by hand.`,
            'some',
            bound.reference,
          ),
        )
        break
      }

  const signed = dates.find(({ kind }) => kind === 'signed')
  const after = created.find(({ at }) => signed && at > signed.at + UNKNOWN_ZONE)
  if (signed && after)
    found.push(
      observation(
        'date-after-signature',
        `The Content Credentials were signed on ${day(signed.at)}, but ${after.place} says that the file was created on ${day(after.at)}.`,
        'some',
      ),
    )
  return found
}

function softwareBounds(texts: readonly string[], iso: IsoFacts | null): EarliestWriting[] {
  const tag = (key: string) => iso?.tags.find((t) => t.key === key)?.value ?? ''
  // `software` holds the iOS version only where an iPhone or iPad is named; Macs and editors write other things there.
  const ios = /^iP(?:hone|ad)/u.test(tag('com.apple.quicktime.model'))
    ? systemEarliest('iOS', tag('com.apple.quicktime.software'))
    : null
  const bounds = [
    ...texts.map(lavfEarliest),
    ...texts.map(x264Earliest),
    ios,
    systemEarliest('Android', tag('com.android.version')),
  ]
  return bounds.filter((bound) => bound !== null).toSorted((a, b) => b.at - a.at)
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
