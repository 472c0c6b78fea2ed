/**
 * Whole-picture generation, from the spectrum of the noise residual: peaks left by up-sampling and the end of the
 * radial profile. Uncalibrated: listed, not counted.
 */
import type { Observation, Track } from '../contract/signals.ts'
import { bitsPerPixel } from './bits-per-pixel.ts'
import { colourMap, pictureExhibit } from './exhibit.ts'
import { drawChart, niceTicks } from './exhibit-plot.ts'
import type { ModelRunner } from './onnx.ts'
import type { Exhibit, Signal, SignalContext, SignalResult } from './signal.ts'
import {
  centred,
  filterProfile,
  findPeaks,
  HALF,
  type Peak,
  peakScore,
  readProfileEnd,
  SPECTRUM,
  TILE,
  type ProfileEnd,
} from './synthetic-image-spectrum.ts'

const MODEL = 'residual-spectrum'
const PARAMETERS = {
  model: MODEL,
  tile: TILE,
  /** Measured frames lie this many seconds apart: duration / `frames`, within these bounds. */
  frames: 30,
  shortestStep: 1,
  longestStep: 10,
  /** Tiles needed for a mean spectrum; fewer are too noisy. */
  leastTiles: 8,
  /** Mean square of the residual, squared grey levels, under which a tile holds no noise to measure. */
  leastVariance: 0.05,
  /** Bits per pixel and frame: below the first nothing of the noise is left; below the second little is. */
  leastBits: 0.03,
  fewBits: 0.15,
} as const

export const syntheticImage: Signal = {
  id: 'synthetic-image',
  version: '1.0.0',
  title: 'Synthetic image',
  measures:
    'Traces of whole-picture generation in the spectrum of the noise residual. Uncalibrated: listed, not counted.',
  counted: false,
  needs: ['native'],
  needsSound: false,
  parameters: {
    ...PARAMETERS,
    ...Object.fromEntries(Object.entries(SPECTRUM).map(([key, value]) => [`spectrum.${key}`, value])),
  },
  async start(context) {
    const measurement = new Measurement(context)
    return {
      frame: (frame) => measurement.frame(frame.index, frame.data, frame.stream),
      finish: () => measurement.finish(),
    }
  },
}

/** A spectrum and profile summed over tiles. */
class Mean {
  readonly spectrum = new Float64Array(TILE * HALF)
  readonly profile: Float64Array
  tiles = 0

  constructor(rings: number) {
    this.profile = new Float64Array(rings)
  }

  add(spectrum: Float32Array, profile: Float32Array): void {
    for (let i = 0; i < this.spectrum.length; i++) this.spectrum[i]! += spectrum[i]!
    for (let i = 0; i < this.profile.length; i++) this.profile[i]! += profile[i]!
    this.tiles++
  }

  /** Mean in dB. */
  of(kind: 'spectrum' | 'profile'): Float64Array {
    return this[kind].map((sum) => sum / Math.max(1, this.tiles))
  }
}

const RINGS = TILE / 2
/** First ring drawn: below it lies the content, and next to nothing passes the filter. */
const FIRST_RING = 24

class Measurement {
  readonly #context: SignalContext
  readonly #all = new Mean(RINGS)
  readonly #scores: (number | null)[] = []
  /** Frames of the stream between two that are measured. */
  readonly #step: number
  readonly #density: number | null
  #frames = 0
  #smooth = 0
  #size = { width: 0, height: 0 }
  #model: ModelRunner | undefined

  constructor(context: SignalContext) {
    this.#context = context
    const duration = context.media.facts.container.duration ?? 0
    const wanted = Math.floor(duration / PARAMETERS.frames)
    this.#step = Math.min(PARAMETERS.longestStep, Math.max(PARAMETERS.shortestStep, wanted))
    this.#density = bitsPerPixel(context.media)
  }

