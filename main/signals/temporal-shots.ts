/**
 * Cuts and shots. A cut is a frame step that stands out of its own neighbourhood (adaptive threshold: Yeo & Liu, "Rapid
 * Scene Analysis on Compressed Video", IEEE CSVT 1995) and changes what is seen: the grey-level histogram of its regions,
 * or where in the picture light and dark lie.
 */
import type { FrameRecord, FrameStep } from './temporal-frames.ts'

export const CUT = {
  /** Neighbours looked at on either side, frames. */
  window: 6,
  /** Mean cell difference, grey levels. */
  minimum: 12,
  /** Share of pixels that change histogram bin, or correlation of the two pictures below which they are unlike. */
  histogram: 0.2,
  correlation: 0.6,
  /** Times the median of the neighbours, and times their second largest. */
  overMedian: 3,
  overSecond: 1.3,
  /** After a flash the picture comes back: its neighbours differ by less than this share of the step. */
  flash: 0.5,
} as const

/** Frames `from` to `to` (exclusive) between two cuts. */
export interface Shot {
  readonly from: number
  readonly to: number
}

/** Indices of the first frame after each cut, ascending. */
export function findCuts(record: FrameRecord): number[] {
  const { steps } = record
  const cuts: number[] = []
  for (let i = 1; i < steps.length; i++) {
    const step = steps[i]!
    if (step.cells < CUT.minimum) continue
    if (step.histogram < CUT.histogram && step.correlation > CUT.correlation) continue
    const around = neighbours(steps, i, CUT.window)
    if (step.cells < CUT.overMedian * Math.max(1, median(around))) continue
    if (step.cells < CUT.overSecond * second(around)) continue
    if (isFlash(record, i)) continue
    const last = cuts.at(-1)
    // Two steps in a row belong to one transition; the larger one is its place.
    if (last !== undefined && last === i - 1) {
      if (steps[last]!.cells < step.cells) cuts[cuts.length - 1] = i
    } else cuts.push(i)
  }
  return cuts
}

export function shotsBetween(cuts: readonly number[], count: number): Shot[] {
  const edges = [0, ...cuts, count]
  return edges.slice(1).map((to, i) => ({ from: edges[i]!, to }))
}

export const JUMP = {
  /** The step must stand this far out of the larger of its neighbours' steps, and reach this many grey levels. */
  overSecond: 2.2,
  minimum: 3,
  /** Cells that stay within this many grey levels count as the same background, and so much of the picture must. */
  still: 2,
  background: 0.4,
} as const

/**
 * Frames at which the picture jumps while most of its background stays: material was left out between them (a jump
 * cut), or something moved very suddenly. Flash frames and cuts are not among them.
 */
export function findJumps(record: FrameRecord, cuts: readonly number[]): number[] {
  const { steps } = record
  const jumps: number[] = []
  for (let i = 3; i < steps.length - 3; i++) {
    const step = steps[i]!
    if (step.cells < JUMP.minimum || cuts.some((cut) => Math.abs(cut - i) <= CUT.window)) continue
    const around = neighbours(steps, i, CUT.window)
    if (step.cells < JUMP.overSecond * Math.max(...around)) continue
    if (isFlash(record, i)) continue
    if (unchanged(record, i) >= JUMP.background) jumps.push(i)
  }
  return jumps
}

/** Share of cells that are the same on both sides of a step. */
function unchanged(record: FrameRecord, index: number): number {
  const before = record.cells(index - 1)
  const after = record.cells(index)
  const limit = JUMP.still * 64
  let same = 0
  for (let i = 0; i < before.length; i++) if (Math.abs(after[i]! - before[i]!) <= limit) same++
  return same / before.length
}

function isFlash(record: FrameRecord, index: number): boolean {
  const size = record.steps[index]!.cells
  const back = (a: number, b: number) => a >= 0 && b < record.count && record.difference(a, b).cells < CUT.flash * size
  // Either the flash begins here (the next frame is like the one before), or it ended here.
  return back(index - 1, index + 1) || back(index - 2, index)
}

const neighbours = (steps: readonly FrameStep[], index: number, window: number): number[] => {
  const around: number[] = []
  for (let i = Math.max(1, index - window); i <= Math.min(steps.length - 1, index + window); i++)
    if (i !== index) around.push(steps[i]!.cells)
  return around
}

export const median = (values: readonly number[]): number => {
  if (!values.length) return 0
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Second largest: one other outlier nearby, such as the next cut, does not hide this one. */
const second = (values: readonly number[]): number => [...values].sort((a, b) => b - a)[1] ?? 0
