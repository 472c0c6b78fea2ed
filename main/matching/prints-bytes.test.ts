import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../signals/random.ts'
import { printsCollector } from './prints.ts'
import { decodePrints, encodePrints, FingerprintDamage, type Prints } from './prints-bytes.ts'

const SIDE = 256

/** A few seconds of blotches that move, with black bars above and below where asked. */
function collected(bars: number, frames = 40): Prints {
  const random = randomNumbers(7)
  const collector = printsCollector({ width: 1280, height: 720 })
  for (let index = 0; index < frames; index++) {
    const grid = Array.from({ length: 81 }, random)
    const data = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
      const [x, y] = [at % SIDE, Math.floor(at / SIDE)]
      if (y < bars || y >= SIDE - bars) return 16
      return 40 + Math.round(200 * grid[Math.floor(y / 32) * 9 + Math.floor(x / 32)]!)
    })
    collector.add({ index, time: index / 5, data })
  }
  return collector.finish()!
}

describe('everything that is kept of a video', () => {
  test('comes back as it went in, with and without borders', () => {
    const plain = collected(0)
    expect(plain.inside).toBeNull()
    expect(decodePrints(encodePrints(plain))).toEqual(plain)
    const boxed = collected(40)
    expect(boxed.inside?.region).toEqual({ x: 0, y: 40, width: 256, height: 176 })
    expect(boxed.inside?.hashes).toHaveLength(32 * boxed.picture.times.length)
    expect(decodePrints(encodePrints(boxed))).toEqual(boxed)
  })

  test('hashes inside the borders from the first frame to the last, however long it takes to be sure of them', () => {
    const { inside, picture } = collected(40, 300)
    expect(inside?.hashes).toHaveLength(32 * picture.times.length)
  })

  test('is nothing where there was neither picture nor sound', () => {
    expect(printsCollector({ width: 2, height: 2 }).finish()).toBeNull()
  })

  test('is refused, and nothing else happens, whatever was done to the bytes', () => {
    const bytes = encodePrints(collected(40))
    const tried = (changed: Uint8Array): void => {
      try {
        decodePrints(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(FingerprintDamage)
      }
    }
    for (const length of [0, 3, 15, 16, 40, bytes.length - 1])
      expect(() => decodePrints(bytes.slice(0, length))).toThrow(FingerprintDamage)
    expect(() => decodePrints(Uint8Array.from([...bytes, 0]))).toThrow(FingerprintDamage)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice()
        changed[at] = value
        tried(changed)
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), tried))
  })
})
