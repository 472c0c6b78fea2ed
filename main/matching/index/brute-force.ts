/** Hamming distance and search in plain typed arrays: the reference that the index is tested and measured against. */

/** 32-bit words of one 256-bit hash, and its bytes. */
export const HASH_WORDS = 8
export const HASH_BYTES = 32

/** Called for every entry within the radius of a query, in no particular order. */
export type OnHit = (queryIndex: number, entry: number, distance: number) => void

/** Number of bits set in a 32-bit word (Warren, "Hacker's Delight", 2nd edition, section 5-1). */
export function bitsSet(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Bits in which hash `i` of `a` and hash `j` of `b` differ, 0..256; counting stops once it is over `enough`. */
export function distance(a: Uint32Array, i: number, b: Uint32Array, j: number, enough = 256): number {
  const from = i * HASH_WORDS
  const to = j * HASH_WORDS
  let bits = 0
  for (let word = 0; word < HASH_WORDS && bits <= enough; word++) bits += bitsSet(a[from + word]! ^ b[to + word]!)
  return bits
}

/** The words of a list of hashes, copied so that they are aligned whatever buffer the bytes lie in. */
export function toWords(hashes: Uint8Array): Uint32Array {
  if (hashes.length % HASH_BYTES) throw new RangeError(`${hashes.length} bytes are not whole hashes`)
  return new Uint32Array(Uint8Array.from(hashes).buffer)
}

/** Compares every query with every hash, 0 <= radius <= 256. */
export function bruteForce(hashes: Uint32Array, query: Uint8Array, radius: number, onHit: OnHit): void {
  const queries = toWords(query)
  const count = hashes.length / HASH_WORDS
  for (let q = 0; q < queries.length / HASH_WORDS; q++) {
    for (let entry = 0; entry < count; entry++) {
      const bits = distance(queries, q, hashes, entry, radius)
      if (bits <= radius) onHit(q, entry, bits)
    }
  }
}
