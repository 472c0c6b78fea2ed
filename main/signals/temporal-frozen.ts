/** Frozen runs: the picture stands exactly still for a second or more while the shot around it moves. */
import { BLOCK_COUNT, LEVEL, type FrameRecord } from './temporal-frames.ts'
import { median, type Shot } from './temporal-shots.ts'

export const FROZEN = {
  /** Shortest run, seconds. */
  seconds: 1,
  /** Difference from the run's first frame that codec noise explains: mean and largest over the cells, grey levels. */
  noise: 0.4,
  peak: 2.5,
  /** Motion looked at on either side, frames, and the median step there that counts as moving, grey levels. */
  around: 7,
  moving: 0.6,
  /**
   * The noise floor (quarter of the blocks that move least) falls to this share of its level around the run when
   * frames are repeated; a scene that merely holds still keeps its sensor noise. Floors under `floor` cannot tell.
   */
  floorShare: 0.5,
  floor: 0.12,
} as const

export interface FrozenRun {
  /** First and last frame of the run, both inclusive. */
  readonly from: number
  readonly to: number
  /**
   * `inside`: the shot moves before and after. `edge`: it moves on one side only, a cut or the end of the video stands
   * on the other. `still`: cuts or ends on both sides, as a title card has.
   */
  readonly place: 'inside' | 'edge' | 'still'
  /** True where the noise floor fell too; null where the video is too clean to tell. */
  readonly noiseStopped: boolean | null
}

export function findFrozen(record: FrameRecord, shots: readonly Shot[], rate: number): FrozenRun[] {
  const least = Math.ceil(FROZEN.seconds * rate)
  const runs: FrozenRun[] = []
  for (const shot of shots) {
    for (let from = shot.from; from < shot.to;) {
      let to = from
      while (to + 1 < shot.to && isSame(record, from, to + 1)) to++
      if (to - from >= least) {
        runs.push(describe(record, shot, from, to))
        from = to + 1
      } else from++
    }
  }
  return runs
}

function isSame(record: FrameRecord, anchor: number, index: number): boolean {
  // The step is a cheap first look; the anchor keeps a slow drift from passing as a standstill.
  if (record.steps[index]!.cells > FROZEN.noise) return false
  const { cells, peak } = record.difference(anchor, index)
  return cells <= FROZEN.noise && peak <= FROZEN.peak
}

function describe(record: FrameRecord, shot: Shot, from: number, to: number): FrozenRun {
  const before = indices(Math.max(shot.from + 1, from - FROZEN.around + 1), from + 1)
  const after = indices(to + 1, Math.min(shot.to, to + 1 + FROZEN.around))
  const moves = (steps: number[]) =>
    steps.length >= 2 && median(steps.map((i) => record.steps[i]!.cells)) >= FROZEN.moving
  const sides = Number(moves(before)) + Number(moves(after))
  const around = noiseFloor(record, [...before, ...after])
  const inside = noiseFloor(record, indices(from + 1, to + 1))
  return {
    from,
    to,
    place: sides === 2 ? 'inside' : sides === 1 ? 'edge' : 'still',
    noiseStopped: around < FROZEN.floor ? null : inside <= FROZEN.floorShare * around,
  }
}

/** Mean motion of the quarter of the blocks that move least, grey levels. */
function noiseFloor(record: FrameRecord, frames: readonly number[]): number {
  if (!frames.length) return 0
  const mean = new Float64Array(BLOCK_COUNT)
  for (const i of frames) record.motion(i).forEach((v, b) => (mean[b]! += v / LEVEL / frames.length))
  const quarter = mean.sort().subarray(0, BLOCK_COUNT / 4)
  return quarter.reduce((a, b) => a + b, 0) / quarter.length
}

const indices = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
