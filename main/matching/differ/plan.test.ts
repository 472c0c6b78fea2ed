import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chosen, PLAN, sizes, windows } from './plan.ts'
import { WHOLE } from './warp.ts'

const lengths = fc.record({ width: fc.integer({ min: 64, max: 7680 }), height: fc.integer({ min: 64, max: 4320 }) })

describe('what is decoded for a comparison', () => {
  test('never more than the bound, never outside the segment, evenly spread', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.double({ min: 1, max: 1e4, noNaN: true }), (from, length) => {
        const parts = windows({ from, to: from + length })
        const total = parts.reduce((sum, part) => sum + part.to - part.from, 0)
        expect(total).toBeLessThanOrEqual(PLAN.segment + 1e-6)
        expect(total).toBeGreaterThanOrEqual(Math.min(length, PLAN.segment) - 1e-6)
        for (const part of parts) {
          expect(part.to - part.from).toBeLessThanOrEqual(PLAN.window * 1.02)
          expect(part.from).toBeGreaterThanOrEqual(from)
          expect(part.to).toBeLessThanOrEqual(from + length + 1e-6)
        }
        expect(parts.at(-1)!.to).toBeCloseTo(from + length, 3)
      }),
    ) // prettier-ignore
  })

  test('of many segments the longest, within the time that a comparison may take', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ from: 100 * i, to: 100 * i + i * 3 }))
    const picked = chosen(many)
    expect(picked.map(({ at }) => at)).toEqual([34, 35, 36, 37, 38, 39])
    expect(picked.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThanOrEqual(PLAN.seconds + 1e-6)
  })

  test('sizes are even, bounded, and come out alike, wherever the picture lies', () => {
    fc.assert(
      fc.property(lengths, lengths, fc.double({ min: 0.25, max: 2, noNaN: true }), (fresh, known, s) => {
        const made = sizes(fresh, known, { ...WHOLE, sx: s, sy: s })
        for (const { width, height } of [made.fresh, made.known]) {
          expect([width % 2, height % 2]).toEqual([0, 0])
          expect(width * height).toBeLessThanOrEqual(1.1 * PLAN.most ** 2)
        }
      }),
    )
    // A picture in a quarter of the new one is decoded as large as it is shown there.
    const { fresh, known } = sizes({ width: 1280, height: 720 }, { width: 1280, height: 720 }, { sx: 0.5, tx: 0.5, sy: 0.5, ty: 0.5 }) // prettier-ignore
    expect(known.width).toBe(fresh.width / 2)
  })
})
