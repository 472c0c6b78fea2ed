import { predictiveValue } from '../contract/findings.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  auc,
  brier,
  equalErrorRate,
  debiasedCalibrationError,
  expectedCalibrationError,
  reliability,
  roc,
  truePositivesAt,
  wilson,
} from './metrics.ts'

const samples = (manipulated: readonly number[], genuine: readonly number[]) => [
  ...manipulated.map((score) => ({ score, manipulated: true })),
  ...genuine.map((score) => ({ score, manipulated: false })),
]
/** Few distinct values, so that ties are common. */
const scores = fc.array(
  fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
  { minLength: 1, maxLength: 30 },
)

describe('telling apart', () => {
  test('has known values', () => {
    expect(auc(samples([0.9, 0.8], [0.1, 0.2]))).toBe(1)
    expect(auc(samples([0.1, 0.2], [0.9, 0.8]))).toBe(0)
    expect(auc(samples([0.5, 0.5], [0.5]))).toBe(0.5)
    // 0.8 beats both, 0.4 beats one of two, 0.3 beats one of two: 4 of 6 pairs.
    expect(auc(samples([0.8, 0.4, 0.3], [0.5, 0.2]))).toBeCloseTo(4 / 6, 12)
    expect(equalErrorRate(samples([0.9, 0.8], [0.1, 0.2]))).toBe(0)
    expect(equalErrorRate(samples([0.1, 0.2], [0.9, 0.8]))).toBe(1)
    expect(equalErrorRate(samples([0.9, 0.8, 0.7, 0.2], [0.6, 0.3, 0.1, 0.1]))).toBeCloseTo(0.25, 12)
    expect(truePositivesAt(samples([0.9, 0.5, 0.3], [0.4, 0.2]), 0.01)).toBeCloseTo(2 / 3, 12)
    expect(truePositivesAt(samples([0.4], [0.4]), 0.01)).toBe(0)
  })

  test('says nothing where a class is missing', () => {
    expect(auc(samples([1], []))).toBeNull()
    expect(equalErrorRate(samples([], [1]))).toBeNull()
    expect(truePositivesAt([], 0.01)).toBeNull()
  })

  test('the area is the share of pairs in order, ties half', () => {
    fc.assert(
      fc.property(scores, scores, (manipulated, genuine) => {
        const pairs = manipulated.flatMap((m) => genuine.map((g) => (m > g ? 1 : m === g ? 0.5 : 0)))
        const share = pairs.reduce<number>((sum, v) => sum + v, 0) / pairs.length
        expect(auc(samples(manipulated, genuine))).toBeCloseTo(share, 9)
      }),
    )
  })

  test('depends on nothing but the order of the scores, and turns round with the labels', () => {
    fc.assert(
      fc.property(scores, scores, (manipulated, genuine) => {
        const plain = samples(manipulated, genuine)
        const stretched = plain.map((s) => ({ ...s, score: Math.exp(3 * s.score) - 7 }))
        const turned = plain.map((s) => ({ ...s, manipulated: !s.manipulated }))
        expect(auc(stretched)).toBeCloseTo(auc(plain)!, 9)
        expect(equalErrorRate(stretched)).toBeCloseTo(equalErrorRate(plain)!, 9)
        expect(auc(turned)).toBeCloseTo(1 - auc(plain)!, 9)
      }),
    )
  })

  test('the curve rises from nothing to all, and the equal error rate lies on it', () => {
    fc.assert(
      fc.property(scores, scores, (manipulated, genuine) => {
        const points = roc(samples(manipulated, genuine))
        expect(points[0]).toMatchObject({ falsePositives: 0, truePositives: 0 })
        expect(points.at(-1)).toMatchObject({ falsePositives: 1, truePositives: 1 })
        points.slice(1).forEach((point, i) => {
          expect(point.falsePositives).toBeGreaterThanOrEqual(points[i]!.falsePositives)
          expect(point.truePositives).toBeGreaterThanOrEqual(points[i]!.truePositives)
        })
        const rate = equalErrorRate(samples(manipulated, genuine))!
        expect(rate).toBeGreaterThanOrEqual(0)
        expect(rate).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('stated probabilities', () => {
  const say = (probability: number, manipulated: boolean) => ({ probability, manipulated })

  test('are without error where they are what happens', () => {
    const half = Array.from({ length: 40 }, (_, i) => say(0.5, i % 2 === 0))
    expect(expectedCalibrationError(half)).toBeCloseTo(0, 12)
    expect(brier(half)).toBeCloseTo(0.25, 12)
    expect(expectedCalibrationError(Array.from({ length: 40 }, (_, i) => say(0.9, i % 2 === 0)))).toBeCloseTo(0.4, 12)
    expect(brier([say(1, true), say(0, false)])).toBe(0)
  })

  test('with chance taken out, what is right on average has no error, and what is wrong keeps it', () => {
    // Each bin of ten holds five or so manipulated files, never exactly: that is chance, and all of the plain error.
    const right = Array.from({ length: 100 }, (_, i) => say(0.5 + i / 1e6, (i * 37) % 100 < 50))
    expect(expectedCalibrationError(right)).toBeGreaterThan(0)
    expect(debiasedCalibrationError(right)).toBeLessThan(0.05)
    const wrong = Array.from({ length: 100 }, (_, i) => say(0.9, i % 2 === 0))
    expect(debiasedCalibrationError(wrong)).toBeCloseTo(0.4, 1)
    expect(debiasedCalibrationError([])).toBeNull()
  })

  test('a file that stands there three times at a third of the weight counts as one', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ probability: fc.integer({ min: 1, max: 29 }).map((n) => n / 30), manipulated: fc.boolean() }),
          { minLength: 1, maxLength: 60 },
        ),
        (list) => {
          const thrice = list.flatMap((one, i) => [1, 2, 3].map(() => ({ ...one, weight: 1 / 3, group: `${i}` })))
          expect(expectedCalibrationError(thrice)).toBeCloseTo(expectedCalibrationError(list)!, 9)
          expect(debiasedCalibrationError(thrice) ?? 0).toBeCloseTo(debiasedCalibrationError(list) ?? 0, 9)
        },
      ),
    )
  })

  test('bins hold all files once, in order, equal probabilities together', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ probability: fc.integer({ min: 0, max: 30 }).map((n) => n / 30), manipulated: fc.boolean() }),
          {
            minLength: 1,
            maxLength: 100,
          },
        ),
        (list) => {
          const bins = reliability(list)
          expect(bins.length).toBeLessThanOrEqual(10)
          expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(list.length)
          bins.slice(1).forEach((bin, i) => expect(bin.meanProbability).toBeGreaterThan(bins[i]!.meanProbability))
          const error = expectedCalibrationError(list)!
          expect(error).toBeGreaterThanOrEqual(0)
          expect(error).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  test('follow from a likelihood ratio and the share of manipulated files', () => {
    expect(predictiveValue(0.2, 1)).toBeCloseTo(0.2, 12)
    expect(predictiveValue(0.5, 4)).toBeCloseTo(0.8, 12)
    expect(predictiveValue(0.5, 0)).toBe(0)
    expect(predictiveValue(0.01, Number.POSITIVE_INFINITY)).toBe(1)
  })
})

test('a share of none out of 45 leaves room up to 8 %', () => {
  const { low, high } = wilson(0, 45)
  expect(low).toBe(0)
  expect(high).toBeCloseTo(0.0787, 3)
})
