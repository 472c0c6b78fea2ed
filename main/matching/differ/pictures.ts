/** Pictures of a comparison: difference maps for the Match view, and pairs of frames for a report. */
import { heatOver, type Raster } from '../../signals/exhibit.ts'
import { MAP_FULL, type DifferenceMaps } from '../../contract/differences.ts'
import { rgbOf } from './faces.ts'
import { pictureOf } from './planes.ts'
import type { Grid } from './regions.ts'
import type { Footage, Sample } from './window.ts'
import { laidPicture } from './warp.ts'

/** 0 for what noise explains (and for what cannot be compared), 1 from `MAP_FULL` on. */
export const mapped = (ratio: number): number => Math.max(0, Math.min(1, (ratio - 1) / (MAP_FULL - 1))) || 0

/** All maps of a segment as grey tiles in one PNG. */
export async function mapSheet(
  maps: readonly Float32Array[],
  { columns, rows, width, height }: Grid,
): Promise<{ bytes: Uint8Array; about: Omit<DifferenceMaps, 'sha256'> }> {
  const across = Math.max(1, Math.min(maps.length, Math.ceil(Math.sqrt((maps.length * rows) / columns))))
  const down = Math.max(1, Math.ceil(maps.length / across))
  const data = new Uint8Array(across * columns * down * rows)
  maps.forEach((map, i) => {
    const [left, top] = [(i % across) * columns, Math.floor(i / across) * rows]
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        data[(top + y) * across * columns + left + x] = Math.round(255 * mapped(map[y * columns + x]!))
  })
  const { default: sharp } = await import('sharp')
  const bytes = await sharp(data, { raw: { width: across * columns, height: down * rows, channels: 1 } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  return { bytes: new Uint8Array(bytes), about: { across, columns, rows, width, height } }
}

/** A moment that is kept until it is known which moments to show. */
export interface KeptPair {
  readonly sample: Sample
  readonly map: Float32Array
  readonly fresh: Uint8Array
  readonly known: Uint8Array
}

const GAP = 6

/** New frame, known frame as it lies under it, and the map over the new frame, side by side. */
export async function pairPicture(
  { sample, map, fresh: freshFrame, known: knownFrame }: KeptPair,
  fresh: Footage,
  known: Footage,
  columns: number,
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const { width, height } = fresh
  const placed = laidPicture(pictureOf(knownFrame, known.width, known.height), sample.warp, fresh)
  const under = new Uint8Array((width * height * 3) / 2)
  const planes = [placed.y.data, placed.u.data, placed.v.data]
  let at = 0
  for (const [i, plane] of planes.entries())
    for (const value of plane)
      under[at++] = value === value ? Math.max(0, Math.min(255, Math.round(value))) : i ? 128 : 24
  const grey: Raster = { width, height, channels: 1, data: freshFrame.subarray(0, width * height) }
  const heat = heatOver(grey, map.map(mapped), columns)
  const parts = [rgbOf(freshFrame, fresh), rgbOf(under, fresh), heat.data]
  const whole = { width: 3 * width + 2 * GAP, height }
  const data = new Uint8Array(whole.width * height * 3).fill(255)
  parts.forEach((part, i) => {
    for (let y = 0; y < height; y++)
      data.set(part.subarray(y * width * 3, (y + 1) * width * 3), 3 * (y * whole.width + i * (width + GAP)))
  })
  const { default: sharp } = await import('sharp')
  const bytes = await sharp(data, { raw: { ...whole, channels: 3 } })
    .webp({ quality: 82, effort: 3 })
    .toBuffer()
  return { bytes: new Uint8Array(bytes), ...whole }
}
