/**
 * Two moments of one face: how far its parts moved against each other, and how much of the fine detail of the one is the fine
 * detail of the other, only moved. A camera sees wrinkles, teeth, light and grain come and go; what animates one photograph can
 * only move what the photograph holds.
 */
import { lowerMedian } from './face-record.ts'
import { FIELD, pyramidOf, register, sampled, type Field, type Pyramid } from './portrait-animation-registration.ts'

export const PAIRS = {
  /** Side of the aligned crop, pixels; it shows so many widths of the usual template. */
  crop: 128,
  context: 1.25,
  /** The fine detail: what lies between two Gaussian blurs of these standard deviations, pixels. Finer is noise and encoding. */
  fine: 1,
  coarse: 2,
  /** The face without hair and background: columns and rows of the crop. */
  left: 36,
  right: 92,
  top: 30,
  bottom: 98,
  /** Pixels that are added to every motion: less than this cannot be told from none. */
  steadiness: 0.25,
  /** The least share of detail that is never explained. */
  rest: 0.001,
} as const

/** One moment of a face, prepared for comparison. */
export interface Look {
  readonly time: number
  /** RGB, as it was cut. */
  readonly crop: Uint8Array
  readonly pyramid: Pyramid
  readonly detail: Float32Array
}

export interface Comparison {
  /** Mean way of the face's places against the middle one of them, pixels of the crop. */
  readonly motion: number
  /** What of that is left once the best affine motion is taken out, pixels: a photograph that is shifted, zoomed or turned has none. */
  readonly bend: number
  /** Correlation of the fine detail once the motion is undone, up to 1. */
  readonly agreement: number
  /** Log of motion over detail left unexplained: high where much moved and nothing else changed. */
  readonly value: number
  readonly field: Field
}

/** `crop`: RGB, `PAIRS.crop` pixels square. */
export function look(crop: Uint8Array, time: number): Look {
  const { crop: side, fine, coarse } = PAIRS
  const grey = new Float32Array(side * side)
  for (let i = 0; i < grey.length; i++)
    grey[i] = 0.299 * crop[3 * i]! + 0.587 * crop[3 * i + 1]! + 0.114 * crop[3 * i + 2]!
  const detail = blurred(grey, side, fine)
  const softer = blurred(grey, side, coarse)
  for (let i = 0; i < detail.length; i++) detail[i] = detail[i]! - softer[i]!
  return { time, crop, pyramid: pyramidOf(grey, side), detail }
}

export function compare(first: Look, second: Look): Comparison {
  const field = register(first.pyramid, second.pyramid)
  const moved = carriedDetail(second, field)
  let product = 0
  let a = 0
  let b = 0
  eachOfFace((i) => {
    const p = first.detail[i]!
    const q = moved[i]!
    product += p * q
    a += p * p
    b += q * q
  })
  const agreement = product / (Math.sqrt(a * b) + 1e-6)
  const { motion, bend } = motionOf(field)
  return { motion, bend, agreement, field, value: Math.log((motion + PAIRS.steadiness) / (1 + PAIRS.rest - agreement)) }
}

/** The fine detail of `look`, carried over to the other moment: within the face, 0 elsewhere. */
export function carriedDetail(look: Look, { dx, dy }: Field): Float32Array {
  const scale = PAIRS.crop / FIELD
  const out = new Float32Array(look.detail.length)
  eachOfFace((i, x, y) => {
    const u = (x + 0.5) / scale - 0.5
    const v = (y + 0.5) / scale - 0.5
    const right = scale * sampled(dx, FIELD, u, v)
    const down = scale * sampled(dy, FIELD, u, v)
    out[i] = sampled(look.detail, PAIRS.crop, x + right, y + down)
  })
  return out
}

/** Calls with every pixel of the face: its index, column and row. */
function eachOfFace(visit: (index: number, x: number, y: number) => void): void {
  for (let y = PAIRS.top; y < PAIRS.bottom; y++)
    for (let x = PAIRS.left; x < PAIRS.right; x++) visit(y * PAIRS.crop + x, x, y)
}

function motionOf({ dx, dy }: Field): { motion: number; bend: number } {
  const scale = PAIRS.crop / FIELD
  const places: number[] = []
  for (let y = PAIRS.top / scale; y < PAIRS.bottom / scale; y++)
    for (let x = PAIRS.left / scale; x < PAIRS.right / scale; x++) places.push(y * FIELD + x)
  const [right, down] = [dx, dy].map((plane) => places.map((i) => scale * plane[i]!)) as [number[], number[]]
  const [mx, my] = [lowerMedian(right), lowerMedian(down)]
  const [bx, by] = [offPlane(places, right), offPlane(places, down)]
  return {
    motion: mean(right.map((x, i) => Math.hypot(x - mx, down[i]! - my))),
    bend: mean(bx.map((x, i) => Math.hypot(x, by[i]!))),
  }
}

/** What of `values` the plane through them (least squares; the places form a full grid) does not tell. */
function offPlane(places: readonly number[], values: readonly number[]): number[] {
  const xs = centred(places.map((i) => i % FIELD))
  const ys = centred(places.map((i) => Math.floor(i / FIELD)))
  const rest = centred(values)
  const slope = (along: readonly number[]) =>
    along.reduce((sum, a, i) => sum + a * rest[i]!, 0) / along.reduce((sum, a) => sum + a * a, 0)
  const [u, v] = [slope(xs), slope(ys)]
  return rest.map((value, i) => value - u * xs[i]! - v * ys[i]!)
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function centred(values: readonly number[]): number[] {
  const middle = mean(values)
  return values.map((value) => value - middle)
}

/** Gaussian blur, border mirrored; the kernel reaches four standard deviations. */
function blurred(plane: Float32Array, side: number, sigma: number): Float32Array {
  const reach = Math.ceil(4 * sigma)
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)),
  )
  const total = kernel.reduce((sum, k) => sum + k, 0)
  for (let k = 0; k < kernel.length; k++) kernel[k] = kernel[k]! / total
  const line = new Float32Array(side + 2 * reach)
  const pass = (from: Float32Array, along: number, across: number) => {
    const to = new Float32Array(from.length)
    for (let start = 0; start < side * across; start += across) {
      for (let i = 0; i < side; i++) line[reach + i] = from[start + i * along]!
      for (let k = 1; k <= reach; k++) {
        line[reach - k] = line[reach + k]!
        line[reach + side - 1 + k] = line[reach + side - 1 - k]!
      }
      for (let i = 0; i < side; i++) {
        let sum = 0
        for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * line[i + k]!
        to[start + i * along] = sum
      }
    }
    return to
  }
  return pass(pass(plane, 1, side), side, 1)
}
