import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { correction, knownTime, segmentAt, STEP } from './pair.ts'

const segments = [
  { from: 2, to: 6, knownFrom: 40, speed: 1.1 },
  { from: 9, to: 12, knownFrom: 3, speed: 1 },
]

describe('two players in step', () => {
  test('the known item runs along the segment at the playhead, and nowhere else', () => {
    expect(segmentAt(segments, 4)).toBe(segments[0])
    expect(knownTime(segments[0]!, 4)).toBeCloseTo(42.2)
    expect(segmentAt(segments, 7.5)).toBeUndefined()
    expect(segmentAt(segments, 9)).toBe(segments[1])
  })

  test('a small drift is made up by speed, a large one by a jump, none by nothing', () => {
    expect(correction(segments[0]!, 42, 42.01, 1)).toEqual({ rate: 1.1, seek: false })
    expect(correction(segments[0]!, 42, 41.9, 1).rate).toBeGreaterThan(1.1)
    expect(correction(segments[0]!, 42, 42.1, 1).rate).toBeLessThan(1.1)
    expect(correction(segments[0]!, 42, 40, 1).seek).toBe(true)
  })

  test('drift dies away at any speed, without a jump', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -STEP.jump, max: STEP.jump, noNaN: true }),
        fc.constantFrom(0.5, 1, 2),
        fc.double({ min: 0.8, max: 1.25, noNaN: true }),
        (drift, rate, speed) => {
          const along = { ...segments[0]!, speed }
          let [wanted, at] = [40, 40 - drift]
          for (let tick = 0; tick < 400; tick++) {
            const next = correction(along, wanted, at, rate)
            expect(next.seek).toBe(false)
            at += next.rate / 60
            wanted += (speed * rate) / 60
          }
          expect(Math.abs(wanted - at)).toBeLessThanOrEqual(STEP.drift + 0.01)
        },
      ),
    )
  })
})
