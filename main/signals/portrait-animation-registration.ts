/**
 * Dense registration of two aligned crops of one face: where each place of the first lies in the second. Lucas and Kanade
 * ("An iterative image registration technique", IJCAI 1981) in a window around every pixel, coarse to fine (Bouguet 2000),
 * the field smoothed after each step: what it finds bends gently, as the motion fields of portrait animators do.
 */

const REGISTRATION = {
  /** Sides that the crops are reduced to, coarse to fine, and steps on each. */
  sides: [32, 64],
  steps: [5, 4],
  /** Half the side of the window, pixels, without its middle. */
  radius: 3,
  /** Added to the squared gradients of a window, squared grey levels: where there is no detail, nothing moves. */
  stiffness: 40,
  /** A step moves no place further than this, pixels. */
  longest: 1,
} as const

/** Side of the finest field, pixels; half that of the crop. */
export const FIELD = 64

/** Grey levels of one crop at one of the sides, their slopes, and the means of the slopes' products over the window. */
interface Level {
  readonly grey: Float32Array
  readonly gx: Float32Array
  readonly gy: Float32Array
  readonly xx: Float32Array
  readonly xy: Float32Array
  readonly yy: Float32Array
}
/** One crop, prepared for registration. */
export type Pyramid = readonly Level[]
/** Of `FIELD` × `FIELD` places: how far to the right and down the same place lies in the other crop, pixels of the field. */
export interface Field {
  readonly dx: Float32Array
  readonly dy: Float32Array
}

/** `grey`: square, `side` a multiple of 64. */
export const pyramidOf = (grey: Float32Array, side: number): Pyramid =>
  REGISTRATION.sides.map((to) => levelOf(reduced(grey, side, to), to))

export function register(first: Pyramid, second: Pyramid): Field {
  let field: Field = { dx: new Float32Array(0), dy: new Float32Array(0) }
  REGISTRATION.sides.forEach((side, level) => {
    field = level
      ? { dx: doubled(field.dx, side), dy: doubled(field.dy, side) }
      : { dx: new Float32Array(side * side), dy: new Float32Array(side * side) }
    refine(first[level]!, second[level]!, side, REGISTRATION.steps[level]!, field)
  })
  return field
}

function levelOf(grey: Float32Array, side: number): Level {
  const gx = new Float32Array(grey.length)
  const gy = new Float32Array(grey.length)
  for (let y = 0, i = 0; y < side; y++)
    for (let x = 0; x < side; x++, i++) {
      gx[i] = (grey[x + 1 < side ? i + 1 : i]! - grey[x ? i - 1 : i]!) / 2
      gy[i] = (grey[y + 1 < side ? i + side : i]! - grey[y ? i - side : i]!) / 2
    }
  const mean = (a: Float32Array, b: Float32Array) => windowMean(a, b, side)
  return { grey, gx, gy, xx: mean(gx, gx), xy: mean(gx, gy), yy: mean(gy, gy) }
}

/** Moves `field` by so many steps towards where `first` and the carried-over `second` agree. */
function refine(first: Level, second: Level, side: number, steps: number, field: Field): void {
  const { stiffness, longest } = REGISTRATION
  const { dx, dy } = field
  for (let step = 0; step < steps; step++) {
    const off = carried(second.grey, side, field)
    for (let i = 0; i < off.length; i++) off[i] = first.grey[i]! - off[i]!
    const bx = windowMean(first.gx, off, side)
    const by = windowMean(first.gy, off, side)
    for (let i = 0; i < off.length; i++) {
      const a = first.xx[i]! + stiffness
      const c = first.yy[i]! + stiffness
      const b = first.xy[i]!
      const determinant = a * c - b * b
      const ux = (c * bx[i]! - b * by[i]!) / determinant
      const uy = (a * by[i]! - b * bx[i]!) / determinant
      dx[i] = dx[i]! + Math.max(-longest, Math.min(longest, ux))
      dy[i] = dy[i]! + Math.max(-longest, Math.min(longest, uy))
    }
    dx.set(boxMean(dx, side, 1))
    dy.set(boxMean(dy, side, 1))
  }
}

/** Mean of a product over the window around every pixel. */
function windowMean(a: Float32Array, b: Float32Array, side: number): Float32Array {
  const product = new Float32Array(a.length)
  for (let i = 0; i < a.length; i++) product[i] = a[i]! * b[i]!
  return boxMean(product, side, REGISTRATION.radius)
}

/** A square plane at any place, bilinear; beyond the border the border is repeated. */
export function sampled(plane: Float32Array, side: number, x: number, y: number): number {
  const u = Math.max(0, Math.min(side - 1, x))
  const v = Math.max(0, Math.min(side - 1, y))
  const left = Math.min(side - 2, u | 0)
  const top = Math.min(side - 2, v | 0)
  const at = top * side + left
  const above = plane[at]! + (plane[at + 1]! - plane[at]!) * (u - left)
  const below = plane[at + side]! + (plane[at + side + 1]! - plane[at + side]!) * (u - left)
  return above + (below - above) * (v - top)
}

/** A plane looked up where the field points. */
function carried(plane: Float32Array, side: number, { dx, dy }: Field): Float32Array {
  const out = new Float32Array(plane.length)
  for (let y = 0, i = 0; y < side; y++)
    for (let x = 0; x < side; x++, i++) out[i] = sampled(plane, side, x + dx[i]!, y + dy[i]!)
  return out
}

/** The mean over a square window, border repeated; by running sums, so its size costs nothing. */
function boxMean(plane: Float32Array, side: number, radius: number): Float32Array {
  const once = new Float32Array(plane.length)
  const out = new Float32Array(plane.length)
  const share = 1 / (2 * radius + 1)
  const pass = (from: Float32Array, to: Float32Array, along: number, across: number) => {
    for (let line = 0; line < side; line++) {
      const start = line * across
      let sum = 0
      for (let k = -radius; k <= radius; k++) sum += from[start + along * Math.max(0, k)]!
      for (let i = 0; i < side; i++) {
        to[start + along * i] = sum * share
        sum +=
          from[start + along * Math.min(side - 1, i + radius + 1)]! - from[start + along * Math.max(0, i - radius)]!
      }
    }
  }
  pass(plane, once, 1, side)
  pass(once, out, side, 1)
  return out
}

/** Each pixel the mean of the block that it stands for; `to` divides `from`. */
function reduced(plane: Float32Array, from: number, to: number): Float32Array {
  const factor = from / to
  const out = new Float32Array(to * to)
  for (let y = 0; y < from; y++)
    for (let x = 0; x < from; x++)
      out[Math.floor(y / factor) * to + Math.floor(x / factor)]! += plane[y * from + x]! / factor ** 2
  return out
}

/** A component of a field at twice the side: twice as fine, and twice as long. */
function doubled(plane: Float32Array, to: number): Float32Array {
  const out = new Float32Array(to * to)
  for (let y = 0, i = 0; y < to; y++)
    for (let x = 0; x < to; x++, i++) out[i] = 2 * sampled(plane, to / 2, (x - 0.5) / 2, (y - 0.5) / 2)
  return out
}
