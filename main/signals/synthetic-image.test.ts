import { describe, expect, test } from 'vitest'
import { probedMedia, type VideoShape } from '../../test/fixtures/probed-media.ts'
import type { Face } from './faces/face.ts'
import type { ModelRunner } from './onnx.ts'
import type { SignalResult } from './signal.ts'
import { choosePlaces, detailOf, PATCH } from './synthetic-image-patches.ts'
import { around, mapBeside } from './synthetic-image-pictures.ts'
import { readHeads, sigmoid } from './synthetic-image-reading.ts'
import { syntheticImage } from './synthetic-image.ts'

const CELLS = 16

/** An RGB frame of soft waves and noise; `blank` has nothing in it. */
function picture(width: number, height: number, { blank = false, seed = 1 } = {}): Uint8Array {
  const data = new Uint8Array(width * height * 3)
  if (blank) return data.fill(90)
  let state = seed
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const value = 120 + 50 * Math.sin(x / 5) * Math.cos(y / 7) + 20 * (state / 2 ** 32 - 0.5)
      for (let c = 0; c < 3; c++) data[at++] = value
    }
  return data
}

const face = (x: number, y: number, side: number, track = 0): Face => ({
  track,
  box: { x, y, width: side * 0.8, height: side },
  landmarks: new Float32Array(10),
  score: 0.9,
  quality: { size: side * 0.8, sharpness: 50, yaw: 0 },
})

/** A network that reads `logit` in every patch, or what the patch's first pixel tells it. */
function stub(logit: number | ((patch: Uint8Array) => number)): ModelRunner & { patches: number } {
  const runner = {
    id: 'synthetic-image',
    version: '1.0.0',
    sha256: 'a'.repeat(64),
    patches: 0,
    async run(inputs: Parameters<ModelRunner['run']>[0]) {
      const { data, dims } = inputs['patches']!
      const n = dims[0]!
      runner.patches += n
      const size = PATCH * PATCH * 3
      const logits = Float32Array.from({ length: n }, (_, i) =>
        typeof logit === 'number' ? logit : logit((data as Uint8Array).subarray(i * size, (i + 1) * size)),
      )
      const heat = Float32Array.from({ length: n * CELLS * CELLS }, (_, i) => logits[Math.floor(i / CELLS / CELLS)]!)
      return { logit: { data: logits, dims: [n] }, heat: { data: heat, dims: [n, CELLS, CELLS] } }
    },
    close: async () => {},
  }
  return runner
}

interface Given {
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly faces?: (index: number) => Face[]
  readonly blank?: boolean
  readonly model?: ModelRunner
  readonly shape?: Partial<VideoShape>
}
async function resultOf({ width, height, frames, faces, blank, model = stub(3), shape }: Given): Promise<SignalResult> {
  const run = await syntheticImage.start({
    media: probedMedia({ width, height, duration: frames / 2, ...shape }),
    model: async () => model,
    cancelled: new AbortController().signal,
  })
  const stream = { id: 'detail', rate: 2, width, height, format: 'rgb24' } as const
  for (let index = 0; index < frames; index++) {
    const data = picture(width, height, { blank: blank ?? false, seed: index + 1 })
    await run.faces?.({ stream, index, time: index / 2, data }, faces?.(index) ?? [])
  }
  return run.finish()
}
async function ran(given: Given) {
  const result = await resultOf(given)
  if (result.state !== 'ran') throw new Error(result.reason)
  return result
}

