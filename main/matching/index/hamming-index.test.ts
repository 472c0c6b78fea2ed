import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomNumbers } from '../../signals/random.ts'
import { HASH_BYTES, bitsSet, bruteForce, distance, toWords } from './brute-force.ts'
import { HammingIndex } from './hamming-index.ts'
import { HashMemory } from './hash-memory.ts'

type Random = () => number
const randomHashes = (random: Random, count: number): Uint8Array =>
  Uint8Array.from({ length: count * HASH_BYTES }, () => random() * 256)

/** The hash with exactly `bits` of its bits turned over. */
function neighbour(random: Random, hash: Uint8Array, bits: number): Uint8Array {
  const out = hash.slice()
  const places = Array.from({ length: 256 }, (_, bit) => bit)
  for (let turned = 0; turned < bits; turned++) {
    const [bit] = places.splice(Math.floor(random() * places.length), 1)
    out[bit! >>> 3]! ^= 1 << (bit! & 7)
  }
  return out
}

/** Random hashes, and around some of them neighbours at distances 0 to 40, all in mixed order. */
function planted(random: Random, count: number, centres: number): { library: Uint8Array; queries: Uint8Array } {
  const queries = randomHashes(random, centres)
  const hashes = Array.from({ length: count }, () => randomHashes(random, 1))
  for (let centre = 0; centre < centres; centre++) {
    const hash = queries.subarray(centre * HASH_BYTES, (centre + 1) * HASH_BYTES)
    for (let bits = 0; bits <= 40; bits++)
      hashes.splice(Math.floor(random() * hashes.length), 0, neighbour(random, hash, bits))
  }
  return { library: Buffer.concat(hashes), queries }
}

type Hit = [query: number, entry: number, distance: number]
const inOrder = (hits: Hit[]): Hit[] => hits.sort((a, b) => a[0] - b[0] || a[1] - b[1])

function found(index: HammingIndex, query: Uint8Array, radius: number): Hit[] {
  const hits: Hit[] = []
  index.search(query, radius, (...hit) => hits.push(hit))
  return inOrder(hits)
}
function expected(library: Uint8Array, query: Uint8Array, radius: number): Hit[] {
  const hits: Hit[] = []
  bruteForce(toWords(library), query, radius, (...hit) => hits.push(hit))
  return inOrder(hits)
}
function indexOf(library: Uint8Array, sorted = true): HammingIndex {
  const index = new HammingIndex()
  index.addAll(library)
  if (sorted) index.sortTail()
  return index
}

const seed = fc.integer({ min: 0, max: 2 ** 31 })
const radius = fc.integer({ min: 0, max: 31 })

