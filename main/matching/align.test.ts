import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { align, type Hit } from './align.ts'

const times = (from: number, to: number, rate = 1): number[] =>
  Array.from({ length: Math.floor((to - from) * rate) + 1 }, (_, i) => from + i / rate)

/** Hits of a stretch of footage, each off by at most `noise` seconds. */
const planted = (from: number, to: number, knownFrom: number, speed = 1, noise = 0): Hit[] =>
  times(from, to).map((fresh, i) => ({
    fresh,
    known: knownFrom + speed * (fresh - from) + noise * Math.sin(7 * i),
    weight: 1,
  }))

describe('aligned stretches', () => {
  test('a copy is one stretch at its shift', () => {
    const [only, ...others] = align(planted(10, 24, 103.2), times(0, 60))
    expect(others).toEqual([])
    expect(only).toMatchObject({ from: 10, to: 24, speed: 1, frames: 15, share: 1 })
    expect(only!.knownFrom).toBeCloseTo(103.2, 6)
  })

  test.each([0.8, 0.9, 1.1, 1.25])('footage played at %f times its speed is found with that speed', (speed) => {
    const [only] = align(planted(3, 40, 20, speed, 0.1), times(0, 60))
    expect(only!.speed).toBeCloseTo(speed, 1)
    expect(only!.knownFrom).toBeCloseTo(20, 0)
  })

  test('cut and re-ordered footage becomes several stretches', () => {
    const hits = [...planted(0, 9, 50), ...planted(10, 19, 10), ...planted(20, 29, 80)]
    const found = align(hits, times(0, 30))
    expect(found.map(({ from, to, knownFrom }) => [from, to, Math.round(knownFrom)])).toEqual([
      [0, 9, 50],
      [10, 19, 10],
      [20, 29, 80],
    ])
  })

  test('a still picture that is like every frame of another is one stretch, not many', () => {
    const hits = times(0, 10).flatMap((fresh) => times(0, 10).map((known) => ({ fresh, known, weight: 1 })))
    const found = align(hits, times(0, 10))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ from: 0, to: 10, speed: 1 })
  })

  test('frames that many videos have, and single hits, link nothing', () => {
    expect(
      align(
        planted(0, 20, 5).map((hit) => ({ ...hit, weight: 0.05 })),
        times(0, 20),
      ),
    ).toEqual([])
    expect(align([{ fresh: 4, known: 9, weight: 1 }], times(0, 20))).toEqual([])
    expect(align([], [])).toEqual([])
  })

  test('a planted stretch is found among scattered hits, and scattered hits alone are no stretch', () => {
    const scattered = fc.array(
      fc.record({
        fresh: fc.integer({ min: 0, max: 120 }),
        known: fc.double({ min: 0, max: 3000, noNaN: true }),
        weight: fc.constant(1),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(scattered, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 8, max: 20 }), (noise, start, length) => {
        const found = align([...noise, ...planted(start, start + length, 777)], times(0, 120))
        expect(found.some(({ from, to, knownFrom, speed }) =>
          Math.abs(knownFrom + speed * (start - from) - 777) < 1.5 && from <= start + 2 && to >= start + length - 2)).toBe(true)
      }),
    ) // prettier-ignore
  })
})
