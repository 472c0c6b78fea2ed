/** Power spectra of short frames of sound: radix-2 transform (Cooley & Tukey 1965), Hann window. */

export class FrameSpectrum {
  readonly size: number
  readonly #window: Float64Array
  readonly #cos: Float64Array
  readonly #sin: Float64Array
  readonly #order: Uint16Array
  readonly #re: Float64Array
  readonly #im: Float64Array

  /** @param size samples per frame, a power of two up to 32,768 */
  constructor(size: number) {
    this.size = size
    this.#window = new Float64Array(size).map((_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
    this.#cos = new Float64Array(size / 2).map((_, i) => Math.cos((2 * Math.PI * i) / size))
    this.#sin = new Float64Array(size / 2).map((_, i) => -Math.sin((2 * Math.PI * i) / size))
    const bits = Math.log2(size)
    this.#order = new Uint16Array(size)
    for (let i = 0; i < size; i++)
      for (let b = 0; b < bits; b++) if (i & (1 << b)) this.#order[i]! |= 1 << (bits - 1 - b)
    this.#re = new Float64Array(size)
    this.#im = new Float64Array(size)
  }

  /** Writes the power of `size / 2 + 1` bins of samples from `at` on; a full-scale sine gives about 1 in its bin. */
  power(samples: ArrayLike<number>, at: number, into: Float64Array): void {
    // Plain variables: pairs taken apart in these loops would make gigabytes of arrays an hour.
    const { size } = this
    const re = this.#re
    const im = this.#im
    const cos = this.#cos
    const sin = this.#sin
    for (let i = 0; i < size; i++) {
      re[this.#order[i]!] = samples[at + i]! * this.#window[i]!
      im[i] = 0
    }
    for (let span = 1; span < size; span <<= 1) {
      const step = size / (2 * span)
      for (let start = 0; start < size; start += 2 * span)
        for (let k = 0; k < span; k++) {
          const c = cos[k * step]!
          const s = sin[k * step]!
          const a = start + k
          const b = a + span
          const real = re[b]! * c - im[b]! * s
          const imaginary = re[b]! * s + im[b]! * c
          re[b] = re[a]! - real
          im[b] = im[a]! - imaginary
          re[a]! += real
          im[a]! += imaginary
        }
    }
    const scale = (4 / size) ** 2
    for (let k = 0; k <= size / 2; k++) into[k] = (re[k]! ** 2 + im[k]! ** 2) * scale
  }
}
