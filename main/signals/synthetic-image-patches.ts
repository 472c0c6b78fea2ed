/** Where the synthetic-image network looks: patches of 128 × 128 pixels at the frame's own size, never scaled. */
import type { Face } from './faces/face.ts'

/** Side of a patch, pixels: the network's input. */
export const PATCH = 128
export const PATCHES = {
  /** Face height, pixels, below which a patch shows more background than head. */
  leastFace: 80,
  /** Faces looked at per frame, the largest first. */
  faces: 2,
  /** A head is this many times as wide and as high as the face's box: hair and ears, little of what is behind them. */
  head: 1.4,
  /** Patches at most along the width and the height of one head, and from how many patches' length there are two. */
  across: 2,
  twoFrom: 1.2,
  /** Side of the blocks of JPEG and of most of H.264: where a patch starts on their grid, it starts so much further on. */
  grid: 8,
  offGrid: 3,
  /** Root mean square of the residual, grey levels, under which a patch holds nothing to measure. */
  leastLevel: 0.7,
  /**
   * Fineness under which a patch was enlarged or softened until no trace can be left: the middles of 29 development videos
   * have 0.19 to 0.43, enlarged by 1.5 or 2 most have 0.12 to 0.17.
   */
  leastFineness: 0.17,
} as const

export interface Place {
  readonly x: number
  readonly y: number
  /** Face track the patch belongs to. */
  readonly track: number
}
export interface Picture {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * Patches of one frame, over the largest faces' heads. The network is trained on heads and what surrounds them; of graphics, text
 * and scenes without a head, which it can take for generated, nothing is read.
 */
export function choosePlaces(picture: Picture, faces: readonly Pick<Face, 'track' | 'box'>[]): Place[] {
  const { width, height } = picture
  if (width < PATCH || height < PATCH) return []
  const large = faces
    .filter((face) => face.box.height >= PATCHES.leastFace)
    .sort((a, b) => b.box.height - a.box.height || a.track - b.track)
    .slice(0, PATCHES.faces)
  const heads = large.map((face) => headOf(face.box))
  const places: Place[] = []
  for (const [i, head] of heads.entries())
    for (const y of spread(head.y, head.height, height))
      for (const x of spread(head.x, head.width, width)) places.push({ x, y, track: large[i]!.track })
  return places
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function headOf({ x, y, width, height }: Box): Box {
  const [w, h] = [width * PATCHES.head, height * PATCHES.head]
  return { x: x + (width - w) / 2, y: y + (height - h) / 2, width: w, height: h }
}

/**
 * On the grid of a picture's own compression every frequency comes out as the encoder rounded it, which says more of the encoder
 * than of the picture, and which the network hardly saw: of the places it was trained on 1 in 64 lies there.
 */
function offGrid(start: number, limit: number): number {
  if (start % PATCHES.grid) return start
  const later = start + PATCHES.offGrid
  return later + PATCH <= limit ? later : Math.max(0, start - PATCHES.offGrid)
}

/** Starts of the patches that cover a span, inside the picture: one in the middle of a short span, else from end to end. */
function spread(from: number, length: number, limit: number): number[] {
  const inside = (v: number) => offGrid(Math.min(limit - PATCH, Math.max(0, Math.round(v))), limit)
  const count = length < PATCHES.twoFrom * PATCH ? 1 : PATCHES.across
  if (count === 1) return [inside(from + (length - PATCH) / 2)]
  const starts = Array.from({ length: count }, (_, i) => inside(from + ((length - PATCH) * i) / (count - 1)))
  return [...new Set(starts)]
}

/** RGB of a patch, 128 × 128 × 3. */
export function cutPatch({ data, width }: Picture, { x, y }: Place, into: Uint8Array): void {
  for (let row = 0; row < PATCH; row++) {
    const from = ((y + row) * width + x) * 3
    into.set(data.subarray(from, from + PATCH * 3), row * PATCH * 3)
  }
}

export interface Detail {
  /** Root mean square of a pixel's difference from its four neighbours, grey levels. */
  readonly level: number
  /**
   * Its square at full size over its square at half size: 4 for noise without structure, 0.2 to 1 in camera pictures,
   * and 0.06 (a sixteenth) at least where it was enlarged or smoothed entirely.
   */
  readonly fineness: number
}

/** How much fine detail a patch (RGB, 128 × 128) holds. */
export function detailOf(patch: Uint8Array): Detail {
  const luma = new Float32Array(PATCH * PATCH)
  for (let i = 0; i < luma.length; i++)
    luma[i] = 0.299 * patch[3 * i]! + 0.587 * patch[3 * i + 1]! + 0.114 * patch[3 * i + 2]!
  const half = PATCH / 2
  const small = new Float32Array(half * half)
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++) {
      const at = 2 * y * PATCH + 2 * x
      small[y * half + x] = (luma[at]! + luma[at + 1]! + luma[at + PATCH]! + luma[at + PATCH + 1]!) / 4
    }
  const fine = meanSquare(luma, PATCH)
  return { level: Math.sqrt(fine), fineness: fine / Math.max(1e-6, meanSquare(small, half)) }
}

/** Mean square of the difference from the mean of the four neighbours. */
function meanSquare(grey: Float32Array, side: number): number {
  let sum = 0
  for (let y = 1; y < side - 1; y++)
    for (let x = 1; x < side - 1; x++) {
      const at = y * side + x
      const around = grey[at - 1]! + grey[at + 1]! + grey[at - side]! + grey[at + side]!
      sum += (grey[at]! - around / 4) ** 2
    }
  return sum / (side - 2) ** 2
}
