/**
 * Honest time: what a dated value can mean, given its precision and its zone. A value is never a point; it is the stretch
 * in which the point lies, and two values are compared by their stretches.
 */
import { z } from 'zod'
import { DatedValue, Precision } from './common.ts'

/** ISO 8601 as far as it is known: `2023`, `2023-10`, `2023-10-07`, or with a time and, optionally, an offset. */
const ISO =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3])(?::([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/

export type PrecisionName = z.infer<typeof Precision>

/** The finest precision that the text itself can carry; null for text that is no date, or a day that no month has. */
export function precisionOf(value: string): PrecisionName | null {
  const parts = ISO.exec(value)
  if (!parts) return null
  const [, year, month, day, hour, minute, second] = parts
  if (day && Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return null
  if (second) return 'exact'
  if (minute) return 'minute'
  if (hour) return 'hour'
  return day ? 'day' : month ? 'month' : 'year'
}

const PRECISIONS: readonly string[] = Precision.options

/**
 * A text such as `2024-02-09` as a dated value, with the precision that it shows; null where it is no date. What
 * `datedText` writes is read back the same: `2024-02 (approximate, Asia/Tehran)`.
 */
export function datedOf(text: string): DatedValue | null {
  if (text.trim() === 'unknown') return { value: '', precision: 'unknown', zone: 'UTC' }
  const [, value = '', said = ''] = /^([^()]*?)\s*(?:\(([^()]*)\))?$/.exec(text.trim()) ?? []
  const shown = precisionOf(value)
  if (!shown) return null
  const notes = said.split(',').map((note) => note.trim())
  const precision = (notes.find((note) => PRECISIONS.includes(note)) as PrecisionName | undefined) ?? shown
  const offset = ISO.exec(value)?.[8]
  const zone = notes.find((note) => note && !PRECISIONS.includes(note)) ?? (offset && offset !== 'Z' ? offset : 'UTC')
  return { value, precision, zone }
}

/** One line of text: `2024-02-09`, with what a reader must know to trust it in brackets. */
export function datedText({ value, precision, zone }: DatedValue): string {
  if (!value) return 'unknown'
  const notes = [
    ...(precision === precisionOf(value) ? [] : [precision]),
    ...(zone && zone !== 'UTC' && !value.endsWith(zone) ? [zone] : []),
  ]
  return notes.length ? `${value} (${notes.join(', ')})` : value
}

/** A dated value that a person or a file may also give as text. */
export const Dated = z
  .preprocess((given) => (typeof given === 'string' ? (datedOf(given) ?? given) : given), DatedValue)
  .refine((dated) => dated.value === '' || precisionOf(dated.value) !== null, {
    message: 'a date such as 2024, 2024-02 or 2024-02-09',
  })

/** Milliseconds since 1970 UTC; `latest` is the first moment that is no longer meant. Infinite where nothing is known. */
export interface Bounds {
  readonly earliest: number
  readonly latest: number
}

/** Length of one unit of each precision, for widening what is approximate. */
const UNIT_MS = { exact: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/**
 * The stretch in which the moment lies. `approximate` is the unit that the text shows, widened by one such unit on both
 * sides. A value without text, or of unknown precision, can be any time.
 */
export function boundsOf(dated: DatedValue): Bounds {
  const parts = dated.precision === 'unknown' ? null : ISO.exec(dated.value)
  const shown = precisionOf(dated.value)
  if (!parts || !shown) return { earliest: -Infinity, latest: Infinity }
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', offset] = parts
  const unit = coarser(shown, dated.precision)
  const text = {
    year: `${year}-01-01T00:00:00`,
    month: `${year}-${month}-01T00:00:00`,
    day: `${year}-${month}-${day}T00:00:00`,
    hour: `${year}-${month}-${day}T${hour}:00:00`,
    minute: `${year}-${month}-${day}T${hour}:${minute}:00`,
    exact: `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}`,
  }[unit]
  const wall = Date.parse(`${text}Z`)
  const end = after(wall, unit)
  const zone = offset ?? dated.zone
  const [low, high] =
    dated.precision === 'approximate' ? [before(wall, unit), after(end, unit)] : ([wall, end] as const)
  return { earliest: low - offsetAt(low, zone), latest: high - offsetAt(high, zone) }
}

type Unit = 'exact' | 'minute' | 'hour' | 'day' | 'month' | 'year'
const UNITS: readonly Unit[] = ['exact', 'minute', 'hour', 'day', 'month', 'year']

/** What the text shows, or what the precision says where that is less. */
function coarser(shown: PrecisionName, said: PrecisionName): Unit {
  const place = UNITS.indexOf(said as Unit)
  return UNITS[Math.max(UNITS.indexOf(shown as Unit), place)] ?? 'day'
}

function step(wall: number, unit: Unit, by: 1 | -1): number {
  if (unit !== 'month' && unit !== 'year') return wall + by * UNIT_MS[unit]
  const at = new Date(wall)
  const months = by * (unit === 'year' ? 12 : 1)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)
}
const after = (wall: number, unit: Unit): number => step(wall, unit, 1)
const before = (wall: number, unit: Unit): number => step(wall, unit, -1)

const FORMATS = new Map<string, Intl.DateTimeFormat | null>()

/** Milliseconds by which the zone's wall clock is ahead of UTC at that wall-clock time. Unknown zones count as UTC. */
function offsetAt(wall: number, zone: string): number {
  const fixed = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000
  if (zone === '' || zone === 'UTC' || zone === 'Z') return 0
  const format = formatOf(zone)
  if (!format) return 0
  // The offset at the wall time read as UTC is right except in the hours around a change; one more look settles those.
  const first = aheadBy(format, wall)
  return aheadBy(format, wall - first)
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  let format = FORMATS.get(zone)
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat('en-GB', {
        timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
        hour: '2-digit', minute: '2-digit', second: '2-digit',
      }) // prettier-ignore
    } catch {
      format = null
    }
    FORMATS.set(zone, format)
  }
  return format
}

function aheadBy(format: Intl.DateTimeFormat, utc: number): number {
  const parts = Object.fromEntries(format.formatToParts(utc).map(({ type, value }) => [type, Number(value)]))
  const { year, month, day, hour, minute, second } = parts as Record<string, number>
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - Math.floor(utc / 1000) * 1000
}

/** How a moment stands to the stretch between two dated bounds, either of which may be absent or imprecise. */
export type Within = 'yes' | 'possibly' | 'no'

/**
 * Whether something that held from `from` until `until` (no longer on the day of `until` itself) held during all of the
 * moment. An absent start or end is open: it held since ever, or holds still.
 */
export function heldDuring(moment: Bounds, from: DatedValue | null, until: DatedValue | null): Within {
  const start = from ? boundsOf(from) : { earliest: -Infinity, latest: -Infinity }
  const end = until ? boundsOf(until) : { earliest: Infinity, latest: Infinity }
  const [started, ended] = [toTheDay(start) ? start.earliest : start.latest, toTheDay(end) ? end.earliest : end.latest]
  if (moment.latest <= start.earliest || moment.earliest >= ended) return 'no'
  return moment.earliest >= started && moment.latest <= end.earliest ? 'yes' : 'possibly'
}

/** A bound known to the day counts from the start of that day: lists change on a date, not at an hour. */
const toTheDay = ({ earliest, latest }: Bounds): boolean => latest - earliest <= UNIT_MS.day + 3_600_000

/** Whether two validity stretches can have held at the same time. */
export function overlap(
  a: { validFrom: DatedValue | null; validUntil: DatedValue | null },
  b: { validFrom: DatedValue | null; validUntil: DatedValue | null },
): boolean {
  const from = (x: DatedValue | null): number => (x ? boundsOf(x).earliest : -Infinity)
  const until = (x: DatedValue | null): number => (x ? boundsOf(x).earliest : Infinity)
  return from(a.validFrom) < until(b.validUntil) && from(b.validFrom) < until(a.validUntil)
}
