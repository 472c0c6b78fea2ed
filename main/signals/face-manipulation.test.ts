import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { probedMedia, type VideoShape } from '../../test/fixtures/probed-media.ts'
import { cropBesideMap } from './face-manipulation-pictures.ts'
import { middleMean, readTracks, running, sigmoid, type CropReading } from './face-manipulation-reading.ts'
import { frameStep, leftOut, SAMPLING } from './face-sampling.ts'
import { faceManipulation } from './face-manipulation.ts'
import type { Face } from './faces/face.ts'
import { openModel, type ModelRunner } from './onnx.ts'
import type { SignalResult } from './signal.ts'

const SIDE = 128
const CELLS = 16
const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

/** A frame in which every pixel tells the frame's number. */
const frameOf = (width: number, height: number, index: number) => new Uint8Array(width * height * 3).fill(index)

function face({ track = 0, x = 200, y = 80, side = 120, sharpness = 60, yaw = 0, score = 0.9 } = {}): Face {
  const at = (u: number, v: number) => [x + u * side, y + v * side]
  return {
    track,
    box: { x, y, width: side * 0.8, height: side },
    landmarks: Float32Array.from([at(0.25, 0.4), at(0.55, 0.4), at(0.4, 0.6), at(0.28, 0.78), at(0.52, 0.78)].flat()),
    score,
    quality: { size: side * 0.8, sharpness, yaw },
  }
}

/** A network whose logit is a function of the frame's number; it keeps what it was asked for. */
function stub(logit: (index: number) => number) {
  const batches: number[] = []
  const seen: number[] = []
  const runner: ModelRunner = {
    id: 'face-manipulation',
    version: '1.0.0',
    sha256: 'a'.repeat(64),
    async run(inputs) {
      const { data, dims } = inputs['faces']!
      expect(dims.slice(1)).toEqual([SIDE, SIDE, 3])
      const n = dims[0]!
      batches.push(n)
      const numbers = Array.from({ length: n }, (_, i) => data[i * SIDE * SIDE * 3]!)
      seen.push(...numbers)
      const logits = Float32Array.from(numbers, logit)
      const heat = Float32Array.from({ length: n * CELLS * CELLS }, (_, i) =>
        sigmoid(logits[Math.floor(i / CELLS ** 2)]!),
      )
      return { logit: { data: logits, dims: [n] }, heat: { data: heat, dims: [n, CELLS, CELLS] } }
    },
    close: async () => {},
  }
  return { runner, batches, seen }
}

interface Given {
  readonly frames: number
  readonly faces?: (index: number) => Face[]
  readonly model?: ModelRunner
  readonly shape?: Partial<VideoShape>
}
const [WIDTH, HEIGHT] = [640, 360]

async function resultOf({ frames, faces = () => [face()], model = stub(() => 3).runner, shape }: Given) {
  const run = await faceManipulation.start({
    media: probedMedia({ width: WIDTH, height: HEIGHT, duration: frames / 2, ...shape }),
    model: async () => model,
    cancelled: new AbortController().signal,
  })
  const stream = { id: 'detail', rate: 2, width: WIDTH, height: HEIGHT, format: 'rgb24' } as const
  for (let index = 0; index < frames; index++)
    await run.faces?.({ stream, index, time: index / 2, data: frameOf(WIDTH, HEIGHT, index) }, faces(index))
  return run.finish()
}
async function ran(given: Given): Promise<Extract<SignalResult, { state: 'ran' }>> {
  const result = await resultOf(given)
  if (result.state !== 'ran') throw new Error(result.reason)
  return result
}

describe('where it cannot measure, it abstains and says why', () => {
  const reason = async (given: Given) => {
    const result = await resultOf(given)
    return result.state === 'abstained' ? result.reason : 'ran'
  }
  test('without a face, with small, turned or blurred ones, and in too short a time', async () => {
    expect(await reason({ frames: 8, faces: () => [] })).toBe('no face was found')
    expect(await reason({ frames: 8, faces: () => [face({ side: 40 })] })).toContain('8 smaller than 48 pixels')
    expect(await reason({ frames: 8, faces: () => [face({ yaw: 0.9 })] })).toContain('8 turned too far away')
    expect(await reason({ frames: 8, faces: () => [face({ sharpness: 1 })] })).toContain('8 too blurred')
    expect(await reason({ frames: 3 })).toContain('was seen clearly in 4 pictures over 1.5 s')
  })
  test('where every shot shows another face only briefly', async () => {
    expect(await reason({ frames: 12, faces: (i) => [face({ track: Math.floor(i / 2) })] })).toContain(
      'was seen clearly',
    )
  })
})

