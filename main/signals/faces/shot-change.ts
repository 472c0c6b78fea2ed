/**
 * Tells a hard cut from motion by two thumbnails of successive frames: the picture is elsewhere, and its colours are too.
 */
import type { Picture } from './reduce.ts'

/** Thumbnail size, pixels, and levels per colour of the histogram. */
const [WIDTH, HEIGHT, LEVELS] = [32, 18, 4]
/** Samples per side of a thumbnail pixel. */
const SAMPLES = 2
export const SHOT_CHANGE = {
  /** A cut where the mean grey difference of the thumbnails and the share of pixels that changed their colour bin, multiplied, exceed this. */
  least: 8,
}

interface Thumbnail {
  readonly grey: Float32Array
  /** Share of the samples per colour bin. */
  readonly bins: Float32Array
}

function thumbnail({ data, width, height }: Picture): Thumbnail {
  const grey = new Float32Array(WIDTH * HEIGHT)
  const bins = new Float32Array(LEVELS ** 3)
  const across = WIDTH * SAMPLES
  const down = HEIGHT * SAMPLES
  const bin = 256 / LEVELS
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      const row = Math.floor(((y + 0.5) * height) / down)
      const column = Math.floor(((x + 0.5) * width) / across)
      const p = (row * width + column) * 3
      const [r, g, b] = [data[p]!, data[p + 1]!, data[p + 2]!]
      const at = Math.floor(y / SAMPLES) * WIDTH + Math.floor(x / SAMPLES)
      grey[at] = grey[at]! + (0.299 * r + 0.587 * g + 0.114 * b) / SAMPLES ** 2
      const k = (Math.floor(r / bin) * LEVELS + Math.floor(g / bin)) * LEVELS + Math.floor(b / bin)
      bins[k] = bins[k]! + 1 / (across * down)
    }
  return { grey, bins }
}

/** Grey levels, less those that light alone explains, times share of changed colours; 0 for equal pictures. */
function change(a: Thumbnail, b: Thumbnail): number {
  let [grey, moved] = [0, 0]
  let light = 0
  for (let i = 0; i < a.grey.length; i++) light += (a.grey[i]! - b.grey[i]!) / a.grey.length
  for (let i = 0; i < a.grey.length; i++) grey += Math.abs(a.grey[i]! - b.grey[i]! - light) / a.grey.length
  for (let i = 0; i < a.bins.length; i++) moved += Math.abs(a.bins[i]! - b.bins[i]!) / 2
  return grey * moved
}

export class ShotChange {
  private last: Thumbnail | undefined

  /** How much the picture changed since the last one given; 0 for the first. */
  measure(picture: Picture): number {
    const now = thumbnail(picture)
    const value = this.last ? change(this.last, now) : 0
    this.last = now
    return value
  }

  /** Whether the picture is of another shot than the last one given. */
  next(picture: Picture): boolean {
    return this.measure(picture) > SHOT_CHANGE.least
  }
}
