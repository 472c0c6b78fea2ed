/** Speech as eight curves at the rate of the mouth's: level, level of six bands, and how fast the spectrum changes. */
import { SOUND_RATE } from '../media/types.ts'
import { MOTION_RATE } from './lip-sync-mouth.ts'
import { FrameSpectrum } from './voice-fft.ts'

/** Band edges, Hz: voice fundamental and first formant below 600, second and third to 3500, hiss of s and f above. */
const EDGES = [100, 300, 600, 1100, 2000, 3500, 7000] as const
export const BANDS = EDGES.length - 1
/** Curves: level, bands, change. */
export const CURVES = BANDS + 2

export const SPEECH = {
  /** Window and step of the spectra, samples: 32 ms and 20 ms. */
  window: 512,
  hop: 320,
  /** Deviation of the Gaussian that takes the curves from 50 to 12.5 a second, seconds. */
  smooth: 0.04,
  /** Level that counts as loud: share of spectra below it. Floors are relative to it, powers of ten. */
  loud: 0.95,
  levelFloor: -3,
  bandFloor: -4,
} as const

/** Collects the band energies of the sound, some 1.2 KB a second. */
export class SpeechRecord {
  readonly #energies: Float32Array[] = []
  #count = 0
  #rest = new Float32Array(0)
  readonly #spectrum = new FrameSpectrum(SPEECH.window)
  readonly #power = new Float64Array(SPEECH.window / 2 + 1)

  add(samples: Float32Array): void {
    const all = new Float32Array(this.#rest.length + samples.length)
    all.set(this.#rest)
    all.set(samples, this.#rest.length)
    let at = 0
    for (; at + SPEECH.window <= all.length; at += SPEECH.hop) this.#push(this.#bands(all, at))
    this.#rest = all.slice(at)
  }

  /** Spectra measured. */
  get count(): number {
    return this.#count
  }

  /** Root mean square of the loud spectra over full scale; 0 without sound. */
  get level(): number {
    // A full-scale sine under the Hann window has 1.5 in all its bins and a mean square of a half.
    return Math.sqrt(this.#loud() / 3)
  }

  /** The curves at the first `frames` motion frames: [frames × CURVES], powers of ten; level first. */
  curves(frames: number): Float64Array {
    const loud = Math.max(1e-12, this.#loud())
    const fine = new Float64Array(this.#count * CURVES)
    for (let i = 0; i < this.#count; i++) {
      const energies = this.#at(i)
      let total = 0
      for (let b = 0; b < BANDS; b++) {
        total += energies[b]!
        fine[i * CURVES + 1 + b] = Math.log10(energies[b]! / loud + 10 ** SPEECH.bandFloor)
      }
      fine[i * CURVES] = Math.log10(total / loud + 10 ** SPEECH.levelFloor)
      if (i === 0) continue
      for (let b = 1; b <= BANDS; b++)
        fine[i * CURVES + CURVES - 1]! += Math.abs(fine[i * CURVES + b]! - fine[(i - 1) * CURVES + b]!)
    }
    const curves = new Float64Array(frames * CURVES)
    const perSecond = SOUND_RATE / SPEECH.hop
    const reach = Math.ceil(4 * SPEECH.smooth * perSecond)
    for (let n = 0; n < frames; n++) {
      const centre = (n / MOTION_RATE - SPEECH.window / 2 / SOUND_RATE) * perSecond
      let weights = 0
      for (let i = Math.max(0, Math.floor(centre) - reach); i < Math.min(this.#count, centre + reach + 1); i++) {
        const weight = Math.exp(-0.5 * ((i - centre) / (SPEECH.smooth * perSecond)) ** 2)
        weights += weight
        for (let k = 0; k < CURVES; k++) curves[n * CURVES + k]! += weight * fine[i * CURVES + k]!
      }
      for (let k = 0; k < CURVES; k++)
        if (weights > 1e-6) curves[n * CURVES + k]! /= weights
        else curves[n * CURVES + k] = k === 0 ? SPEECH.levelFloor : k < CURVES - 1 ? SPEECH.bandFloor : 0
    }
    return curves
  }

  #loud(): number {
    if (!this.#count) return 0
    const totals = new Float64Array(this.#count)
    for (let i = 0; i < this.#count; i++) for (let b = 0; b < BANDS; b++) totals[i]! += this.#at(i)[b]!
    return totals.sort()[Math.floor(SPEECH.loud * (this.#count - 1))]!
  }

  #at(index: number): Float32Array {
    const at = (index % CHUNK) * BANDS
    return this.#energies[Math.floor(index / CHUNK)]!.subarray(at, at + BANDS)
  }

  #push(bands: Float64Array): void {
    if (this.#count % CHUNK === 0) this.#energies.push(new Float32Array(CHUNK * BANDS))
    this.#count++
    this.#at(this.#count - 1).set(bands)
  }

  #bands(samples: Float32Array, at: number): Float64Array {
    this.#spectrum.power(samples, at, this.#power)
    const bands = new Float64Array(BANDS)
    const perBin = SOUND_RATE / SPEECH.window
    for (let b = 0; b < BANDS; b++)
      for (let k = Math.ceil(EDGES[b]! / perBin); k < EDGES[b + 1]! / perBin; k++) bands[b]! += this.#power[k]!
    return bands
  }
}

/** Spectra per chunk of storage: 200 s. */
const CHUNK = 10_000
