/** The record of a sound from which everything but the network reads: 50 frames a second, in dB and periodicity. */
import { SOUND_RATE } from '../media/types.ts'
import { FrameSpectrum } from './voice-fft.ts'

export const FRAMES = {
  /** Samples from frame to frame: 20 ms. */
  hop: 320,
  /** Samples per spectrum: 32 ms. */
  size: 512,
  /** Bands of equal width up to 8 kHz: 500 Hz each. */
  bands: 16,
  /** Below this, dB under full scale, lies the rounding of 16 bits. */
  silence: -96,
  /** Samples smaller than this are taken as zero: a quarter of the last of 16 bits. */
  zero: 2 ** -17,
} as const
export const FRAME_RATE = SOUND_RATE / FRAMES.hop
/** The autocorrelation runs on every 4th sample, over 40 ms, for pitches from 70 to 400 Hz. */
const THIN = 4
const SPAN = 160
const LAGS = [10, 57] as const

const decibels = (power: number) => Math.max(FRAMES.silence, 10 * Math.log10(power + 1e-12))

export class VoiceFrames {
  count = 0
  /** Samples seen. */
  samples = 0
  readonly #most: number
  /** Level in dB, periodicity 0 to 1, lag of the best period, share of zero samples; by frame. */
  level = new Float32Array(1024)
  periodicity = new Float32Array(1024)
  lag = new Float32Array(1024)
  zeros = new Float32Array(1024)
  /** dB by frame and band. */
  bands = new Float32Array(1024 * FRAMES.bands)
  readonly #spectrum = new FrameSpectrum(FRAMES.size)
  readonly #power = new Float64Array(FRAMES.size / 2 + 1)
  readonly #thin = new Float64Array(SPAN + LAGS[1])
  /** Sum of power per bin over the frames within 30 dB of the loudest so far: the long-term spectrum of what is said. */
  readonly #sum = new Float64Array(FRAMES.size / 2 + 1)
  #loudest = -200
  #summed = 0
  /** Samples that the next frame still needs. */
  #rest = new Float32Array(0)

  /** @param most frames kept */
  constructor(most: number) {
    this.#most = most
  }

  add(samples: Float32Array): void {
    this.samples += samples.length
    if (this.count >= this.#most) return
    const all = new Float32Array(this.#rest.length + samples.length)
    all.set(this.#rest)
    all.set(samples, this.#rest.length)
    const need = Math.max(FRAMES.size, (SPAN + LAGS[1]) * THIN)
    let at = 0
    for (; at + need <= all.length && this.count < this.#most; at += FRAMES.hop) this.#frame(all, at)
    this.#rest = all.slice(at)
  }

  #frame(samples: Float32Array, at: number): void {
    this.#grow()
    const i = this.count++
    let energy = 0
    let zeros = 0
    for (let k = at; k < at + FRAMES.hop; k++) {
      energy += samples[k]! ** 2
      if (Math.abs(samples[k]!) < FRAMES.zero) zeros++
    }
    this.level[i] = decibels(energy / FRAMES.hop)
    this.zeros[i] = zeros / FRAMES.hop
    const power = this.#power
    this.#spectrum.power(samples, at, power)
    const width = FRAMES.size / 2 / FRAMES.bands
    for (let b = 0; b < FRAMES.bands; b++) {
      let sum = 0
      for (let k = b * width + 1; k <= (b + 1) * width; k++) sum += power[k]!
      this.bands[i * FRAMES.bands + b] = decibels(sum)
    }
    this.#periodicity(samples, at, i)
    this.#loudest = Math.max(this.#loudest, this.level[i]!)
    if (this.level[i]! > this.#loudest - 30 && this.level[i]! > -70) {
      for (let k = 0; k < power.length; k++) this.#sum[k]! += power[k]!
      this.#summed++
    }
  }

  /** Largest normalised correlation of the frame with itself one pitch period later (Rabiner 1977). */
  #periodicity(samples: Float32Array, at: number, i: number): void {
    const thin = this.#thin
    let mean = 0
    for (let k = 0; k < thin.length; k++) {
      const from = at + k * THIN
      thin[k] = (samples[from]! + samples[from + 1]! + samples[from + 2]! + samples[from + 3]!) / THIN
      mean += thin[k]! / thin.length
    }
    for (let k = 0; k < thin.length; k++) thin[k]! -= mean
    let here = 1e-9
    for (let k = 0; k < SPAN; k++) here += thin[k]! ** 2
    let there = here
    for (let k = 0; k < LAGS[0]; k++) there += thin[SPAN + k]! ** 2 - thin[k]! ** 2
    let best = 0
    let lag = 0
    for (let l = LAGS[0]; l < LAGS[1]; l++) {
      let product = 0
      for (let k = 0; k < SPAN; k++) product += thin[k]! * thin[k + l]!
      const value = product / Math.sqrt(here * Math.max(1e-9, there))
      if (value > best) {
        best = value
        lag = l
      }
      there += thin[SPAN + l]! ** 2 - thin[l]! ** 2
    }
    this.periodicity[i] = Math.min(1, best)
    this.lag[i] = lag
  }

  /** Long-term spectrum in dB by bin of 31.25 Hz; null where nothing was loud enough. */
  longTerm(): Float64Array | null {
    return this.#summed ? this.#sum.map((sum) => 10 * Math.log10(sum / this.#summed + 1e-14)) : null
  }

  #grow(): void {
    if (this.count < this.level.length) return
    const larger = (old: Float32Array) => {
      const next = new Float32Array(old.length * 2)
      next.set(old)
      return next
    }
    this.level = larger(this.level)
    this.periodicity = larger(this.periodicity)
    this.lag = larger(this.lag)
    this.zeros = larger(this.zeros)
    this.bands = larger(this.bands)
  }
}
