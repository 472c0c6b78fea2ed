import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fit, FITTED, zoomed } from './zoom.ts'

test('zooming keeps the point under the pointer where it is', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1.01, max: 3, noNaN: true }),
      fc.integer({ min: -400, max: 400 }),
      fc.integer({ min: -300, max: 300 }),
      (factor, x, y) => {
        const first = zoomed(FITTED, 1.5, { x: 10, y: 20 })
        const before = { x: (x - first.x) / first.scale, y: (y - first.y) / first.scale }
        const next = zoomed(first, factor, { x, y })
        expect((x - next.x) / next.scale).toBeCloseTo(before.x, 6)
        expect((y - next.y) / next.scale).toBeCloseTo(before.y, 6)
      },
    ),
  )
})

test('zooming out all the way fits the picture again', () => {
  expect(zoomed(zoomed(FITTED, 4, { x: 90, y: -20 }), 0.1, { x: 5, y: 5 })).toEqual(FITTED)
})

test('a tall picture is fitted by its height', () => {
  expect(fit({ width: 1080, height: 1920 }, { width: 1000, height: 500 })).toEqual({ width: 281, height: 500 })
})
