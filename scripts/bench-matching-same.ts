/**
 * Whether two clips are one recording under two names, by their pixels and samples and not by fingerprints: in a collection,
 * such a pair is no false match. Two takes in one place look alike, but what changes from frame to frame differs.
 */
import { SOUND_RATE } from '../main/media/types.ts'
import type { Stretch } from '../main/matching/align.ts'
import type { Placement } from '../main/matching/geometry.ts'
import type { Thumbs } from './bench-matching-media.ts'

const RATE = 5
const FRAME = 256 * 256

export interface Evidence {
  /** Highest correlation, over small shifts, of what changes from frame to frame, pixel by pixel; null: nothing to compare. */
  readonly picture: number | null
  /** Highest correlation, over small shifts, of the waveforms. */
  readonly sound: number | null
}

/** Correlation from which two pictures or waveforms are the same recording: other takes lie near 0, a crop at another time base near 0.5. */
export const SAME = 0.5
export const oneRecording = ({ picture, sound }: Evidence): boolean => (picture ?? 0) >= SAME || (sound ?? 0) >= SAME

export function evidence(
  a: { thumbs: Thumbs; samples: Float32Array },
  b: { thumbs: Thumbs; samples: Float32Array },
  { from, to, knownFrom, speed }: Stretch,
  placement: Placement | null,
): Evidence {
  const shift = knownFrom - from
  if (Math.abs(speed - 1) > 0.02) return { picture: null, sound: null }
  return {
    picture: pictures(a.thumbs, b.thumbs, from, to, shift, pixelsOf(placement)),
    sound: sounds(a.samples, b.samples, from, to, shift),
  }
}

/** Pixels of a frame of `a`, every seventh, and where each lies in a frame of `b`: one may be a crop of the other. */
function pixelsOf(placement: Placement | null): { here: number; there: number }[] {
  const { sx, tx, sy, ty } = placement ?? { sx: 1, tx: 0, sy: 1, ty: 0 }
  const pixels: { here: number; there: number }[] = []
  for (let here = 0; here < FRAME; here += 7) {
    const x = Math.floor(((here % 256) + 0.5 - tx) / sx)
    const y = Math.floor((Math.floor(here / 256) + 0.5 - ty) / sy)
    if (x >= 0 && x < 256 && y >= 0 && y < 256) pixels.push({ here, there: 256 * y + x })
  }
  return pixels
}

function pictures(
  a: Thumbs,
  b: Thumbs,
  from: number,
  to: number,
  shift: number,
  pixels: readonly { here: number; there: number }[],
): number | null {
  let best: number | null = null
  for (let off = -8; off <= 8; off++) {
    const pairs: number[] = []
    for (let i = Math.ceil(from * RATE) + 1; i <= to * RATE; i++) {
      const j = i + Math.round(shift * RATE) + off
      if (j < 1 || (i + 1) * FRAME > a.length || (j + 1) * FRAME > b.length) continue
      pairs.push(i, j)
    }
    if (pairs.length < 10) continue
    let [ab, aa, bb] = [0, 0, 0]
    for (let n = 0; n < pairs.length; n += 2) {
      const [i, j] = [pairs[n]! * FRAME, pairs[n + 1]! * FRAME]
      for (const { here, there } of pixels) {
        const x = a[i + here]! - a[i - FRAME + here]!
        const y = b[j + there]! - b[j - FRAME + there]!
        ab += x * y
        aa += x * x
        bb += y * y
      }
    }
    if (aa && bb) best = Math.max(best ?? -1, ab / Math.sqrt(aa * bb))
  }
  return best
}

function sounds(a: Float32Array, b: Float32Array, from: number, to: number, shift: number): number | null {
  if (!a.length || !b.length) return null
  const first = Math.max(0, Math.round(from * SOUND_RATE))
  const last = Math.min(a.length, Math.round(to * SOUND_RATE), first + 2 * SOUND_RATE)
  if (last - first < SOUND_RATE) return null
  let best: number | null = null
  for (let off = -1600; off <= 1600; off++) {
    const move = Math.round(shift * SOUND_RATE) + off
    if (first + move < 0 || last + move > b.length) continue
    let [ab, aa, bb] = [0, 0, 0]
    for (let i = first; i < last; i += 3) {
      const [x, y] = [a[i]!, b[i + move]!]
      ab += x * y
      aa += x * x
      bb += y * y
    }
    if (aa && bb) best = Math.max(best ?? -1, ab / Math.sqrt(aa * bb))
  }
  return best
}
