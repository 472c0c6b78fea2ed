import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Reducer } from './reduce.ts'

const reduce = (data: Uint8Array, w: number, h: number, tw: number, th: number) => {
  const out = new Uint8Array(tw * th * 3)
  new Reducer({ width: w, height: h }, { width: tw, height: th }).run(data, out, tw)
  return out
}

describe('reducing by area', () => {
  test('gives the mean of the pixels under each target pixel', () => {
    const data = Uint8Array.from([0, 10, 20, 100, 30, 40, 50, 50, 60, 150, 70, 80])
    expect([...reduce(data, 2, 2, 1, 1)]).toEqual([75, 40, 50])
  })

  test('weights pixels that lie under two target pixels by their share', () => {
    const data = Uint8Array.from([0, 90, 30].flatMap((v) => [v, v, v]))
    expect([...reduce(data, 3, 1, 2, 1)].filter((_, i) => i % 3 === 0)).toEqual([30, 50])
  })

  test('halving rounds to the nearest level as any other reduction does', () => {
    const data = Uint8Array.from({ length: 8 * 6 * 3 }, (_, i) => (i * 91) % 256)
    const out = reduce(data, 8, 6, 4, 3)
    const mean = (x: number, y: number, c: number) =>
      [0, 1, 2, 3].reduce((sum, k) => sum + data[((2 * y + (k >> 1)) * 8 + 2 * x + (k % 2)) * 3 + c]! / 4, 0)
    out.forEach((v, i) => {
      const pixel = Math.floor(i / 3)
      expect(v).toBe(Math.floor(mean(pixel % 4, Math.floor(pixel / 4), i % 3) + 0.5))
    })
  })

  test('leaves a picture of the same size as it is', () => {
    const data = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 37) % 256)
    expect(reduce(data, 5, 4, 5, 4)).toEqual(data)
  })

  test('keeps even colour even and writes only its own corner of a wider target', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (w, h, scale) => {
          const [tw, th] = [Math.max(1, Math.round(w * scale)), Math.max(1, Math.round(h * scale))]
          const out = new Uint8Array((tw + 2) * th * 3).fill(7)
          new Reducer({ width: w, height: h }, { width: tw, height: th }).run(
            new Uint8Array(w * h * 3).fill(201),
            out,
            tw + 2,
          )
          out.forEach((v, i) => expect(v).toBe(Math.floor(i / 3) % (tw + 2) < tw ? 201 : 7))
        },
      ),
      { numRuns: 60 },
    )
  })
})
