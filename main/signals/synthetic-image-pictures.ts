/** The exhibit of the synthetic-image signal: where the network's map is high, beside the plain picture. */
import { heat, type Raster } from './exhibit.ts'
import { PATCH } from './synthetic-image-patches.ts'
import { sigmoid } from './synthetic-image-reading.ts'

/** One patch with its map of logits, `cells` × `cells`. */
export interface MappedPatch {
  readonly x: number
  readonly y: number
  readonly heat: Float32Array
}
export interface LookedAt {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const GAP = 8

/** The smallest rectangle around the patches. */
export function around(patches: readonly MappedPatch[]): LookedAt {
  const x = Math.min(...patches.map((p) => p.x))
  const y = Math.min(...patches.map((p) => p.y))
  const right = Math.max(...patches.map((p) => p.x)) + PATCH
  const bottom = Math.max(...patches.map((p) => p.y)) + PATCH
  return { x, y, width: right - x, height: bottom - y }
}

/**
 * The region twice, side by side: as it is, and in grey with the map over it. A cell of logit 0 or less stays grey; where
 * patches overlap, the mean is shown.
 */
export function mapBeside(region: Raster, at: LookedAt, patches: readonly MappedPatch[]): Raster {
  const { width, height } = region
  const sum = new Float32Array(width * height)
  const count = new Uint8Array(width * height)
  for (const patch of patches) {
    const cells = Math.sqrt(patch.heat.length)
    for (let y = 0; y < PATCH; y++)
      for (let x = 0; x < PATCH; x++) {
        const pixel = (patch.y - at.y + y) * width + patch.x - at.x + x
        sum[pixel]! += patch.heat[Math.floor((y * cells) / PATCH) * cells + Math.floor((x * cells) / PATCH)]!
        count[pixel]!++
      }
  }
  const across = 2 * width + GAP
  const data = new Uint8Array(across * height * 3).fill(255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x
      const rgb = region.data.subarray(pixel * 3, pixel * 3 + 3)
      data.set(rgb, (y * across + x) * 3)
      const light = 0.299 * rgb[0]! + 0.587 * rgb[1]! + 0.114 * rgb[2]!
      const value = count[pixel] ? Math.max(0, 2 * sigmoid(sum[pixel]! / count[pixel]!) - 1) : 0
      const colour = heat(0.35 + 0.65 * value)
      for (let c = 0; c < 3; c++)
        data[(y * across + width + GAP + x) * 3 + c] = Math.round(
          light * (1 - 0.65 * value) + colour[c as 0 | 1 | 2] * 0.65 * value,
        )
    }
  return { width: across, height, channels: 3, data }
}
