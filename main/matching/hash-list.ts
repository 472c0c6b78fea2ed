/**
 * Lists of PDQ hashes from other desks and hash-sharing programmes, read as they stream in. Two families: lines of text
 * (`hash[,quality][,id]`, and `frame,quality,hash,seconds` as vPDQ writes it) and exchange JSON (an array, `{"data": [...]}`
 * or one object a line). A list comes from outside: every size has a limit, every name is neutralised, and an entry that
 * is wrong is left out and reported, without harm to the others.
 */
import { Failure } from '../errors.ts'
import { lineSplitter } from '../media/lines.ts'
import { neutralise } from '../media/untrusted.ts'
import { JsonSplitter } from './hash-list-json.ts'
import { entryOfJson, entryOfText, isHeader, type LeftOut, type ListedHash } from './hash-list-entry.ts'

export { LEFT_OUT, type LeftOut, type ListedHash } from './hash-list-entry.ts'

export interface ListReport {
  readonly accepted: number
  readonly leftOut: number
  /** Entries left out for each reason that occurred. */
  readonly reasons: Readonly<Partial<Record<LeftOut, number>>>
  /** The first 20 of them: the line on which each begins, from 1, and its first characters, neutralised. */
  readonly first: readonly { readonly line: number; readonly reason: LeftOut; readonly text: string }[]
}

export const LIST_LIMITS = {
  /** Of the whole list. */
  bytes: 1 << 30,
  lines: 4_000_000,
  entries: 2_000_000,
  /** Of one line, or one JSON entry. */
  entryBytes: 1 << 16,
  /** Nested levels of one JSON entry. */
  depth: 64,
  reported: 20,
} as const

export type ListLimits = { readonly [Limit in keyof typeof LIST_LIMITS]: number }

const LINE_FEED = 0x0a
/** Byte order mark, blanks and line ends in front of the list. */
const LEADING = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0d, LINE_FEED])

/** Reads one list. Every entry that is right goes to `onEntry` at once, so that the memory needed is that of the ids. */
export class HashListReader {
  readonly #onEntry: (entry: ListedHash) => void
  readonly #limits: ListLimits
  readonly #seen = new Set<string>()
  readonly #reasons: Partial<Record<LeftOut, number>> = {}
  readonly #first: { line: number; reason: LeftOut; text: string }[] = []
  #parser: { push(chunk: Uint8Array): void; end(): void } | undefined
  #accepted = 0
  #leftOut = 0
  #bytes = 0
  #line = 1

  constructor(onEntry: (entry: ListedHash) => void, limits: ListLimits = LIST_LIMITS) {
    this.#onEntry = onEntry
    this.#limits = limits
  }

  /** @throws Failure where the list is beyond a limit; what was read before stays valid */
  push(untrusted: Uint8Array): void {
    this.#bytes += untrusted.length
    if (this.#bytes > this.#limits.bytes) throw tooMuch(`${this.#limits.bytes.toLocaleString('en')} bytes`)
    let from = 0
    if (!this.#parser) {
      for (; from < untrusted.length && LEADING.has(untrusted[from]!); from++)
        if (untrusted[from] === LINE_FEED) this.#countLine()
      if (from === untrusted.length) return
      const json = untrusted[from] === 0x5b || untrusted[from] === 0x7b
      this.#parser = json ? this.#json() : this.#text()
    }
    this.#parser.push(untrusted.subarray(from))
  }

  /** @throws Failure as `push` */
  end(): ListReport {
    this.#parser?.end()
    return { accepted: this.#accepted, leftOut: this.#leftOut, reasons: this.#reasons, first: this.#first }
  }

  #text() {
    let first = true
    return lineSplitter((untrustedLine) => {
      const line = untrustedLine.trim()
      const header = first && isHeader(line)
      if (line !== '') first = false
      if (Buffer.byteLength(line) > this.#limits.entryBytes) this.#skip('long', this.#line, line)
      else if (line !== '' && !line.startsWith('#') && !header) this.#take(entryOfText(line), this.#line, line)
      this.#countLine()
    }, this.#limits.entryBytes)
  }

  #json() {
    return new JsonSplitter(
      this.#limits,
      {
        line: () => this.#countLine(),
        broken: (reason, line) => this.#skip(reason, line, ''),
        entry: (text, line) => {
          let untrusted: unknown
          try {
            untrusted = JSON.parse(text)
          } catch {
            return this.#skip('syntax', line, text)
          }
          this.#take(entryOfJson(untrusted), line, text)
        },
      },
      this.#line,
    )
  }

  #take(found: ListedHash | LeftOut, line: number, text: string): void {
    if (typeof found === 'string') return this.#skip(found, line, text)
    const key = `${Buffer.from(found.hash).toString('latin1')}${found.id ?? ''}\n${found.frame ?? ''}`
    if (this.#seen.has(key)) return this.#skip('duplicate', line, text)
    if (this.#accepted === this.#limits.entries) throw tooMuch(`${this.#limits.entries.toLocaleString('en')} hashes`)
    this.#seen.add(key)
    this.#accepted++
    this.#onEntry(found)
  }

  #skip(reason: LeftOut, line: number, untrustedText: string): void {
    this.#leftOut++
    this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1
    if (this.#first.length < this.#limits.reported)
      this.#first.push({ line, reason, text: neutralise(untrustedText, 80).toWellFormed() })
  }

  #countLine(): void {
    if (++this.#line > this.#limits.lines + 1) throw tooMuch(`${this.#limits.lines.toLocaleString('en')} lines`)
  }
}

const tooMuch = (limit: string): Failure => new Failure('matching.list-limit', `It has more than ${limit}.`)

/** Reads a list that arrives in pieces. @throws Failure where it is beyond a limit */
export async function readHashList(
  untrusted: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onEntry: (entry: ListedHash) => void,
  limits: ListLimits = LIST_LIMITS,
): Promise<ListReport> {
  const reader = new HashListReader(onEntry, limits)
  for await (const chunk of untrusted) reader.push(chunk)
  return reader.end()
}
