import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../scripts/models/onnx-graph.ts'
import { probedMedia } from '../../test/fixtures/probed-media.ts'
import { cardClassifier, cardSignals, isClassifier } from './card-classifier.ts'
import { aggregate, readValues } from './card-values.ts'
import { readModel } from './model-card.ts'
import { openModel } from './onnx.ts'
import { resample } from './resample.ts'
import type { SignalResult } from './signal.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cards-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Dims = ('batch' | number)[]

/** The mean of everything in the input, times `gain`: one number per row. */
function meanGraph(dims: Dims, dtype: 'uint8' | 'float32', gain: number): Uint8Array {
  const g = new GraphBuilder()
  const x = g.input('x', dtype, dims)
  const floats = dtype === 'uint8' ? g.op('Cast', [x], { to: 1 }) : x
  const size = dims.slice(1).reduce<number>((product, d) => product * Number(d), 1)
  const flat = g.op('Reshape', [floats, g.ints([-1, size])])
  const weights = g.floats(
    Array.from({ length: size }, () => gain / size),
    [size, 1],
  )
  g.output('y', g.op('MatMul', [flat, weights]), ['batch', 1])
  return g.build('test', 'A test.', 16)
}

interface Made {
  layout: string
  dims: Dims
  dtype?: 'uint8' | 'float32'
  gain?: number
  classifier: object
}

async function install(id: string, { layout, dims, dtype = 'uint8', gain = 1 / 255, classifier }: Made): Promise<void> {
  const bytes = meanGraph(dims, dtype, gain)
  await mkdir(join(folder, id), { recursive: true })
  await writeFile(join(folder, id, 'model.onnx'), bytes)
  const card = {
    format: 'assay-model-card-1',
    id,
    version: '1.0.0',
    title: 'Mean',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    licence: 'Apache-2.0',
    kind: 'frame-classifier',
    inputs: [{ name: 'x', dtype, layout, dims, meaning: 'Pixels.' }],
    outputs: [{ name: 'y', dtype: 'float32', layout: 'NF', dims: ['batch', 1], meaning: 'Mean.' }],
    intendedUse: 'Tests.',
    knownFailures: ['It knows nothing.'],
    evaluation: [],
    build: 'none',
    classifier: {
      output: { name: 'y', column: 0, activation: 'probability', manipulated: 'high' },
      aggregate: { by: 'mean' },
      ...classifier,
    },
  }
  await writeFile(join(folder, id, 'card.json'), JSON.stringify(card))
}

const FRAME = { takes: 'frame', fit: 'squeeze', colour: 'rgb' }

async function started(id: string, seconds = 4) {
  const { card } = await readModel(folder, id)
  if (!isClassifier(card)) throw new Error('no classifier')
  const signal = cardClassifier(card)
  const media = probedMedia({ duration: seconds })
  const runner = await openModel(folder, id)
  const run = await signal.start({ media, model: async () => runner, cancelled: new AbortController().signal })
  return { signal, run, done: async () => (await run.finish()) as Extract<SignalResult, { state: 'ran' }> }
}

const flat = (width: number, height: number, ...rgb: number[]): Uint8Array =>
  Uint8Array.from({ length: width * height * 3 }, (_, i) => rgb[i % 3]!)
const frame = (index: number, data: Uint8Array, width: number, height: number) => ({
  stream: { id: 'detail' as const, rate: 2, width, height, format: 'rgb24' as const },
  index,
  time: index / 2,
  data,
})

