import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frameAfter, indexAt } from './transport.ts'

describe('frame stepping', () => {
  test('goes exactly one frame on at a variable frame rate', () => {
    const times = [0, 0.04, 0.08, 0.2, 0.24]
    expect(indexAt(frameAfter(0.08, 1, times, 25), times)).toBe(3)
    expect(indexAt(frameAfter(0.2, -1, times, 25), times)).toBe(2)
  })

  test('stops at the first and the last frame', () => {
    const times = [0, 0.04, 0.08]
    expect(indexAt(frameAfter(0, -10, times, 25), times)).toBe(0)
    expect(indexAt(frameAfter(0.08, 10, times, 25), times)).toBe(2)
  })

  test('comes back to the same frame after any number of steps there and back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 30, maxLength: 200 }),
        fc.integer({ min: 0, max: 29 }),
        fc.integer({ min: 1, max: 40 }),
        (gaps, first, count) => {
          let at = 0
          const times = gaps.map((gap) => (at += gap / 1000))
          const from = Math.min(first, times.length - 1 - count)
          fc.pre(from >= 0)
          let time = times[from]!
          for (let i = 0; i < count; i += 1) time = frameAfter(time, 1, times, 25)
          expect(indexAt(time, times)).toBe(from + count)
          for (let i = 0; i < count; i += 1) time = frameAfter(time, -1, times, 25)
          expect(indexAt(time, times)).toBe(from)
        },
      ),
    )
  })

  test('steps by the frame rate where frame times are not known', () => {
    let time = 0
    for (let i = 0; i < 30; i += 1) time = frameAfter(time, 1, [], 29.97)
    expect(Math.floor(time * 29.97)).toBe(30)
  })
})
