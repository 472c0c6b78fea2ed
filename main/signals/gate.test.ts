import { expect, test } from 'vitest'
import type { SignalOutput } from '../contract/signals.ts'
import type { Calibration } from './calibration.ts'
import { gate, gated } from './gate.ts'

const calibration: Calibration = {
  format: 'assay-calibration-1',
  signal: 'a',
  signalVersion: '1.0.0',
  modelSha256: null,
  basis: 'a test',
  n: { manipulated: 9, genuine: 9, manipulatedGroups: 9, genuineGroups: 9 },
  knots: [
    { score: 0.1, logRatio: -1, low: -2, high: 0 },
    { score: 0.9, logRatio: 1, low: 0.5, high: 2 },
  ],
  domain: { 'face height, px': { low: 50, high: 500 } },
}
const signal = { id: 'a', version: '1.0.0' }
const measured = { score: 0.9, domain: { 'face height, px': 100 }, modelSha256: null }

test('a score gets its ratio, and never less than 1 where low scores say nothing', () => {
  expect(gate(signal, measured, calibration)).toMatchObject({ ratio: { likelihoodRatio: Math.E, basis: 'a test' } })
  const low = { ...measured, score: 0.1 }
  expect(gate(signal, low, calibration)).toMatchObject({ ratio: { likelihoodRatio: Math.exp(-1) } })
  expect(gate({ ...signal, raisesOnly: true }, low, calibration)).toMatchObject({
    ratio: { likelihoodRatio: 1, low: 1 },
  })
})

test('a calibration of another signal, version or model covers nothing', () => {
  expect(gate(signal, measured, undefined)).toBeNull()
  expect(gate({ ...signal, id: 'b' }, measured, calibration)).toBeNull()
  expect(gate({ ...signal, version: '1.0.1' }, measured, calibration)).toBeNull()
  expect(gate(signal, { ...measured, modelSha256: 'ab'.repeat(32) }, calibration)).toBeNull()
})

test('an output outside the domain becomes an abstention that says why, and one that abstained stays', () => {
  const output: SignalOutput = {
    id: 'a',
    version: '1.0.0',
    applicability: { state: 'ran', reason: '' },
    score: 0.9,
    calibration: null,
    segments: [{ start: 0, end: 1, score: 0.9, label: 'face 1' }],
    observations: [],
    tracks: [],
    evidence: [],
    explanation: 'Measured.',
    knownFailures: ['Often wrong.'],
    provenance: { model: null, parameters: {}, ffmpeg: 'build', seed: 0 },
  }
  expect(gated(signal, output, measured.domain, calibration).calibration?.likelihoodRatio).toBe(Math.E)
  const outside = gated(signal, output, { 'face height, px': 20 }, calibration)
  expect(outside).toMatchObject({ applicability: { state: 'abstained' }, score: null, calibration: null, segments: [] })
  expect(outside.explanation).toContain('face height, px 20')
  expect(gated(signal, outside, measured.domain, calibration)).toBe(outside)
})