describe('a classifier that its card describes', () => {
  test('sees whole pictures and gives the mean of what it says', async () => {
    await install('frames', { layout: 'NHWC', dims: ['batch', 8, 8, 3], classifier: FRAME })
    const { signal, run, done } = await started('frames')
    expect(signal).toMatchObject({ id: 'model:frames', counted: false, needs: ['detail'], needsSound: false })
    for (const [index, grey] of [0, 51, 102, 255].entries())
      await run.frame!(frame(index, flat(30, 20, grey, grey, grey), 30, 20))
    const result = await done()
    expect(result.score).toBeCloseTo((0 + 0.2 + 0.4 + 1) / 4, 3)
    expect(result.tracks[0]!.values.map((v) => Number(v!.toFixed(2)))).toEqual([0, 0.2, 0.4, 1])
    expect(result.explanation).toContain('uncalibrated')
    expect(result.exhibits[0]).toMatchObject({ kind: 'image', at: 1.5 })
  })

  test('gets channels in its order, layout and scale', async () => {
    const scale = { mean: [0, 0, 0], std: [1e6, 1e6, 1 / 3] }
    await install('red-last', {
      layout: 'NCHW',
      dims: ['batch', 3, 4, 4],
      dtype: 'float32',
      gain: 1,
      classifier: { ...FRAME, colour: 'bgr', scale },
    })
    const { run, done } = await started('red-last')
    for (const index of [0, 1]) await run.frame!(frame(index, flat(9, 9, 102, 255, 255), 9, 9))
    // Only the third channel, which is red, weighs: 102 / 255 · 3 / 3 channels.
    expect((await done()).score).toBeCloseTo(0.4, 3)
  })

  test('low values can speak for manipulation, and the middle one of many can count', async () => {
    await install('low', {
      layout: 'NHWC',
      dims: ['batch', 4, 4, 1],
      classifier: {
        ...FRAME,
        colour: 'grey',
        output: { name: 'y', column: 0, activation: 'probability', manipulated: 'low' },
        aggregate: { by: 'median' },
      },
    })
    const { run, done } = await started('low')
    for (const [index, grey] of [0, 51, 255].entries())
      await run.frame!(frame(index, flat(8, 8, grey, grey, grey), 8, 8))
    expect((await done()).score).toBeCloseTo(0.8, 3)
  })

  test('sees faces track by track, and the highest track counts', async () => {
    await install('faces', {
      layout: 'NHWC',
      dims: ['batch', 16, 16, 3],
      classifier: { takes: 'face', face: { crop: 'box', context: 1, least: 20 }, colour: 'rgb' },
    })
    const { signal, run, done } = await started('faces')
    expect(signal).toMatchObject({ needsFaces: true, needs: [] })
    // Dark left half, bright right half: one face in each, and a small one that is left out.
    const data = flat(200, 100, 0, 0, 0)
    for (let y = 0; y < 100; y++) data.fill(204, (y * 200 + 100) * 3, (y * 200 + 200) * 3)
    const face = (track: number, x: number, size: number) => ({
      track,
      box: { x, y: 20, width: size, height: size },
      landmarks: new Float32Array(10),
      score: 0.9,
      quality: { size, sharpness: 100, yaw: 0 },
    })
    for (const index of [0, 1, 2])
      await run.faces!(frame(index, data, 200, 100), [face(0, 20, 40), face(1, 130, 40), face(2, 170, 10)])
    const result = await done()
    expect(result.score).toBeCloseTo(0.8, 2)
    expect(result.segments).toEqual([expect.objectContaining({ label: 'face 2', start: 0, end: 1 })])
    expect(result.domain).toMatchObject({ 'face height, px': 40 })
  })

  test('abstains where there is no face, and where it is seen only once', async () => {
    const { run, done } = await started('faces')
    await run.faces!(frame(0, flat(20, 20, 9, 9, 9), 20, 20), [])
    expect(await done()).toEqual({ state: 'abstained', reason: expect.stringContaining('no face of at least 20') })
  })

  test('hears sound in windows, leaves silence out, and ends with the sound', async () => {
    await install('sound', {
      layout: 'NT',
      dims: ['batch', 8000],
      dtype: 'float32',
      gain: 1,
      classifier: { takes: 'sound', sound: { rate: 8000 } },
    })
    const { signal, run, done } = await started('sound', 3.6)
    expect(signal).toMatchObject({ needsSound: true, needs: [] })
    // One second of 0.25, one of silence, 1.6 s of 0.5; in pieces that fit nothing.
    const samples = new Float32Array(57_600)
    samples.fill(0.25, 0, 16_000)
    samples.fill(0.5, 32_000)
    for (let at = 0; at < samples.length; at += 7001)
      await run.sound!({ time: at / 16_000, samples: samples.subarray(at, at + 7001) })
    const result = await done()
    expect(result.explanation).toContain('3 windows')
    expect(result.score).toBeCloseTo((0.25 + 0.5 + 0.5) / 3, 1)
    expect(result.knownFailures).toContain('1 silent windows were left out.')
  })

  test('sound shorter than a window is repeated or refused, as the card says', async () => {
    const tone = Float32Array.from({ length: 4000 }, () => 0.3)
    const short = await started('sound', 0.25)
    await short.run.sound!({ time: 0, samples: tone })
    expect(await short.done()).toMatchObject({ state: 'abstained', reason: expect.stringContaining('0.3 s') })
    await install('repeats', {
      layout: 'NCT',
      dims: ['batch', 1, 16_000],
      dtype: 'float32',
      gain: 1,
      classifier: { takes: 'sound', sound: { rate: 16_000, short: 'repeat' } },
    })
    const repeated = await started('repeats', 0.25)
    await repeated.run.sound!({ time: 0, samples: tone })
    expect((await repeated.done()).score).toBeCloseTo(0.3, 3)
  })

  test('every classifier of a folder becomes a signal; what is unsound is left out', async () => {
    await mkdir(join(folder, 'broken'), { recursive: true })
    await writeFile(join(folder, 'broken', 'card.json'), '{}')
    const ids = (await cardSignals(folder)).map(({ id }) => id)
    expect(ids).toContain('model:frames')
    expect(ids).not.toContain('model:broken')
  })
})

