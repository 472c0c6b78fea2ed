/**
 * Makes models/residual-spectrum: the noise residual of grey tiles and its power spectrum, as an ONNX graph with fixed
 * constants and no learnt weights. Run: node scripts/node24.mjs scripts/models/build-residual-spectrum.ts
 *
 * Residual: the 5 × 5 "KV" kernel of Fridrich & Kodovský, "Rich Models for Steganalysis of Digital Images", IEEE TIFS
 * 2012. Radial (azimuthal) average of the spectrum: Durall et al., "Watch your Up-Convolution", CVPR 2020; peaks in the
 * spectrum: Frank et al., "Leveraging Frequency Analysis for Deep Fake Image Recognition", ICML 2020.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ModelCard } from '../../main/signals/model-card.ts'
import { GraphBuilder } from './onnx-graph.ts'

export const TILE = 256
/** Columns of the half spectrum of a real picture: 0 to Nyquist. */
export const HALF = TILE / 2 + 1
/** Radial bins of one frequency step each: 0 to Nyquist along the axes. */
export const BINS = TILE / 2
/**
 * Rings from this one on leave out so many steps along either axis: there the filter's response is next to zero, and
 * the edges of coding blocks lie there.
 */
export const WHOLE_RINGS = 24
export const AXIS = 16
/** Added to the power before the logarithm: -30 dB, under the rounding noise of 8-bit pixels. */
export const FLOOR = 1e-3

export const KV = [
  [-1, 2, -2, 2, -1],
  [2, -6, 8, -6, 2],
  [-2, 8, -12, 8, -2],
  [2, -6, 8, -6, 2],
  [-1, 2, -2, 2, -1],
].map((row) => row.map((v) => v / 12))

const range = (n: number) => Array.from({ length: n }, (_, i) => i)
/** Periodic Hann window. */
export const hann = (n: number) => range(n).map((i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n))

/** The graph, always the same bytes. */
export function buildResidualSpectrum(): Uint8Array {
  const g = new GraphBuilder()
  const tiles = g.input('tiles', 'uint8', ['batch', TILE, TILE])
  const channel = g.op('Unsqueeze', [g.op('Cast', [tiles], { to: 1 }), g.ints([1])])
  const padded = g.op('Pad', [channel, g.ints([0, 0, 2, 2, 0, 0, 2, 2])], { mode: 'reflect' })
  const residual = g.op('Conv', [padded, g.floats(KV.flat(), [1, 1, 5, 5])])
  const variance = g.op('ReduceMean', [g.op('Mul', [residual, residual])], { axes: [1, 2, 3], keepdims: 0 })

  const window = hann(TILE)
  const windowed = g.op('Mul', [
    g.op('Mul', [g.op('Squeeze', [residual, g.ints([1])]), g.floats(window, [TILE, 1])]),
    g.floats(window, [1, TILE]),
  ])

  // DFT as matrix products: quick on every build of the runtime. The matrices are gathered from one period of cosine
  // and sine, which keeps the file small and the constants free of the runtime's own trigonometry.
  const period = range(TILE).map((i) => (2 * Math.PI * i) / TILE)
  const cosine = g.floats(period.map(Math.cos), [TILE])
  const sine = g.floats(period.map(Math.sin), [TILE])
  const position = g.ints(range(TILE), [TILE, 1])
  const turns = (columns: number) =>
    g.op('Mod', [g.op('Mul', [position, g.ints(range(columns), [1, columns])]), g.ints([TILE])])
  const half = turns(HALF)
  const full = turns(TILE)
  const [cosHalf, sinHalf] = [g.op('Gather', [cosine, half]), g.op('Gather', [sine, half])]
  const [cosFull, sinFull] = [g.op('Gather', [cosine, full]), g.op('Gather', [sine, full])]
  const rowsCos = g.op('MatMul', [windowed, cosHalf])
  const rowsSin = g.op('MatMul', [windowed, sinHalf])
  const real = g.op('Sub', [g.op('MatMul', [cosFull, rowsCos]), g.op('MatMul', [sinFull, rowsSin])])
  const imaginary = g.op('Add', [g.op('MatMul', [cosFull, rowsSin]), g.op('MatMul', [sinFull, rowsCos])])
  const power = g.op('Add', [g.op('Mul', [real, real]), g.op('Mul', [imaginary, imaginary])])

  // White noise of variance v comes out at 10 log10(v) dB.
  const energy = window.reduce((sum, w) => sum + w * w, 0) ** 2
  const floored = g.op('Add', [g.op('Mul', [power, g.floats([1 / energy], [1])]), g.floats([FLOOR], [1])])
  const decibels = g.op('Mul', [g.op('Log', [floored]), g.floats([10 / Math.LN10], [1])])

  // Ring of every cell: the distance from zero frequency, rounded down; what lies beyond Nyquist goes to one ring more.
  // The runtime's square root may fall just short of a whole number; no other distance lies within 0.001 below one.
  const steps = (n: number) => range(n).map((k) => Math.min(k, TILE - k))
  const vertical = g.floats(steps(TILE), [TILE, 1])
  const horizontal = g.floats(steps(HALF), [1, HALF])
  const squared = g.op('Add', [g.op('Mul', [vertical, vertical]), g.op('Mul', [horizontal, horizontal])])
  const distance = g.op('Floor', [g.op('Add', [g.op('Sqrt', [squared]), g.floats([0.001], [1])])])
  const rings = g.op('Cast', [g.op('Min', [distance, g.floats([BINS], [1])])], { to: 7 })
  const from = (value: string, least: number) => g.op('GreaterOrEqual', [value, g.floats([least], [1])])
  const offAxes = g.op('And', [from(vertical, AXIS), from(horizontal, AXIS)])
  const counted = g.op('Cast', [g.op('Or', [offAxes, g.op('Not', [from(distance, WHOLE_RINGS)])])], { to: 1 })
  const { weights, counts } = ringCounts()
  const batch = g.op('Gather', [g.op('Shape', [tiles]), g.ints([0])])
  const rows = (length: number) => g.op('Concat', [batch, g.ints([length])], { axis: 0 })
  const cells = TILE * HALF
  const indices = g.op('Expand', [g.op('Reshape', [rings, g.ints([1, cells])]), rows(cells)])
  const zeros = g.op('Expand', [g.floats([0], [1, 1]), rows(BINS + 1)])
  const weighted = g.op('Reshape', [
    g.op('Mul', [decibels, g.op('Mul', [counted, g.floats(weights, [1, HALF])])]),
    g.ints([0, cells]),
  ])
  const sums = g.op('ScatterElements', [zeros, indices, weighted], { axis: 1, reduction: 'add' })
  const means = g.op('Div', [sums, g.floats(counts, [1, BINS + 1])])
  const profile = g.op('Slice', [means, g.ints([0]), g.ints([BINS]), g.ints([1])])

  g.output('profile', profile, ['batch', BINS])
  g.output('variance', variance, ['batch'])
  g.output('spectrum', decibels, ['batch', TILE, HALF])
  return g.build('residual-spectrum', 'Noise residual and its power spectrum; fixed constants, nothing learnt.', 17)
}

