/** The exhibit of the face-manipulation signal: a face as it is, and in grey with the network's map over it. */
import { heat, type Raster } from './exhibit.ts'

/** Enlargement of the crop, and white columns between the two pictures. */
const FACTOR = 3
const GAP = 12
/** Share of colour where the map is 1. */
const COVER = 0.8

/** Value of a map at a place given in cells, bilinear between the middles of the cells. */
function between(map: ArrayLike<number>, cells: number, x: number, y: number): number {
  const u = Math.min(cells - 1, Math.max(0, x - 0.5))
  const v = Math.min(cells - 1, Math.max(0, y - 0.5))
  const left = Math.floor(u)
  const right = Math.min(cells - 1, left + 1)
  const top = Math.floor(v) * cells
  const bottom = Math.min(cells - 1, Math.floor(v) + 1) * cells
  const fx = u - left
  const fy = v - Math.floor(v)
  return (
    (map[top + left]! * (1 - fx) + map[top + right]! * fx) * (1 - fy) +
    (map[bottom + left]! * (1 - fx) + map[bottom + right]! * fx) * fy
  )
}

/** `crop`: RGB, square, `side` pixels; `map`: square, 0 to 1. Where the map is 0 the right picture stays grey. */
export function cropBesideMap(crop: Uint8Array, side: number, map: ArrayLike<number>): Raster {
  const cells = Math.sqrt(map.length)
  const large = side * FACTOR
  const width = 2 * large + GAP
  const data = new Uint8Array(width * large * 3).fill(255)
  const channel = [0, 1, 2].map((c) => {
    const plane = new Float32Array(side * side)
    for (let i = 0; i < plane.length; i++) plane[i] = crop[3 * i + c]!
    return plane
  })
  for (let y = 0; y < large; y++)
    for (let x = 0; x < large; x++) {
      const [u, v] = [(x + 0.5) / FACTOR, (y + 0.5) / FACTOR]
      const rgb = channel.map((plane) => between(plane, side, u, v))
      const value = Math.min(1, Math.max(0, between(map, cells, (u * cells) / side, (v * cells) / side)))
      const light = 0.299 * rgb[0]! + 0.587 * rgb[1]! + 0.114 * rgb[2]!
      const colour = heat(0.35 + 0.65 * value)
      for (let c = 0; c < 3; c++) {
        data[(y * width + x) * 3 + c] = Math.round(rgb[c]!)
        data[(y * width + large + GAP + x) * 3 + c] = Math.round(
          light * (1 - COVER * value) + colour[c as 0 | 1 | 2] * COVER * value,
        )
      }
    }
  return { width, height: large, channels: 3, data }
}
