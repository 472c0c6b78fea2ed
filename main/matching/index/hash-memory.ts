/** The hashes of an index, in the memory that the kernel works on, 32 bytes each in the order of their entry numbers. */
import { HASH_BYTES, HASH_WORDS } from './brute-force.ts'
import { BLOCK, MEMORY, kernelMemory, kernelOver, type Kernel } from './kernel.ts'

/** Entries that fit beside the scratch space: 134,184,960, or 7,400 hours at five frames a second. */
export const MOST_ENTRIES = (MEMORY.page * MEMORY.pages - MEMORY.hashes) / HASH_BYTES

export class HashMemory {
  readonly #memory = kernelMemory()
  readonly #kernel: Kernel = kernelOver(this.#memory)
  #count = 0
  #views = this.#look()

  get count(): number {
    return this.#count
  }

  /** `count * 8` words; and the same as `count * 16` slots of 16 bits. Valid until hashes are added. */
  get words(): Uint32Array<ArrayBuffer> {
    return this.#views.words
  }
  get slots(): Uint16Array<ArrayBuffer> {
    return this.#views.slots
  }
  /** Scratch: numbers of up to `BLOCK` entries for `check`, and the (entry, distance) pairs that a call has found. */
  get candidates(): Uint32Array<ArrayBuffer> {
    return this.#views.candidates
  }
  get hits(): Uint32Array<ArrayBuffer> {
    return this.#views.hits
  }

  /** `count * 32` bytes; valid until hashes are added. */
  get allBytes(): Uint8Array<ArrayBuffer> {
    return this.#views.bytes
  }
  bytes(from: number, to: number): Uint8Array<ArrayBuffer> {
    return this.#views.bytes.subarray(from * HASH_BYTES, to * HASH_BYTES)
  }

  /** Makes room for `more` hashes, whose bytes are not set yet. */
  extend(more: number): void {
    const count = this.#count + more
    if (count > MOST_ENTRIES) throw new RangeError(`An index holds at most ${MOST_ENTRIES} hashes`)
    const missing = MEMORY.hashes + count * HASH_BYTES - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / MEMORY.page))
    this.#count = count
    this.#views = this.#look()
  }

  set query(words: Uint32Array) {
    this.#views.query.set(words)
  }
  /** Hits among `count` entries from `first`, `count <= BLOCK`. */
  scan(first: number, count: number, radius: number): number {
    return this.#kernel.scan(first, count, radius)
  }
  scanSimd(first: number, count: number, radius: number): number {
    return this.#kernel.scanSimd(first, count, radius)
  }
  /** Hits among the first `count` candidates, `count <= BLOCK`. */
  check(count: number, radius: number): number {
    return this.#kernel.check(count, radius)
  }

  #look() {
    const { buffer } = this.#memory
    return {
      query: new Uint32Array(buffer, MEMORY.query, HASH_WORDS),
      candidates: new Uint32Array(buffer, MEMORY.candidates, BLOCK),
      hits: new Uint32Array(buffer, MEMORY.hits, 2 * BLOCK),
      bytes: new Uint8Array(buffer, MEMORY.hashes, this.#count * HASH_BYTES),
      words: new Uint32Array(buffer, MEMORY.hashes, this.#count * HASH_WORDS),
      slots: new Uint16Array(buffer, MEMORY.hashes, this.#count * 16),
    }
  }
}
