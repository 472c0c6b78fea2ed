/**
 * Lays one picture over another to a small part of a pixel: Gauss-Newton steps on the difference of brightness over an
 * affine warp together with gain and offset, coarse to fine (Lucas & Kanade, IJCAI 1981; Baker & Matthews, IJCV 2004).
 * Pixels that fit badly lose their say (Tukey's biweight), so that a region that shows something else does not pull.
 */
import { gradients, halved, quantile, softened, type Plane } from './planes.ts'
import { rescaled, type Warp } from './warp.ts'

export const REGISTERING = {
  /** Coarsest level: the longer side is at least this, pixels. */
  coarsest: 40,
  rounds: 14,
  /** A step that moves the picture by less than this, pixels of its level, is the last. */
  still: 0.004,
  /** Tukey's constant: residuals beyond so many standard deviations count nothing. */
  tukey: 4.685,
  /** Least standard deviation assumed of residuals, grey levels. */
  least: 1.2,
  /** Pixels used of one level, about. */
  pixels: 14_000,
} as const

export interface Registered {
  readonly warp: Warp
  /** Share of the pixels in common that fit, 0 to 1. */
  readonly fits: number
  /** Correlation of brightness over the pixels that fit, -1 to 1. */
  readonly correlation: number
  /** Share of the new picture that the known one covers, 0 to 1. */
  readonly covered: number
}

/** A picture made smaller by halves, finest first, a little softened. Make it once where it is compared often. */
export function pyramid(plane: Plane): Plane[] {
  const levels = [softened(plane)]
  for (let last = levels[0]!; Math.max(last.width, last.height) >= 2 * REGISTERING.coarsest;) {
    last = softened(halved(last))
    levels.push(last)
  }
  return levels
}

/**
 * @param fresh pyramid of the new picture @param known of the known one
 * @param start where it lies, roughly: a twentieth of the picture is near enough
 * @returns null where too little is in common, or nothing in it has an edge
 */
export function register(fresh: readonly Plane[], known: readonly Plane[], start: Warp): Registered | null {
  let warp = start
  let result: Registered | null = null
  for (let level = Math.min(fresh.length, known.length) - 1; level >= 0; level--) {
    const scale = 2 ** -level
    const refined = refine(fresh[level]!, known[level]!, rescaled(warp, scale, scale))
    if (!refined) return null
    warp = rescaled(refined.warp, 1 / scale, 1 / scale)
    result = { ...refined, warp }
  }
  return result
}

/** Unknowns: six of the warp (about the middle, in half widths), gain, offset. */
const N = 8

function refine(fresh: Plane, known: Plane, start: Warp): Registered | null {
  const { width, height } = fresh
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / REGISTERING.pixels)))
  const slope = gradients(known)
  const [mx, my, unit] = [width / 2, height / 2, Math.max(width, height) / 2]
  let warp = start
  let gain = 1
  let offset = Number.NaN
  let spread = Number.POSITIVE_INFINITY
  let last: Registered | null = null
  const most = Math.ceil(width / step) * Math.ceil(height / step)
  const residuals = new Float32Array(most)
  const [normal, right, row] = [new Float64Array(N * N), new Float64Array(N), new Float64Array(N)]
  for (let round = 0; round < REGISTERING.rounds; round++) {
    const sample = sampler(known, slope, warp)
    if (Number.isNaN(offset)) ({ gain, offset, spread } = firstLight(fresh, sample, step))
    if (Number.isNaN(offset)) return null
    normal.fill(0)
    right.fill(0)
    let [count, seen, fitting] = [0, 0, 0]
    const sums = { n: 0, f: 0, k: 0, ff: 0, kk: 0, fk: 0 }
    const cut = REGISTERING.tukey * Math.max(REGISTERING.least, spread)
    for (let y = 0; y < height; y += step)
      for (let x = 0; x < width; x += step) {
        seen++
        if (!sample.at(x + 0.5, y + 0.5)) continue
        const f = fresh.data[y * width + x]!
        const k = sample.value
        const r = f - gain * k - offset
        residuals[count++] = Math.abs(r)
        if (Math.abs(r) >= cut) continue
        const weight = (1 - (r / cut) ** 2) ** 2
        fitting++
        sums.n += weight
        sums.f += weight * f
        sums.k += weight * k
        sums.ff += weight * f * f
        sums.kk += weight * k * k
        sums.fk += weight * f * k
        const [ux, uy] = [(x + 0.5 - mx) / unit, (y + 0.5 - my) / unit]
        const [gx, gy] = [gain * sample.gx, gain * sample.gy]
        row[0] = gx * ux
        row[1] = gx * uy
        row[2] = gx
        row[3] = gy * ux
        row[4] = gy * uy
        row[5] = gy
        row[6] = k
        row[7] = 1
        for (let i = 0; i < N; i++) {
          const wi = weight * row[i]!
          right[i]! += wi * r
          for (let j = i; j < N; j++) normal[i * N + j]! += wi * row[j]!
        }
      }
    if (count < 200 || fitting < 0.15 * count) return last
    // Half of the residuals of a normal spread lie within 0.6745 deviations.
    spread = quantile(residuals.subarray(0, count), 0.5) / 0.6745
    last = { warp, fits: fitting / count, correlation: correlation(sums), covered: count / seen }
    const d = solve(normal, right)
    if (!d) return null
    const change = {
      xx: d[0]! / unit,
      xy: d[1]! / unit,
      x0: d[2]! - (d[0]! * mx + d[1]! * my) / unit,
      yx: d[3]! / unit,
      yy: d[4]! / unit,
      y0: d[5]! - (d[3]! * mx + d[4]! * my) / unit,
    }
    warp = {
      xx: warp.xx + change.xx,
      xy: warp.xy + change.xy,
      x0: warp.x0 + change.x0,
      yx: warp.yx + change.yx,
      yy: warp.yy + change.yy,
      y0: warp.y0 + change.y0,
    }
    if (!sound(warp)) return null
    last = { ...last, warp }
    gain = Math.min(3, Math.max(0.2, gain + d[6]!))
    offset += d[7]!
    if (Math.hypot(d[0]!, d[1]!, d[2]!, d[3]!, d[4]!, d[5]!) < REGISTERING.still) break
  }
  return last
}

