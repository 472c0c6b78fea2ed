import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asCautiousAs, calibrate, raised } from './calibration.ts'
import { fitCalibration, type CalibrationSample } from './calibration-fit.ts'

const ABOUT = { signal: 'test', signalVersion: '1.0.0', modelSha256: null, basis: 'made in this test' }

/** Log-odds of both classes are normal with the same spread: the true log ratio is a line with a known slope. */
function normal(count: number, distance: number): CalibrationSample[] {
  const samples: CalibrationSample[] = []
  for (let i = 0; i < count; i++) {
    // Quantiles instead of random draws: the same sample in every run.
    const z = quantile((i + 0.5) / count)
    for (const manipulated of [true, false])
      samples.push({
        score: 1 / (1 + Math.exp(-(z + (manipulated ? distance / 2 : -distance / 2)))),
        manipulated,
        group: `${manipulated} ${i}`,
        domain: { 'face height, px': 60 + i },
      })
  }
  return samples
}
/** Standard normal quantile by bisection on the error function's series; good to 1e-6. */
function quantile(p: number): number {
  let [low, high] = [-6, 6]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (cdf(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
function cdf(x: number): number {
  let [sum, term] = [x, x]
  for (let k = 1; k < 200; k++) sum += term *= (x * x) / (2 * k + 1)
  return 0.5 + sum * (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI))
}
const ratio = (samples: CalibrationSample[], score: number) => {
  const found = calibrate(fitCalibration(samples, ABOUT), score, {})
  if (!found.inside) throw new Error(found.reason)
  return found
}

describe('calibration', () => {
  it('finds the true ratio of two known distributions', () => {
    const { likelihoodRatio, low, high } = ratio(normal(300, 2), 1 / (1 + Math.exp(-1)))
    expect(Math.log(likelihoodRatio)).toBeCloseTo(2, 0)
    expect(low).toBeLessThan(likelihoodRatio)
    expect(high).toBeGreaterThan(likelihoodRatio)
  })

  it('follows a curve that is no line: a generator that is known beside one that reads like a camera', () => {
    const known = normal(100, 4).filter(({ manipulated }) => manipulated)
    const like = normal(100, -4).filter(({ manipulated }) => manipulated)
    const cameras = normal(200, 4).filter(({ manipulated }) => !manipulated)
    const both = [...known, ...like].map((sample, i) => ({ ...sample, group: `altered ${i}` }))
    // Normal around -2 and, half of the altered ones, 2: the ratio is (1 + e^(4x)) / 2. A line says 1.1 at -1 and 4 at 1.
    const at = (x: number) => ratio([...both, ...cameras], 1 / (1 + Math.exp(-x))).likelihoodRatio
    expect(at(-1)).toBeGreaterThan(0.4)
    expect(at(-1)).toBeLessThan(0.7)
    expect(at(1)).toBeGreaterThan(14)
    expect(at(1)).toBeLessThan(56)
  })

  it('says 1 for a score that tells nothing, and for one that points the wrong way', () => {
    const nothing = ratio(normal(100, 0), 0.9)
    expect(nothing.low).toBeLessThanOrEqual(1)
    expect(nothing.high).toBeGreaterThanOrEqual(1)
    const wrong = normal(100, 2).map((s) => ({ ...s, manipulated: !s.manipulated }))
    expect(ratio(wrong, 0.99).likelihoodRatio).toBe(1)
  })

  it('does not claim more than the number of clips behind it allows', () => {
    const separated = Array.from({ length: 24 }, (_, i) => ({
      score: i < 12 ? 0.99 : 0.01,
      manipulated: i < 12,
      group: `${i}`,
      domain: {},
    }))
    expect(ratio(separated, 0.999).likelihoodRatio).toBeLessThanOrEqual(4)
    expect(ratio(separated, 0.001).likelihoodRatio).toBeGreaterThanOrEqual(1 / 4)
  })

  it('is no surer than clips that were not seen to reach a score allow', () => {
    // 20 of 100 altered clips read high and no genuine one: up to 3 in 100 genuine ones may do so unseen.
    const clips = Array.from({ length: 200 }, (_, i) => ({
      score: i < 20 ? 0.99 : 0.2,
      manipulated: i < 100,
      group: `${i}`,
      domain: {},
    }))
    const { low, likelihoodRatio } = ratio(clips, 0.99)
    expect(likelihoodRatio).toBeGreaterThan(8)
    expect(low).toBeLessThanOrEqual(0.2 / 0.03 + 0.01)
    expect(low).toBeGreaterThan(3)
  })

  it('counts copies of one clip once', () => {
    const clips = normal(12, 2)
    const copies = clips.flatMap((sample) => Array.from({ length: 50 }, () => sample))
    expect(fitCalibration(copies, ABOUT).knots).toEqual(fitCalibration(clips, ABOUT).knots)
  })

  it('never lowers the odds where a low score says nothing', () => {
    const [low, high] = [ratio(normal(30, 2), 0.1), ratio(normal(30, 2), 0.9)]
    expect(low.likelihoodRatio).toBeLessThan(0.7)
    expect(raised(low)).toEqual({ likelihoodRatio: 1, low: 1, high: Math.max(1, low.high) })
    const { likelihoodRatio } = raised(high)
    expect(likelihoodRatio).toBe(high.likelihoodRatio)
  })

  it('says no more at the ends than the material bears, where a few genuine clips score as high as any', () => {
    const clean = normal(24, 3)
    const outliers = [0, 1, 2, 3].map((i) => ({ score: 0.999, manipulated: false, group: `outlier ${i}`, domain: {} }))
    expect(ratio([...clean, ...outliers], 0.998).likelihoodRatio).toBeLessThan(
      ratio(clean, 0.998).likelihoodRatio / 1.3,
    )
  })

  it('refuses to fit too few clips', () => {
    expect(() => fitCalibration(normal(4, 2), ABOUT)).toThrow(/at least 5 of each/)
  })

  it('does not speak of input unlike the calibration data, and says why', () => {
    const fitted = fitCalibration(normal(50, 2), ABOUT)
    expect(calibrate(fitted, 0.9, { 'face height, px': 70 })).toMatchObject({ inside: true })
    expect(calibrate(fitted, 0.9, { 'face height, px': 20 })).toEqual({
      inside: false,
      reason: 'outside what this was measured on: face height, px 20, measured from 40 to 164',
    })
  })

  it('never gives a lower ratio for a higher score, and keeps the ratio inside its interval', () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true })
    const label = fc.record({ score, manipulated: fc.boolean() })
    fc.assert(
      fc.property(fc.array(label, { minLength: 12, maxLength: 30 }), score, score, (labels, a, b) => {
        const samples = labels.map((s, i) => ({ ...s, manipulated: i % 2 === 0, group: `${i}`, domain: {} }))
        const fitted = fitCalibration(samples, ABOUT)
        const [lower, higher] = [Math.min(a, b), Math.max(a, b)].map((s) => calibrate(fitted, s, {}))
        if (!lower!.inside || !higher!.inside) throw new Error('gated without a domain')
        expect(lower!.likelihoodRatio).toBeLessThanOrEqual(higher!.likelihoodRatio + 1e-9)
        for (const { low, high, likelihoodRatio } of [lower!, higher!]) {
          expect(low).toBeLessThanOrEqual(likelihoodRatio + 1e-9)
          expect(high).toBeGreaterThanOrEqual(likelihoodRatio - 1e-9)
        }
      }),
      { numRuns: 15 },
    )
  })
})

it('is never surer than a part of its material bears', () => {
  const whole = fitCalibration(normal(400, 3), ABOUT)
  const part = fitCalibration(normal(20, 1), ABOUT)
  const both = asCautiousAs(whole, part)
  expect(both.n).toEqual(whole.n)
  for (const [k, { score, logRatio, low, high }] of both.knots.entries()) {
    const there = calibrate({ ...part, domain: {} }, score, {})
    expect(there.inside && Math.log(there.low)).toBeGreaterThanOrEqual(low - 1e-5)
    expect(there.inside && Math.log(there.high)).toBeLessThanOrEqual(high + 1e-5)
    expect(logRatio).toBe(whole.knots[k]!.logRatio)
    expect(low).toBeLessThanOrEqual(whole.knots[k]!.low)
    expect(high).toBeGreaterThanOrEqual(whole.knots[k]!.high)
  }
})
