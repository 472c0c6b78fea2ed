/**
 * Reduces a grey picture to 64 x 64, the first step of PDQ: by the two box filters of its description, or by one tent for
 * each of the 64 x 64 cells, which can be laid over a part of the picture.
 */

/** A rectangle of a picture, in whole pixels. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type Grey = Uint8Array | Float32Array

/** The reduced picture is this wide and high. */
export const SIDE = 64
/** Two box filters in either direction, each half a cell wide. */
export function blur(image: Grey, width: number, height: number): Float32Array {
  const picture = Float32Array.from(image.subarray(0, width * height))
  const other = new Float32Array(picture.length)
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < height; y++) box(picture, other, y * width, 1, width)
    for (let x = 0; x < width; x++) box(other, picture, x, width, height)
  }
  return picture
}

/** Values that the box takes in over `length` of them, and how many of these are not before the one it is for. */
function boxOf(length: number): { size: number; half: number } {
  const size = Math.ceil(length / (2 * SIDE))
  return { size, half: Math.floor((size + 2) / 2) }
}

/**
 * Moving mean over one row or column, narrower at the ends.
 * @param from index of the first of `length` values, which lie `stride` apart
 */
function box(input: Float32Array, output: Float32Array, from: number, stride: number, length: number): void {
  const { size, half } = boxOf(length)
  let sum = 0
  let held = 0
  for (let at = 0; at < length + half - 1; at++) {
    if (at < length) {
      sum += input[from + at * stride]!
      held++
    }
    if (at >= size) {
      sum -= input[from + (at - size) * stride]!
      held--
    }
    if (at >= half - 1) output[from + (at - half + 1) * stride] = sum / held
  }
}

/** Takes the value in the middle of each of the 64 x 64 cells. */
export function decimate(picture: Float32Array, width: number, height: number, small: Float64Array): void {
  for (let row = 0; row < SIDE; row++) {
    const y = Math.floor(((2 * row + 1) * height) / (2 * SIDE))
    for (let column = 0; column < SIDE; column++)
      small[row * SIDE + column] = picture[y * width + Math.floor(((2 * column + 1) * width) / (2 * SIDE))]!
  }
}

/** For each of 64 cells, the pixels it takes from and their weights, which make 1. */
export interface Tents {
  readonly taps: number
  /** First pixel of each cell, counted from the start of the region. */
  readonly first: Int32Array
  /** `taps` weights for each cell. */
  readonly weights: Float64Array
}

/**
 * One tent for each of 64 cells over `length` pixels, never narrower than two pixels.
 * @param original pixels of the picture that was shrunk to `length`; the tents then lie where the two box filters put
 *   them there, which is up to half a cell beside the middle. 0: as wide as their cells and in the middle of them.
 */
export function tentsOver(length: number, original: number): Tents {
  const scale = original ? length / original : 1
  const { size, half: ahead } = boxOf(original)
  const half = Math.max(1, original ? size * scale : length / (2 * SIDE))
  const centre = (cell: number): number =>
    original
      ? (Math.floor(((2 * cell + 1) * original) / (2 * SIDE)) + 2 * ahead - size - 0.5) * scale
      : ((cell + 0.5) * length) / SIDE
  const cells = Array.from({ length: SIDE }, (_, cell) => {
    const at = centre(cell)
    // Pixel p lies at p + 0.5.
    return { at, from: Math.floor(at - half - 0.5) + 1, to: Math.ceil(at + half - 0.5) }
  })
  const taps = Math.min(length, Math.max(...cells.map(({ from, to }) => to - from)))
  const first = new Int32Array(SIDE)
  const weights = new Float64Array(SIDE * taps)
  for (const [i, { at, from }] of cells.entries()) {
    const start = Math.max(0, Math.min(length - taps, from))
    const own = Array.from({ length: taps }, (_, tap) => Math.max(0, half - Math.abs(start + tap + 0.5 - at)))
    const sum = own.reduce((a, b) => a + b, 0)
    first[i] = start
    for (let tap = 0; tap < taps; tap++) weights[i * taps + tap] = own[tap]! / sum
  }
  return { taps, first, weights }
}

export function shrinkRows(image: Grey, width: number, region: Region, tents: Tents, rows: Float64Array): void {
  const { taps, first, weights } = tents
  for (let y = 0; y < region.height; y++) {
    const line = (region.y + y) * width + region.x
    const out = y * SIDE
    for (let i = 0; i < SIDE; i++) {
      const from = line + first[i]!
      const w = i * taps
      let sum = 0
      // The usual frame of 256 pixels has four; written out, these take half the time.
      if (taps === 4)
        sum =
          image[from]! * weights[w]! +
          image[from + 1]! * weights[w + 1]! +
          image[from + 2]! * weights[w + 2]! +
          image[from + 3]! * weights[w + 3]!
      else for (let tap = 0; tap < taps; tap++) sum += image[from + tap]! * weights[w + tap]!
      rows[out + i] = sum
    }
  }
}

export function shrinkColumns(rows: Float64Array, tents: Tents, small: Float64Array): void {
  const { taps, first, weights } = tents
  for (let i = 0; i < SIDE; i++) {
    const out = i * SIDE
    small.fill(0, out, out + SIDE)
    for (let tap = 0; tap < taps; tap++) {
      const from = (first[i]! + tap) * SIDE
      const weight = weights[i * taps + tap]!
      for (let x = 0; x < SIDE; x++) small[out + x]! += rows[from + x]! * weight
    }
  }
}
