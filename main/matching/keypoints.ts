/**
 * Local features of a frame: corners with binary descriptors, which are found again after cropping, scaling, mirroring,
 * under a logo or ticker, and in a picture inside the picture, where one hash of the whole frame is not.
 *
 * Corners: FAST-9 (Rosten & Drummond, ECCV 2006), ranked by Harris & Stephens (1988), on a pyramid, as in ORB (Rublee et
 * al., ICCV 2011). Descriptors: BRIEF (Calonder et al., ECCV 2010), not turned: footage is seldom shown rotated. The tests
 * come in pairs that mirror each other, so that the mirrored picture's descriptor is the same bits in another order.
 */
import { randomNumbers } from '../signals/random.ts'
import { shrink, smooth } from './pixels.ts'

/** Side of the frames, pixels: the `thumb` stream. */
export const SIDE = 256
/** Bytes of a descriptor. */
export const DESCRIPTOR = 32
/** Sizes at which corners are sought, in shares of the frame and in pixels, and the most corners kept of each. */
const LEVELS = [1, 0.8, 0.64, 0.512, 0.41, 0.328] as const
export const SIZES: readonly number[] = LEVELS.map((share) => Math.round(SIDE * share))
const MOST = [40, 30, 22, 16, 12, 10] as const
/** Most corners of a frame. */
export const MOST_CORNERS = MOST.reduce((a, b) => a + b, 0)

/** Half of the patch that a descriptor reads, pixels of its level. */
const REACH = 12
const HALF = (DESCRIPTOR * 8) / 2
/** Grey levels by which an arc of the circle must differ from its middle. */
const CONTRAST = 10
/** Pixels of the level within which only the strongest corner stays. */
const APART = 5

/** Corners of one frame. Places are pixels of the 256-pixel grid. */
export interface Corners {
  readonly count: number
  readonly x: Float32Array
  readonly y: Float32Array
  /** Place in `LEVELS`: the size at which it was found. */
  readonly level: Uint8Array
  /** [count × 32] */
  readonly descriptors: Uint8Array
}

/** Where pixel `grid` of a level lies in the frame, in pixels of the 256-pixel grid, and back. */
export const placeOf = (grid: number, level: number): number => ((grid + 0.5) * SIDE) / SIZES[level]! - 0.5
export const gridOf = (place: number, level: number): number => Math.round(((place + 0.5) * SIZES[level]!) / SIDE - 0.5)

/** How much larger a corner's surroundings are in the frame than at its level. */
export const sizeOf = (level: number): number => 1 / (LEVELS[level] ?? 1)

