import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { panView, ticks, timeAt, xOf, zoomView } from './view.ts'

test('a time and its place on the axis name each other', () => {
  const view = { from: 3, to: 11 }
  expect(timeAt(xOf(7.25, view, 900), view, 900)).toBeCloseTo(7.25, 9)
})

test('zooming and panning never leave the video', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 20_000, noNaN: true }),
      fc.array(fc.tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })), {
        maxLength: 20,
      }),
      (duration, moves) => {
        let view = { from: 0, to: duration }
        for (const [factor, by] of moves) {
          view = panView(
            zoomView(view, factor, view.from + (view.to - view.from) / 3, duration),
            by * duration,
            duration,
          )
          expect(view.from).toBeGreaterThanOrEqual(0)
          expect(view.to).toBeLessThanOrEqual(duration + 1e-6)
          expect(view.to).toBeGreaterThan(view.from)
        }
      },
    ),
  )
})

test('the ruler shows round times with room between them', () => {
  expect(ticks({ from: 0, to: 60 }, 800)).toEqual({ times: [0, 10, 20, 30, 40, 50, 60], digits: 0 })
  expect(ticks({ from: 1, to: 1.5 }, 500).digits).toBe(1)
})