/** No warp that a copy would have: turned by more than some 15 degrees, or squeezed beyond all use. */
const sound = ({ xx, xy, yx, yy }: Warp): boolean =>
  xx > 0.1 && yy > 0.1 && xx < 10 && yy < 10 && Math.abs(xy) < 0.27 * yy && Math.abs(yx) < 0.27 * xx

interface Sampler {
  value: number
  gx: number
  gy: number
  /** Reads value and slope of the known picture under a place of the new one; false outside. */
  at(x: number, y: number): boolean
}

function sampler({ width, height, data }: Plane, slope: { x: Float32Array; y: Float32Array }, warp: Warp): Sampler {
  const { xx, xy, x0, yx, yy, y0 } = warp
  const sample: Sampler = {
    value: 0,
    gx: 0,
    gy: 0,
    at(x, y) {
      const px = xx * x + xy * y + x0 - 0.5
      const py = yx * x + yy * y + y0 - 0.5
      if (!(px >= 1 && py >= 1 && px < width - 2 && py < height - 2)) return false
      const [left, top] = [Math.floor(px), Math.floor(py)]
      const [fx, fy] = [px - left, py - top]
      const [a, b, c, d] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy]
      const at = top * width + left
      const [e, g, h] = [at + 1, at + width, at + width + 1]
      sample.value = a * data[at]! + b * data[e]! + c * data[g]! + d * data[h]!
      sample.gx = a * slope.x[at]! + b * slope.x[e]! + c * slope.x[g]! + d * slope.x[h]!
      sample.gy = a * slope.y[at]! + b * slope.y[e]! + c * slope.y[g]! + d * slope.y[h]!
      return true
    },
  }
  return sample
}

/** Gain and offset that give both the same median and the same spread; NaN where there is too little. */
function firstLight(fresh: Plane, sample: Sampler, step: number): { gain: number; offset: number; spread: number } {
  const f: number[] = []
  const k: number[] = []
  for (let y = 0; y < fresh.height; y += step)
    for (let x = 0; x < fresh.width; x += step)
      if (sample.at(x + 0.5, y + 0.5)) {
        f.push(fresh.data[y * fresh.width + x]!)
        k.push(sample.value)
      }
  const of = (values: number[]) => {
    const sorted = Float32Array.from(values)
    const middle = quantile(sorted, 0.5)
    return { middle, spread: quantile(sorted, 0.75) - quantile(sorted, 0.25) }
  }
  const [a, b] = [of(f), of(k)]
  if (f.length < 200 || Math.min(a.spread, b.spread) < 2)
    return { gain: 1, offset: f.length < 200 ? Number.NaN : a.middle - b.middle, spread: 12 }
  const gain = Math.min(2, Math.max(0.5, a.spread / b.spread))
  const offset = a.middle - gain * b.middle
  const residuals = Float32Array.from(f, (value, i) => Math.abs(value - gain * k[i]! - offset))
  return { gain, offset, spread: quantile(residuals, 0.5) / 0.6745 }
}

function correlation({ n, f, k, ff, kk, fk }: Record<'n' | 'f' | 'k' | 'ff' | 'kk' | 'fk', number>): number {
  const [a, b] = [ff - (f * f) / n, kk - (k * k) / n]
  return a > 1e-6 && b > 1e-6 ? (fk - (f * k) / n) / Math.sqrt(a * b) : 0
}

/** Cholesky on the upper half of a symmetric matrix; undefined where an unknown is not determined. */
function solve(upper: Float64Array, right: Float64Array): Float64Array | undefined {
  const l = new Float64Array(N * N)
  for (let i = 0; i < N; i++) {
    const own = upper[i * N + i]!
    if (!(own > 1e-9)) return undefined
    for (let j = 0; j <= i; j++) {
      // A hair on the diagonal keeps an almost undetermined direction where it is.
      let sum = upper[j * N + i]! + (i === j ? own * 1e-6 : 0)
      for (let k = 0; k < j; k++) sum -= l[i * N + k]! * l[j * N + k]!
      if (i !== j) l[i * N + j] = sum / l[j * N + j]!
      else if (sum > own * 1e-9) l[i * N + i] = Math.sqrt(sum)
      else return undefined
    }
  }
  const out = Float64Array.from(right)
  for (let i = 0; i < N; i++) {
    for (let k = 0; k < i; k++) out[i]! -= l[i * N + k]! * out[k]!
    out[i]! /= l[i * N + i]!
  }
  for (let i = N - 1; i >= 0; i--) {
    for (let k = i + 1; k < N; k++) out[i]! -= l[k * N + i]! * out[k]!
    out[i]! /= l[i * N + i]!
  }
  return out
}
