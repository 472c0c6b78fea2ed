/** The exhibit of the face-manipulation signal: a face as it is, and in grey with the network's map over it. */
import { heat, type Raster } from './exhibit.ts'

/** Enlargement of the crop, and white columns between the two pictures. */
const FACTOR = 3
const GAP = 12
/** Share of colour where the map is 1. */
const COVER = 0.8
/** Colours of map values 0 to 1. */
const COLOURS = Array.from({ length: 256 }, (_, i) => heat(0.35 + (0.65 * i) / 255))

/** A square plane of `from` × `from` values at `to` × `to`, bilinear between the middles of its cells. */
function enlarged(plane: ArrayLike<number>, from: number, to: number): Float32Array {
  const low = new Int32Array(to)
  const share = new Float32Array(to)
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5))
    low[i] = Math.min(Math.floor(at), from - 2)
    share[i] = at - low[i]!
  }
  const out = new Float32Array(to * to)
  for (let y = 0; y < to; y++)
    for (let x = 0; x < to; x++) {
      const i = low[y]! * from + low[x]!
      const above = plane[i]! + (plane[i + 1]! - plane[i]!) * share[x]!
      const below = plane[i + from]! + (plane[i + from + 1]! - plane[i + from]!) * share[x]!
      out[y * to + x] = above + (below - above) * share[y]!
    }
  return out
}

/**
 * `crop`: RGB, square, `side` pixels; `map`: square, 2 × 2 or more, 0 to 1. Where the map is 0 the right picture stays grey.
 */
export function cropBesideMap(crop: Uint8Array, side: number, map: ArrayLike<number>): Raster {
  const large = side * FACTOR
  const width = 2 * large + GAP
  const data = new Uint8Array(width * large * 3).fill(255)
  const [red, green, blue] = [0, 1, 2].map((c) => {
    const plane = new Float32Array(side * side)
    for (let i = 0; i < plane.length; i++) plane[i] = crop[3 * i + c]!
    return enlarged(plane, side, large)
  }) as [Float32Array, Float32Array, Float32Array]
  const values = enlarged(map, Math.sqrt(map.length), large)
  for (let i = 0; i < values.length; i++) {
    const [r, g, b] = [red[i]!, green[i]!, blue[i]!]
    const value = Math.min(1, Math.max(0, values[i]!))
    const light = (0.299 * r + 0.587 * g + 0.114 * b) * (1 - COVER * value)
    const colour = COLOURS[Math.round(value * 255)]!
    const left = (Math.floor(i / large) * width + (i % large)) * 3
    const right = left + (large + GAP) * 3
    data[left] = Math.round(r)
    data[left + 1] = Math.round(g)
    data[left + 2] = Math.round(b)
    data[right] = Math.round(light + colour[0] * COVER * value)
    data[right + 1] = Math.round(light + colour[1] * COVER * value)
    data[right + 2] = Math.round(light + colour[2] * COVER * value)
  }
  return { width, height: large, channels: 3, data }
}
