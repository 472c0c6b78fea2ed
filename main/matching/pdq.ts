/**
 * PDQ, the perceptual hash of still pictures, after its published description: "The TMK+PDQF video-hashing algorithm and
 * the PDQ image-hashing algorithm" (Facebook 2019). A picture of greys becomes 64 x 64 by a tent filter, then the 16 x 16
 * lowest frequencies of a cosine transform without the constant ones, and each of these 256 one bit: above their median
 * or not. Pictures that look alike differ in few bits; unrelated ones in about 128.
 *
 * `pdq` filters as the description says, for pictures at full size. `PdqHasher` is for the many small frames of a video:
 * it weighs each of the 64 x 64 cells with one tent, centred on it. That is what the two box filters of the description
 * amount to on a large picture; on 256 pixels they would shift the picture by a third of a cell.
 */
import { blur, decimate, SIDE, shrinkColumns, shrinkRows, tentsOver } from './pdq-reduce.ts'
import type { Grey, Region, Tents } from './pdq-reduce.ts'

export type { Region } from './pdq-reduce.ts'

/** Bytes of a hash. Byte 0 is the first two hex digits of its printed form. */
export const HASH_BYTES = 32
/** Below this quality, 0 to 100, a hash says little: the picture has too little in it. */
export const LEAST_QUALITY = 50

export interface PdqHash {
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** How much the picture has to tell apart, 0 (flat) to 100. */
  readonly quality: number
}

export interface PdqBoth extends PdqHash {
  /** 32 bytes: the hash of the picture with left and right exchanged. */
  readonly mirrored: Uint8Array
}

/** Frequencies kept in either direction: 1 to 16. */
const BANDS = 16
const BITS = BANDS * BANDS

/** Cosine transform, 16 x 64: frequencies 1 to 16 of 64 samples, rows of length 1. */
const COSINES = Float64Array.from({ length: BANDS * SIDE }, (_, at) => {
  const frequency = Math.floor(at / SIDE) + 1
  return Math.sqrt(2 / SIDE) * Math.cos((Math.PI / 2 / SIDE) * frequency * (2 * (at % SIDE) + 1))
})

/**
 * The hash of a whole picture at full size.
 * @param image grey, 0 to 255, row by row
 */
export function pdq(image: Grey, width: number, height: number): PdqHash {
  const { hash, quality } = pdqBoth(image, width, height)
  return { hash, quality }
}

/** As `pdq`, with the hash of the mirrored picture, which follows from the same frequencies. */
export function pdqBoth(image: Grey, width: number, height: number): PdqBoth {
  check(image, width, height, { x: 0, y: 0, width, height })
  const small = new Float64Array(SIDE * SIDE)
  decimate(blur(image, width, height), width, height, small)
  return new Bits().of(small)
}

/** Hashes frames, or parts of them, one after the other without allocating anything but the hashes. */
export class PdqHasher {
  readonly #small = new Float64Array(SIDE * SIDE)
  readonly #bits = new Bits()
  readonly #tents = new Map<string, Tents>()
  readonly #original: { readonly width: number; readonly height: number }
  #rows = new Float64Array(0)

  /**
   * @param original size of the picture before it was shrunk to frames, pixels: hashes then lie nearest to those that the
   *   reference makes of it at full size. Without it they change least from one size to the other. Whole frames only.
   */
  constructor(original: { readonly width: number; readonly height: number } = { width: 0, height: 0 }) {
    this.#original = original
  }