describe('the hash index', () => {
  it('finds every planted neighbour within the radius and nothing else, sorted or not', () => {
    fc.assert(
      fc.property(seed, radius, fc.integer({ min: 0, max: 3000 }), fc.nat(4), (start, within, count, centres) => {
        const random = randomNumbers(start)
        const { library, queries } = planted(random, count, centres)
        const asked = Buffer.concat([queries, randomHashes(random, 2)])
        const right = expected(library, asked, within)
        expect(right.length).toBeGreaterThanOrEqual(centres * (within + 1))
        expect(found(indexOf(library), asked, within)).toEqual(right)
        expect(found(indexOf(library, false), asked, within)).toEqual(right)
      }),
      { numRuns: 40 },
    )
  })

  it('finds the same through the buckets as one by one, among so many that the buckets are used', () => {
    const random = randomNumbers(7)
    const { library, queries } = planted(random, 60_000, 6)
    const index = indexOf(library)
    for (const within of [0, 1, 7, 14, 15, 16, 22, 30, 31])
      expect(found(index, queries, within)).toEqual(expected(library, queries, within))
  })

  it('finds neighbours whose bits differ in as even a share of all slots as there can be', () => {
    const random = randomNumbers(8)
    const others = randomHashes(random, 40_000)
    const centre = randomHashes(random, 1)
    // 31 bits: two in each of 15 slots and one in the last; for every slot that can be that last one.
    const near = Array.from({ length: 16 }, (_, spared) => {
      const hash = centre.slice()
      for (let slot = 0; slot < 16; slot++) {
        hash[2 * slot]! ^= 1 << Math.floor(random() * 8)
        if (slot !== spared) hash[2 * slot + 1]! ^= 1 << Math.floor(random() * 8)
      }
      return hash
    })
    const hits = found(indexOf(Buffer.concat([others, ...near])), centre, 31)
    expect(hits).toEqual(near.map((_, at) => [0, 40_000 + at, 31]))
  })

  it('gives each frame of a shot its own hits although they are searched together', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 20 }), (start, within, drift) => {
        const random = randomNumbers(start)
        const { library, queries } = planted(random, 20_000, 2)
        const frames = Array.from({ length: 24 }, (_, frame) =>
          neighbour(random, queries.subarray((frame % 2) * HASH_BYTES).subarray(0, HASH_BYTES), random() * (drift + 1)),
        )
        const shot = Buffer.concat([...frames, randomHashes(random, 1), frames[0]!])
        expect(found(indexOf(library), shot, within)).toEqual(expected(library, shot, within))
      }),
      { numRuns: 8 },
    )
  })

  it('takes more queries than it groups at a time', () => {
    const random = randomNumbers(11)
    const { library, queries } = planted(random, 10_000, 3)
    const many = Buffer.concat(
      Array.from({ length: 1100 }, (_, at) =>
        neighbour(random, queries.subarray((at % 3) * HASH_BYTES).subarray(0, HASH_BYTES), at % 20),
      ),
    )
    const hits = found(indexOf(library), many, 31)
    const places = [0, 511, 512, 513, 1023, 1024, 1099]
    for (const at of places) {
      const alone = expected(library, many.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES), 31)
      expect(hits.filter(([query]) => query === at)).toEqual(alone.map(([, entry, bits]) => [at, entry, bits]))
    }
  })

  it('reports each of many identical hashes once', () => {
    const random = randomNumbers(9)
    for (const byte of [0x00, 0xff, 0x5a]) {
      const same = new Uint8Array(70_000 * HASH_BYTES).fill(byte)
      const library = Buffer.concat([same, randomHashes(random, 1000), same.subarray(0, 500 * HASH_BYTES)])
      const index = indexOf(library)
      const one = same.subarray(0, HASH_BYTES)
      expect(found(index, one, 31)).toHaveLength(70_500)
      const opposite = one.map((value) => value ^ 0xff)
      expect(found(index, opposite, 31)).toEqual([])
    }
  })

  it('is empty at first and takes empty lists', () => {
    const index = new HammingIndex()
    expect(found(index, new Uint8Array(HASH_BYTES), 31)).toEqual([])
    expect(index.addAll(new Uint8Array(0))).toBe(0)
    index.sortTail()
    index.remove(0, 0)
    expect(index.count).toBe(0)
    expect(found(indexOf(new Uint8Array(HASH_BYTES)), new Uint8Array(0), 31)).toEqual([])
  })

  it('is the same after many additions as after one', () => {
    const random = randomNumbers(10)
    const { library, queries } = planted(random, 90_000, 3)
    const index = new HammingIndex()
    for (let from = 0; from < library.length;) {
      const to = Math.min(library.length, from + HASH_BYTES * Math.floor(random() * 9000))
      expect(index.addAll(library.subarray(from, to))).toBe(from / HASH_BYTES)
      from = to
    }
    const sorted = index.parts.slots[0]!.entries.length
    expect(sorted).toBeGreaterThan(0)
    expect(sorted).toBeLessThan(index.count - 1)
    for (const entry of [0, sorted - 1, sorted, sorted + 1, index.count - 1]) {
      const itself = library.subarray(entry * HASH_BYTES, (entry + 1) * HASH_BYTES)
      expect(found(index, itself, 0)).toEqual([[0, entry, 0]])
    }
    expect(found(index, queries, 31)).toEqual(expected(library, queries, 31))
    index.sortTail()
    expect(index.parts.slots).toEqual(indexOf(library).parts.slots)
  })

  it('does not find removed entries, sorted or not, and finds those added later', () => {
    fc.assert(
      fc.property(seed, fc.nat(700), fc.nat(200), fc.boolean(), (start, from, count, sorted) => {
        const random = randomNumbers(start)
        const { library, queries } = planted(random, 800, 4)
        const index = indexOf(library, sorted)
        index.remove(from, count)
        index.addAll(library.subarray(0, 100 * HASH_BYTES))
        const whole = Buffer.concat([library, library.subarray(0, 100 * HASH_BYTES)])
        const right = expected(whole, queries, 31).filter(([, entry]) => entry < from || entry >= from + count)
        expect(found(index, queries, 31)).toEqual(right)
      }),
      { numRuns: 25 },
    )
  })

  it('refuses half hashes, other radii, entries that do not exist, and use from within a search', () => {
    const index = indexOf(new Uint8Array(2 * HASH_BYTES))
    const nothing = (): void => undefined
    expect(() => index.addAll(new Uint8Array(33))).toThrow(RangeError)
    expect(() => index.search(new Uint8Array(31), 31, nothing)).toThrow(RangeError)
    for (const wrong of [-1, 32, 1.5, Number.NaN])
      expect(() => index.search(new Uint8Array(HASH_BYTES), wrong, nothing)).toThrow(RangeError)
    for (const [from, count] of [
      [0, 3],
      [2, 1],
      [-1, 1],
      [0, -1],
      [0, Number.NaN],
    ] as const)
      // prettier-ignore
      expect(() => index.remove(from, count)).toThrow(RangeError)
    expect(() => index.search(new Uint8Array(HASH_BYTES), 0, () => index.addAll(new Uint8Array(32)))).toThrow(/onHit/)
    expect(found(index, new Uint8Array(HASH_BYTES), 0)).toHaveLength(2)
  })
})

