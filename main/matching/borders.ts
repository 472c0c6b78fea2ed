/**
 * Constant borders of a video (letterbox, pillarbox, windowbox) from its small grey frames. A border is a run of rows or
 * columns from an edge inwards that keeps one grey in almost all pixels of almost all frames, and ends at a straight step:
 * right behind it most pixels show something else. A dark scene keeps one grey too, but ends in no such step.
 */
import type { Region } from './pdq.ts'

/** Frames are this wide and high, pixels. */
const SIDE = 256

export const BORDERS = {
  /** A border is at least this part of the side. */
  least: 0.02,
  /** The picture keeps at least this part of either side, or what was found is no border. */
  leastPicture: 0.25,
  /** Frames with content that are needed. */
  frames: 5,
  /** Greys between the 5 % darkest and the 5 % brightest pixels of a frame that has content. */
  contrast: 32,
  /** A pixel belongs to the border where it has its grey in this part of the frames. */
  steady: 0.95,
  /** A line is border with this part of its pixels: a logo may stand in the rest. */
  whole: 0.9,
  /** Subtitles: lines with this part, up to `gap` of them, between lines that are whole. */
  broken: 0.2,
  gap: 40,
  /** Behind the border, this part of the pixels of the next `behind` lines has another grey in a tenth of the frames. */
  step: 0.5,
  behind: 3,
  changed: 0.1,
} as const

/** Greys are counted in 32 bins of 8. */
const BINS = 32
const SHIFT = 3
const MOST_FRAMES = 65_535

type Edge = 'left' | 'right' | 'top' | 'bottom'
type Box = Record<Edge, number>

export class BorderFinder {
  /** How often each pixel had each grey. 4 MiB, made with the first frame. */
  #counts = new Uint16Array(0)
  #frames = 0

  /** @param frame 256 x 256 grey */
  add(frame: Uint8Array): void {
    if (frame.length !== SIDE * SIDE) throw new RangeError(`a frame of ${frame.length} bytes, not ${SIDE * SIDE}`)
    if (this.#frames === MOST_FRAMES || !hasContent(frame)) return
    if (this.#frames++ === 0) this.#counts = new Uint16Array(SIDE * SIDE * BINS)
    const counts = this.#counts
    for (let at = 0; at < frame.length; at++) counts[at * BINS + (frame[at]! >> SHIFT)]!++
  }

  /** Where the picture lies inside its borders, pixels of the frame; the whole frame where there are none. */
  region(): Region {
    const whole = { x: 0, y: 0, width: SIDE, height: SIDE }
    if (this.#frames < BORDERS.frames) return whole
    // Inclusive. The second round no longer sees the columns left and right of the picture when it looks at its rows.
    const box: Box = { left: 0, right: SIDE - 1, top: 0, bottom: SIDE - 1 }
    for (let round = 0; round < 2; round++) {
      box.top = this.#inwards('top', box)
      box.bottom = SIDE - 1 - this.#inwards('bottom', box)
      box.left = this.#inwards('left', box)
      box.right = SIDE - 1 - this.#inwards('right', box)
    }
    const width = box.right - box.left + 1
    const height = box.bottom - box.top + 1
    if (Math.min(width, height) < BORDERS.leastPicture * SIDE) return whole
    return { x: box.left, y: box.top, width, height }
  }

  /** Width of the border at this edge, pixels; 0 without. Only what lies inside `box` across the edge is looked at. */
  #inwards(edge: Edge, box: Box): number {
    const colour = this.#colour(edge, box)
    const most = Math.floor(SIDE * (1 - BORDERS.leastPicture))
    let width = 0
    for (let line = 0; line < most && line - width <= BORDERS.gap; line++) {
      const part = this.#part(edge, line, box, (own) => own(colour) >= BORDERS.steady)
      if (part >= BORDERS.whole) width = line + 1
      else if (part < BORDERS.broken) break
    }
    if (width < BORDERS.least * SIDE) return 0
    for (let behind = 0; behind < BORDERS.behind; behind++) {
      const part = this.#part(edge, width + behind, box, (own) => own(colour) <= 1 - BORDERS.changed)
      if (part >= BORDERS.step) return width
    }
    return 0
  }

  /** Part of the pixels of a line, counted from the edge, that satisfy the test. */
  #part(edge: Edge, line: number, box: Box, test: (share: (colour: number) => number) => boolean): number {
    const pixels = pixelsOf(edge, line, box)
    let number = 0
    for (const pixel of pixels) if (test((colour) => this.#share(pixel, colour))) number++
    return number / pixels.length
  }

  /** Part of the frames in which a pixel has this grey. */
  #share(pixel: number, colour: number): number {
    const at = pixel * BINS + colour
    return (this.#counts[at]! + this.#counts[at + 1]!) / this.#frames
  }

  /** The lower of the two neighbouring bins that are most frequent in the two outermost lines. */
  #colour(edge: Edge, box: Box): number {
    const sums = new Float64Array(BINS)
    for (const line of [0, 1])
      for (const pixel of pixelsOf(edge, line, box))
        for (let bin = 0; bin < BINS; bin++) sums[bin]! += this.#counts[pixel * BINS + bin]!
    let best = 0
    for (let bin = 1; bin < BINS - 1; bin++) if (sums[bin]! + sums[bin + 1]! > sums[best]! + sums[best + 1]!) best = bin
    return best
  }
}

/** Index of each pixel of a line, counted from the edge inwards. */
function pixelsOf(edge: Edge, line: number, box: Box): number[] {
  const upright = edge === 'left' || edge === 'right'
  const at = edge === 'left' || edge === 'top' ? line : SIDE - 1 - line
  const [from, to] = upright ? [box.top, box.bottom] : [box.left, box.right]
  return Array.from({ length: to - from + 1 }, (_, i) => (upright ? (from + i) * SIDE + at : at * SIDE + from + i))
}

/** False for black, plain and nearly dark frames, in which a border cannot be told from the scene. */
function hasContent(frame: Uint8Array): boolean {
  const counts = new Uint32Array(256)
  // A prime step visits all columns.
  let seen = 0
  for (let at = 0; at < frame.length; at += 7, seen++) counts[frame[at]!]!++
  const tail = seen / 20
  let low = 0
  let high = 255
  for (let sum = counts[0]!; sum < tail; sum += counts[++low]!);
  for (let sum = counts[255]!; sum < tail; sum += counts[--high]!);
  return high - low >= BORDERS.contrast
}