  /**
   * @param image grey, 0 to 255, row by row
   * @param part what of it to hash; all of it where none is given
   */
  hash(image: Grey, width: number, height: number, part?: Region): PdqBoth {
    const region = part ?? { x: 0, y: 0, width, height }
    check(image, width, height, region)
    const across = this.#tentsOver(region.width, part ? 0 : this.#original.width)
    const down = this.#tentsOver(region.height, part ? 0 : this.#original.height)
    if (this.#rows.length < region.height * SIDE) this.#rows = new Float64Array(region.height * SIDE)
    shrinkRows(image, width, region, across, this.#rows)
    shrinkColumns(this.#rows, down, this.#small)
    return this.#bits.of(this.#small)
  }

  #tentsOver(length: number, original: number): Tents {
    const key = `${length} of ${original}`
    let tents = this.#tents.get(key)
    if (!tents) this.#tents.set(key, (tents = tentsOver(length, original)))
    return tents
  }
}

function check(image: Grey, width: number, height: number, region: Region): void {
  const { x, y } = region
  const whole = [width, height, x, y, region.width, region.height].every(Number.isInteger)
  const inside = x >= 0 && y >= 0 && x + region.width <= width && y + region.height <= height
  if (!whole || !inside || region.width < 1 || region.height < 1 || image.length < width * height)
    throw new RangeError(
      `no region ${x},${y} of ${region.width} x ${region.height} in a picture of ${width} x ${height}`,
    )
}

/** From 64 x 64 greys to hashes and quality. */
class Bits {
  readonly #folded = new Float64Array(SIDE * SIDE)
  readonly #half = new Float64Array(BANDS * SIDE)
  readonly #bands = new Float64Array(BITS)
  readonly #sorted = new Float64Array(BITS)

  of(small: Float64Array): PdqBoth {
    const bands = this.#bands
    transform(small, this.#folded, this.#half, bands)
    const hash = this.#above()
    // Left and right exchanged, waves that are odd about the middle change their sign: frequencies 1, 3, 5 ...
    for (let at = 0; at < BITS; at += 2) bands[at] = -bands[at]!
    return { hash, mirrored: this.#above(), quality: qualityOf(small) }
  }

  #above(): Uint8Array {
    const bands = this.#bands
    this.#sorted.set(bands)
    // The lower of the two in the middle.
    const median = this.#sorted.sort()[BITS / 2 - 1]!
    const hash = new Uint8Array(HASH_BYTES)
    for (let bit = 0; bit < BITS; bit++) if (bands[bit]! > median) hash[HASH_BYTES - 1 - (bit >> 3)]! |= 1 << (bit & 7)
    return hash
  }
}

/**
 * Both directions of the cosine transform: down the columns, then along the rows. Waves of an odd frequency are odd about
 * the middle and the others even, so the sum or difference of the two halves is enough for each.
 */
function transform(small: Float64Array, folded: Float64Array, half: Float64Array, bands: Float64Array): void {
  const middle = SIDE / 2
  const end = SIDE - 1
  for (let y = 0; y < middle; y++)
    for (let x = 0; x < SIDE; x++) {
      const top = small[y * SIDE + x]!
      const bottom = small[(end - y) * SIDE + x]!
      folded[y * SIDE + x] = top - bottom
      folded[(middle + y) * SIDE + x] = top + bottom
    }
  half.fill(0)
  for (let v = 0; v < BANDS; v++) {
    const out = v * SIDE
    const from = v % 2 ? middle : 0
    for (let y = 0; y < middle; y += 4) {
      const row = (from + y) * SIDE
      const c0 = COSINES[out + y]!
      const c1 = COSINES[out + y + 1]!
      const c2 = COSINES[out + y + 2]!
      const c3 = COSINES[out + y + 3]!
      for (let x = 0; x < SIDE; x++)
        half[out + x]! +=
          c0 * folded[row + x]! +
          c1 * folded[row + SIDE + x]! +
          c2 * folded[row + 2 * SIDE + x]! +
          c3 * folded[row + 3 * SIDE + x]!
    }
  }
  for (let v = 0; v < BANDS; v++)
    for (let u = 0; u < BANDS; u++) {
      const sign = u % 2 ? 1 : -1
      let sum = 0
      for (let x = 0; x < middle; x++)
        sum += (half[v * SIDE + x]! + sign * half[v * SIDE + end - x]!) * COSINES[u * SIDE + x]!
      bands[v * BANDS + u] = sum
    }
}

/** Steps between neighbours, in whole hundredths of full contrast, summed; 9,000 and more are quality 100. */
function qualityOf(small: Float64Array): number {
  let sum = 0
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const at = y * SIDE + x
      if (y < SIDE - 1) sum += Math.floor((Math.abs(small[at]! - small[at + SIDE]!) * 100) / 255)
      if (x < SIDE - 1) sum += Math.floor((Math.abs(small[at]! - small[at + 1]!) * 100) / 255)
    }
  return Math.min(100, Math.floor(sum / 90))
}

const shared = new PdqHasher()

/** The hash of a part of a grey picture, by the tents of `PdqHasher`. */
export const pdqOf = (image: Grey, width: number, height: number, region?: Region): PdqBoth =>
  shared.hash(image, width, height, region)

/** Bits in which two hashes differ, 0 to 256. They start at these bytes of lists of hashes. */
export function hamming(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number): number {
  let bits = 0
  for (let at = 0; at < HASH_BYTES; at += 4) {
    let v =
      (a[aOffset + at]! ^ b[bOffset + at]!) |
      ((a[aOffset + at + 1]! ^ b[bOffset + at + 1]!) << 8) |
      ((a[aOffset + at + 2]! ^ b[bOffset + at + 2]!) << 16) |
      ((a[aOffset + at + 3]! ^ b[bOffset + at + 3]!) << 24)
    v -= (v >>> 1) & 0x55555555
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
    bits += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return bits
}

/** 64 lower-case hex digits, as the reference prints it. */
export function toHex(hashes: Uint8Array, offset = 0): string {
  let text = ''
  for (let at = offset; at < offset + HASH_BYTES; at++) text += hashes[at]!.toString(16).padStart(2, '0')
  return text
}

/** The 32 bytes, or undefined where the text is anything but 64 hex digits. */
export function fromHex(text: string): Uint8Array | undefined {
  return /^[0-9a-f]{64}$/i.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : undefined
}
