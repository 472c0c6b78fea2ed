/** What the detector returns before tracks are made of it, and how overlapping finds are reduced to one. */

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface Detection {
  readonly box: Box
  /** Ten numbers as in `Face`. */
  readonly landmarks: Float32Array
  /** 0 to 1. */
  readonly score: number
}

/** Values per candidate of the model: score, left, top, width, height, five points. */
export const ROW = 15
/** A score of at least this share of another counts as about the same. */
const LIKE = 0.75

export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const inner = width * height
  return inner / (a.width * a.height + b.width * b.height - inner)
}

/** Where one input of the model lay in the frame: frame = (input + offset) / scale. */
export interface Look {
  readonly offsetX: number
  readonly offsetY: number
  /** Input pixels per frame pixel. */
  readonly scale: number
}

/** The candidates of one input at or above a score, in frame pixels. */
export function readCandidates(rows: Float32Array, look: Look, least: number): Detection[] {
  const found: Detection[] = []
  for (let at = 0; at + ROW <= rows.length; at += ROW) {
    const score = rows[at]!
    if (score < least) continue
    const landmarks = new Float32Array(10)
    for (let i = 0; i < 10; i++) landmarks[i] = (rows[at + 5 + i]! + (i % 2 ? look.offsetY : look.offsetX)) / look.scale
    found.push({
      box: {
        x: (rows[at + 1]! + look.offsetX) / look.scale,
        y: (rows[at + 2]! + look.offsetY) / look.scale,
        width: rows[at + 3]! / look.scale,
        height: rows[at + 4]! / look.scale,
      },
      landmarks,
      score,
    })
  }
  return found
}

/** Keeps the best of every group that overlaps by more than `limit`; best first, equal scores in the order given. */
export function suppress(found: readonly Detection[], limit: number, rank = (d: Detection) => d.score): Detection[] {
  const kept: Detection[] = []
  const order = found.map((d) => ({ d, rank: rank(d) })).sort((a, b) => b.rank - a.rank)
  for (const { d } of order) if (kept.every((other) => overlap(other.box, d.box) <= limit)) kept.push(d)
  return kept
}

/**
 * Drops what lies mostly inside a larger find of about the same score or a better one: a mouth or half a face is no second
 * face.
 */
export function dropParts(found: readonly Detection[], inside: number): Detection[] {
  return found.filter(
    (part) =>
      !found.some((whole) => {
        const area = part.box.width * part.box.height
        const larger = whole.box.width * whole.box.height
        if (larger <= area || whole.score < LIKE * part.score) return false
        const shared = overlap(whole.box, part.box)
        return (shared * (larger + area)) / (1 + shared) > inside * area
      }),
  )
}
