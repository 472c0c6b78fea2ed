/**
 * Cuts a stream of JSON into its entries without holding more than one: the elements of an array, those of the array
 * `data` of an object, or one object after the other. Each entry is handed on as text, to be parsed by itself, so that
 * neither the length of the list nor a broken entry matters to the rest.
 */
import type { LeftOut } from './hash-list-entry.ts'

interface Limits {
  /** Of one entry. */
  readonly entryBytes: number
  /** Nested levels of one entry. */
  readonly depth: number
}

interface Handlers {
  entry(text: string, line: number): void
  broken(reason: LeftOut, line: number): void
  /** A line has ended. */
  line(): void
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LINE_FEED = 0x0a
const OPEN = new Set([0x5b, 0x7b])
const CLOSE = new Set([0x5d, 0x7d])
const BLANK = new Set([0x20, 0x09, 0x0d, LINE_FEED])
const COMMA = 0x2c
const COLON = 0x3a

export class JsonSplitter {
  readonly #limits: Limits
  readonly #handlers: Handlers
  /** Levels around the entries: 0 objects in a row, 1 an array, 2 the array in an object. */
  #around = 0
  #depth = 0
  #inString = false
  #escaped = false
  /** Bytes of the entry so far, and its first line; -1 between entries. */
  readonly #entry: Buffer
  #length = -1
  #started = 1
  #line: number
  /** Set where the entry is beyond a limit and only its end is looked for. */
  #dropped: LeftOut | undefined
  /** Where in the entry the last text on the level of its keys began, and that text. */
  #textFrom = 0
  #key = ''
  /** True behind the array `data`, up to the end of its object. */
  #behind = false

  constructor(limits: Limits, handlers: Handlers, line: number) {
    this.#limits = limits
    this.#handlers = handlers
    this.#line = line
    this.#entry = Buffer.alloc(limits.entryBytes)
  }

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === LINE_FEED) this.#lineEnd()
      if (this.#inString) this.#inText(byte)
      else this.#outside(byte)
    }
  }

  end(): void {
    if (this.#length >= 0) this.#handlers.broken(this.#dropped ?? 'unfinished', this.#started)
    else if (this.#depth > 0) this.#handlers.broken('unfinished', this.#line)
  }

  /** No text of JSON holds a line end, and an entry that has run wild is given up at the next one. */
  #lineEnd(): void {
    this.#line++
    this.#handlers.line()
    if (!this.#inString && this.#dropped === undefined) return
    if (this.#length >= 0) this.#handlers.broken(this.#dropped ?? 'syntax', this.#started)
    this.#inString = false
    this.#escaped = false
    this.#depth = this.#around
    this.#forget()
  }

  #inText(byte: number): void {
    this.#keep(byte)
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) {
      this.#inString = false
      if (this.#depth === 1 && this.#around === 0 && this.#length >= 0)
        this.#key = this.#entry.toString('latin1', this.#textFrom, this.#length)
      this.#finish()
    }
  }

  #outside(byte: number): void {
    const ends = byte === COMMA || byte === QUOTE || BLANK.has(byte) || OPEN.has(byte) || CLOSE.has(byte)
    // What stands between entries: a number, a word or worse.
    if (ends && this.#length >= 0 && this.#depth === this.#around) this.#finish()
    if (byte === QUOTE) {
      this.#begin()
      this.#inString = true
      this.#textFrom = this.#length
      this.#keep(byte)
    } else if (OPEN.has(byte)) this.#open(byte)
    else if (CLOSE.has(byte)) {
      if (this.#length >= 0) {
        this.#keep(byte)
        this.#depth--
        this.#finish()
      } else {
        this.#depth = Math.max(0, this.#depth - 1)
        this.#around = Math.min(this.#around, this.#depth)
        this.#behind = this.#depth > 0
      }
    } else if (this.#length >= 0) this.#keep(byte)
    else if (!BLANK.has(byte) && byte !== COMMA && byte !== COLON) {
      this.#begin()
      this.#keep(byte)
    }
  }

  #open(byte: number): void {
    const array = byte === 0x5b
    const first = this.#length < 0 && this.#depth === 0 && array
    const inData = array && !this.#behind && this.#around === 0 && this.#depth === 1 && this.#key === '"data"'
    if (first || inData) {
      this.#depth++
      this.#around = this.#depth
      this.#forget()
      return
    }
    this.#begin()
    this.#keep(byte)
    this.#depth++
    if (this.#length >= 0 && this.#depth - this.#around > this.#limits.depth) this.#dropped ??= 'deep'
  }

  #begin(): void {
    if (this.#length >= 0 || this.#behind) return
    this.#length = 0
    this.#started = this.#line
  }

  #keep(byte: number): void {
    if (this.#length < 0) return
    if (this.#length < this.#entry.length) this.#entry[this.#length++] = byte
    else this.#dropped ??= 'long'
  }

  /** Hands the entry on where it is complete. */
  #finish(): void {
    if (this.#length < 0 || this.#depth > this.#around) return
    this.#depth = this.#around
    if (this.#dropped) this.#handlers.broken(this.#dropped, this.#started)
    else this.#handlers.entry(this.#entry.toString('utf8', 0, this.#length), this.#started)
    this.#forget()
  }

  #forget(): void {
    this.#length = -1
    this.#dropped = undefined
    this.#key = ''
  }
}
