import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readModel } from '../model-card.ts'
import { openModel, type ModelRunner } from '../onnx.ts'
import { ROW } from './candidates.ts'
import { INPUT } from './detector.ts'
import { openFaceFinder } from './finder.ts'
import type { Picture } from './reduce.ts'

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url))
const DATA = process.env['ASSAY_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))

let model: ModelRunner
beforeAll(async () => {
  model = await openModel(MODELS, 'face-detector')
})
afterAll(() => model.close())
const open = () => openFaceFinder(() => Promise.resolve(model))

const picture = (width: number, height: number, paint: (x: number, y: number) => [number, number, number]): Picture => {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(paint(x, y), (y * width + x) * 3)
  return { data, width, height }
}
/** Fixed noise (Numerical Recipes generator). */
function noise(width: number, height: number): Picture {
  let seed = 7
  return picture(width, height, () => {
    const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 24
    return [next(), next(), next()]
  })
}
const bars = [
  [191, 191, 191],
  [191, 191, 0],
  [0, 191, 191],
  [0, 191, 0],
  [191, 0, 191],
  [191, 0, 0],
  [0, 0, 191],
] as [number, number, number][]

describe('the face finder with the model as it ships', () => {
  test('the model takes and gives what the finder expects, and is small', async () => {
    const { card, bytes } = await readModel(MODELS, 'face-detector')
    expect(card.inputs.map((i) => [i.name, i.dtype, i.dims])).toEqual([
      ['pixels', 'uint8', ['batch', INPUT.height, INPUT.width, 3]],
    ])
    expect(card.outputs.map((o) => [o.name, o.dims[2]])).toEqual([['faces', ROW]])
    expect(bytes.length).toBeLessThan(2 * 1024 * 1024)
  })

  test.each<[string, Picture]>([
    ['black', picture(640, 360, () => [0, 0, 0])],
    ['grey', picture(1280, 720, () => [128, 128, 128])],
    ['noise', noise(640, 360)],
    ['colour bars', picture(1280, 720, (x) => bars[Math.floor((x * 7) / 1280)]!)],
    ['a ramp', picture(640, 360, (x, y) => [x % 256, y % 256, (x + y) % 256])],
    ['checks', picture(640, 360, (x, y) => (((x >> 5) + (y >> 5)) % 2 ? [230, 230, 230] : [20, 20, 20]))],
    ['a frame of few pixels', picture(16, 2, () => [90, 80, 70])],
  ])('finds no face in %s', async (_, { data, width, height }) => {
    const finder = await open()
    for (const time of [0, 0.5]) expect(await finder.find({ data, width, height, time })).toEqual([])
  })

  test.skipIf(!existsSync(join(DATA, 'faces-labelled')))(
    'finds photographed faces where they are, gives them tracks, and says the same twice',
    async () => {
      const folder = join(DATA, 'faces-labelled/stylegan-vs-ffhq/real')
      const names = readdirSync(folder).sort()
      const read = (name: string) => sharp(join(folder, name)).resize(256, 256).removeAlpha().toBuffer()
      const [one, two] = await Promise.all([read(names[0]!), read(names[40]!)])
      const frame = async (left: number) => {
        const canvas = sharp({ create: { width: 1280, height: 720, channels: 3, background: '#406070' } })
        const drawn = canvas.composite([
          { input: one, left, top: 200 },
          { input: two, left: 800, top: 220 },
        ])
        return new Uint8Array(await drawn.removeAlpha().raw().toBuffer())
      }
      const run = async () => {
        const finder = await open()
        const found = []
        for (const [i, left] of [150, 170, 190].entries())
          found.push(await finder.find({ data: await frame(left), width: 1280, height: 720, time: i / 2 }))
        return found
      }
      const found = await run()
      for (const [i, faces] of found.entries()) {
        const byPlace = [...faces].sort((a, b) => a.box.x - b.box.x)
        expect(byPlace).toHaveLength(2)
        // In these pictures the eyes lie 0.38 and 0.62 across and the face fills the middle.
        for (const [face, left, top] of [[byPlace[0]!, 150 + 20 * i, 200] as const, [byPlace[1]!, 800, 220] as const]) {
          expect(Math.abs(face.landmarks[0]! - (left + 0.38 * 256))).toBeLessThan(30)
          expect(Math.abs(face.landmarks[2]! - (left + 0.62 * 256))).toBeLessThan(30)
          expect(face.box.y).toBeGreaterThan(top - 30)
          expect(face.box.y + face.box.height).toBeLessThan(top + 290)
          expect(face.quality.size).toBeGreaterThan(80)
        }
      }
      const tracks = found.map((faces) => [...faces].sort((a, b) => a.box.x - b.box.x).map((f) => f.track))
      expect(tracks[1]).toEqual(tracks[0])
      expect(tracks[2]).toEqual(tracks[0])
      expect(new Set(tracks[0]).size).toBe(2)
      expect(await run()).toEqual(found)
    },
  )
})
