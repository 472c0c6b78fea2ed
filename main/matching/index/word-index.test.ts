import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../../signals/random.ts'
import { bitsSet } from './brute-force.ts'
import { WORD_RADIUS, WordIndex } from './word-index.ts'

/** Words in clumps, so that there is something near any of them. */
function words(random: () => number, count: number): Uint32Array {
  const out = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    let word = i && random() < 0.7 ? out[Math.floor(random() * i)]! : random() * 2 ** 32
    for (let flips = Math.floor(random() * 4); flips > 0; flips--) word ^= 1 << Math.floor(random() * 32)
    out[i] = word
  }
  return out
}

describe('the word index', () => {
  test('finds every word within the radius once and nothing else, sorted or not', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: WORD_RADIUS }), fc.nat(3), (seed, count, radius, more) => {
        const random = randomNumbers(seed)
        const all = words(random, count)
        const index = new WordIndex()
        const half = Math.floor(count / 2)
        expect(index.addAll(all.subarray(0, half))).toBe(0)
        index.search(0, radius, () => undefined)
        expect(index.addAll(all.subarray(half))).toBe(half)
        for (let n = 0; n <= more; n++) {
          const word = n % 2 && count ? all[Math.floor(random() * count)]! : (random() * 2 ** 32) >>> 0
          const found: [number, number][] = []
          index.search(word, radius, (entry, bits) => found.push([entry, bits]))
          const right = [...all.entries()].map(([entry, other]): [number, number] => [entry, bitsSet(word ^ other)])
          expect(found.sort((a, b) => a[0] - b[0])).toEqual(right.filter(([, bits]) => bits <= radius))
        }
      }),
      { numRuns: 40 },
    )
  }) // prettier-ignore

  test('takes no radius that its buckets do not cover', () => {
    for (const radius of [-1, 1.5, WORD_RADIUS + 1, NaN])
      expect(() => new WordIndex().search(0, radius, () => undefined)).toThrow(RangeError)
  })
})
