import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspectModel } from '../../main/signals/onnx-format.ts'
import { ModelCard } from '../../main/signals/model-card.ts'
import { openModel, type ModelRunner } from '../../main/signals/onnx.ts'
import {
  BINS,
  buildResidualSpectrum,
  FLOOR,
  HALF,
  hann,
  KV,
  residualSpectrumCard,
  ringOf,
  TILE,
} from './build-residual-spectrum.ts'

const committed = (name: string) => readFileSync(new URL(`../../models/residual-spectrum/${name}`, import.meta.url))

describe('models/residual-spectrum', () => {
  test('is what the script builds, byte for byte, every time', () => {
    const built = Buffer.from(buildResidualSpectrum())
    expect(built.equals(Buffer.from(buildResidualSpectrum()))).toBe(true)
    expect(built.equals(committed('model.onnx'))).toBe(true)
  })

  test('has the card that the script writes', () => {
    const card = ModelCard.parse(JSON.parse(committed('card.json').toString()))
    expect(card).toEqual(residualSpectrumCard(buildResidualSpectrum()))
  })

  test('uses only the standard operator set', () => {
    const { opset, operators } = inspectModel(buildResidualSpectrum())
    expect(opset).toBe(17)
    expect(operators).toContain('MatMul')
  })
})

/** The same computation written out: convolution, window, FFT, logarithm, rings. */
function reference(tile: Uint8Array) {
  const mirror = (i: number) => (i < 0 ? -i : i >= TILE ? 2 * TILE - 2 - i : i)
  const residual = new Float64Array(TILE * TILE)
  for (let y = 0; y < TILE; y++)
    for (let x = 0; x < TILE; x++)
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++)
          residual[y * TILE + x]! += KV[dy + 2]![dx + 2]! * tile[mirror(y + dy) * TILE + mirror(x + dx)]!
  const variance = residual.reduce((sum, v) => sum + v * v, 0) / residual.length
  const w = hann(TILE)
  const re = residual.map((v, i) => v * w[Math.floor(i / TILE)]! * w[i % TILE]!)
  const im = new Float64Array(re.length)
  for (let y = 0; y < TILE; y++) fft(re, im, y * TILE, 1)
  for (let x = 0; x < TILE; x++) fft(re, im, x, TILE)
  const energy = w.reduce((sum, v) => sum + v * v, 0) ** 2
  const level = (u: number, v: number) => {
    const i = u * TILE + v
    return 10 * Math.log10((re[i]! ** 2 + im[i]! ** 2) / energy + FLOOR)
  }
  const spectrum = Float64Array.from({ length: TILE * HALF }, (_, i) => level(Math.floor(i / HALF), i % HALF))
  const sums = new Float64Array(BINS)
  const counts = new Float64Array(BINS)
  for (let u = 0; u < TILE; u++)
    for (let v = 0; v < TILE; v++) {
      const { ring, counts: counted } = ringOf(u, v)
      if (ring >= BINS || !counted) continue
      sums[ring]! += level(u, v)
      counts[ring]!++
    }
  return { variance, spectrum, profile: sums.map((s, i) => s / counts[i]!) }
}

/** Radix-2 FFT in place over `TILE` values from `offset`, `stride` apart (Cooley & Tukey 1965). */
function fft(re: Float64Array, im: Float64Array, offset: number, stride: number): void {
  const at = (i: number) => offset + i * stride
  for (let i = 1, j = 0; i < TILE; i++) {
    let bit = TILE >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      ;[re[at(i)], re[at(j)]] = [re[at(j)]!, re[at(i)]!]
      ;[im[at(i)], im[at(j)]] = [im[at(j)]!, im[at(i)]!]
    }
  }
  for (let size = 2; size <= TILE; size *= 2)
    for (let start = 0; start < TILE; start += size)
      for (let k = 0; k < size / 2; k++) {
        const angle = (-2 * Math.PI * k) / size
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        const a = at(start + k)
        const b = at(start + k + size / 2)
        const [tr, ti] = [re[b]! * c - im[b]! * s, re[b]! * s + im[b]! * c]
        ;[re[b], im[b]] = [re[a]! - tr, im[a]! - ti]
        ;[re[a], im[a]] = [re[a]! + tr, im[a]! + ti]
      }
}

describe('the residual spectrum', () => {
  let model: ModelRunner
  beforeAll(async () => {
    model = await openModel(fileURLToPath(new URL('../../models', import.meta.url)), 'residual-spectrum')
  })
  afterAll(() => model.close())

  const noisy = (seed: number, amplitude: number, shade: (x: number, y: number) => number) => {
    let state = seed
    return Uint8Array.from({ length: TILE * TILE }, (_, i) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return 128 + shade(i % TILE, Math.floor(i / TILE)) + Math.round(amplitude * (state / 2 ** 32 - 0.5))
    })
  }
  const tiles = [
    noisy(1, 20, () => 0),
    noisy(2, 8, (x, y) => 40 * Math.sin(x / 9) + 30 * Math.cos((x + 2 * y) / 17)),
    new Uint8Array(TILE * TILE).fill(77),
  ]

  test('agrees with the same computation written out with an FFT, to a twentieth of a decibel', async () => {
    const data = new Uint8Array(tiles.length * TILE * TILE)
    tiles.forEach((tile, i) => data.set(tile, i * TILE * TILE))
    const out = await model.run({ tiles: { data, dims: [tiles.length, TILE, TILE] } })
    tiles.forEach((tile, i) => {
      const expected = reference(tile)
      const of = (name: string, size: number) => out[name]!.data.subarray(i * size, (i + 1) * size)
      expect(of('variance', 1)[0]).toBeCloseTo(expected.variance, 2)
      const worst = (found: Float32Array, wanted: Float64Array) =>
        found.reduce((most, v, k) => Math.max(most, Math.abs(v - wanted[k]!)), 0)
      expect(worst(of('profile', BINS), expected.profile)).toBeLessThan(0.05)
      // Single cells far below the loudest one carry the rounding of 32-bit sums.
      expect(worst(of('spectrum', TILE * HALF), expected.spectrum)).toBeLessThan(0.5)
    })
  })

  test('of white noise of known variance lies at the level that the card promises', async () => {
    const out = await model.run({ tiles: { data: tiles[0]!, dims: [1, TILE, TILE] } })
    // The filter's own response is taken out by comparing with the residual's variance (Parseval).
    const powers = out['spectrum']!.data.reduce(
      (sum, dB, i) => sum + 10 ** (dB / 10) * (i % HALF === 0 || i % HALF === HALF - 1 ? 1 : 2),
      0,
    )
    expect(powers / (TILE * TILE) / out['variance']!.data[0]!).toBeGreaterThan(0.9)
    expect(powers / (TILE * TILE) / out['variance']!.data[0]!).toBeLessThan(1.1)
  })

  test('does not depend on the batch a tile is run in', async () => {
    const alone = await model.run({ tiles: { data: tiles[1]!, dims: [1, TILE, TILE] } })
    const data = new Uint8Array(2 * TILE * TILE)
    data.set(tiles[0]!)
    data.set(tiles[1]!, TILE * TILE)
    const both = await model.run({ tiles: { data, dims: [2, TILE, TILE] } })
    expect([...both['profile']!.data.subarray(BINS)]).toEqual([...alone['profile']!.data])
  })
})