/** Ring of a cell, and whether it counts in the ring's mean. */
export function ringOf(u: number, v: number): { ring: number; counts: boolean } {
  const [vertical, horizontal] = [Math.min(u, TILE - u), Math.min(v, TILE - v)]
  const ring = Math.floor(Math.sqrt(vertical ** 2 + horizontal ** 2))
  return { ring, counts: ring < WHOLE_RINGS || (vertical >= AXIS && horizontal >= AXIS) }
}

/**
 * A cell of the half spectrum stands for two of the full plane, save in the first and last column; `counts` are the
 * cells of the full plane per ring, so that a weighted sum over a ring becomes a mean.
 */
function ringCounts(): { weights: number[]; counts: number[] } {
  const weights = range(HALF).map((v) => (v === 0 || v === TILE / 2 ? 1 : 2))
  const counts = range(BINS + 1).map(() => 0)
  for (let u = 0; u < TILE; u++)
    for (let v = 0; v < HALF; v++) {
      const cell = ringOf(u, v)
      if (cell.counts) counts[Math.min(BINS, cell.ring)]! += weights[v]!
    }
  return { weights, counts }
}

const PICTURES = 'StyleGAN against FFHQ, 256 px JPEG, 1100 pictures each'

/** The card that goes with these bytes. */
export const residualSpectrumCard = (bytes: Uint8Array): ModelCard => ({
  format: 'assay-model-card-1',
  id: 'residual-spectrum',
  version: '1.0.0',
  title: 'Noise residual and its power spectrum',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  licence: 'Apache-2.0',
  kind: 'measurement',
  inputs: [
    {
      name: 'tiles',
      dtype: 'uint8',
      layout: 'NHW',
      dims: ['batch', TILE, TILE],
      meaning: 'Luma of picture tiles cut at native size, without scaling.',
    },
  ],
  outputs: [
    {
      name: 'profile',
      dtype: 'float32',
      layout: 'NF',
      dims: ['batch', BINS],
      meaning:
        'Mean of the log power spectrum of the residual over rings of one frequency step, 0 to Nyquist, in dB; rings from 24 on without 16 steps along the axes.',
    },
    {
      name: 'variance',
      dtype: 'float32',
      layout: 'N',
      dims: ['batch'],
      meaning: 'Mean square of the residual, in squared grey levels.',
    },
    {
      name: 'spectrum',
      dtype: 'float32',
      layout: 'NHW',
      dims: ['batch', TILE, HALF],
      meaning: 'Log power spectrum in dB: rows 0 to 255 vertical frequency in DFT order, columns 0 to 128 horizontal.',
    },
  ],
  intendedUse:
    'A measurement for the synthetic-image signal and its plots. It has no learnt weights and gives no opinion: nothing may be concluded from it without the reading rule of the signal, which is uncalibrated.',
  knownFailures: [
    'Lossy compression removes high frequencies and adds peaks at multiples of 1/8 of the sampling rate.',
    'Scaling after generation moves or removes the peaks that up-sampling leaves.',
    'Fine regular textures (fences, fabrics, screens) have peaks of their own.',
  ],
  // Printed by measure-synthetic-image.ts.
  evaluation: [
    { data: PICTURES, metric: 'AUC of the highest spectral peak', value: 0.493, low: 0.469, high: 0.517, n: 2200 },
    { data: PICTURES, metric: 'AUC of the end of the radial profile', value: 0.424, low: 0.4, high: 0.448, n: 2200 },
  ],
  build: 'node scripts/node24.mjs scripts/models/build-residual-spectrum.ts',
})

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL('../../models/residual-spectrum/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const bytes = buildResidualSpectrum()
  writeFileSync(new URL('model.onnx', folder), bytes)
  writeFileSync(new URL('card.json', folder), `${JSON.stringify(residualSpectrumCard(bytes), null, 2)}\n`)
  console.log(`models/residual-spectrum/model.onnx: ${bytes.length} bytes`)
}
