/**
 * Looped runs: a moving sequence that comes again, forwards or played backwards. Up to `nearLag` frames apart every pair
 * is compared on coarse pictures; beyond that, hashes of the motion find the candidates. Every candidate is then
 * verified on the reduced pictures. The measure is the mean square difference between the copies as a share of the run's
 * own variance over time: 0 for an exact copy, about 2 for unrelated motion before the same background.
 */
import { CELLS, GRID, LEVEL, type FrameRecord } from './temporal-frames.ts'
import { distantCandidates } from './temporal-loop-hash.ts'
import { Pass, PASS } from './temporal-loop-pass.ts'

export const LOOPS = {
  /** Shortest repeated run and shortest time between a frame and its copy, seconds. */
  seconds: 1.5,
  lag: 1,
  /** Lag up to which all pairs are compared, seconds. */
  nearSeconds: 30,
  /**
   * Residual of a run that its copy follows at once, and of one that comes again later: there, far more pairs are looked
   * at, and a subject that wanders may come back by itself. Frames between the two that still count as at once.
   */
  nearResidual: 0.3,
  farResidual: 0.12,
  apart: 2,
  /**
   * A head that turns and turns back is nearly a run played backwards, but not for long, and it slows down first. So a reversed run may differ
   * by more than `farResidual` only where the steps beside its turn are at least this share of the run's others, and by
   * `nearResidual` only from so many seconds on; in between, by as much as it is longer than `seconds`.
   */
  turning: 0.35,
  reversedSeconds: 2.5,
  /** Residual on the coarse pictures that makes a candidate. */
  coarseResidual: 0.4,
  /** Least variance over time, as a multiple of codec noise. */
  variation: 4,
} as const

export interface LoopRun {
  readonly direction: 'forward' | 'reversed'
  /** Frames of the first pass, inclusive; for a reversed run, of the part that is played back. */
  readonly from: number
  readonly to: number
  /** Frames of the copy, inclusive. */
  readonly copyFrom: number
  readonly copyTo: number
  /** Mean square difference as a share of the variation; 0 is an exact copy. */
  readonly residual: number
  /** Share of cells that move within the run. */
  readonly moving: number
  /** Offset between the passes beyond whole frames, in frames. */
  readonly phase: number
}

interface Candidate {
  readonly direction: LoopRun['direction']
  /** Forward: lag. Reversed: sum of the two indices. */
  readonly key: number
  readonly from: number
  readonly to: number
}

/** Runs that do not overlap, in order of time. */
export function findLoops(record: FrameRecord, rate: number): LoopRun[] {
  const least = Math.round(LOOPS.seconds * rate)
  const nearLag = Math.round(LOOPS.nearSeconds * rate)
  const coarse = new Coarse(record, least)
  const near = [...nearCandidates(coarse, Math.ceil(LOOPS.lag * rate), nearLag), ...turningPoints(coarse)]
  const runs = verifyAll(record, near, least)
  // What lies inside a loop is alike at many lags: nothing there is looked for any further away.
  const distant = distantCandidates(record, nearLag + 1)
    .map(({ lag, from, to }): Candidate => ({ direction: 'forward', key: lag, from: from - 1, to }))
    .filter((candidate) => !runs.some((run) => candidate.from <= run.copyTo && candidate.to >= run.from))
  return separate([...runs, ...verifyAll(record, distant, least)])
}

function verifyAll(record: FrameRecord, candidates: readonly Candidate[], least: number): LoopRun[] {
  const runs: LoopRun[] = []
  for (const candidate of candidates) {
    // A verified run at this very lag has grown over everything that a later candidate there could add.
    if (runs.some((run) => sameLine(run, candidate))) continue
    const run = verify(record, candidate, least)
    if (run) runs.push(run)
  }
  return separate(runs)
}

const sameLine = (run: LoopRun, { direction, key, from, to }: Candidate): boolean =>
  run.direction === direction &&
  key === (direction === 'forward' ? run.copyFrom - run.from : run.copyFrom + run.to) &&
  from <= run.to &&
  to >= run.from

/**
 * Makes one run of those whose spans share more than half of the shorter one: a loop is found at every multiple of its
 * length. It has the direction and residual of the closest copy among them, and the shortest lag in that direction.
 */
