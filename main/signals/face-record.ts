/** What signals that follow faces keep of them, and how they tell where and when. */
import type { Region } from '../contract/common.ts'
import type { Face } from './faces/face.ts'

/** What decides how well a face could be seen. */
export interface Seen {
  /** Pixels of the frame. */
  readonly height: number
  readonly sharpness: number
}

export const seenOf = ({ box, quality }: Face): Seen => ({ height: box.height, sharpness: quality.sharpness })

/** The face's box as shares of the picture. */
export const regionOf = ({ box }: Face, { width, height }: { width: number; height: number }): Region => ({
  x: box.x / width,
  y: box.y / height,
  width: box.width / width,
  height: box.height / height,
})

/** The smallest region that holds all of them. */
export function around(regions: readonly Region[]): Region {
  const x = Math.min(...regions.map((r) => r.x))
  const y = Math.min(...regions.map((r) => r.y))
  return {
    x,
    y,
    width: Math.max(...regions.map((r) => r.x + r.width)) - x,
    height: Math.max(...regions.map((r) => r.y + r.height)) - y,
  }
}

/**
 * What a calibration's domain compares: how well the face was seen, and the bits per pixel and frame, of which more than
 * `manyBits` say no more.
 */
export function seenDomain(seen: readonly Seen[], density: number | null, manyBits: number): Record<string, number> {
  const domain: Record<string, number> = {
    'face height, px': lowerMedian(seen.map((s) => s.height)),
    'sharpness': lowerMedian(seen.map((s) => s.sharpness)),
  } // prettier-ignore
  if (density !== null) domain['bits per pixel'] = Math.min(manyBits, density)
  return domain
}

/** First and last place of every stretch whose levels are all at least so high. */
export function* stretches(levels: readonly number[], least: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < levels.length; from++) {
    if (levels[from]! < least) continue
    let to = from
    while (to + 1 < levels.length && levels[to + 1]! >= least) to++
    yield [from, to]
    from = to
  }
}

/** Adds to the list that stands under a track's number. */
export function push<V>(map: Map<number, V[]>, track: number, value: V): void {
  const known = map.get(track)
  if (known) known.push(value)
  else map.set(track, [value])
}

/** Of an even number of values the lower of the two in the middle; the list is not empty. */
export const lowerMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]!
