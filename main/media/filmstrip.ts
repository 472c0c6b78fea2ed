/** Collects evenly spaced pictures while a video is decoded, and lays them side by side in one image. */
import { createHash } from 'node:crypto'
import type { OverlayOptions } from 'sharp'
import sharp from 'sharp'
import type { MediaFacts } from '../contract/media.ts'
import { displayAspect, pictureArea } from './streams.ts'
import type { Frame, FrameStream } from './types.ts'

export interface Filmstrip {
  readonly bytes: Uint8Array
  readonly mime: 'image/webp'
  readonly sha256: string
  readonly tiles: number
  readonly tileWidth: number
  readonly tileHeight: number
  /** Media time of each tile, seconds. */
  readonly times: number[]
}

export interface FilmstripCollector {
  /** Takes frames of one colour stream, in order; copies the few it keeps. */
  frame(frame: Frame): void
  /** The strip; null where there was no frame. Equal frames give equal bytes. */
  finish(): Promise<Filmstrip | null>
}

const TILES = 12
const TILE_HEIGHT = 90
/** A panorama may not make a strip of kilometres, nor a phone video one of slits. */
const TILE_WIDTH = { min: 24, max: 320 }

/**
 * A collector for frames of `stream` (`rgb24`). It needs no duration: it keeps every frame, then every second, every
 * fourth, … so that between 12 and 24 evenly spaced ones are always there, in at most 17 MB.
 */
export function filmstripCollector(stream: FrameStream, facts: MediaFacts): FilmstripCollector {
  const kept: { index: number; data: Uint8Array }[] = []
  let stride = 1
  let count = 0
  return {
    frame({ index, data }) {
      count = index + 1
      if (index % stride !== 0) return
      if (kept.length === 2 * TILES) {
        stride *= 2
        const even = kept.filter((frame) => frame.index % stride === 0)
        kept.splice(0, kept.length, ...even)
        if (index % stride !== 0) return
      }
      kept.push({ index, data: data.slice() })
    },
    async finish() {
      if (kept.length === 0) return null
      const tiles = evenly(kept, count)
      const tileHeight = TILE_HEIGHT
      const ideal = Math.round(tileHeight * displayAspect(facts))
      const tileWidth = Math.min(TILE_WIDTH.max, Math.max(TILE_WIDTH.min, ideal))
      const area = pictureArea(stream, facts)
      const raw = { width: stream.width, height: stream.height, channels: 3 as const }
      const overlays: OverlayOptions[] = []
      for (const [i, { data }] of tiles.entries()) {
        const input = await sharp(data, { raw })
          .extract({ left: area.x, top: area.y, width: area.width, height: area.height })
          .resize(tileWidth, tileHeight, { fit: 'fill' })
          .raw()
          .toBuffer()
        overlays.push({
          input,
          raw: { width: tileWidth, height: tileHeight, channels: 3 },
          left: i * tileWidth,
          top: 0,
        })
      }
      const canvas = { width: tileWidth * tiles.length, height: tileHeight, channels: 3 as const, background: '#000' }
      const bytes = new Uint8Array(
        await sharp({ create: canvas }).composite(overlays).webp({ quality: 78, effort: 3 }).toBuffer(),
      )
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const times = tiles.map(({ index }) => index / stream.rate)
      return { bytes, mime: 'image/webp', sha256, tiles: tiles.length, tileWidth, tileHeight, times }
    },
  }
}

/** The kept frames nearest to the middles of twelve equal parts; each frame once. */
function evenly<T extends { index: number }>(kept: readonly T[], count: number): T[] {
  const chosen = new Set<T>()
  const tiles = Math.min(TILES, kept.length)
  for (let tile = 0; tile < tiles; tile += 1) {
    const middle = ((tile + 0.5) * count) / tiles - 0.5
    let best = kept[0]!
    for (const frame of kept) if (Math.abs(frame.index - middle) < Math.abs(best.index - middle)) best = frame
    chosen.add(best)
  }
  return [...chosen].sort((a, b) => a.index - b.index)
}
