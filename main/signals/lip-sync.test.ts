import { describe, expect, test } from 'vitest'
import type { Frame, ProbedMedia } from '../media/types.ts'
import type { Face } from './faces/face.ts'
import { lipSync } from './lip-sync.ts'
import { MouthRecord } from './lip-sync-mouth.ts'
import type { SignalResult } from './signal.ts'

const SIZE = 128
const MOTION = { id: 'motion', rate: 12.5, width: SIZE, height: SIZE, format: 'gray' } as const
const DETAIL = { id: 'detail', rate: 2, width: SIZE, height: SIZE, format: 'rgb24' } as const
const media = {
  facts: { video: [{ width: SIZE, height: SIZE, rotation: 0, pixelAspect: 1 }], audio: [{}], container: {} },
} as unknown as ProbedMedia

/** Marsaglia's xorshift32: the same noise in every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** How loud somebody speaks at each motion frame, 0 to 1: syllables of uneven length and strength with pauses. */
function syllables(seconds: number, seed: number): Float64Array {
  const roll = dice(seed)
  const curve = new Float64Array(Math.ceil(seconds * MOTION.rate))
  for (let at = 0; at < seconds;) {
    const length = 0.16 + 0.22 * roll()
    const strength = 0.4 + 0.6 * roll()
    curve.forEach((v, i) => {
      const phase = (i / MOTION.rate - at) / length
      if (phase > 0 && phase < 1) curve[i] = Math.max(v, strength * Math.sin(Math.PI * phase))
    })
    at += length + (roll() < 0.2 ? 0.5 : 0.06)
  }
  return curve
}

// Math.hypot is slow, and this runs for every pixel.
const far = (a: number, b: number) => Math.sqrt(a * a + b * b)

/** A face 70 pixels wide whose mouth opens by `open`, 0 to 1; `time` makes the head sway. */
function drawFace(open: number, time: number, noise: () => number): Uint8Array {
  const sway = 1.5 * Math.sin(1.3 * time)
  const data = new Uint8Array(SIZE * SIZE)
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) {
      const [u, v] = [x - 64 - sway, y - 60]
      const eye = far(Math.abs(u) - 16, v + 8) < 5
      const lips = far(u / 15, (v - 28) / (3 + 6 * open)) < 1
      const inside = far(u / 11, (v - 28) / (0.2 + 5 * open)) < 1
      const skin = far(u / 40, v / 54) < 1
      const nose = Math.abs(u) < 3 && v > 0 && v < 12
      const light = inside ? 30 : lips ? 110 : eye ? 40 : nose ? 150 : skin ? 175 : 80
      data[y * SIZE + x] = light + 6 * (noise() - 0.5)
    }
  return data
}

const landmarks = (time: number) => {
  const sway = 1.5 * Math.sin(1.3 * time)
  return Float32Array.from([48 + sway, 52, 80 + sway, 52, 64 + sway, 71, 51 + sway, 88, 77 + sway, 88])
}

interface Take {
  readonly seconds: number
  /** Opening of the mouth at each motion frame, and loudness of the speech. */
  readonly mouth: Float64Array
  readonly speech: Float64Array
  readonly size?: number
  readonly faces?: boolean
}

const face = (time: number, size: number): Face => ({
  track: 0,
  box: { x: 24, y: 6, width: 80 * size, height: 108 * size },
  landmarks: landmarks(time).map((v) => 64 + size * (v - 64)),
  score: 0.9,
  quality: { size: 80 * size, sharpness: 100, yaw: 0 },
})

async function resultOf({ seconds, mouth, speech, size = 1, faces = true }: Take): Promise<SignalResult> {
  const run = await lipSync.start({
    media,
    cancelled: new AbortController().signal,
    model: () => Promise.reject(new Error('no model')),
  })
  const noise = dice(7)
  for (let i = 0; i < 2 * seconds; i++)
    await run.faces!(
      { stream: DETAIL, index: i, time: i / 2, data: new Uint8Array(0) },
      faces ? [face(i / 2, size)] : [],
    )
  for (let i = 0; i < seconds * MOTION.rate; i++) {
    const time = i / MOTION.rate
    await run.frame!({ stream: MOTION, index: i, time, data: drawFace(mouth[i]!, time, noise) })
  }
  const samples = new Float32Array(16_000)
  for (let s = 0; s < seconds; s++) {
    for (let i = 0; i < samples.length; i++) {
      const time = s + i / 16_000
      const loud = speech[Math.min(speech.length - 1, Math.round(time * MOTION.rate))]!
      samples[i] = loud * (0.3 * Math.sin(2 * Math.PI * 180 * time) + 0.2 * (noise() - 0.5)) + 0.002 * (noise() - 0.5)
    }
    await run.sound!({ time: s, samples })
  }
  return await run.finish()
}