describe('the WebAssembly kernel', () => {
  it('counts as the plain arrays do, in all three functions, from no bit to all 256', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 256 }), (start, within) => {
        const random = randomNumbers(start)
        const query = randomHashes(random, 1)
        const bits = Array.from({ length: 40 }, () => Math.floor(random() * 257))
        const library = Buffer.concat([0, 256, ...bits].map((count) => neighbour(random, query, count)))
        const memory = new HashMemory()
        memory.extend(42)
        memory.allBytes.set(library)
        memory.query = toWords(query)
        const hits = (count: number): number[] => [...memory.hits.subarray(0, 2 * count)]
        const right = [0, 256, ...bits].flatMap((count, entry) => (count <= within ? [entry, count] : []))
        expect(hits(memory.scan(0, 42, within))).toEqual(right)
        expect(hits(memory.scanSimd(0, 42, within))).toEqual(right)
        memory.candidates.set(Array.from({ length: 42 }, (_, entry) => entry))
        expect(hits(memory.check(42, within))).toEqual(right)
        expect(memory.scan(42, 0, 256) + memory.scanSimd(42, 0, 256) + memory.check(0, 256)).toBe(0)
      }),
    )
  })
})

describe('the reference', () => {
  it('counts bits as they are written down', () => {
    fc.assert(
      fc.property(fc.integer(), (word) => {
        expect(bitsSet(word)).toBe((word >>> 0).toString(2).replaceAll('0', '').length)
      }),
    )
    const [none, all] = [new Uint32Array(8), new Uint32Array(8).fill(0xffffffff)]
    expect(distance(none, 0, all, 0)).toBe(256)
  })
})
