import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { SOUND_RATE, type ProbedMedia } from '../media/types.ts'
import { openModel, type ModelRunner } from './onnx.ts'
import type { SignalResult } from './signal.ts'
import { bandwidthEdge } from './voice-bandwidth.ts'
import { findFloorChanges } from './voice-floor.ts'
import { VoiceFrames } from './voice-frames.ts'
import { HumTracker } from './voice-hum.ts'
import { findDigitalSilence } from './voice-silence.ts'
import { blocks, joined, musicLike, noise, noiseSource, speechLike } from './voice.test-support.ts'
import { middleMean, voice } from './voice.ts'

const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

function framesOf(samples: Float32Array): VoiceFrames {
  const frames = new VoiceFrames(100_000)
  for (const block of blocks(samples)) frames.add(block)
  return frames
}

/** Runs the signal with a model that always answers `logit`. */
async function run(samples: Float32Array, logit = 0): Promise<SignalResult & { windows: number }> {
  let windows = 0
  const model: ModelRunner = {
    id: 'voice',
    version: '1.0.0',
    sha256: '0'.repeat(64),
    async run({ samples }) {
      const n = samples!.dims[0]!
      windows += n
      return { logit: { data: new Float32Array(n).fill(logit), dims: [n] } }
    },
    async close() {},
  }
  const media = {
    facts: { container: { duration: samples.length / SOUND_RATE }, audio: [{ bitRate: 64_000 }], video: [] },
  } as unknown as ProbedMedia
  const started = await voice.start({ media, model: async () => model, cancelled: new AbortController().signal })
  let time = 0
  for (const block of blocks(samples)) await started.sound!({ time: time++, samples: block })
  return { ...(await started.finish()), windows }
}

const OTHER = 'the sound is mostly music or noise, not speech'
const codes = (result: SignalResult) => (result.observations ?? []).map((o) => o.code)

/** A low-pass of 101 taps. */
function lowPass(samples: Float32Array, edge: number): Float32Array {
  const taps = Array.from({ length: 101 }, (_, i) => {
    const k = i - 50
    const ideal = k === 0 ? (2 * edge) / SOUND_RATE : Math.sin((2 * Math.PI * edge * k) / SOUND_RATE) / (Math.PI * k)
    return ideal * (0.54 + 0.46 * Math.cos((Math.PI * k) / 50))
  })
  return samples.map((_, i) => taps.reduce((sum, tap, k) => sum + tap * (samples[i + k - 50] ?? 0), 0))
}

function withHum(samples: Float32Array, jumpAt: number | null): Float32Array {
  return samples.map((v, i) => {
    const t = i / SOUND_RATE
    const phase = jumpAt !== null && t >= jumpAt ? 2 : 0
    return v + 0.01 * Math.sin(2 * Math.PI * 50.02 * t + phase)
  })
}

describe('measurements', () => {
  test('digital silence inside a sound is found, at its place; at the ends and in noise there is none', () => {
    const samples = speechLike(8)
    expect(findDigitalSilence(framesOf(samples))).toEqual([])
    samples.fill(0, 3 * SOUND_RATE, 3.4 * SOUND_RATE)
    samples.fill(0, 0, 0.3 * SOUND_RATE)
    const [found, ...more] = findDigitalSilence(framesOf(samples))
    expect(more).toEqual([])
    expect(found!.start).toBeCloseTo(3, 1)
    expect(found!.end).toBeCloseTo(3.4, 1)
  })

  test('a cut to a recording with another noise floor is found, an uncut one has none', () => {
    const cut = joined(speechLike(5, 0.001), speechLike(5, 0.02, 7))
    const found = findFloorChanges(framesOf(cut))
    expect(found).toHaveLength(1)
    expect(found[0]!.time).toBeGreaterThan(4.3)
    expect(found[0]!.time).toBeLessThan(5.7)
    expect(found[0]!.change).toBeGreaterThan(10)
    expect(findFloorChanges(framesOf(speechLike(10, 0.001)))).toEqual([])
    expect(findFloorChanges(framesOf(speechLike(10, 0.02)))).toEqual([])
  })

  test('a jump in the phase of mains hum is found, steady hum has none, and without hum nothing is said', () => {
    const hum = (jumpAt: number | null) => {
      const tracker = new HumTracker()
      for (const block of blocks(withHum(speechLike(14), jumpAt))) tracker.add(block)
      return tracker.finish()
    }
    expect(hum(null)).toMatchObject({ line: 50, jumps: [] })
    const cut = hum(7.3)
    expect(cut!.jumps).toHaveLength(1)
    expect(Math.abs(cut!.jumps[0]!.time - 7.3)).toBeLessThan(0.6)
    const none = new HumTracker()
    none.add(speechLike(14))
    expect(none.finish()).toBeNull()
  })

  test('a band limit is found where it is, and a wide spectrum has none', () => {
    const wide = joined(noise(4, 0.1))
    expect(bandwidthEdge(framesOf(wide).longTerm()!)).toBeNull()
    const edge = bandwidthEdge(framesOf(lowPass(wide, 3400)).longTerm()!)
    expect(Math.abs(edge! - 3400)).toBeLessThan(300)
  })

  test('the middle half carries the result', () => {
    expect(middleMean([0, 1, 1, 100])).toBe(1)
    expect(middleMean([3])).toBe(3)
  })
})

