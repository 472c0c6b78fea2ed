/** How much two pictures that lie on each other differ, block by block, beside what would explain it. */
import { gradients, softened, type Picture } from './planes.ts'

/** Pixels of the new picture in a block, either way. */
export const BLOCK = 8

/** One number per block, rows top to bottom; NaN where the known picture does not reach over most of the block. */
export interface Blocks {
  readonly columns: number
  readonly rows: number
  /** Mean difference of brightness and of the two colours, grey levels. */
  readonly light: Float32Array
  readonly colour: Float32Array
  /** Mean slope of both pictures, grey levels a pixel: what a shift or a blur of one pixel would change. */
  readonly texture: Float32Array
  /** The same of the two colours together, grey levels a pixel of theirs. */
  readonly colourTexture: Float32Array
  /** Mean change of the known picture to the next one, grey levels. */
  readonly motion: Float32Array
}

/**
 * Both pictures are softened a little first: sharpness that an encoder took away is no difference.
 *
 * @param known laid under the new picture and in its light
 * @param next the brightness of the known picture a moment later, laid alike; null where there is none
 */
export function compareBlocks(fresh: Picture, known: Picture, next: Float32Array | null): Blocks {
  const { width, height } = fresh.y
  const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)]
  const size = columns * rows
  const make = (): Float32Array => new Float32Array(size).fill(Number.NaN)
  const out: Blocks = { columns, rows, light: make(), colour: make(), texture: make(), colourTexture: make(), motion: make() } // prettier-ignore
  const [f, k] = [softened(fresh.y), softened(known.y)]
  const [gf, gk] = [gradients(f), gradients(k)]
  const half = width / 2
  const planes = [fresh.u, known.u, fresh.v, known.v].map((plane) => softened(plane))
  const [fu, ku, fv, kv] = planes.map(({ data }) => data) as [Float32Array, Float32Array, Float32Array, Float32Array]
  const slopes = planes.map(gradients)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let [n, light, texture, motion] = [0, 0, 0, 0]
      for (let y = row * BLOCK; y < (row + 1) * BLOCK; y++)
        for (let x = column * BLOCK, at = y * width + x; x < (column + 1) * BLOCK; x++, at++) {
          const there = k.data[at]!
          const slope = Math.abs(gk.x[at]!) + Math.abs(gk.y[at]!)
          if (there !== there || slope !== slope) continue
          n++
          light += Math.abs(f.data[at]! - there)
          texture += (Math.abs(gf.x[at]!) + Math.abs(gf.y[at]!) + slope) / 2
          if (next) motion += Math.abs(next[at]! - known.y.data[at]!) || 0
        }
      if (n < (BLOCK * BLOCK) / 2) continue
      let [m, colour, colourTexture] = [0, 0, 0]
      for (let y = (row * BLOCK) / 2; y < ((row + 1) * BLOCK) / 2; y++)
        for (let x = (column * BLOCK) / 2, at = y * half + x; x < ((column + 1) * BLOCK) / 2; x++, at++) {
          const off = Math.abs(fu[at]! - ku[at]!) + Math.abs(fv[at]! - kv[at]!)
          if (off !== off) continue
          m++
          colour += off
          // Beside what the known picture does not reach there is no slope.
          for (const slope of slopes) colourTexture += (Math.abs(slope.x[at]!) + Math.abs(slope.y[at]!) || 0) / 2
        }
      const i = row * columns + column
      out.light[i] = light / n
      out.colour[i] = m ? colour / m : 0
      out.texture[i] = texture / n
      out.colourTexture[i] = m ? colourTexture / m : 0
      out.motion[i] = motion / n
    }
  return out
}