describe('a card whose classifier does not go with its tensors', () => {
  const picture = { layout: 'NHWC', dims: ['batch', 8, 8, 3] as Dims }
  test.each([
    [
      'no such output',
      picture,
      { ...FRAME, output: { name: 'z', activation: 'sigmoid', manipulated: 'high' } },
      /no output "z"/,
    ],
    [
      'no such column',
      picture,
      { ...FRAME, output: { name: 'y', column: 3, activation: 'sigmoid', manipulated: 'high' } },
      /column 3/,
    ],
    [
      'softmax of one',
      picture,
      { ...FRAME, output: { name: 'y', activation: 'softmax', manipulated: 'high' } },
      /softmax/,
    ],
    ['no colour', picture, { takes: 'frame', fit: 'squeeze' }, /colour/],
    ['grey of three', picture, { ...FRAME, colour: 'grey' }, /3 channels/],
    ['a face without crop', picture, { takes: 'face', colour: 'rgb' }, /"face"/],
    ['scale on bytes', picture, { ...FRAME, scale: { mean: [0], std: [1] } }, /float32/],
    ['sound from pictures', picture, { takes: 'sound', sound: { rate: 16_000 } }, /float32/],
    ['no quantile', picture, { ...FRAME, aggregate: { by: 'quantile' } }, /quantile/],
    ['a wide layout', { layout: 'NWHC', dims: ['batch', 8, 8, 3] as Dims }, FRAME, /NHWC or NCHW/],
    ['something unknown', picture, { ...FRAME, surprise: 1 }, /classifier/],
  ])('is refused: %s', async (_, tensors, classifier, detail) => {
    await install('wrong', { ...tensors, classifier })
    await expect(readModel(folder, 'wrong')).rejects.toMatchObject({ detail: expect.stringMatching(detail) })
  })
})

describe('values', () => {
  test('softmax, logistic function and plain numbers, both ways round', () => {
    const logits = Float32Array.of(2, 0, -100, 100)
    const output = { name: 'y', column: 0, activation: 'softmax', manipulated: 'high' } as const
    const [first, second] = readValues(logits, 2, output)
    expect(first).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 1), 6)
    expect(second).toBeCloseTo(0, 6)
    const [one] = readValues(Float32Array.of(0.3), 1, { ...output, activation: 'sigmoid', manipulated: 'low' })
    expect(one).toBeCloseTo(1 - 1 / (1 + Math.exp(-0.3)), 6)
    expect(readValues(Float32Array.of(7), 1, { ...output, activation: 'probability' })).toEqual([1])
  })

  test('quantiles lie between the values', () => {
    const values = [0.1, 0.2, 0.3, 0.4, 1].map((value) => ({ value }))
    expect(aggregate(values, { by: 'quantile', quantile: 1 })).toBe(1)
    expect(aggregate(values, { by: 'quantile', quantile: 0.875 })).toBeCloseTo(0.7, 9)
    expect(aggregate(values, { by: 'median' })).toBe(0.3)
  })
})

test('resampling keeps a tone that fits and removes one that does not', () => {
  const tone = (hertz: number) =>
    Float32Array.from({ length: 16_000 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / 16_000))
  const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length)
  const low = resample(tone(1000), 16_000, 8000)
  expect(low).toHaveLength(8000)
  expect(rms(low.subarray(100, 7900))).toBeCloseTo(Math.SQRT1_2, 2)
  expect(rms(resample(tone(6000), 16_000, 8000).subarray(100, 7900))).toBeLessThan(0.01)
  expect(resample(tone(1000), 16_000, 16_000)).toEqual(tone(1000))
})
