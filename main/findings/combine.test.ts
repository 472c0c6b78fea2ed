import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { predictiveValue } from '../contract/findings.ts'
import type { SignalOutput } from '../contract/signals.ts'
import { combine } from './combine.ts'

const output = (id: string, ratio: number | null, state: 'ran' | 'abstained' = 'ran'): SignalOutput => ({
  id,
  version: '1.0.0',
  applicability: { state, reason: state === 'ran' ? '' : 'no face' },
  score: state === 'ran' ? 0.5 : null,
  calibration: ratio === null ? null : { likelihoodRatio: ratio, low: ratio / 2, high: ratio * 2, basis: 'test' },
  segments: [],
  observations: [],
  tracks: [],
  evidence: [],
  explanation: '',
  knownFailures: [],
  provenance: { model: null, parameters: {}, ffmpeg: '', seed: 0 },
})

describe('the combined likelihood ratio', () => {
  it('multiplies what is independent', () => {
    expect(combine([output('face-manipulation', 4), output('voice', 3)])?.ratio).toBeCloseTo(12)
    expect(combine([output('face-manipulation', 4), output('voice', 0.5)])?.ratio).toBeCloseTo(2)
  })

  it('counts a second look at the same faces by half', () => {
    expect(combine([output('face-manipulation', 4), output('synthetic-image', 4)])?.ratio).toBeCloseTo(8)
    expect(combine([output('face-manipulation', 1), output('portrait-animation', 4)])?.ratio).toBeCloseTo(4)
  })

  it('leaves out what abstained or was never calibrated, and is silent where nothing is left', () => {
    expect(combine([output('voice', 9, 'abstained'), output('temporal', null)])).toBeNull()
    expect(combine([output('voice', 9, 'abstained'), output('face-manipulation', 2)])).toMatchObject({
      ratio: expect.closeTo(2),
      signals: ['face-manipulation'],
    })
  })

  it('never claims more than a ratio of 100 and stays inside its interval, in any order', () => {
    const ratios = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(ratios, (list) => {
        const ids = ['face-manipulation', 'synthetic-image', 'voice', 'provenance', 'encoding']
        const outputs = list.map((ratio, i) => output(ids[i]!, ratio))
        const found = combine(outputs)!
        expect(found.ratio).toBeLessThanOrEqual(100.000001)
        expect(found.low).toBeLessThanOrEqual(found.ratio)
        expect(found.high).toBeGreaterThanOrEqual(found.ratio)
        expect(combine([...outputs].reverse())).toEqual(found)
      }),
    )
  })
})

describe('predictive value', () => {
  it('is the prevalence itself where nothing was learnt, and low for rare events even with a good detector', () => {
    expect(predictiveValue(0.05, 1)).toBeCloseTo(0.05)
    expect(predictiveValue(0.05, 10)).toBeCloseTo(0.345, 3)
    expect(predictiveValue(0.5, 10)).toBeCloseTo(10 / 11)
    expect(predictiveValue(0, 10)).toBe(0)
  })
})
