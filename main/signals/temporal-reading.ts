/** What the temporal measurements mean: each becomes a reading with a weight. */
import type { Region } from '../contract/common.ts'
import type { Observation } from '../contract/signals.ts'
import type { FrameRecord } from './temporal-frames.ts'
import type { FrozenRun } from './temporal-frozen.ts'
import { followsAtOnce, type LoopRun } from './temporal-loops.ts'
import { median, type Shot } from './temporal-shots.ts'
import { STILL, type StillShot } from './temporal-still.ts'

export const READING = {
  /** Residual up to which copies are close: beyond it they are alike, but sampled at other moments or re-encoded. */
  close: 0.15,
  /** The same for what is played backwards: a subject that turns about retraces its way for a while by itself. */
  closeReversed: 0.08,
  /**
   * Largest step of a loop's period over its median step: from the first on there is a seam; below the second the motion
   * is as even as only machines and animations are.
   */
  seam: 2,
  even: 1.4,
  /** Share of the picture that must move for a repetition to count: below it, a logo or a clock may repeat. */
  movingShare: 0.04,
  /** Passes from which an even repetition, over a whole shot but for these frames, is periodic motion. */
  periodic: 3,
  margin: 5,
} as const

export interface Reading {
  readonly code: string
  readonly weight: Observation['weight']
  /** Frames, both inclusive. */
  readonly from: number
  readonly to: number
  /** A few words for the segment, and a sentence for the observation. */
  readonly label: string
  readonly text: string
  readonly reference?: string
  readonly region?: Region
}

export function readFrozen(run: FrozenRun, seconds: (frames: number) => string): Reading {
  const length = seconds(run.to - run.from)
  const base = { from: run.from, to: run.to }
  if (run.place === 'still')
    return {
      ...base,
      code: 'temporal.still-picture',
      weight: 'context',
      label: 'still picture',
      text: `A still picture stands for ${length} between two cuts, as a title card or photograph does.`,
    }
  if (run.place === 'edge')
    return {
      ...base,
      code: 'temporal.frozen-edge',
      weight: 'context',
      label: 'frozen at a cut',
      text: `The picture stands still for ${length} at the edge of a shot that otherwise moves; editors do this on purpose.`,
    }
  const noise =
    run.noiseStopped === null
      ? 'the material is too clean to tell repeated frames from a scene that holds still'
      : run.noiseStopped
        ? 'its noise stops too, as it does when one frame is repeated'
        : 'but its noise goes on, so the scene itself may have held still'
  return {
    ...base,
    code: 'temporal.frozen',
    weight: run.noiseStopped ? 'strong' : run.noiseStopped === null ? 'some' : 'context',
    label: 'frozen inside a shot',
    text: `The picture stands exactly still for ${length} inside a shot that moves before and after; ${noise}.`,
  }
}

export function readLoop(
  run: LoopRun,
  record: FrameRecord,
  shots: readonly Shot[],
  seconds: (frames: number) => string,
): Reading {
  const base = {
    from: run.from,
    to: run.copyTo,
    reference: 'Similarity search: Charikar 2002 (SimHash); verified on reduced pictures',
  }
  const length = seconds(run.to - run.from + 1)
  const close = run.residual <= READING.close
  const differ = `the passes differ by ${Math.round(run.residual * 100)} % of what moves in them`
  if (run.moving < READING.movingShare)
    return {
      ...base,
      code: 'temporal.repeat-small',
      weight: 'context',
      label: 'small region repeats',
      text: `Motion in a small part of the picture repeats over ${length}, as animated logos and clocks do.`,
    }
  if (run.direction === 'reversed')
    return {
      ...base,
      code: 'temporal.boomerang',
      weight: run.residual <= READING.closeReversed ? 'strong' : 'some',
      label: 'played back in reverse',
      text: `${length} of moving picture come again backwards; ${differ}.`,
    }
  const lag = run.copyFrom - run.from
  if (!followsAtOnce(run))
    return {
      ...base,
      code: 'temporal.repeat',
      weight: 'some',
      label: 'footage repeated',
      text: `${length} of moving picture come again ${seconds(lag)} later; ${differ}. Replays and recurring inserts do this too.`,
    }
  const passes = (run.copyTo - run.from + 1) / lag
  const ratio = seamRatio(record, run, lag)
  const seam = ratio >= READING.seam
  if (ratio < READING.even && passes >= READING.periodic && fills(run, shots))
    return {
      ...base,
      code: 'temporal.periodic',
      weight: 'context',
      label: 'periodic motion',
      text: `The motion repeats evenly every ${seconds(lag)}, without any seam, as animations, machines and test patterns do.`,
    }
  return {
    ...base,
    code: 'temporal.loop',
    weight: seam && close ? 'strong' : 'some',
    label: 'looped',
    text: `A run of ${seconds(lag)} is played ${passes.toFixed(1)} times in a row${seam ? ', with a jump at the seam' : ''}; ${differ}.`,
  }
}

/** True where the shot holds little besides this run: an inserted loop has other motion before or after it. */
const fills = (run: LoopRun, shots: readonly Shot[]): boolean =>
  shots.some(({ from, to }) => run.from <= from + READING.margin && run.copyTo >= to - 1 - READING.margin)

/** Largest step of the mean period over its median step. */
function seamRatio(record: FrameRecord, run: LoopRun, lag: number): number {
  const period: number[] = []
  for (let p = 1; p <= lag; p++) {
    let sum = 0
    let n = 0
    for (let i = run.from + p; i <= run.copyTo; i += lag) {
      sum += record.steps[i]!.cells
      n++
    }
    if (n) period.push(sum / n)
  }
  return Math.max(...period) / Math.max(0.2, median(period))
}

/**
 * @param bits per pixel of the predicted frames in the shot, or null where unknown
 */
export function readStill(still: StillShot, bits: number | null, seconds: (frames: number) => string): Reading {
  const exact = still.floor <= STILL.exact
  const clean = bits !== null && bits / still.movingShare >= STILL.bitsPerMovingPixel
  const share = `${Math.round(still.movingShare * 100)} %`
  const why = !exact
    ? 'the rest keeps a little noise, as a camera on a tripod has'
    : clean
      ? 'the textured rest stands exactly still, although this bit rate could have kept camera noise'
      : 'the textured rest stands exactly still, which strong compression also does to a camera on a tripod'
  return {
    code: 'temporal.still-animated',
    weight: exact && clean ? 'some' : 'context',
    from: still.shot.from,
    to: still.shot.to - 1,
    region: still.region,
    label: 'motion in one region only',
    text: `For ${seconds(still.shot.to - still.shot.from)} all motion stays in one region (${share} of the picture); ${why}.`,
  }
}

export function readJump(index: number): Reading {
  return {
    code: 'temporal.jump-cut',
    weight: 'context',
    from: index,
    to: index,
    label: 'jump inside a shot',
    text: 'The subject jumps while the background stays: something was left out here, as in any edited interview, or it moved very suddenly.',
    reference: 'Adaptive threshold: Yeo & Liu 1995',
  }
}