/** [HALF × 4]: x and y of two points per test, the mirrored tests being these with x turned. */
const TESTS = tests()
function tests(): Int8Array {
  const random = randomNumbers(20_170_501)
  const draw = (): number => {
    for (;;) {
      // Box and Muller 1958; deviation 5 pixels, as near to BRIEF's S²/25 for this patch as makes no difference.
      const value = Math.round(5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
      if (Math.abs(value) < REACH) return value
    }
  }
  return Int8Array.from({ length: HALF * 4 }, draw)
}

/** The circle of FAST, clockwise from the top. */
const CIRCLE: readonly (readonly [number, number])[] = [
  [0, -3], [1, -3], [2, -2], [3, -1], [3, 0], [3, 1], [2, 2], [1, 3],
  [0, 3], [-1, 3], [-2, 2], [-3, 1], [-3, 0], [-3, -1], [-2, -2], [-1, -3],
] // prettier-ignore
const ARC = 9

interface Candidate {
  readonly x: number
  readonly y: number
  readonly strength: number
}

/** The frame at each size, and the smoothed picture of the size at hand: made once, filled for every frame. */
const PYRAMID = SIZES.map((side) => new Uint8Array(side * side))
const SOFT = new Uint8Array(SIDE * SIDE)

/** @param frame grey, [256 × 256] */
export function findCorners(frame: Uint8Array): Corners {
  const x = new Float32Array(MOST_CORNERS)
  const y = new Float32Array(MOST_CORNERS)
  const level = new Uint8Array(MOST_CORNERS)
  const descriptors = new Uint8Array(MOST_CORNERS * DESCRIPTOR)
  let count = 0
  let picture = frame
  SIZES.forEach((side, index) => {
    if (index) picture = shrink(picture, SIZES[index - 1]!, side, PYRAMID[index]!)
    const soft = smooth(picture, side, SOFT)
    for (const corner of strongest(candidates(picture, side), side, MOST[index]!)) {
      x[count] = placeOf(corner.x, index)
      y[count] = placeOf(corner.y, index)
      level[count] = index
      describe(soft, side, corner, descriptors.subarray(count * DESCRIPTOR, (count + 1) * DESCRIPTOR))
      count++
    }
  })
  return {
    count,
    x: x.slice(0, count),
    y: y.slice(0, count),
    level: level.slice(0, count),
    descriptors: descriptors.slice(0, count * DESCRIPTOR),
  }
}

/** What `findCorners` would say of the same frame shown mirrored, left for right. */
export function mirrorCorners({ count, x, y, level, descriptors }: Corners): Corners {
  const turned = new Uint8Array(descriptors.length)
  for (let i = 0; i < count; i++) {
    const at = i * DESCRIPTOR
    turned.set(descriptors.subarray(at + DESCRIPTOR / 2, at + DESCRIPTOR), at)
    turned.set(descriptors.subarray(at, at + DESCRIPTOR / 2), at + DESCRIPTOR / 2)
  }
  return { count, x: x.map((value) => SIDE - 1 - value), y, level, descriptors: turned }
}

/** Contrast of the corners of a level; between two calls it is empty. */
const scores = new Uint16Array(SIDE * SIDE)

function candidates(picture: Uint8Array, side: number): Candidate[] {
  const offsets = Int32Array.from(CIRCLE, ([dx, dy]) => dy * side + dx)
  const [north, east, south, west] = [offsets[0]!, offsets[4]!, offsets[8]!, offsets[12]!]
  const corners: number[] = []
  for (let y = REACH; y < side - REACH; y++) {
    const end = (y + 1) * side - REACH
    for (let at = y * side + REACH; at < end; at++) {
      const grey = picture[at]!
      const high = grey + CONTRAST
      const low = grey - CONTRAST
      // An arc of nine of sixteen covers two neighbours of these four, so one of each opposite pair ...
      const n = picture[at + north]!
      const s = picture[at + south]!
      if (n <= high && s <= high && n >= low && s >= low) continue
      const e = picture[at + east]!
      const w = picture[at + west]!
      if (e <= high && w <= high && e >= low && w >= low) continue
      // ... and both to the same side.
      const bright = over(n, high) + over(s, high) > 0 && over(e, high) + over(w, high) > 0
      const dark = over(low, n) + over(low, s) > 0 && over(low, e) + over(low, w) > 0
      if (!bright && !dark) continue
      const strength = contrastOf(picture, at, offsets)
      if (!strength) continue
      scores[at] = strength
      corners.push(at)
    }
  }
  const found: Candidate[] = []
  for (const at of corners) {
    if (!peaks(scores, side, at)) continue
    const strength = harris(picture, side, at)
    if (strength > 0) found.push({ x: at % side, y: Math.floor(at / side), strength })
  }
  for (const at of corners) scores[at] = 0
  return found
}

/** Whether no neighbour's contrast is higher; of equals the first stays. */
function peaks(contrast: Uint16Array, side: number, at: number): boolean {
  const own = contrast[at]!
  if (contrast[at - side - 1]! >= own || contrast[at - side]! >= own || contrast[at - side + 1]! >= own) return false
  if (contrast[at - 1]! >= own || contrast[at + 1]! > own || contrast[at + side - 1]! > own) return false
  return contrast[at + side]! <= own && contrast[at + side + 1]! <= own
}

/** By which of the sixteen on the circle are set: 1 where nine in a row are. */
const HAS_ARC = Uint8Array.from({ length: 65_536 }, (_, set) => {
  const twice = set * 65_537
  let row = twice
  for (let i = 1; i < ARC; i++) row &= twice >>> i
  return row & 0xffff ? 1 : 0
})

/** 1 where a grey is above another, else 0; without a branch, which would go wrong half of the time. */
const over = (a: number, b: number): number => (b - a) >>> 31

/** Sum of the differences to the circle, 1 to 4,080, where nine of it in a row are brighter or darker; else 0. */
function contrastOf(picture: Uint8Array, at: number, offsets: Int32Array): number {
  const grey = picture[at]!
  const high = grey + CONTRAST
  const low = grey - CONTRAST
  let bright = 0
  let dark = 0
  for (let i = 0; i < 16; i++) {
    const value = picture[at + offsets[i]!]!
    bright |= over(value, high) << i
    dark |= over(low, value) << i
  }
  if (!(HAS_ARC[bright]! | HAS_ARC[dark]!)) return 0
  let sum = 0
  for (let i = 0; i < 16; i++) sum += Math.abs(picture[at + offsets[i]!]! - grey)
  return sum
}

/** Harris and Stephens' response over 7 × 7 pixels, k = 0.04; only its order matters. */
function harris(picture: Uint8Array, side: number, at: number): number {
  let xx = 0
  let yy = 0
  let xy = 0
  for (let dy = -3; dy <= 3; dy++) {
    const row = at + dy * side
    for (let dx = -3; dx <= 3; dx++) {
      const p = row + dx
      const gx = picture[p + 1]! - picture[p - 1]!
      const gy = picture[p + side]! - picture[p - side]!
      xx += gx * gx
      yy += gy * gy
      xy += gx * gy
    }
  }
  return xx * yy - xy * xy - 0.04 * (xx + yy) ** 2
}

/** Pixels of a level that lie within `APART` of a kept corner; between two calls it is empty. */
const taken = new Uint8Array(SIDE * SIDE)

/** The strongest, none within `APART` of a stronger one. */
function strongest(found: Candidate[], side: number, most: number): Candidate[] {
  found.sort((a, b) => b.strength - a.strength || a.y - b.y || a.x - b.x)
  const kept: Candidate[] = []
  const near = (corner: Candidate, value: number): void => {
    // Corners lie further than that from the border.
    for (let y = corner.y - APART + 1; y < corner.y + APART; y++)
      taken.fill(value, y * side + corner.x - APART + 1, y * side + corner.x + APART)
  }
  for (const corner of found) {
    if (kept.length >= most) break
    if (taken[corner.y * side + corner.x]) continue
    kept.push(corner)
    near(corner, 1)
  }
  for (const corner of kept) near(corner, 0)
  return kept
}

function describe(soft: Uint8Array, side: number, { x, y }: Candidate, out: Uint8Array): void {
  for (let i = 0; i < HALF; i++) {
    const ax = TESTS[4 * i]!
    const bx = TESTS[4 * i + 2]!
    const above = (y + TESTS[4 * i + 1]!) * side + x
    const below = (y + TESTS[4 * i + 3]!) * side + x
    if (soft[above + ax]! < soft[below + bx]!) out[i >> 3]! |= 1 << (i & 7)
    if (soft[above - ax]! < soft[below - bx]!) out[(HALF + i) >> 3]! |= 1 << (i & 7)
  }
}