function separate(runs: readonly LoopRun[]): LoopRun[] {
  const groups: LoopRun[][] = []
  const span = (run: LoopRun) => run.copyTo - run.from + 1
  for (const run of [...runs].sort((a, b) => a.residual - b.residual || a.from - b.from || a.copyFrom - b.copyFrom)) {
    const shared = (other: LoopRun) => Math.min(run.copyTo, other.copyTo) - Math.max(run.from, other.from) + 1
    const group = groups.find(([first]) => first && shared(first) > Math.min(span(run), span(first)) / 2)
    if (group) group.push(run)
    else groups.push([run])
  }
  return groups
    .map((group) => {
      const [closest] = group as [LoopRun]
      const lag = (run: LoopRun) => run.copyFrom - run.from
      const shortest = group
        .filter((run) => run.direction === closest.direction)
        .reduce((best, run) => (lag(run) < lag(best) ? run : best))
      return closest.direction === 'reversed' ? closest : { ...shortest, residual: closest.residual }
    })
    .sort((a, b) => a.from - b.from)
}

const copyOf = ({ direction, key }: Candidate) =>
  direction === 'forward' ? (index: number) => index + key : (index: number) => key - index

const COARSE = 8
const COARSE_CELLS = COARSE * COARSE
/** The passes need not be sampled at the same moments; three offsets are near enough for a candidate. */
const OFFSETS = [0, 0.4, -0.4]

/** 8 × 8 pictures in grey levels, and their variance over every window of `window` frames. */
class Coarse {
  readonly window: number
  readonly count: number
  readonly #pictures: Float32Array
  readonly #variance: Float32Array

  constructor(record: FrameRecord, window: number) {
    this.window = window
    this.count = record.count
    this.#pictures = new Float32Array(record.count * COARSE_CELLS)
    const share = (GRID / COARSE) ** 2 * LEVEL
    for (let i = 0; i < record.count; i++) {
      const cells = record.cells(i)
      for (let c = 0; c < CELLS; c++) {
        const x = Math.floor((c % GRID) / (GRID / COARSE))
        const y = Math.floor(c / GRID / (GRID / COARSE))
        this.#pictures[i * COARSE_CELLS + y * COARSE + x]! += cells[c]! / share
      }
    }
    this.#variance = new Float32Array(Math.max(0, record.count - window + 1))
    for (let k = 0; k < COARSE_CELLS; k++) {
      let [sum, squares] = [0, 0]
      for (let i = 0; i < record.count; i++) {
        const value = this.#pictures[i * COARSE_CELLS + k]!
        sum += value
        squares += value * value
        if (i >= window) {
          const old = this.#pictures[(i - window) * COARSE_CELLS + k]!
          sum -= old
          squares -= old * old
        }
        if (i >= window - 1)
          this.#variance[i - window + 1]! += Math.max(0, squares / window - (sum / window) ** 2) / COARSE_CELLS
      }
    }
  }

  /** Variance over the window that starts at this frame, squared grey levels. */
  variance(start: number): number {
    return this.#variance[start]!
  }