describe('a reading', () => {
  test('is high for a face that reads as altered, with a stretch, a curve and a picture of it', async () => {
    const result = await ran({ frames: 12 })
    expect(result.score).toBeGreaterThan(0.9)
    expect(result.segments).toHaveLength(1)
    const [segment] = result.segments
    expect(segment).toMatchObject({ start: 0, end: 6 })
    expect(segment!.region!.x * WIDTH).toBeCloseTo(200, 3)
    expect(result.tracks[0]).toMatchObject({ start: 0, step: 0.5 })
    expect(result.tracks[0]!.values).toHaveLength(12)
    expect(result.exhibits).toHaveLength(1)
    expect(result.exhibits[0]).toMatchObject({ kind: 'image', mime: 'image/png', height: 3 * SIDE })
    expect(result.domain).toMatchObject({ 'face height, px': 120, sharpness: 60 })
    expect(result.domain!['bits per pixel']).toBeGreaterThan(0)
  })
  test('is low for one that does not, without a stretch', async () => {
    const result = await ran({ frames: 12, model: stub(() => -3).runner })
    expect(result.score).toBeLessThan(0.1)
    expect(result.segments).toEqual([])
  })
  test('carries no weight by itself: without a calibration it is context only', async () => {
    const result = await ran({ frames: 12 })
    expect(result.observations.map(({ weight }) => weight)).toEqual(['context'])
    expect(result.explanation).toContain('no probability')
  })
  test('is not carried by a few outliers, and not lost when the alteration lasts for a third of the time', async () => {
    const outliers = await ran({ frames: 30, model: stub((i) => (i % 15 === 7 ? 9 : -2)).runner })
    expect(outliers.score).toBeLessThan(0.2)
    const partly = await ran({ frames: 30, model: stub((i) => (i < 12 ? 6 : -2)).runner })
    expect(partly.score).toBeGreaterThan(0.8)
    expect(partly.segments[0]).toMatchObject({ start: 0, end: 6 })
  })
  test('takes the highest of two faces and says which', async () => {
    const two = (i: number) => [face({ track: 4, x: 60 }), face({ track: 7, x: 400, side: i % 2 ? 110 : 112 })]
    let call = 0
    const model = stub(() => (call++ % 2 ? 4 : -4)).runner
    const result = await ran({ frames: 10, faces: two, model })
    expect(result.explanation).toContain('face track 7')
    expect(result.segments.every(({ label }) => label.includes('7'))).toBe(true)
    expect(result.tracks).toHaveLength(2)
  })
  test('is the same for the same input', async () => {
    expect(await ran({ frames: 12 })).toEqual(await ran({ frames: 12 }))
  })
  test('names what weakens it on this input', async () => {
    const result = await ran({ frames: 6, faces: () => [face({ side: 70 })], shape: { packetBytes: 300 } })
    const notes = result.knownFailures.join(' ')
    expect(notes).toContain('70 pixels high')
    expect(notes).toContain('bits per pixel')
    expect(notes).toContain('Only 6 pictures')
  })
})