const codes = (result: SignalResult): string[] => (result.observations ?? []).map((o) => `${o.weight} ${o.code}`)
const shifted = (curve: Float64Array, frames: number) =>
  curve.map((_, i) => curve[(i + frames + curve.length) % curve.length]!)

describe('a mouth that opens with the speech', () => {
  const curve = syllables(16, 11)

  test('agrees, with a chart, a curve of correlation by delay, and no word that clears it', async () => {
    const result = await resultOf({ seconds: 16, mouth: curve, speech: curve })
    expect(codes(result)).toEqual(['context lip-sync.agrees'])
    if (result.state !== 'ran') throw new Error('It did not run.')
    expect(result.score).toBe(0)
    expect(result.segments).toEqual([])
    expect(result.exhibits.map((e) => e.kind)).toEqual(['image', 'image', 'table'])
    expect(result.tracks.map((t) => t.label)).toEqual(['Mouth motion', 'Speech level'])
    expect(result.knownFailures.join()).toContain('agreement clears nobody')
  })

  test('agrees also where the lips open a little before the voice sounds', async () => {
    const result = await resultOf({ seconds: 16, mouth: shifted(curve, 2), speech: curve })
    expect(codes(result)).toEqual(['context lip-sync.agrees'])
    expect(result.observations![0]!.text).toMatch(/0\.(16|24|08) s before the sound/)
  })

  test('is told with its delay where sound and picture are half a second apart', async () => {
    const result = await resultOf({ seconds: 16, mouth: shifted(curve, -7), speech: curve })
    expect(codes(result)).toEqual(['context lip-sync.offset'])
    expect(result.observations![0]!.text).toContain('after the sound')
  })
})

describe('a mouth that moves with other words', () => {
  test('does not agree: context that names dubbing first, a segment, and a score', async () => {
    const result = await resultOf({ seconds: 24, mouth: syllables(24, 11), speech: syllables(24, 5) })
    expect(codes(result)).toEqual(['context lip-sync.disagrees'])
    if (result.state !== 'ran') throw new Error('It did not run.')
    expect(result.score).toBeGreaterThan(0.3)
    expect(result.segments[0]).toMatchObject({ start: 0, label: 'mouth and sound do not agree' })
    expect(result.observations[0]!.text).toContain('dubbed')
  })

  test('is abstained from where too little of it is seen', async () => {
    const result = await resultOf({ seconds: 7, mouth: syllables(7, 11), speech: syllables(7, 5) })
    expect(result).toMatchObject({ state: 'abstained', reason: expect.stringContaining('too little to tell') })
  })
})

describe('nothing to compare', () => {
  const curve = syllables(8, 3)
  const closed = new Float64Array(curve.length)

  test.each<[string, Partial<Take>, string]>([
    ['no face', { faces: false }, 'no face was found'],
    ['a face too small for its lips', { size: 0.4 }, 'too small'],
    ['no sound in the file', { speech: closed.map(() => 0) }, 'silent'],
  ])('%s', async (_, change, reason) => {
    const result = await resultOf({ seconds: 8, mouth: curve, speech: curve, ...change })
    expect(result).toMatchObject({ state: 'abstained', reason: expect.stringContaining(reason) })
  })

  test('a narrator over a face that keeps its mouth shut is no disagreement', async () => {
    const still = new Float64Array(24 * 13)
    const result = await resultOf({ seconds: 24, mouth: still, speech: syllables(24, 5) })
    expect(result.state).toBe('abstained')
  })
})

test('the same material gives the same bytes', async () => {
  const curve = syllables(8, 3)
  const once = await resultOf({ seconds: 8, mouth: curve, speech: curve })
  expect(JSON.stringify(await resultOf({ seconds: 8, mouth: curve, speech: curve }))).toBe(JSON.stringify(once))
})

test('small frames are measured the same whether their faces come before or after them', () => {
  const noise = dice(9)
  const frames = Array.from({ length: 30 }, (_, i) => drawFace((i % 5) / 5, i / 12.5, noise))
  const frame = (i: number): Frame => ({ stream: MOTION, index: i, time: i / 12.5, data: frames[i]! })
  const before = new MouthRecord()
  for (let i = 0; i < 5; i++) before.addFaces(i / 2, [face(i / 2, 1)], 1)
  frames.forEach((_, i) => before.addFrame(frame(i)))
  before.finish()
  const after = new MouthRecord()
  frames.forEach((_, i) => after.addFrame(frame(i)))
  for (let i = 0; i < 5; i++) after.addFaces(i / 2, [face(i / 2, 1)], 1)
  after.finish()
  expect(after.frames).toEqual(before.frames)
  expect(before.frames).toHaveLength(30)
  expect(before.lost).toBe(0)
})
