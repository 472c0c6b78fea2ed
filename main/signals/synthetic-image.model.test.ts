/** The bundled network itself, on pictures made here: dead leaves, which have edges and textures of all sizes. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openModel, type ModelRunner } from './onnx.ts'
import { PATCH } from './synthetic-image-patches.ts'

const COUNT = 8
let model: ModelRunner
beforeAll(async () => {
  model = await openModel(fileURLToPath(new URL('../../models', import.meta.url)), 'synthetic-image')
})
afterAll(() => model.close())

function random(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

/** Discs that cover one another (Lee, Mumford & Huang 2001), each a mean of four samples, and camera-like noise. RGB. */
function leaves(seed: number, noise: number): Float32Array {
  const draw = random(seed)
  const fine = 2 * PATCH
  const plane = new Float32Array(fine * fine * 3).fill(110)
  for (let leaf = 0; leaf < 250; leaf++) {
    const radius = 6 / Math.sqrt(draw() + 0.003)
    const [cx, cy] = [draw() * fine, draw() * fine]
    const colour = [40 + 170 * draw(), 40 + 170 * draw(), 40 + 170 * draw()]
    for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(fine, cy + radius); y++)
      for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(fine, cx + radius); x++)
        if ((x - cx) ** 2 + (y - cy) ** 2 < radius ** 2) plane.set(colour, (y * fine + x) * 3)
  }
  const small = new Float32Array(PATCH * PATCH * 3)
  for (let y = 0; y < PATCH; y++)
    for (let x = 0; x < PATCH; x++)
      for (let c = 0; c < 3; c++) {
        const at = (2 * y * fine + 2 * x) * 3 + c
        const mean = (plane[at]! + plane[at + 3]! + plane[at + fine * 3]! + plane[at + fine * 3 + 3]!) / 4
        small[(y * PATCH + x) * 3 + c] = mean + noise * (draw() + draw() + draw() - 1.5)
      }
  return small
}

/** Shrunk by two and enlarged again by a transposed convolution with uneven overlap, which leaves a chequered pattern. */
function remade(picture: Float32Array): Float32Array {
  const half = PATCH / 2
  const made = new Float32Array(picture.length)
  const at = (x: number, y: number, c: number) => (y * PATCH + x) * 3 + c
  const coarse = (x: number, y: number, c: number) => {
    const [u, v] = [Math.min(half - 1, x), Math.min(half - 1, y)]
    return (
      (picture[at(2 * u, 2 * v, c)]! + picture[at(2 * u + 1, 2 * v, c)]! + picture[at(2 * u, 2 * v + 1, c)]! + picture[at(2 * u + 1, 2 * v + 1, c)]!) / 4
    ) // prettier-ignore
  }
  for (let y = 0; y < PATCH; y++)
    for (let x = 0; x < PATCH; x++)
      for (let c = 0; c < 3; c++) {
        const [u, v] = [x >> 1, y >> 1]
        const [a, b] = [coarse(u, v, c), coarse(u + (x & 1), v + (y & 1), c)]
        made[at(x, y, c)] = (a + b) / 2 + ((x & 1) === (y & 1) ? 4 : -4)
      }
  return made
}

async function read(pictures: readonly Float32Array[]) {
  const data = Uint8Array.from(pictures.flatMap((p) => [...p]), (v) => Math.min(255, Math.max(0, Math.round(v)))) // prettier-ignore
  return model.run({ patches: { data, dims: [pictures.length, PATCH, PATCH, 3] } })
}

const pictures = Array.from({ length: COUNT }, (_, i) => leaves(i + 1, 4))

test('reads pictures with the pattern of up-sampling higher than the same pictures without', async () => {
  const [plain, made] = [(await read(pictures))['logit']!.data, (await read(pictures.map(remade)))['logit']!.data]
  for (let i = 0; i < COUNT; i++) expect(made[i]!).toBeGreaterThan(plain[i]!)
})

test('gives the logit of a patch whatever stands beside it, the same every time, with a map of 16 by 16 cells', async () => {
  const together = await read(pictures.slice(0, 3))
  const again = await read(pictures.slice(0, 3))
  expect([...again['logit']!.data]).toEqual([...together['logit']!.data])
  expect(together['heat']!.dims).toEqual([3, 16, 16])
  const alone = await read([pictures[1]!])
  expect(alone['logit']!.data[0]!).toBeCloseTo(together['logit']!.data[1]!, 3)
  const heat = together['heat']!.data.subarray(0, 256)
  expect(together['logit']!.data[0]!).toBeGreaterThanOrEqual(Math.min(...heat))
  expect(together['logit']!.data[0]!).toBeLessThanOrEqual(Math.max(...heat))
})