describe('the signal', () => {
  test('reads windows of speech; a high reading alone is no observation that counts', async () => {
    const result = await run(speechLike(20), 3)
    expect(result).toMatchObject({ state: 'ran', windows: 4 })
    if (result.state !== 'ran') return
    expect(result.score).toBeCloseTo(0.953, 2)
    expect(result.observations.every((o) => o.weight === 'context')).toBe(true)
    expect(result.segments).toHaveLength(4)
    expect(Object.keys(result.domain ?? {})).toContain('bandwidth, Hz')
    expect(result.exhibits.map((e) => e.kind)).toEqual(['image', 'table'])
  })

  test('abstains on music, on noise, on silence and on too little sound, and says why', async () => {
    expect(await run(musicLike(12))).toMatchObject({ state: 'abstained', reason: OTHER, windows: 0 })
    expect(await run(noise(12, 0.1))).toMatchObject({ state: 'abstained', reason: OTHER, windows: 0 })
    expect(await run(new Float32Array(12 * SOUND_RATE))).toMatchObject({
      state: 'abstained',
      reason: 'the sound is silent',
    })
    expect(await run(speechLike(1.5))).toMatchObject({
      state: 'abstained',
      reason: expect.stringContaining('only 1.5 s of sound'),
    })
  })

  test('leaves the music out and reads the speech of a mixed sound', async () => {
    const result = await run(joined(musicLike(8), speechLike(16)))
    expect(result.state).toBe('ran')
    if (result.state === 'ran') expect(result.knownFailures).toContain('Parts that are music or noise were left out.')
  })

  test('tells of edits where it cannot read a voice, too', async () => {
    const samples = noise(12, 0.1)
    samples.fill(0, 5 * SOUND_RATE, 6 * SOUND_RATE)
    const result = await run(samples)
    expect(result.state).toBe('abstained')
    expect(codes(result)).toContain('voice.digital-silence')
  })

  test('reads windows spread over a long sound, and not more than it says', async () => {
    const once = speechLike(20)
    const result = await run(joined(...Array.from({ length: 12 }, () => once)))
    expect(result.windows).toBeLessThanOrEqual(40)
    expect(result.windows).toBeGreaterThan(25)
  })

  test('gives equal outputs for equal input', async () => {
    const samples = joined(speechLike(6), speechLike(6, 0.02, 3))
    expect(await run(samples, 1)).toEqual(await run(samples, 1))
  })

  test.skipIf(!existsSync(join(MODELS, 'voice/card.json')))(
    'the bundled model has the shapes of its card',
    async () => {
      const model = await openModel(MODELS, 'voice')
      const next = noiseSource(5)
      const data = new Float32Array(2 * 64_000).map(() => next() * 0.1)
      const outputs = await model.run({ samples: { data, dims: [2, 64_000] } })
      expect(outputs['logit']!.dims).toEqual([2])
      expect(outputs['heat']!.dims).toEqual([2, 15])
      // Loudness is no property of a generator.
      const softer = await model.run({ samples: { data: data.map((v) => v / 8), dims: [2, 64_000] } })
      expect(softer['logit']!.data[0]).toBeCloseTo(outputs['logit']!.data[0]!, 2)
      await model.close()
    },
  )
})