describe('the synthetic-image signal', () => {
  test('abstains where it cannot measure, and says why', async () => {
    const reason = async (given: Given) => {
      const result = await resultOf(given)
      return result.state === 'abstained' ? result.reason : 'ran'
    }
    expect(await reason({ width: 120, height: 200, frames: 4 })).toBe(
      'the picture is smaller than 128 × 128 pixels (120 × 200)',
    )
    expect(await reason({ width: 640, height: 360, frames: 4, shape: { packetBytes: 300 } })).toContain(
      'too strongly compressed: 0.010 bits per pixel',
    )
    const faces = () => [face(250, 80, 160)]
    expect(await reason({ width: 640, height: 360, frames: 4, faces, blank: true })).toContain('held no fine detail')
    // Graphics, text and scenes can read as generated: the network knows heads only.
    for (const none of [[], [face(250, 80, 70)]])
      expect(await reason({ width: 640, height: 360, frames: 4, faces: () => none })).toContain(
        'no face of 80 pixels or more',
      )
    expect(await reason({ width: 640, height: 360, frames: 0 })).toBe('there are no picture frames')
  })

  test('reads a generated head where the face is, and shows it there', async () => {
    const result = await ran({
      width: 640,
      height: 360,
      frames: 8,
      faces: () => [face(250, 80, 160)],
    })
    expect(result.score).toBeGreaterThan(0.85)
    expect(result.observations.map((o) => o.weight)).toEqual(['context'])
    const [segment] = result.segments
    expect(segment).toMatchObject({ start: 0, end: 4 })
    const region = segment!.region!
    expect(Math.abs((region.x + region.width / 2) * 640 - 314)).toBeLessThan(2)
    expect(region.width * 640).toBeGreaterThanOrEqual(128)
    expect(result.exhibits[0]).toMatchObject({ kind: 'image', caption: expect.stringContaining('as it is') })
    expect(result.domain).toMatchObject({ 'face height, px': 160, 'picture height, px': 360 })
    expect(result.model).toMatchObject({ id: 'synthetic-image' })
  })

  test('gives a low score and no stretch where the network sees a camera', async () => {
    const result = await ran({ width: 640, height: 360, frames: 8, model: stub(-3), faces: () => [face(250, 80, 160)] })
    expect(result.score).toBeLessThan(0.15)
    expect(result.segments).toEqual([])
  })

  test('never says more than context: a score without calibration is no indicator', async () => {
    for (const logit of [-5, 0, 5]) {
      const faces = () => [face(250, 80, 160)]
      const { observations } = await ran({ width: 640, height: 360, frames: 4, faces, model: stub(logit) })
      expect(observations.every((o) => o.weight === 'context')).toBe(true)
    }
  })

  test('keeps one odd frame from deciding', async () => {
    let call = 0
    const model = stub(() => (call++ < 4 ? 9 : -2))
    const result = await ran({ width: 256, height: 256, frames: 10, model, faces: () => [face(60, 40, 190)] })
    expect(result.score).toBeLessThan(0.3)
  })

  test('reads a head by itself: a generated one beside a camera picture still shows', async () => {
    const width = 1280
    const run = await syntheticImage.start({
      media: probedMedia({ width, height: 720, duration: 4 }),
      model: async () => stub((patch) => (patch[0]! > 200 ? 4 : -4)),
      cancelled: new AbortController().signal,
    })
    const stream = { id: 'detail', rate: 2, width, height: 720, format: 'rgb24' } as const
    for (let index = 0; index < 8; index++) {
      const data = picture(width, 720, { seed: index + 1 })
      // Around the second face the picture is brighter.
      for (let y = 200; y < 500; y++)
        for (let x = 800; x < 1100; x++)
          for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c]! |= 0xf0 - 16 * (x & 1)
      await run.faces?.({ stream, index, time: index / 2, data }, [face(300, 250, 170, 0), face(880, 260, 150, 1)])
    }
    const result = await run.finish()
    if (result.state !== 'ran') throw new Error(result.reason)
    expect(result.score).toBeGreaterThan(0.8)
    expect(result.explanation).toContain('face track 1')
  })

  test('measures a single picture', async () => {
    const result = await ran({
      width: 512,
      height: 512,
      frames: 1,
      faces: () => [face(140, 120, 240)],
      shape: { duration: 0 },
    })
    expect(result.score).toBeGreaterThan(0.8)
    expect(result.explanation).toContain('1 frame;')
  })

  test('looks at a few frames of a long video only, and spreads them over it', async () => {
    const model = stub(0)
    const result = await ran({ width: 256, height: 256, frames: 120, model, faces: () => [face(60, 40, 190)] })
    expect(model.patches).toBeLessThanOrEqual(60)
    expect(result.tracks[0]!.step).toBe(5)
    expect(result.tracks[0]!.values).toHaveLength(12)
  })

  test('says which known failures apply to this very video', async () => {
    const given = { width: 640, height: 360, frames: 4, faces: () => [face(200, 60, 200)] }
    const { knownFailures } = await ran({ ...given, shape: { packetBytes: 1500 } })
    expect(knownFailures.join(' ')).toMatch(/0\.052 bits per pixel/)
    expect((await ran(given)).knownFailures.join(' ')).not.toContain('bits per pixel')
  })

  test('gives the same result for the same frames', async () => {
    const given = { width: 300, height: 300, frames: 3, faces: () => [face(60, 40, 190)] }
    expect(JSON.stringify(await ran(given))).toBe(JSON.stringify(await ran(given)))
  })
})