  /** Mean square difference between frame `copy` and the run at `index + offset`; infinite beyond the ends. */
  difference(index: number, copy: number, offset: number): number {
    const next = index + Math.sign(offset)
    if (next < 0 || next >= this.count) return Number.POSITIVE_INFINITY
    const share = Math.abs(offset)
    const [a, b, c] = [index * COARSE_CELLS, next * COARSE_CELLS, copy * COARSE_CELLS]
    let sum = 0
    for (let k = 0; k < COARSE_CELLS; k++) {
      const here = this.#pictures[a + k]!
      const difference = here + (this.#pictures[b + k]! - here) * share - this.#pictures[c + k]!
      sum += difference * difference
    }
    return sum / COARSE_CELLS
  }

  /** True where the run of one window from `start` and its copy are alike at this offset, given the summed difference. */
  alike(start: number, summed: number): boolean {
    const variance = this.variance(start)
    return variance > PASS.codec && summed / this.window <= PASS.codec + LOOPS.coarseResidual * variance
  }
}

/** Stretches of windows that are like the window `lag` frames later. */
function nearCandidates(coarse: Coarse, minimumLag: number, maximumLag: number): Candidate[] {
  const out: Candidate[] = []
  const { window, count } = coarse
  const differences = OFFSETS.map(() => new Float64Array(count))
  for (let lag = minimumLag; lag <= Math.min(maximumLag, count - window); lag++) {
    const summed = OFFSETS.map(() => 0)
    let from = -1
    for (let i = 0; i + lag < count; i++) {
      const start = i - window + 1
      let alike = false
      for (const [k, offset] of OFFSETS.entries()) {
        const difference = coarse.difference(i, i + lag, offset)
        // Infinite only at the very first or last frame, which has no neighbour to interpolate with.
        differences[k]![i] = Number.isFinite(difference) ? difference : 0
        summed[k]! += differences[k]![i]! - (start > 0 ? differences[k]![start - 1]! : 0)
        alike ||= start >= 0 && coarse.alike(start, summed[k]!)
      }
      if (alike && from < 0) from = start
      if (from >= 0 && (!alike || i + lag === count - 1)) {
        out.push({ direction: 'forward', key: lag, from, to: alike ? i : i - 1 })
        from = -1
      }
    }
  }
  return out
}

/** Frames (and gaps between frames) around which one window before is like the window after, played backwards. */
function turningPoints(coarse: Coarse): Candidate[] {
  const out: Candidate[] = []
  const { window, count } = coarse
  for (let sum = 2 * window - 1; sum <= 2 * (count - window) - 1; sum++) {
    const to = Math.floor((sum - 1) / 2)
    const from = to - window + 1
    if (from < 0 || sum - from >= count) continue
    const found = OFFSETS.some((offset) => {
      let summed = 0
      for (let i = from; i <= to; i++) {
        const difference = coarse.difference(i, sum - i, offset)
        if (Number.isFinite(difference)) summed += difference
      }
      return coarse.alike(from, summed)
    })
    if (found) out.push({ direction: 'reversed', key: sum, from, to })
  }
  return out
}

/** Compares the pictures themselves, grows the run as far as they agree, and measures it. */
function verify(record: FrameRecord, candidate: Candidate, least: number): LoopRun | undefined {
  const copy = copyOf(candidate)
  const pass = new Pass(record, copy, candidate.from, candidate.to)
  const phase = pass.bestPhase()
  if (phase === undefined) return undefined
  const middle = candidate.direction === 'reversed' ? Math.floor((candidate.key - 1) / 2) : undefined
  const { from, to } = pass.grow(phase, middle)
  if (to - from + 1 < least) return undefined
  const { residual, moving, variation } = new Pass(record, copy, from, to).measure(phase)
  const ends = [copy(from), copy(to)]
  const run: LoopRun = {
    direction: candidate.direction,
    from,
    to,
    copyFrom: Math.min(...ends),
    copyTo: Math.max(...ends),
    residual,
    moving,
    phase,
  }
  const enough = variation >= LOOPS.variation * PASS.codec
  return enough && residual <= residualLimit(record, run, least) ? run : undefined
}

function residualLimit(record: FrameRecord, run: LoopRun, least: number): number {
  if (!followsAtOnce(run)) return LOOPS.farResidual
  if (run.direction === 'forward') return LOOPS.nearResidual
  if (!turnsSharply(record, run)) return LOOPS.farResidual
  const longer = (run.to - run.from + 1) / least - 1
  const share = Math.min(1, longer / (LOOPS.reversedSeconds / LOOPS.seconds - 1))
  return LOOPS.farResidual + share * (LOOPS.nearResidual - LOOPS.farResidual)
}

/** Whether a reversed run moves beside its turn as it does elsewhere. */
function turnsSharply(record: FrameRecord, { from, to, copyFrom, copyTo }: LoopRun): boolean {
  const steps = (first: number, last: number): number => {
    let sum = 0
    for (let i = first; i < last; i++) sum += squaredStep(record, i)
    return sum / (last - first)
  }
  // The frames beside the turn may show the same moment: what moves is told by those next to them.
  const beside = (steps(Math.max(from, to - 2), to) + steps(copyFrom, Math.min(copyTo, copyFrom + 2))) / 2
  return Math.sqrt(beside / steps(from, copyTo)) >= LOOPS.turning
}

/** Mean square difference between a frame and the next, in cells. */
function squaredStep(record: FrameRecord, index: number): number {
  const [here, next] = [record.cells(index), record.cells(index + 1)]
  let sum = 0
  for (let k = 0; k < CELLS; k++) sum += (here[k]! - next[k]!) ** 2
  return sum / CELLS
}

/** True where the copy begins when the run ends, or before. */
export const followsAtOnce = (run: LoopRun): boolean => run.copyFrom <= run.to + 1 + LOOPS.apart
