import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SignalInfo, SignalOutput } from '../contract/signals.ts'
import { BAND_WORDS, laneBand, priority } from './priority.ts'

const info = (id: string, counted = true): SignalInfo => ({ id, version: '1.0.0', title: id, measures: '', counted })
const SIGNALS = [info('provenance'), info('encoding'), info('temporal'), info('synthetic-image', false)]

const output = (id: string, extra: Partial<SignalOutput> = {}): SignalOutput => ({
  id,
  version: '1.0.0',
  applicability: { state: 'ran', reason: '' },
  score: 0,
  calibration: null,
  segments: [],
  observations: [],
  tracks: [],
  evidence: [],
  explanation: `${id} looked.`,
  knownFailures: [],
  provenance: { model: null, parameters: {}, ffmpeg: '', seed: 0 },
  ...extra,
})
const saw = (weight: 'strong' | 'some' | 'context', code = 'x.y') => ({ code, text: `saw ${code} ${weight}`, weight })
const abstained = (id: string) =>
  output(id, { applicability: { state: 'abstained', reason: 'only 9 frames' }, score: null })

const observation = fc.record({
  code: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  text: fc.string({ maxLength: 8 }),
  weight: fc.constantFrom('strong' as const, 'some' as const, 'context' as const),
})
const anyOutput = (id: string) =>
  fc
    .record({
      state: fc.constantFrom('ran' as const, 'abstained' as const, 'failed' as const),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      observations: fc.array(observation, { maxLength: 6 }),
      low: fc.option(fc.double({ min: 0.01, max: 1000, noNaN: true })),
    })
    .map(({ state, score, observations, low }) =>
      output(id, {
        applicability: { state, reason: state === 'ran' ? '' : 'why' },
        score: state === 'ran' ? score : null,
        observations,
        calibration: low === null ? null : { likelihoodRatio: low, low, high: low, basis: 'test' },
      }),
    )
const anyFindings = fc.tuple(...SIGNALS.map((signal) => anyOutput(signal.id)))
const RANK = { inconclusive: 0, none: 0, some: 1, strong: 2 }

const both = (a: string, b: string) =>
  priority([output(a, { observations: [saw('strong')] }), output(b, { observations: [saw('strong')] })], SIGNALS).score
const times = (n: number) =>
  priority(
    [output('temporal', { observations: Array.from({ length: n }, () => saw('some', 'temporal.frozen')) })],
    SIGNALS,
  )
const ratio = (low: number) =>
  priority([output('temporal', { calibration: { likelihoodRatio: low * 3, low, high: low * 9, basis: 'x' } })], SIGNALS)

