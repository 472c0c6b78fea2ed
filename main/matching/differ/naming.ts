/** What a differing region is, as far as that can be told: a face, a mouth, something laid over, or just a part. */
import type { Region as Box } from '../../contract/common.ts'
import type { DifferenceKind } from '../../contract/differences.ts'
import type { SeenFace } from './faces.ts'
import type { DifferingRegion, Grid } from './regions.ts'

export const NAMING = {
  /** A face is wider than the box of the finder by this on each side: swaps reach over cheeks, chin and forehead. */
  around: 0.2,
  /** Share of a region that lies on faces for it to be one, and share of the face that it covers then. */
  onFace: 0.6,
  ofFace: 0.12,
  /** Share of it in the mouth's part, and of the eyes' part that it may touch, for `mouth`. */
  onMouth: 0.7,
  ofEyes: 0.12,
  /** Seconds by which a face seen may be away in time. */
  near: 1.1,
  /** Share of a region's box that it fills, and how much of the time it stays, to be something with straight edges. */
  filled: 0.62,
  stays: 0.6,
} as const

export interface Named {
  readonly kind: Extract<DifferenceKind, 'face' | 'mouth' | 'overlay' | 'part'>
  readonly region: DifferingRegion
}

/** @param compared seconds of the segment that were looked at */
export function named(region: DifferingRegion, faces: readonly SeenFace[], grid: Grid, compared: number): Named {
  const near = faces.filter(({ time }) => time >= region.start - NAMING.near && time <= region.end + NAMING.near)
  if (near.length) {
    // Averaged over the faces seen at several times: the region's blocks are averaged over its time, too.
    const onFaces = weigh(
      region,
      grid,
      union(near, ({ box }) => grown(box, NAMING.around)),
    )
    const face = coverOf(region, grid, near, ({ box }) => box)
    const onMouths = weigh(
      region,
      grid,
      union(near, ({ mouth }) => mouth),
    )
    const eyes = coverOf(region, grid, near, ({ eyes: at }) => at)
    if (onMouths >= NAMING.onMouth && eyes <= NAMING.ofEyes && onFaces >= NAMING.onFace)
      return { kind: 'mouth', region }
    if (onFaces >= NAMING.onFace && face >= NAMING.ofFace) return { kind: 'face', region }
  }
  const { box, cells } = region
  const steady = cells.reduce((n, share) => n + (share >= NAMING.stays ? 1 : 0), 0)
  const size = Math.max(1, Math.round((box.width / grid.width) * grid.columns) * Math.round((box.height / grid.height) * grid.rows)) // prettier-ignore
  const lasts = region.seconds >= Math.min(3, 0.7 * compared)
  return { kind: lasts && steady / size >= NAMING.filled ? 'overlay' : 'part', region }
}

const grown = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x - by * width,
  y: y - by * height,
  width: width * (1 + 2 * by),
  height: height * (1 + 2 * by),
})

const holds = ({ x, y, width, height }: Box, px: number, py: number): boolean =>
  px >= x && px < x + width && py >= y && py < y + height

/** Middle of a block, fractions of the picture. */
const middleOf = (b: number, { columns, rows, width, height }: Grid): [number, number] => [
  (((b % columns) + 0.5) / columns) * width,
  ((Math.floor(b / columns) + 0.5) / rows) * height,
]

const union =
  (faces: readonly SeenFace[], pick: (face: SeenFace) => Box) =>
  (x: number, y: number): boolean =>
    faces.some((face) => holds(pick(face), x, y))

/** Share of the region, by block and time, that lies inside. */
function weigh({ cells }: DifferingRegion, grid: Grid, inside: (x: number, y: number) => boolean): number {
  let [all, within] = [0, 0]
  cells.forEach((share, b) => {
    if (!share) return
    all += share
    if (inside(...middleOf(b, grid))) within += share
  })
  return all ? within / all : 0
}

/** Share of the part of each face that the region holds often, the most of any face. */
function coverOf(
  { cells }: DifferingRegion,
  grid: Grid,
  faces: readonly SeenFace[],
  pick: (face: SeenFace) => Box,
): number {
  const shares = faces.map((face) => {
    const box = pick(face)
    let [n, held] = [0, 0]
    cells.forEach((share, b) => {
      if (!holds(box, ...middleOf(b, grid))) return
      n++
      if (share >= 0.3) held++
    })
    return n ? held / n : 0
  })
  shares.sort((a, b) => a - b)
  return shares[shares.length >> 1] ?? 0
}
