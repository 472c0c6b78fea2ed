import { describe, expect, it } from 'vitest'
import { levelsOf, mirrored, visualOrder } from './bidi.ts'

describe('the order of a line', () => {
  it('is as it is written where nothing reads from right to left', () => {
    expect(visualOrder([0, 0, 0])).toEqual([0, 1, 2])
    expect([...levelsOf('clip-01.mp4 (12)', 'ltr')].every((level) => level === 0)).toBe(true)
  })

  it('turns what reads from right to left around, and numbers in it back', () => {
    // UAX #9, L2: “car MEANS CAR.” and a number inside.
    expect(visualOrder([0, 1, 1, 1])).toEqual([0, 3, 2, 1])
    expect(visualOrder([1, 2, 2, 1])).toEqual([3, 1, 2, 0])
    expect(visualOrder([1, 1, 2])).toEqual([2, 1, 0])
    expect(visualOrder([])).toEqual([])
  })

  it('keeps a name inside an isolate from turning what stands around it', () => {
    const text = 'from \u2068قناة\u2069 12'
    const levels = levelsOf(text, 'ltr')
    expect(levels[text.indexOf('ق')]! % 2).toBe(1)
    expect(levels[text.indexOf('1')]).toBe(0)
  })

  it('mirrors brackets', () => {
    expect(mirrored('(')).toBe(')')
    expect(mirrored('a')).toBe('a')
  })
})