  async frame(index: number, pixels: Uint8Array, size: { width: number; height: number }): Promise<void> {
    this.#size = { width: size.width, height: size.height }
    if (this.#unmeasurable() || index % this.#step) return
    this.#model ??= await this.#context.model(MODEL)
    const tiles = cutTiles(pixels, size.width, size.height)
    const count = tiles.length / (TILE * TILE)
    const outputs = await this.#model.run({ tiles: { data: tiles, dims: [count, TILE, TILE] } })
    const frame = new Mean(RINGS)
    for (let t = 0; t < count; t++) {
      if (outputs['variance']!.data[t]! < PARAMETERS.leastVariance) {
        this.#smooth++
        continue
      }
      const spectrum = outputs['spectrum']!.data.subarray(t * TILE * HALF, (t + 1) * TILE * HALF)
      const profile = outputs['profile']!.data.subarray(t * RINGS, (t + 1) * RINGS)
      this.#all.add(spectrum, profile)
      frame.add(spectrum, profile)
    }
    this.#frames++
    this.#scores.push(frame.tiles ? peakScore(findPeaks(frame.of('spectrum'))) : null)
  }

  /** Why nothing can be measured, as soon as it is known. */
  #unmeasurable(): string | undefined {
    const { width, height } = this.#size
    if (!width) return 'there are no picture frames'
    if (width < TILE || height < TILE)
      return `the picture is smaller than ${TILE} × ${TILE} pixels (${width} × ${height})`
    if (this.#density !== null && this.#density < PARAMETERS.leastBits)
      return `it is too strongly compressed: ${this.#density.toFixed(3)} bits per pixel, and no camera noise survives under ${PARAMETERS.leastBits}`
    return undefined
  }

  async finish(): Promise<SignalResult> {
    const reason = this.#unmeasurable()
    if (reason) return { state: 'abstained', reason }
    if (this.#all.tiles < PARAMETERS.leastTiles) {
      const smooth = this.#smooth ? `, ${this.#smooth} more were too smooth to hold any noise` : ''
      return {
        state: 'abstained',
        reason: `only ${this.#all.tiles} picture tiles of ${TILE} × ${TILE} pixels, ${PARAMETERS.leastTiles} are needed${smooth}`,
      }
    }
    const spectrum = this.#all.of('spectrum')
    const reading = findPeaks(spectrum)
    const filter = filterProfile(RINGS)
    const profile = this.#all.of('profile').map((level, ring) => level - filter[ring]!)
    const end = readProfileEnd(profile)
    const score = peakScore(reading)
    return {
      state: 'ran',
      score,
      segments: [],
      observations: observe(reading.peaks, reading.highest, end),
      tracks: [this.#track()],
      exhibits: await exhibits(spectrum, profile, end),
      explanation: `Measured the noise residual of ${this.#all.tiles} picture tiles in ${this.#frames} frames; the highest point of its spectrum stands ${reading.highest.toFixed(1)} standard deviations over its surroundings (score ${score.toFixed(2)} by a stated rule). This signal is uncalibrated: it is listed, not counted.`,
      knownFailures: this.#knownFailures(),
      model: this.#model && { id: this.#model.id, version: this.#model.version, sha256: this.#model.sha256 },
    }
  }

  #track(): Track {
    return {
      label: 'Spectral peak score (uncalibrated)',
      unit: '0 to 1',
      start: 0,
      step: this.#step,
      values: this.#scores,
    }
  }

  #knownFailures(): string[] {
    const notes = [
      'Uncalibrated: on compressed pictures this measurement hardly tells generated from camera pictures (see the model card).',
      'Re-encoding and scaling after generation remove the traces it looks for; regular textures and overlaid graphics add peaks of their own.',
    ]
    if (this.#density !== null && this.#density < PARAMETERS.fewBits)
      notes.push(`At ${this.#density.toFixed(3)} bits per pixel most fine detail is the encoder's, not the camera's.`)
    if (this.#size.width < 2 * TILE || this.#size.height < 2 * TILE)
      notes.push('The picture is small: few tiles, a noisier spectrum.')
    return notes
  }
}

/** Whole tiles around the centre of a grey picture, one after the other. */
export function cutTiles(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const columns = Math.floor(width / TILE)
  const rows = Math.floor(height / TILE)
  const left = (width - columns * TILE) >> 1
  const top = (height - rows * TILE) >> 1
  const tiles = new Uint8Array(columns * rows * TILE * TILE)
  let at = 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let y = 0; y < TILE; y++, at += TILE) {
        const from = (top + row * TILE + y) * width + left + column * TILE
        tiles.set(pixels.subarray(from, from + TILE), at)
      }
  return tiles
}

function observe(peaks: readonly Peak[], highest: number, end: ProfileEnd): Observation[] {
  const observations: Observation[] = []
  const [first] = peaks
  if (first)
    observations.push({
      code: 'synthetic-image.peaks',
      weight: 'context',
      text: `${peaks.length} isolated peak${peaks.length === 1 ? '' : 's'} in the residual spectrum; the highest at ${first.horizontal.toFixed(3)} × ${first.vertical.toFixed(3)} cycles per pixel, ${highest.toFixed(1)} standard deviations high. Up-sampling in generators leaves such peaks; so do scaling and regular textures.`,
      reference: 'Frank et al., ICML 2020',
    })
  const more = end.excess >= 0 ? 'more' : 'less'
  observations.push({
    code: 'synthetic-image.profile-end',
    weight: 'context',
    text: `The highest frequencies hold ${Math.abs(end.excess).toFixed(1)} dB ${more} than the power law of the middle ones (${end.slope.toFixed(1)} dB per octave). Generators and encoders both change this.`,
    reference: 'Durall et al., CVPR 2020',
  })
  return observations
}

async function exhibits(spectrum: Float64Array, profile: Float64Array, end: ProfileEnd): Promise<Exhibit[]> {
  const plane = centred(spectrum)
  const sorted = Float64Array.from(plane).sort()
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))]!
  const [low, high] = [quantile(0.02), quantile(0.999)]
  const frequencies = Float64Array.from(profile, (_, ring) => ring / TILE)
  const shown = profile.map((level, ring) => (ring < FIRST_RING ? Number.NaN : level))
  const levels = shown.filter((level) => Number.isFinite(level))
  const [bottom, top] = [Math.floor(Math.min(...levels) / 10) * 10, Math.ceil(Math.max(...levels) / 10) * 10]
  const chart = drawChart({
    width: 520,
    height: 280,
    x: { low: 0, high: 0.5, label: 'cycles per pixel', ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5] },
    y: { low: bottom, high: top, label: 'dB', ticks: niceTicks(bottom, top, 6) },
    series: [
      {
        kind: 'line',
        x: frequencies,
        y: end.line.map((v, ring) => (ring < SPECTRUM.fitFrom ? Number.NaN : v)),
        colour: [160, 164, 176],
      },
      { kind: 'line', x: frequencies, y: shown, colour: [40, 90, 190] },
    ],
  })
  return [
    await pictureExhibit(colourMap(plane, TILE, low, high), {
      caption: `Mean spectrum of the noise residual, zero frequency in the middle, ${low.toFixed(0)} (dark) to ${high.toFixed(0)} dB (bright). Single bright points away from the axes are what up-sampling leaves.`,
    }),
    await pictureExhibit(chart, {
      caption: 'Radial profile of the picture spectrum (blue) and the power law fitted to its middle (grey).',
    }),
  ]
}
