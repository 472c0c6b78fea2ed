/**
 * Exact search among 32-bit words by Hamming distance, up to 2 or 3 bits: two words that differ in at most 3 bits differ in
 * at most one bit of their lower or of their upper half (multi-index hashing, see plan.ts), so 2 · 17 buckets hold them
 * all. Entries are sorted into the buckets when a search finds many that are not. 12 bytes a word.
 */
import { bitsSet } from './brute-force.ts'
import { extendBuckets, noBuckets, type Buckets } from './buckets.ts'
import { PATTERNS, PATTERNS_WITHIN } from './plan.ts'

export const WORD_RADIUS = 3
const HALVES = 2
const NEAR = PATTERNS_WITHIN[2]
/** Entries that are compared one by one rather than sorted. */
const TAIL = 4096

export class WordIndex {
  #words = new Uint32Array(1024)
  #count = 0
  #buckets: readonly Buckets[] = [noBuckets(), noBuckets()]

  get count(): number {
    return this.#count
  }

  /** All words, in the order of their numbers. */
  get words(): Uint32Array {
    return this.#words.subarray(0, this.#count)
  }

  /** @returns the number of the first; the others follow */
  addAll(words: Uint32Array): number {
    const first = this.#count
    const count = first + words.length
    if (count > this.#words.length) {
      const longer = new Uint32Array(Math.max(count, 2 * this.#words.length))
      longer.set(this.#words.subarray(0, first))
      this.#words = longer
    }
    this.#words.set(words, first)
    this.#count = count
    return first
  }

  /** Calls `onHit` once for every entry that differs in at most `radius` bits, 0..3, in no particular order. */
  search(word: number, radius: number, onHit: (entry: number, bits: number) => void): void {
    if (!(Number.isInteger(radius) && radius >= 0 && radius <= WORD_RADIUS))
      throw new RangeError(`The radius must be a whole number from 0 to ${WORD_RADIUS}`)
    if (this.#count - this.#sorted > TAIL) this.#sort()
    const words = this.#words
    const sorted = this.#sorted
    // Up to one bit in one of the halves needs a look at the other's own value only.
    const patterns = radius < HALVES ? 1 : NEAR
    for (let half = 0; half < HALVES; half++) {
      const { starts, entries } = this.#buckets[half]!
      const value = (word >>> (16 * half)) & 0xffff
      for (let pattern = 0; pattern < patterns; pattern++) {
        const bucket = value ^ PATTERNS[pattern]!
        const end = starts[bucket + 1]!
        for (let at = starts[bucket]!; at < end; at++) {
          const entry = entries[at]!
          const differs = words[entry]! ^ word
          const bits = bitsSet(differs)
          if (bits > radius) continue
          // Found by the lower half before.
          if (half === 1 && bitsSet(differs & 0xffff) <= (patterns === 1 ? 0 : 1)) continue
          onHit(entry, bits)
        }
      }
    }
    for (let entry = sorted; entry < this.#count; entry++) {
      const bits = bitsSet(words[entry]! ^ word)
      if (bits <= radius) onHit(entry, bits)
    }
  }

  get #sorted(): number {
    return this.#buckets[0]!.entries.length
  }

  #sort(): void {
    const halves = new Uint16Array(this.#words.buffer)
    this.#buckets = this.#buckets.map((before, half) => extendBuckets(before, halves, half, this.#count, HALVES))
  }
}
