/** A bounded choice of whole thumbnails for exhibits: evenly spaced, thinned out as the video goes on. */
import type { Raster } from './exhibit.ts'
import { GRID, SIDE, type FrameRecord } from './temporal-frames.ts'
import { enlarge } from './exhibit.ts'

/** 16 MiB of thumbnails. */
const LIMIT = 256

export class Thumbs {
  #stride = 1
  #kept = new Map<number, Uint8Array>()

  offer(index: number, pixels: Uint8Array): void {
    if (index % this.#stride) return
    this.#kept.set(index, Uint8Array.from(pixels))
    if (this.#kept.size <= LIMIT) return
    this.#stride *= 2
    for (const kept of this.#kept.keys()) if (kept % this.#stride) this.#kept.delete(kept)
  }

  /** The whole thumbnail of this frame, or its reduced picture in squares where it was not kept. */
  picture(index: number, record: FrameRecord): Raster {
    const data = this.#kept.get(index)
    if (data) return { width: SIDE, height: SIDE, channels: 1, data }
    return enlarge({ width: GRID, height: GRID, channels: 1, data: record.picture(index) }, SIDE / GRID)
  }

  /** The kept frame nearest to `index` within `from` to `to`, or `index` itself where none is kept there. */
  nearest(index: number, from: number, to: number): number {
    let best = index
    let distance = Number.POSITIVE_INFINITY
    for (const kept of this.#kept.keys())
      if (kept >= from && kept <= to && Math.abs(kept - index) < distance)
        [best, distance] = [kept, Math.abs(kept - index)]
    return best
  }
}
