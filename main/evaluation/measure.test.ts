import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../signals/random.ts'
import { bootstrap, perfectLow } from './bootstrap.ts'
import { measure, type Sample } from './measure.ts'

const sample = (score: number, manipulated: boolean, group: string, likelihoodRatio: number | null = null): Sample => ({
  score,
  manipulated,
  group,
  source: 'test',
  flagged: score >= 0.5,
  likelihoodRatio,
})
const random = randomNumbers(7)
const noisy = (n: number, manipulated: boolean, groups: number): Sample[] =>
  Array.from({ length: n }, (_, i) =>
    sample(0.5 * random() + (manipulated ? 0.3 : 0.1), manipulated, `${manipulated} ${i % groups}`),
  )

describe('figures with intervals', () => {
  test('false positives are quoted with room, even where there were none', () => {
    const { falsePositives, found, auc, tpr1 } = measure([
      ...Array.from({ length: 45 }, (_, i) => sample(0.1, false, `g${i}`)),
      ...Array.from({ length: 13 }, (_, i) => sample(0.9, true, `m${i}`)),
    ])
    expect(falsePositives!.value).toBe(0)
    expect(falsePositives!.interval!.high).toBeCloseTo(0.0787, 3)
    expect(found!.value).toBe(1)
    expect(tpr1!.interval!.low).toBeLessThan(0.8)
    expect(auc).toEqual({ value: 1, interval: { low: perfectLow(13), high: 1 } })
    expect(perfectLow(13)).toBeCloseTo(0.753, 3)
  })

  test('the interval holds the value, is the same every time, and is wider where files share groups', () => {
    const loose = [...noisy(60, true, 60), ...noisy(60, false, 60)]
    const first = measure(loose)
    expect(measure(loose)).toEqual(first)
    const { value, interval } = first.auc!
    expect(interval!.low).toBeLessThanOrEqual(value)
    expect(interval!.high).toBeGreaterThanOrEqual(value)
    // Every file six times over is no more knowledge.
    const copied = loose.flatMap((one) => Array.from({ length: 6 }, () => one))
    const alone = copied.map((one, i) => ({ ...one, group: String(i) }))
    const width = ({ low, high }: { low: number; high: number }) => high - low
    expect(width(measure(copied).auc!.interval!)).toBeGreaterThan(1.8 * width(measure(alone).auc!.interval!))
  })

  test('calibration error and Brier score stand only where every file has a likelihood ratio', () => {
    const calibrated = [
      ...Array.from({ length: 20 }, (_, i) => sample(0.9, true, `m${i}`, i < 16 ? 4 : 0.25)),
      ...Array.from({ length: 20 }, (_, i) => sample(0.2, false, `g${i}`, i < 16 ? 0.25 : 4)),
    ]
    expect(measure(calibrated).ece!.value).toBeCloseTo(0, 9)
    expect(measure(calibrated).brier!.value).toBeCloseTo(0.16, 9)
    const [first, ...rest] = calibrated
    expect(measure([{ ...first!, likelihoodRatio: null }, ...rest])).toMatchObject({ ece: null, brier: null })
  })

  test('says nothing where there is nothing to say', () => {
    expect(measure([])).toMatchObject({ auc: null, falsePositives: null, genuine: 0 })
    const genuine = measure([sample(0.7, false, 'a'), sample(0.1, false, 'b')])
    expect(genuine).toMatchObject({ auc: null, eer: null, found: null })
    expect(genuine.falsePositives!.value).toBe(0.5)
    // One person on one side: how others would fare cannot be known.
    const oneGroup = measure([
      sample(0.9, true, 'a'),
      sample(0.2, true, 'a'),
      sample(0.5, false, 'b'),
      sample(0.1, false, 'c'),
    ])
    expect(oneGroup.auc!.interval).toBeNull()
  })
})

test('whole groups are drawn, each label for itself', () => {
  const samples = [
    ...Array.from({ length: 10 }, () => sample(1, true, 'a')),
    sample(1, true, 'b'),
    ...Array.from({ length: 5 }, (_, i) => sample(0, false, String(i))),
  ]
  bootstrap(
    samples,
    [
      (drawn) => {
        const ofA = drawn.filter(({ group }) => group === 'a').length
        expect(ofA % 10).toBe(0)
        expect(drawn.filter(({ manipulated }) => !manipulated)).toHaveLength(5)
        return ofA
      },
    ],
    50,
  )
})