describe('choosing patches', () => {
  const size = { data: new Uint8Array(), width: 1280, height: 720 }

  test('covers a large head with several patches inside the picture, and a small one with one', () => {
    const large = choosePlaces(size, [face(-20, 400, 300)]).filter((p) => p.track === 0)
    expect(large).toHaveLength(4)
    expect(large.every((p) => p.x >= 0 && p.y >= 0 && p.x + PATCH <= 1280 && p.y + PATCH <= 720)).toBe(true)
    expect(choosePlaces(size, [face(600, 300, 100)]).filter((p) => p.track === 0)).toHaveLength(1)
  })

  test('starts no patch on the grid of a picture’s own compression, and none outside the picture', () => {
    for (const side of [131, 160, 256, 512, 1024])
      for (const at of [0, 1, 3]) {
        const places = choosePlaces({ ...size, width: side, height: side }, [face(at * 8, at * 8, side * 0.7)])
        expect(places.length).toBeGreaterThan(0)
        for (const v of places.flatMap(({ x, y }) => [x, y])) {
          expect(v % 8).not.toBe(0)
          expect(v >= 0 && v + PATCH <= side).toBe(true)
        }
      }
  })

  test('leaves faces out that are too small, and takes the largest where there are many', () => {
    expect(choosePlaces(size, [face(600, 300, 70)])).toEqual([])
    const three = choosePlaces(size, [face(100, 300, 100, 0), face(500, 300, 120, 1), face(900, 300, 110, 2)])
    expect([...new Set(three.map((p) => p.track))]).toEqual([1, 2])
  })

  test('tells noise, an enlarged picture and a blank one apart', () => {
    const fine = picture(PATCH, PATCH)
    const enlarged = Uint8Array.from({ length: fine.length }, (_, i) => {
      const x = Math.floor(i / 3) % PATCH
      const y = Math.floor(i / 3 / PATCH)
      return 128 + 100 * Math.sin(x / 6) * Math.cos(y / 6)
    })
    expect(detailOf(fine).fineness).toBeGreaterThan(0.3)
    expect(detailOf(enlarged).fineness).toBeLessThan(0.08)
    expect(detailOf(new Uint8Array(fine.length).fill(50))).toEqual({ level: 0, fineness: 0 })
  })
})

describe('reading and showing', () => {
  test('trusts many patches more than few, and leaves a source with a single one out', () => {
    const patches = (track: number, count: number, logit: number) =>
      Array.from({ length: count }, (_, i) => ({ time: i, track, logit }))
    const sources = readHeads([...patches(0, 30, 2), ...patches(1, 2, 2.8), ...patches(2, 1, 9)])
    expect(sources.map((s) => s.track)).toEqual([0, 1])
    expect(sources[0]!.logit).toBeCloseTo(1.935)
    expect(sigmoid(0)).toBe(0.5)
  })

  test('colours only cells that read as generated', () => {
    const heat = new Float32Array(CELLS * CELLS).fill(-1)
    heat[0] = 5
    const patches = [{ x: 10, y: 20, heat }]
    const at = around(patches)
    expect(at).toEqual({ x: 10, y: 20, width: PATCH, height: PATCH })
    const region = {
      width: PATCH,
      height: PATCH,
      channels: 3,
      data: new Uint8Array(PATCH * PATCH * 3).fill(100),
    } as const
    const shown = mapBeside(region, at, patches)
    expect(shown.width).toBe(2 * PATCH + 8)
    const pixel = (x: number, y: number) => [
      ...shown.data.subarray((y * shown.width + x) * 3, (y * shown.width + x) * 3 + 3),
    ]
    expect(pixel(0, 0)).toEqual([100, 100, 100])
    expect(pixel(PATCH + 8, 0)).not.toEqual([100, 100, 100])
    expect(pixel(PATCH + 8 + 64, 64)).toEqual([100, 100, 100])
  })
})
