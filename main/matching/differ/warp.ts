/**
 * From a place in the new picture to the place in the known one that shows the same. Lengths are continuous pixels: the
 * picture spans 0 to its width, and the middle of the first pixel lies at 0.5.
 */
import type { MatchPlacement } from '../../contract/matching.ts'
import type { Picture, Plane } from './planes.ts'

/** known x = xx · x + xy · y + x0; known y = yx · x + yy · y + y0. */
export interface Warp {
  readonly xx: number
  readonly xy: number
  readonly x0: number
  readonly yx: number
  readonly yy: number
  readonly y0: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export const WHOLE: MatchPlacement = { sx: 1, tx: 0, sy: 1, ty: 0 }

/** @param placement known frame to new frame, in fractions of width and height */
export function warpOf(placement: MatchPlacement, fresh: Size, known: Size): Warp {
  const { sx, tx, sy, ty } = placement
  return {
    xx: known.width / fresh.width / sx,
    xy: 0,
    x0: (-tx / sx) * known.width,
    yx: 0,
    yy: known.height / fresh.height / sy,
    y0: (-ty / sy) * known.height,
  }
}

/** The upright part of a warp as a placement: what turning there is, is left out. */
export function placementOf(warp: Warp, fresh: Size, known: Size): MatchPlacement {
  const sx = known.width / fresh.width / warp.xx
  const sy = known.height / fresh.height / warp.yy
  // Where the middle of the known picture lies.
  const det = warp.xx * warp.yy - warp.xy * warp.yx
  const [dx, dy] = [known.width / 2 - warp.x0, known.height / 2 - warp.y0]
  const x = (warp.yy * dx - warp.xy * dy) / det / fresh.width
  const y = (warp.xx * dy - warp.yx * dx) / det / fresh.height
  return { sx, tx: x - sx / 2, sy, ty: y - sy / 2 }
}

/** The same warp between pictures of other sizes. */
export function rescaled(warp: Warp, fresh: number, known: number): Warp {
  const ratio = known / fresh
  return {
    xx: warp.xx * ratio,
    xy: warp.xy * ratio,
    x0: warp.x0 * known,
    yx: warp.yx * ratio,
    yy: warp.yy * ratio,
    y0: warp.y0 * known,
  }
}

/** Furthest that two warps put a corner of the new picture apart, pixels of the known one. */
export function apart(a: Warp, b: Warp, { width, height }: Size): number {
  let most = 0
  for (const x of [0, width])
    for (const y of [0, height])
      most = Math.max(
        most,
        Math.hypot(
          (a.xx - b.xx) * x + (a.xy - b.xy) * y + a.x0 - b.x0,
          (a.yx - b.yx) * x + (a.yy - b.yy) * y + a.y0 - b.y0,
        ),
      )
  return most
}

/** Median of each of the six numbers. */
export function middleWarp(warps: readonly Warp[]): Warp {
  const of = (key: keyof Warp): number => {
    const sorted = warps.map((warp) => warp[key]).sort((a, b) => a - b)
    const half = sorted.length >> 1
    return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
  }
  return { xx: of('xx'), xy: of('xy'), x0: of('x0'), yx: of('yx'), yy: of('yy'), y0: of('y0') }
}

/** The known plane as it lies under the new one, by bilinear interpolation; NaN where it does not reach. */
export function laid(known: Plane, warp: Warp, { width, height }: Size): Plane {
  const { xx, xy, x0, yx, yy, y0 } = warp
  const { width: kw, height: kh, data } = known
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const px = xx * (x + 0.5) + xy * (y + 0.5) + x0 - 0.5
      const py = yx * (x + 0.5) + yy * (y + 0.5) + y0 - 0.5
      // Half a pixel beyond the outermost middles still belongs to the picture.
      if (!(px >= -0.5 && py >= -0.5 && px <= kw - 0.5 && py <= kh - 0.5)) {
        out[y * width + x] = Number.NaN
        continue
      }
      const cx = Math.min(Math.max(px, 0), kw - 1)
      const cy = Math.min(Math.max(py, 0), kh - 1)
      const left = Math.min(kw - 2, Math.floor(cx))
      const top = Math.min(kh - 2, Math.floor(cy))
      const [fx, fy] = [cx - left, cy - top]
      const at = top * kw + left
      const upper = data[at]! + fx * (data[at + 1]! - data[at]!)
      const lower = data[at + kw]! + fx * (data[at + kw + 1]! - data[at + kw]!)
      out[y * width + x] = upper + fy * (lower - upper)
    }
  return { width, height, data: out }
}

export function laidPicture(known: Picture, warp: Warp, fresh: Size): Picture {
  const half = { width: fresh.width / 2, height: fresh.height / 2 }
  const smaller = rescaled(warp, 0.5, 0.5)
  return { y: laid(known.y, warp, fresh), u: laid(known.u, smaller, half), v: laid(known.v, smaller, half) }
}
