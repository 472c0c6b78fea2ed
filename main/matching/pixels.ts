/** Small pictures made smaller and smoother. Grey, square, one byte a pixel. */

/** Mean over the area that each new pixel covers. @param side of the picture @param to side of the result, not larger */
export function shrink(picture: Uint8Array, side: number, to: number): Uint8Array {
  const step = side / to
  const narrow = new Float32Array(side * to)
  for (let i = 0; i < to; i++) {
    const [first, last, left, right] = cover(i, step, side)
    for (let y = 0; y < side; y++) {
      let sum = left * picture[y * side + first]! + right * picture[y * side + last]!
      for (let x = first + 1; x < last; x++) sum += picture[y * side + x]!
      narrow[y * to + i] = sum / step
    }
  }
  const out = new Uint8Array(to * to)
  for (let i = 0; i < to; i++) {
    const [first, last, left, right] = cover(i, step, side)
    for (let x = 0; x < to; x++) {
      let sum = left * narrow[first * to + x]! + right * narrow[last * to + x]!
      for (let y = first + 1; y < last; y++) sum += narrow[y * to + x]!
      out[i * to + x] = Math.round(sum / step)
    }
  }
  return out
}

/** First and last old pixel under a new one, and how much of each; nothing of the last where it is the first. */
function cover(i: number, step: number, side: number): [first: number, last: number, left: number, right: number] {
  const [from, to] = [i * step, Math.min(side, (i + 1) * step)]
  const first = Math.floor(from)
  const last = Math.min(side - 1, Math.ceil(to) - 1)
  return last === first ? [first, last, to - from, 0] : [first, last, first + 1 - from, to - last]
}

/** Two passes of a mean over 5 × 5 pixels, near to a Gaussian of deviation 2; the border repeats. */
export function smooth(picture: Uint8Array, side: number): Uint8Array {
  const twice = alongColumns(alongRows(alongColumns(alongRows(picture, side), side), side), side)
  const out = new Uint8Array(picture.length)
  for (let i = 0; i < out.length; i++) out[i] = twice[i]! + 0.5
  return out
}

function alongRows(from: Uint8Array | Float32Array, side: number): Float32Array {
  const out = new Float32Array(from.length)
  for (let start = 0; start < from.length; start += side) {
    const end = start + side - 1
    let sum = 3 * from[start]! + from[start + 1]! + from[start + 2]!
    for (let at = start; at <= end; at++) {
      out[at] = sum / 5
      const next = at + 3 > end ? end : at + 3
      const gone = at - 2 < start ? start : at - 2
      sum += from[next]! - from[gone]!
    }
  }
  return out
}

function alongColumns(from: Float32Array, side: number): Float32Array {
  const out = new Float32Array(from.length)
  const row = (y: number): number => Math.max(0, Math.min(side - 1, y)) * side
  const sums = new Float32Array(side)
  for (let y = -2; y <= 2; y++) for (let x = 0; x < side; x++) sums[x]! += from[row(y) + x]!
  for (let y = 0; y < side; y++) {
    const [next, gone] = [row(y + 3), row(y - 2)]
    for (let x = 0; x < side; x++) {
      out[y * side + x] = sums[x]! / 5
      sums[x]! += from[next + x]! - from[gone + x]!
    }
  }
  return out
}
