/**
 * Takes out what only light and grading change: brightness by a parabola (gain, offset and a bend, near enough to gamma), the
 * two colour differences by a linear map of both (saturation, hue, tint). Fitted by least squares with Tukey's weights, so that
 * a region that differs does not bend the fit.
 */
import type { Picture } from './planes.ts'

const ROUNDS = 5
const TUKEY = 4.685
/** Least standard deviation assumed of residuals, grey levels. */
const LEAST = 1
/** Weight of staying as it was: that of values that spread by 2.2 levels. */
const HELD = 3e-4
/** Every third pixel of every third row is enough for nine numbers. */
const STEP = 3

/**
 * The known picture, already laid under the new one, in the light of the new one. Where it does not reach (NaN) it stays so.
 */
export function lit(known: Picture, fresh: Picture): Picture {
  const y = curve(known.y.data, fresh.y.data, known.y.width)
  const colour = (of: Float32Array, own: 1 | 2): Float32Array =>
    linear(known.u.data, known.v.data, of, known.u.width, own)
  return {
    y: { ...known.y, data: y },
    u: { ...known.u, data: colour(fresh.u.data, 1) },
    v: { ...known.v, data: colour(fresh.v.data, 2) },
  }
}

function curve(known: Float32Array, fresh: Float32Array, width: number): Float32Array {
  const basis = (i: number, row: Float64Array): boolean => {
    const value = known[i]! / 128 - 1
    row[0] = 1
    row[1] = value
    row[2] = value * value
    return value === value
  }
  const fitted = fit(basis, fresh, width, 1)
  if (!fitted) return known
  const [a, b, c] = [...fitted] as [number, number, number]
  // A parabola that falls again would turn light into dark.
  const rising = b - 2 * Math.abs(c) > 0
  return known.map((value) => {
    const x = value / 128 - 1
    return rising ? a + b * x + c * x * x : a + b * x
  })
}

/** @param own 1 where it is made from `u` mostly, 2 from `v` */
function linear(u: Float32Array, v: Float32Array, fresh: Float32Array, width: number, own: 1 | 2): Float32Array {
  const basis = (i: number, row: Float64Array): boolean => {
    row[0] = 1
    row[1] = u[i]! / 128 - 1
    row[2] = v[i]! / 128 - 1
    return row[1] === row[1]
  }
  const fitted = fit(basis, fresh, width, own)
  if (!fitted) return (own === 1 ? u : v).slice()
  const [a, b, c] = [...fitted] as [number, number, number]
  return u.map((value, i) => a + b * (value / 128 - 1) + c * (v[i]! / 128 - 1))
}

/** Three coefficients; null where they are not determined. */
function fit(
  basis: (i: number, row: Float64Array) => boolean,
  target: Float32Array,
  width: number,
  own: number,
): Float64Array | null {
  const places: number[] = []
  const row = new Float64Array(3)
  const height = target.length / width
  for (let y = 1; y < height; y += STEP)
    for (let x = 1; x < width; x += STEP) if (basis(y * width + x, row)) places.push(y * width + x)
  if (places.length < 50) return null
  let found: Float64Array | null = null
  let cut = Number.POSITIVE_INFINITY
  const residuals = new Float32Array(places.length)
  for (let round = 0; round < ROUNDS; round++) {
    const m = new Float64Array(9)
    const r = new Float64Array(3)
    for (const i of places) {
      basis(i, row)
      const value = target[i]!
      let weight = 1
      if (found) {
        const off = (value - dot(found, row)) / cut
        if (Math.abs(off) >= 1) continue
        weight = (1 - off * off) ** 2
      }
      for (let a = 0; a < 3; a++) {
        r[a]! += weight * row[a]! * value
        for (let b = 0; b < 3; b++) m[a * 3 + b]! += weight * row[a]! * row[b]!
      }
    }
    // Where the values hardly spread, or only noise spreads them, nothing is changed: the fit is held to what was.
    for (let a = 1; a < 3; a++) {
      m[a * 4]! += HELD * places.length
      r[a]! += HELD * places.length * (a === own ? 128 : 0)
    }
    found = solve3(m, r) ?? found
    if (!found) return null
    places.forEach((i, n) => {
      basis(i, row)
      residuals[n] = Math.abs(target[i]! - dot(found!, row))
    })
    residuals.sort()
    cut = TUKEY * Math.max(LEAST, residuals[residuals.length >> 1]! / 0.6745)
  }
  return found
}

const dot = (a: Float64Array, b: Float64Array): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!

/** Cramer's rule. */
function solve3(m: Float64Array, r: Float64Array): Float64Array | null {
  const det = (a: number[]): number =>
    a[0]! * (a[4]! * a[8]! - a[5]! * a[7]!) -
    a[1]! * (a[3]! * a[8]! - a[5]! * a[6]!) +
    a[2]! * (a[3]! * a[7]! - a[4]! * a[6]!)
  const whole = det([...m])
  if (!(Math.abs(whole) > 1e-9)) return null
  return Float64Array.from([0, 1, 2], (column) => {
    const with_ = [...m]
    for (let i = 0; i < 3; i++) with_[i * 3 + column] = r[i]!
    return det(with_) / whole
  })
}
