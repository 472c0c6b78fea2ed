/**
 * Power spectrum of a frame of sound, Hann window: the even samples as real and the odd ones as imaginary part of one
 * transform of half the length (Cooley & Tukey 1965; Press et al., "Numerical Recipes", 3rd edition, section 12.3).
 */
export class HalfSpectrum {
  readonly #half: number
  readonly #window: Float64Array
  readonly #order: Uint16Array
  /** Of the whole length: e^(-2πik/n). */
  readonly #cos: Float64Array
  readonly #sin: Float64Array
  readonly #re: Float64Array
  readonly #im: Float64Array

  /** @param size samples of a frame, a power of two from 8 to 65,536 */
  constructor(size: number) {
    const half = size / 2
    this.#half = half
    this.#window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
    this.#cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size))
    this.#sin = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / size))
    const bits = Math.log2(half)
    this.#order = new Uint16Array(half)
    for (let i = 0; i < half; i++)
      for (let b = 0; b < bits; b++) if (i & (1 << b)) this.#order[i]! |= 1 << (bits - 1 - b)
    this.#re = new Float64Array(half)
    this.#im = new Float64Array(half)
  }

  /** Writes the power of bins 1 to `into.length - 1`, less than half of the size; a sine at full scale gives about 1. */
  power(samples: Float32Array, into: Float64Array): void {
    const half = this.#half
    const [re, im, order, window] = [this.#re, this.#im, this.#order, this.#window]
    for (let i = 0; i < half; i++) {
      const to = order[i]!
      re[to] = samples[2 * i]! * window[2 * i]!
      im[to] = samples[2 * i + 1]! * window[2 * i + 1]!
    }
    this.#transform()
    const scale = (2 / half) ** 2 / 4
    const [cos, sin] = [this.#cos, this.#sin]
    for (let k = 1; k < into.length; k++) {
      const j = half - k
      // The two halves of the spectrum hold those of the even and of the odd samples.
      const evenRe = re[k]! + re[j]!
      const evenIm = im[k]! - im[j]!
      const oddRe = im[k]! + im[j]!
      const oddIm = re[j]! - re[k]!
      const c = cos[k]!
      const s = sin[k]!
      const real = evenRe + oddRe * c - oddIm * s
      const imaginary = evenIm + oddRe * s + oddIm * c
      into[k] = (real * real + imaginary * imaginary) * scale
    }
  }

  #transform(): void {
    const half = this.#half
    const [re, im, cos, sin] = [this.#re, this.#im, this.#cos, this.#sin]
    // Spans of one need no turning.
    for (let a = 0; a < half; a += 2) {
      const real = re[a + 1]!
      const imaginary = im[a + 1]!
      re[a + 1] = re[a]! - real
      im[a + 1] = im[a]! - imaginary
      re[a]! += real
      im[a]! += imaginary
    }
    for (let span = 2; span < half; span <<= 1) {
      const step = half / span
      for (let k = 0; k < span; k++) {
        const c = cos[k * step]!
        const s = sin[k * step]!
        for (let a = k; a < half; a += 2 * span) {
          const b = a + span
          const real = re[b]! * c - im[b]! * s
          const imaginary = re[b]! * s + im[b]! * c
          re[b] = re[a]! - real
          im[b] = im[a]! - imaginary
          re[a]! += real
          im[a]! += imaginary
        }
      }
    }
  }
}
