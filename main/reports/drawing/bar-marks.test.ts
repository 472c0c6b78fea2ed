import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atMostEight, highest, roundMarks } from './bar-marks.ts'

describe('marks of the value axis', () => {
  test.each([
    [11, [0, 5, 10, 15]],
    [3, [0, 1, 2, 3]],
    [5_000_000, [0, 1e6, 2e6, 3e6, 4e6, 5e6]],
    [0, [0, 1]],
    [0.4, [0, 0.1, 0.2, 0.3, 0.4]],
  ])('up to %d', (most, marks) => expect(roundMarks(most)).toEqual(marks))
  test('reach the highest value with few and even steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (most) => {
        const marks = roundMarks(most)
        expect(marks.at(-1)! * (1 + 1e-6)).toBeGreaterThanOrEqual(most)
        expect(marks.length).toBeLessThanOrEqual(7)
        expect(marks[0]).toBe(0)
      }),
    )
  })
})

test('stacked bars are as high as their sum, grouped ones as the highest of them', () => {
  const series = [
    { key: 'a', label: 'a', values: [1, 4] },
    { key: 'b', label: 'b', values: [2, 3] },
  ]
  expect([highest(2, series, false), highest(2, series, true)]).toEqual([7, 4])
})

test('more than eight series become seven and the rest, and nothing is lost', () => {
  const series = Array.from({ length: 12 }, (_, i) => ({ key: String(i), label: String(i), values: [i + 1, 1] }))
  const shown = atMostEight(series, 'Others')
  expect(shown).toHaveLength(8)
  expect(shown.at(-1)).toMatchObject({ label: 'Others', values: [1 + 2 + 3 + 4 + 5, 5] })
})
