/** One entry of a hash list from outside: a line of text or a parsed JSON value becomes a `ListedHash`, or the reason why not. */
import { neutralise } from '../media/untrusted.ts'
import { fromHex } from './pdq.ts'

export interface ListedHash {
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** 0 to 100; null where the list does not say. */
  readonly quality: number | null
  /** What the list calls it, neutralised; the frames of one video may share one. */
  readonly id: string | null
  /** Neutralised. */
  readonly tags: readonly string[]
  /** ISO 8601, UTC. */
  readonly addedOn: string | null
  /** Number of the frame in its video, and its time there in seconds. */
  readonly frame: number | null
  readonly seconds: number | null
}

export const LEFT_OUT = {
  hash: 'no hash of 64 hex digits',
  kind: 'another kind of hash',
  quality: 'a quality that is not between 0 and 100',
  frame: 'a frame number or time that is not a number of at least 0',
  duplicate: 'the same hash with the same id again',
  syntax: 'not readable as JSON',
  long: 'longer than 64 KiB',
  deep: 'nested deeper than 64 levels',
  unfinished: 'the list ends in the middle of it',
} as const
export type LeftOut = keyof typeof LEFT_OUT

const ID_LENGTH = 200
const TAG_LENGTH = 60
const MOST_TAGS = 20

const NOTHING = { quality: null, id: null, tags: [], addedOn: null, frame: null, seconds: null } as const

/** A first line that names columns. */
export const isHeader = (line: string): boolean =>
  fieldsOf(line).every((field) => !fromHex(field)) && /\b(?:hash|pdq|pdqhash|pdq_hash|indicator)\b/i.test(line)

/** @param untrusted one line, not empty */
export function entryOfText(untrusted: string): ListedHash | LeftOut {
  const fields = fieldsOf(untrusted)
  const first = fromHex(fields[0]!)
  if (first) return plain(first, fields)
  const third = fromHex(fields[2] ?? '')
  return third ? vpdq(third, fields) : 'hash'
}

/** `hash[,quality][,id][,...]`: what comes after the id belongs to others. */
function plain(hash: Uint8Array, fields: readonly string[]): ListedHash | LeftOut {
  const [, second = '', third = ''] = fields
  const numeric = /^(?:[-+]?\d+(?:\.\d*)?)?$/.test(second)
  const quality = numeric ? qualityOf(second === '' ? null : Number(second)) : null
  if (quality === undefined) return 'quality'
  return { ...NOTHING, hash, quality, id: nameOf(numeric ? third : second, ID_LENGTH) }
}

/** `frame,quality,hash,seconds` */
function vpdq(hash: Uint8Array, fields: readonly string[]): ListedHash | LeftOut {
  const [frame, quality, , seconds] = fields.map((field) => (isNumber(field) ? Number(field) : Number.NaN))
  if (qualityOf(quality) === undefined) return 'quality'
  if (!Number.isSafeInteger(frame) || !Number.isFinite(seconds)) return 'frame'
  return { ...NOTHING, hash, quality: quality!, frame: frame!, seconds: seconds! }
}

/** Decimal, without a sign. */
const isNumber = (text: string): boolean => /^\d{1,15}(?:\.\d{1,15})?$/.test(text)

/** Null: not given. Undefined: wrong. */
function qualityOf(untrusted: unknown): number | null | undefined {
  if (untrusted === undefined || untrusted === null) return null
  return typeof untrusted === 'number' && Number.isInteger(untrusted) && untrusted >= 0 && untrusted <= 100
    ? Math.abs(untrusted)
    : undefined
}

/** Null where nothing is left of it. Lone surrogates go, so that what is written is text. */
function nameOf(untrusted: unknown, length: number): string | null {
  if (typeof untrusted !== 'string' && typeof untrusted !== 'number') return null
  return neutralise(`${untrusted}`, length).toWellFormed() || null
}

/** Fields of a CSV line (RFC 4180), without the blanks around them. */
function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim())
  const fields: string[] = []
  const pattern = /\s*(?:"((?:[^"]|"")*)"[^,]*|([^,]*))(?:,|$)/gy
  while (pattern.lastIndex < line.length) {
    const [, quoted, bare] = pattern.exec(line) ?? []
    fields.push((quoted?.replaceAll('""', '"') ?? bare ?? '').trim())
    if (pattern.lastIndex === 0) break
  }
  return fields
}

/** Kinds of indicator that are PDQ hashes, however a programme writes it: HASH_PDQ, pdq, vpdq. */
const PDQ_KIND = /^(?:hash[_-])?v?pdq(?:[_-]hash)?$/i

/** @param untrusted what JSON.parse made of one entry */
export function entryOfJson(untrusted: unknown): ListedHash | LeftOut {
  const outer: Fields = typeof untrusted === 'string' ? { hash: untrusted } : fieldsIn(untrusted)
  // A descriptor holds its indicator as an object with a type and a value of its own.
  const inner = fieldsIn(outer['indicator'])
  const kind = outer['type'] ?? inner['type']
  if (kind !== undefined && !(typeof kind === 'string' && PDQ_KIND.test(kind))) return 'kind'
  const texts = [outer['indicator'], inner['indicator'], outer['raw_indicator'], outer['hash'], outer['value']]
  const text = texts.find((value) => typeof value === 'string')
  const hash = typeof text === 'string' ? fromHex(text.trim()) : undefined
  if (!hash) return 'hash'
  const quality = qualityOf(outer['quality'])
  if (quality === undefined) return 'quality'
  const frame = countOf(outer['frame'])
  const seconds = countOf(outer['seconds'])
  if (frame === undefined || seconds === undefined || (frame !== null && !Number.isSafeInteger(frame))) return 'frame'
  return {
    hash,
    quality,
    id: nameOf(outer['id'] ?? inner['id'], ID_LENGTH),
    tags: tagsOf(outer['tags']),
    addedOn: timeOf(outer['added_on']),
    frame,
    seconds,
  }
}

type Fields = Readonly<Record<string, unknown>>

const fieldsIn = (untrusted: unknown): Fields =>
  typeof untrusted === 'object' && untrusted !== null && !Array.isArray(untrusted) ? (untrusted as Fields) : {}

/** Null: not given. Undefined: wrong. */
function countOf(untrusted: unknown): number | null | undefined {
  if (untrusted === undefined || untrusted === null) return null
  return typeof untrusted === 'number' && Number.isFinite(untrusted) && untrusted >= 0 ? Math.abs(untrusted) : undefined
}

/** Tags stand as texts, as `{text}`, or as `{data: [...]}` of either. */
function tagsOf(untrusted: unknown): string[] {
  const list = Array.isArray(untrusted) ? untrusted : fieldsIn(untrusted)['data']
  if (!Array.isArray(list)) return []
  const names = list
    .slice(0, MOST_TAGS)
    .map((tag: unknown) => nameOf(typeof tag === 'string' ? tag : fieldsIn(tag)['text'], TAG_LENGTH))
  return [...new Set(names.filter((name) => name !== null))]
}

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/

/** Seconds since 1970, or a date as text (UTC where it names no zone); null where it is neither. */
function timeOf(untrusted: unknown): string | null {
  let date = new Date(Number.NaN)
  if (typeof untrusted === 'number') date = new Date(untrusted * 1000)
  const parts = typeof untrusted === 'string' ? DATE.exec(untrusted) : null
  if (parts) date = new Date(parts[1] || parts[0].length === 10 ? parts[0] : `${parts[0]}Z`)
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  return text.length === '0000-00-00T00:00:00.000Z'.length ? text : null
}
