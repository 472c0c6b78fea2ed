/**
 * The strength of sound in narrow bands, step by step: what `sound-print.ts` makes its bits of. 16 kHz comes in, half of it
 * is enough; the bands lie a semitone apart from 238 to 2,398 Hz, which telephones and 16 kbit/s leave alone.
 */
import { SOUND_RATE } from '../media/types.ts'
import { HalfSpectrum } from './sound-spectrum.ts'

/** Samples a second after halving. */
const RATE = SOUND_RATE / 2
/** Samples of a frame and between frames, after halving. */
const FRAME = 2048
const HOP = 512
/** Seconds between the middles of two frames. */
export const STEP = HOP / RATE
export const BANDS = 41
const LOWEST = 238
const PER_OCTAVE = 12
/** Half of a band's width, semitones: bands overlap, so that sound half a semitone higher still looks alike. */
const HALF_BAND = 3
/** Taps of the half-band filter on either side of its middle; every second one but the middle is 0. */
const REACH = 11
/** Samples that are halved at once. */
const BLOCK = 4096
/** Full scale is 1; what is far beyond it is damage. */
const LOUDEST = 8

/** Row of one frame: square roots of the amplitudes of the bands, and their summed power (1: a sine at full scale). */
export type OnRow = (bands: Float64Array, power: number) => void

/** Sound of any length in blocks of any size; a row for every `STEP` seconds, the first in the middle of the first sample. */
export class SoundBands {
  readonly #onRow: OnRow
  readonly #spectrum = new HalfSpectrum(FRAME)
  readonly #power = new Float64Array(BINS)
  readonly #row = new Float64Array(BANDS)
  /** The frame being filled. Half of the first one lies before the sound. */
  readonly #frame = new Float32Array(FRAME)
  #filled = FRAME / 2
  /** Sound before halving, after the last samples of the block before. */
  readonly #block = new Float32Array(2 * REACH + BLOCK)
  #waiting = 2 * REACH
  #heard = false

  constructor(onRow: OnRow) {
    this.#onRow = onRow
  }

  add(samples: Float32Array): void {
    this.#heard ||= samples.length > 0
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i]!
      this.#block[this.#waiting++] = Math.abs(sample) <= LOUDEST ? sample : 0
      if (this.#waiting === this.#block.length) this.#halve()
    }
  }

  /** Rows up to the last whose middle lies in the sound. */
  finish(): void {
    if (!this.#heard) return
    // Half a frame of silence, and what the filter and the block hold back.
    this.add(new Float32Array(FRAME + REACH))
    this.#halve()
  }

  /** Every second sample of the block, low-passed; what the filter still needs of it moves to the front. */
  #halve(): void {
    const block = this.#block
    const whole = this.#waiting - ((this.#waiting - 2 * REACH) % 2)
    for (let middle = REACH; middle + REACH < whole; middle += 2) {
      let sum = 0.5 * block[middle]!
      for (let k = 1; k <= REACH; k += 2) sum += HALF_BAND_TAPS[k]! * (block[middle - k]! + block[middle + k]!)
      this.#push(sum)
    }
    block.copyWithin(0, whole - 2 * REACH, this.#waiting)
    this.#waiting += 2 * REACH - whole
  }

  #push(sample: number): void {
    this.#frame[this.#filled++] = sample
    if (this.#filled < FRAME) return
    const power = this.#power
    this.#spectrum.power(this.#frame, power)
    let total = 0
    for (let band = 0; band < BANDS; band++) {
      const { first, weights } = FILTERS[band]!
      let sum = 0
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * power[first + i]!
      total += sum
      this.#row[band] = Math.sqrt(Math.sqrt(sum))
    }
    this.#onRow(this.#row, total)
    this.#frame.copyWithin(0, HOP)
    this.#filled = FRAME - HOP
  }
}

/** Half-band low pass, a sinc under a Hamming window: pictures of 5.2 kHz and more stay out of the bands. */
const HALF_BAND_TAPS = Float64Array.from({ length: REACH + 1 }, (_, k) =>
  k === 0 ? 0.5 : (Math.sin((Math.PI * k) / 2) / (Math.PI * k)) * (0.54 + 0.46 * Math.cos((Math.PI * k) / (REACH + 1))),
)

interface Filter {
  /** Bin of the spectrum that the first weight is for. */
  readonly first: number
  readonly weights: Float64Array
}

/** Tents on a logarithmic scale. */
const FILTERS: readonly Filter[] = Array.from({ length: BANDS }, (_, band) => {
  const semitone = (bin: number): number => PER_OCTAVE * Math.log2((bin * RATE) / FRAME / LOWEST)
  const weightOf = (bin: number): number => Math.max(0, 1 - Math.abs(semitone(bin) - band) / HALF_BAND)
  const bins = Array.from({ length: FRAME / 2 }, (_, bin) => bin).filter((bin) => bin > 0 && weightOf(bin) > 0)
  return { first: bins[0]!, weights: Float64Array.from(bins, weightOf) }
})
/** Bins of the spectrum up to the last that a band takes in. */
const BINS = Math.max(...FILTERS.map(({ first, weights }) => first + weights.length))
