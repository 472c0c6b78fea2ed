/** The exhibit of the portrait-animation signal: two moments of a face, and what motion leaves unexplained between them. */
import { heat, type Raster } from './exhibit.ts'
import { carriedDetail, PAIRS, type Look } from './portrait-animation-pairs.ts'
import type { Field } from './portrait-animation-registration.ts'

/** Enlargement of the crops, and white columns between the pictures. */
const FACTOR = 3
const GAP = 12
/** Difference of fine detail, grey levels, that is drawn in the lightest colour. */
const LIGHTEST = 14

/** The earlier moment, the later one, and over the earlier one in grey what of its fine detail is not found in the later one. */
export function pairBesideRest(first: Look, second: Look, field: Field): Raster {
  const side = PAIRS.crop
  const moved = carriedDetail(second, field)
  const large = side * FACTOR
  const width = 3 * large + 2 * GAP
  const data = new Uint8Array(width * large * 3).fill(255)
  for (let y = 0; y < large; y++)
    for (let x = 0; x < large; x++) {
      const [px, py] = [Math.floor(x / FACTOR), Math.floor(y / FACTOR)]
      const i = py * side + px
      const rgb = [0, 1, 2].map((c) => first.crop[3 * i + c]!)
      const at = (y * width + x) * 3
      data.set(rgb, at)
      data.set(second.crop.subarray(3 * i, 3 * i + 3), at + (large + GAP) * 3)
      data.set(
        shaded(rgb, inFace(px, py) ? Math.abs(first.detail[i]! - moved[i]!) / LIGHTEST : 0),
        at + 2 * (large + GAP) * 3,
      )
    }
  return { width, height: large, channels: 3, data }
}

const inFace = (x: number, y: number) => x >= PAIRS.left && x < PAIRS.right && y >= PAIRS.top && y < PAIRS.bottom

/** The pixel's grey, taking the colour of `value` (0 to 1) as far as that is high. */
function shaded([r, g, b]: readonly number[], value: number): number[] {
  const share = 0.85 * Math.min(1, value)
  const light = (0.299 * r! + 0.587 * g! + 0.114 * b!) * (1 - share)
  return heat(0.35 + 0.65 * value).map((c) => Math.round(light + c * share))
}