describe('review priority', () => {
  it('always stays between 0 and 1, and its reasons add up to it', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const { score, reasons } = priority(findings, SIGNALS)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(reasons.reduce((sum, reason) => sum + reason.contribution, 0)).toBeCloseTo(score, 6)
      }),
    )
  })

  it('does not depend on the order in which signals ended or are listed', () => {
    fc.assert(
      fc.property(anyFindings, fc.nat(), (findings, turn) => {
        const turned = [...findings.slice(turn % 4), ...findings.slice(0, turn % 4)].map((found) => ({
          ...found,
          observations: [...found.observations].reverse(),
        }))
        expect(priority(turned, [...SIGNALS].reverse())).toEqual(priority(findings, SIGNALS))
      }),
    )
  })

  it('is never lowered by one more indicator', () => {
    fc.assert(
      fc.property(anyFindings, fc.nat(3), observation, (findings, place, added) => {
        const more = findings.map((found, at) =>
          at === place ? { ...found, observations: [...found.observations, added] } : found,
        )
        const before = priority(findings, SIGNALS)
        const after = priority(more, SIGNALS)
        expect(after.score).toBeGreaterThanOrEqual(before.score - 1e-12)
        expect(RANK[after.band]).toBeGreaterThanOrEqual(RANK[before.band])
      }),
    )
  })

  it('counts a signal that abstained or failed exactly as one that never ran', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const ran = findings.filter((found) => found.applicability.state === 'ran')
        const { score, band, reasons } = priority(findings, SIGNALS)
        expect({ score, band, reasons }).toEqual(
          (({ score, band, reasons }) => ({ score, band, reasons }))(priority(ran, SIGNALS)),
        )
      }),
    )
  })

  it('is strong only where some counted signal made a strong observation', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const strong = findings.some(
          (found) =>
            found.id !== 'synthetic-image' &&
            found.applicability.state === 'ran' &&
            (found.observations.some((seen) => seen.weight === 'strong') ||
              (found.calibration?.low ?? 0) >= Math.exp(2)),
        )
        expect(priority(findings, SIGNALS).band === 'strong').toBe(strong)
      }),
    )
  })

  it('says that finding nothing does not make a video authentic', () => {
    const nothing = priority([output('provenance'), output('encoding'), output('temporal')], SIGNALS)
    expect(nothing).toMatchObject({ score: 0, band: 'none', words: BAND_WORDS.none, reasons: [] })
    expect(nothing.words).toContain('does not make it authentic')
  })

  it('takes what looks at faces for one that fell silent, where there are none', () => {
    const all = [
      'provenance',
      'encoding',
      'temporal',
      'face-manipulation',
      'portrait-animation',
      'synthetic-image',
      'voice',
    ]
    const heard = ['provenance', 'encoding', 'temporal']
    const outputs = all.map((id) => (heard.includes(id) ? output(id) : abstained(id)))
    const infos = all.map((id) => info(id))
    expect(priority(outputs, infos).band).toBe('none')
    expect(priority([output('temporal'), ...outputs.filter(({ id }) => !heard.includes(id))], infos).band).toBe(
      'inconclusive',
    )
  })

  it('is inconclusive where too little could be measured, rather than “none”', () => {
    expect(priority([], SIGNALS).band).toBe('inconclusive')
    expect(priority([output('provenance'), abstained('encoding'), abstained('temporal')], SIGNALS).band).toBe(
      'inconclusive',
    )
    expect(priority([output('provenance'), output('encoding'), abstained('temporal')], SIGNALS).band).toBe('none')
  })

  it('still reports an indicator where little else could be measured', () => {
    const found = priority([output('provenance', { observations: [saw('some')] }), abstained('temporal')], SIGNALS)
    expect(found.band).toBe('some')
  })

  it('lists an uncalibrated signal as not counted, however high its score', () => {
    const found = priority(
      [
        output('synthetic-image', { score: 1, observations: [saw('strong')] }),
        output('provenance'),
        output('encoding'),
      ],
      SIGNALS,
    )
    expect(found.score).toBe(0)
    expect(found.notCounted).toContainEqual({
      signal: 'synthetic-image',
      reason: 'uncalibrated: its score is listed but never counted',
    })
    expect(found.notCounted).toContainEqual({ signal: 'temporal', reason: 'has not run yet' })
  })

  it('counts dependent signals less than independent ones', () => {
    expect(both('provenance', 'encoding')).toBeLessThan(both('provenance', 'temporal'))
  })

  it('counts the same observation once, however often it was made', () => {
    expect(times(20).score).toBe(times(1).score)
  })

  it('takes a calibrated likelihood ratio at the cautious end of its interval, and never as a point in favour', () => {
    expect(ratio(0.1).score).toBe(0)
    expect(ratio(20).score).toBeGreaterThan(ratio(4).score)
    expect(ratio(7).band).toBe('some')
    expect(ratio(8).band).toBe('strong')
  })

  it('names what would change it', () => {
    const found = priority([output('provenance', { observations: [saw('strong')] }), abstained('encoding')], SIGNALS)
    expect(found.wouldChange.join(' ')).toContain('saw x.y strong')
    expect(found.wouldChange).toContain('encoding would count if it could measure (only 9 frames).')
  })
})

describe('a model without a calibration', () => {
  const model = { id: 'm', version: '1.0.0', sha256: 'a'.repeat(64) }
  const scored = output('temporal', { score: 0.99, provenance: { model, parameters: {}, ffmpeg: '', seed: 0 } })

  it('is listed and never counted, and no lane is coloured by it', () => {
    const found = priority([output('provenance'), output('encoding'), scored], SIGNALS)
    expect(found).toMatchObject({ score: 0, band: 'none', likelihood: null })
    expect(found.notCounted).toContainEqual({
      signal: 'temporal',
      reason: 'uncalibrated: its score is listed but never counted',
    })
    expect(laneBand(scored, info('temporal'))).toBeNull()
  })
})

describe('the band of one lane', () => {
  it('says nothing for a signal that did not run or is uncalibrated', () => {
    expect(laneBand(abstained('temporal'), info('temporal'))).toBeNull()
    expect(laneBand(output('synthetic-image', { score: 0.9 }), info('synthetic-image', false))).toBeNull()
    expect(laneBand(output('gone'), undefined)).toBeNull()
    expect(laneBand(output('temporal'), info('temporal'))).toBe('none')
    expect(laneBand(output('temporal', { observations: [saw('some')] }), info('temporal'))).toBe('some')
    expect(laneBand(output('temporal', { observations: [saw('strong')] }), info('temporal'))).toBe('strong')
  })
})

describe('a signal that gives context', () => {
  const footage: SignalInfo = { ...info('known-footage'), context: true }
  const seen = output('known-footage', {
    score: null,
    observations: [{ code: 'x', text: 'shared', weight: 'context' }],
  })
  const others = ['provenance', 'encoding', 'temporal'].map((id) => output(id))

  it('changes nothing and is no gap where it saw no indicator', () => {
    const [without, withIt] = [priority(others, SIGNALS), priority([...others, seen], [...SIGNALS, footage])]
    expect({ ...withIt, notCounted: [] }).toEqual({ ...without, notCounted: [] })
    expect(withIt.notCounted).toContainEqual({
      signal: 'known-footage',
      reason: 'context: it speaks neither for nor against manipulation',
    })
    expect(priority([seen], [...SIGNALS, footage]).band).toBe('inconclusive')
    expect(laneBand(seen, footage)).toBeNull()
  })

  it('counts like any other where it saw one', () => {
    const swapped = output('known-footage', { observations: [{ code: 'y', text: 'another face', weight: 'strong' }] })
    expect(priority([...others, swapped], [...SIGNALS, footage])).toMatchObject({ band: 'strong' })
  })
})
