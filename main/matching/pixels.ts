/** Small pictures made smaller and smoother. Grey, square, one byte a pixel. */

/** Where the pixels of one side come from: three neighbours each, with weights that make 256. */
interface Taps {
  readonly first: Uint16Array
  readonly weights: Uint16Array
}

/** Between the two directions; making such arrays anew takes as long as filling them. */
let scratch = new Uint16Array(256 * 256)
function rowsOf(length: number): Uint16Array {
  if (scratch.length < length) scratch = new Uint16Array(length)
  return scratch
}

const known = new Map<number, Taps>()

/** The area that each new pixel covers, at most three old ones: `to` is more than half of `side`. */
function tapsFor(side: number, to: number): Taps {
  const key = side * 65_536 + to
  let taps = known.get(key)
  if (taps) return taps
  const step = side / to
  if (step < 1 || step >= 2) throw new RangeError(`${side} pixels cannot become ${to} at once`)
  const first = new Uint16Array(to)
  const weights = new Uint16Array(3 * to)
  for (let i = 0; i < to; i++) {
    const [from, until] = [i * step, Math.min(side, (i + 1) * step)]
    const start = Math.min(side - 3, Math.floor(from))
    first[i] = start
    const covered = (pixel: number): number => Math.max(0, Math.min(until, pixel + 1) - Math.max(from, pixel))
    const [a, c] = [Math.round((256 * covered(start)) / step), Math.round((256 * covered(start + 2)) / step)]
    weights.set([a, 256 - a - c, c], 3 * i)
  }
  known.set(key, (taps = { first, weights }))
  return taps
}

/** Mean over the area that each new pixel covers. @param side of the picture, >= 3 @param to side of the result, > side / 2 */
export function shrink(picture: Uint8Array, side: number, to: number, small = new Uint8Array(to * to)): Uint8Array {
  const { first, weights } = tapsFor(side, to)
  const narrow = rowsOf(side * to)
  for (let y = 0; y < side; y++) {
    const row = y * side
    const out = y * to
    for (let i = 0, w = 0; i < to; i++, w += 3) {
      const at = row + first[i]!
      narrow[out + i] =
        weights[w]! * picture[at]! + weights[w + 1]! * picture[at + 1]! + weights[w + 2]! * picture[at + 2]!
    }
  }
  for (let i = 0; i < to; i++) {
    const [a, b, c] = [weights[3 * i]!, weights[3 * i + 1]!, weights[3 * i + 2]!]
    const [above, out] = [first[i]! * to, i * to]
    const [middle, below] = [above + to, above + 2 * to]
    for (let x = 0; x < to; x++)
      small[out + x] = (a * narrow[above + x]! + b * narrow[middle + x]! + c * narrow[below + x]! + 32_768) >>> 16
  }
  return small
}

/** Pixels on either side that a smooth one takes in. */
const REACH = 3
const WIDTH = 2 * REACH + 1

/** Mean over 7 × 7 pixels, as wide as a Gaussian of deviation 2; the border repeats. */
export function smooth(picture: Uint8Array, side: number, out = new Uint8Array(side * side)): Uint8Array {
  const rows = rowsOf(side * side)
  for (let start = 0; start < side * side; start += side) {
    const end = start + side - 1
    let sum = REACH * picture[start]!
    for (let at = start; at <= start + REACH; at++) sum += picture[at]!
    for (let at = start; at <= end; at++) {
      rows[at] = sum
      const next = at + REACH + 1
      const gone = at - REACH
      sum += picture[next > end ? end : next]! - picture[gone < start ? start : gone]!
    }
  }
  const sums = new Uint16Array(side)
  const row = (y: number): number => Math.max(0, Math.min(side - 1, y)) * side
  for (let y = -REACH; y <= REACH; y++) for (let from = row(y), x = 0; x < side; x++) sums[x]! += rows[from + x]!
  for (let y = 0; y < side; y++) {
    const [next, gone, to] = [row(y + REACH + 1), row(y - REACH), y * side]
    for (let x = 0; x < side; x++) {
      const sum = sums[x]!
      out[to + x] = (sum + (WIDTH * WIDTH) / 2) / (WIDTH * WIDTH)
      sums[x] = sum + rows[next + x]! - rows[gone + x]!
    }
  }
  return out
}
