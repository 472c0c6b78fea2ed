import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { SignalOutput } from '../contract/signals.ts'
import { probedMedia, type VideoShape } from '../../test/fixtures/probed-media.ts'
import { startSignals } from './run.ts'
import { cutTiles, syntheticImage } from './synthetic-image.ts'
import { filterProfile, findPeaks, HALF, readProfileEnd, SPECTRUM, TILE } from './synthetic-image-spectrum.ts'

const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

/** Grey frames with camera-like noise and `trace` added; every frame has noise of its own. */
function frames(
  count: number,
  width: number,
  height: number,
  trace: (x: number, y: number) => number,
  noise = 12,
): Uint8Array[] {
  let state = 12345
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: width * height }, (_, i) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const x = i % width
      const y = Math.floor(i / width)
      return 120 + 50 * Math.sin(x / 31) * Math.cos(y / 43) + noise * (state / 2 ** 32 - 0.5) + trace(x, y)
    }),
  )
}

async function outputOf(
  pictures: readonly Uint8Array[],
  width: number,
  height: number,
  shape: Partial<VideoShape> = {},
): Promise<SignalOutput> {
  const set = await startSignals([syntheticImage], {
    media: probedMedia({ width, height, duration: pictures.length, ...shape }),
    models: MODELS,
    cancelled: new AbortController().signal,
    onDefect: (_, error) => {
      throw error
    },
  })
  const stream = { id: 'native', rate: 1, width, height, format: 'gray' } as const
  for (const [index, data] of pictures.entries()) await set.frame({ stream, index, time: index, data })
  return (await set.finish(async () => ({ sha256: 'e'.repeat(64) })))[0]!
}

const nothing = () => 0
/** What a generator's last up-sampling step may leave: a faint pattern of four pixels in both directions. */
const checkers = (x: number, y: number) => 1.5 * Math.cos((Math.PI / 2) * x) * Math.cos((Math.PI / 2) * y)
/** What H.264 and JPEG leave: steps at the edges of blocks of eight pixels, in one direction each. */
const blocks = (x: number, y: number) => (x % 8 === 0 ? 4 : 0) + (y % 8 === 0 ? 4 : 0)

describe('the synthetic-image signal', () => {
  test('abstains where it cannot measure, and says why', async () => {
    const reason = async (...args: Parameters<typeof outputOf>) => {
      const output = await outputOf(...args)
      expect(output.applicability.state).toBe('abstained')
      return output.applicability.reason
    }
    expect(await reason(frames(3, 224, 224, nothing), 224, 224)).toContain('smaller than 256 × 256')
    expect(await reason(frames(3, 512, 512, nothing), 512, 512, { packetBytes: 500 })).toContain(
      'too strongly compressed',
    )
    expect(await reason(frames(3, 256, 256, nothing), 256, 256)).toContain('only 3 picture tiles')
    expect(
      await reason(
        frames(3, 512, 512, nothing, 0).map((f) => f.fill(90)),
        512,
        512,
      ),
    ).toContain('too smooth')
    expect(await reason([], 512, 512)).toBe('there are no picture frames')
  })

  test('finds the trace of up-sampling, shows it, and says that it is uncalibrated', async () => {
    const output = await outputOf(frames(4, 512, 512, checkers), 512, 512)
    expect(output.applicability.state).toBe('ran')
    expect(output.score).toBeGreaterThan(0.5)
    expect(output.observations[0]).toMatchObject({
      code: 'synthetic-image.peaks',
      weight: 'context',
      text: expect.stringContaining('0.250 ×'),
    })
    expect(output.evidence.map((e) => e.kind === 'image' && [e.width, e.height])).toEqual([
      [256, 256],
      [520, 280],
    ])
    expect(output.tracks[0]!.values).toHaveLength(4)
    expect(output.explanation).toContain('uncalibrated: it is listed, not counted')
    expect(output.calibration).toBeNull()
    expect(output.provenance.model).toMatchObject({ id: 'residual-spectrum', version: '1.0.0' })
    expect(syntheticImage.counted).toBe(false)
  })

  test('finds no peaks in noise alone, and none in the edges of coding blocks', async () => {
    for (const trace of [nothing, blocks]) {
      const output = await outputOf(frames(4, 512, 512, trace), 512, 512)
      expect(output.score).toBe(0)
      expect(output.observations.map((o) => o.code)).toEqual(['synthetic-image.profile-end'])
    }
  })

  test('gives the same bytes for the same frames', async () => {
    const pictures = frames(3, 512, 300, checkers)
    const [a, b] = [await outputOf(pictures, 512, 300), await outputOf(pictures, 512, 300)]
    expect(JSON.stringify(a)).toBe(JSON.stringify(b))
  })

  test('looks at fewer frames of a long video', async () => {
    const output = await outputOf(frames(5, 512, 512, nothing), 512, 512, { duration: 60 })
    expect(output.tracks[0]).toMatchObject({ step: 2, values: [0, 0, 0] })
  })
})

describe('reading a spectrum', () => {
  const flat = () => new Float64Array(TILE * HALF).map((_, i) => Math.sin(i * 12.9898) * 3)

  test('names each peak once, with its frequency, wherever it lies off the axes', () => {
    const spectrum = flat()
    for (const [u, v] of [
      [64, 64],
      [192, 64],
      [128, 128],
      [20, 100],
    ] as const)
      spectrum[u * HALF + v] = 60
    const { peaks, highest } = findPeaks(spectrum)
    expect(peaks.map((p) => [p.vertical, p.horizontal]).sort()).toEqual([
      [-0.25, 0.25],
      [0.078125, 0.390625],
      [0.25, 0.25],
      [0.5, 0.5],
    ])
    expect(highest).toBeGreaterThan(SPECTRUM.scoreTo)
  })

  test('leaves out the axes and the content in the middle', () => {
    const spectrum = flat()
    for (const [u, v] of [
      [0, 64],
      [128, 0],
      [3, 90],
      [10, 10],
      [20, 30],
    ] as const)
      spectrum[u * HALF + v] = 60
    expect(findPeaks(spectrum).peaks).toEqual([])
  })

  test('measures the slope of a power law, and what its end has more or less', () => {
    const law = Float64Array.from({ length: TILE / 2 }, (_, ring) => 40 - 6 * Math.log2(Math.max(1, ring)))
    const plain = readProfileEnd(law)
    expect(plain.slope).toBeCloseTo(-6, 6)
    expect(plain.excess).toBeCloseTo(0, 6)
    expect(readProfileEnd(law.map((v, ring) => v + (ring > 100 ? 5 : 0))).excess).toBeCloseTo(5, 6)
  })

  test('knows what the residual filter takes from each frequency: next to all of the low ones', () => {
    const filter = filterProfile(TILE / 2)
    expect(filter[1]).toBeLessThan(-50)
    expect(filter[100]! - filter[24]!).toBeGreaterThan(20)
  })

  test('cuts whole tiles around the centre', () => {
    const [width, height] = [600, 300]
    const pixels = Uint8Array.from({ length: width * height }, (_, i) => (i % width) % 251)
    const tiles = cutTiles(pixels, width, height)
    expect(tiles.length).toBe(2 * TILE * TILE)
    expect([tiles[0], tiles[TILE * TILE]]).toEqual([44, (44 + 256) % 251])
  })
})