describe('what is looked at', () => {
  test('every frame of a short video, in batches', async () => {
    const { runner, batches, seen } = stub(() => -1)
    await ran({ frames: 20, model: runner })
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(batches).toEqual([8, 8, 4])
  })
  test('every second frame of a longer one, and closer where the reading is high', async () => {
    const low = stub(() => -1)
    await ran({ frames: 80, model: low.runner })
    expect(low.seen).toEqual(Array.from({ length: 40 }, (_, i) => 2 * i))
    const high = stub((i) => (i >= 20 && i < 50 ? 3 : -3))
    await ran({ frames: 80, model: high.runner })
    expect(high.seen.length).toBeGreaterThan(low.seen.length + 8)
    expect(high.seen).toContain(41)
    expect(high.seen).not.toContain(71)
  })
  test('about as many frames of a long video as of a short one', () => {
    expect(frameStep(10, 2)).toBe(1)
    expect(frameStep(60, 2)).toBe(2)
    expect(frameStep(3600, 2)).toBe(60)
    expect(frameStep(null, 2)).toBe(2)
  })
  test('the two largest faces at most', async () => {
    const { runner, seen } = stub(() => 0)
    const crowd = () => [1, 2, 3, 4].map((track) => face({ track, x: 100 * track, side: 80 + 10 * track }))
    const result = await ran({ frames: 6, faces: crowd, model: runner })
    expect(seen).toHaveLength(12)
    expect(result.tracks.map(({ label }) => label).join()).not.toContain('track 1 ')
  })
  test('no face that its quality rules out', () => {
    expect(leftOut(face())).toBeNull()
    expect(leftOut(face({ side: SAMPLING.leastSize }))).toBe('small')
    expect(leftOut(face({ score: 0.3 }))).toBe('unsure')
  })
})

test('readings: order statistics, shrinkage and the running median', () => {
  const crops = (logits: number[], track = 0): CropReading[] =>
    logits.map((logit, index) => ({ track, index, time: index / 2, logit }))
  expect(middleMean([5], 0.4, 0.9)).toBe(5)
  expect(middleMean([0, 1, 2, 3, 4, 5, 6, 7, 8, 100], 0.4, 0.9)).toBe(6)
  const [short, long] = [
    readTracks(crops([3, 3, 3, 3]))[0]!,
    readTracks(crops(Array.from({ length: 40 }, () => 3)))[0]!,
  ]
  expect(short.logit).toBeLessThan(long.logit)
  expect(long.logit).toBeLessThan(3)
  expect(readTracks([...crops([0, 0, 0, 0], 2), ...crops([1, 1, 1, 1], 5)]).map(({ track }) => track)).toEqual([5, 2])
  expect(running(crops([0, 0, 9, 0, 0]))).toEqual([0, 0, 0, 0, 0])
})

test('the exhibit keeps grey where the map is 0 and colours where it is 1', () => {
  const map = new Float32Array(CELLS * CELLS).map((_, i) => (i % CELLS < CELLS / 2 ? 0 : 1))
  const { data, width, height } = cropBesideMap(new Uint8Array(SIDE * SIDE * 3).fill(100), SIDE, map)
  const pixel = (x: number) => [...data.subarray((200 * width + x) * 3, (200 * width + x) * 3 + 3)]
  expect([width, height]).toEqual([2 * 3 * SIDE + 12, 3 * SIDE])
  expect(pixel(50)).toEqual([100, 100, 100])
  expect(pixel(3 * SIDE + 12 + 50)).toEqual([100, 100, 100])
  const [red, , blue] = pixel(width - 50) as [number, number, number]
  expect(red).toBeGreaterThan(blue + 20)
})

describe.runIf(existsSync(`${MODELS}/face-manipulation/card.json`))('the shipped network', () => {
  const noise = (seed: number) => {
    let state = seed
    return Uint8Array.from(
      { length: SIDE * SIDE * 3 },
      () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24,
    )
  }
  test('is what its card says, and reads a crop alike alone and among others', async () => {
    const model = await openModel(MODELS, 'face-manipulation')
    const crops = [noise(1), new Uint8Array(SIDE * SIDE * 3), new Uint8Array(SIDE * SIDE * 3).fill(255), noise(7)]
    const data = new Uint8Array(crops.length * crops[0]!.length)
    for (const [i, crop] of crops.entries()) data.set(crop, i * crop.length)
    const together = await model.run({ faces: { data, dims: [crops.length, SIDE, SIDE, 3] } })
    for (const [i, crop] of crops.entries()) {
      const alone = await model.run({ faces: { data: crop, dims: [1, SIDE, SIDE, 3] } })
      expect(alone['logit']!.data[0]).toBeCloseTo(together['logit']!.data[i]!, 3)
    }
    const { data: heat, dims } = together['heat']!
    expect(dims).toEqual([4, CELLS, CELLS])
    expect(heat.every((v) => v >= 0 && v <= 1)).toBe(true)
    await model.close()
  })
})
