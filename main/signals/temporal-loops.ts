/**
 * Looped runs: a moving sequence that comes again, forwards or backwards. Candidates come from a similarity search over
 * the motion of every frame: SimHash (Charikar, "Similarity Estimation Techniques from Rounding Algorithms", STOC 2002)
 * of the difference between consecutive reduced pictures, compared for every pair of frames. Each candidate is then
 * verified on the reduced pictures themselves.
 */
import { CELLS, LEVEL, type FrameRecord } from './temporal-frames.ts'

export const LOOPS = {
  /** Shortest repeated run and shortest time between a frame and its copy, seconds. */
  seconds: 1.5,
  lag: 1,
  /** Bits of the 64 that may differ between two steps of like motion (20 bits are an angle of 56 degrees). */
  bits: 20,
  /** Steps a candidate needs, and bad steps in a row that end it. */
  steps: 4,
  gap: 2,
  /** Root mean square step, in grey levels, under which a frame does not move. */
  still: 0.35,
  /** Cell steps under this, in grey levels, are noise to the hash. */
  noise: 0.6,
  /** Mean square difference between the copies, as a share of the run's own variation over time. */
  residual: 0.12,
  /** The same per frame, while a run is being grown. */
  frameResidual: 0.3,
  /** Mean square of the difference that codec noise explains, squared grey levels. */
  codec: 0.12,
  /** Candidates verified at most, longest first. */
  candidates: 20_000,
  /** Frames of a candidate compared before it is grown. */
  probes: 12,
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
  readonly good: number
}

export function findLoops(record: FrameRecord, rate: number): LoopRun[] {
  const hashes = hashMotion(record)
  const lag = Math.ceil(LOOPS.lag * rate)
  const candidates = [...forward(hashes, lag), ...reversed(hashes)].sort(longest).slice(0, LOOPS.candidates)
  const least = Math.round(LOOPS.seconds * rate)
  const runs: LoopRun[] = []
  for (const candidate of candidates) {
    if (runs.some((run) => explains(run, candidate))) continue
    const run = verify(record, candidate, least)
    if (run) runs.push(run)
  }
  return runs
}

/** A candidate inside the two passes of a run that was verified adds nothing. */
const explains = (run: LoopRun, candidate: Candidate): boolean => {
  const copyFrom = candidate.direction === 'forward' ? candidate.from + candidate.key : candidate.key - candidate.to
  const copyTo = candidate.direction === 'forward' ? candidate.to + candidate.key : candidate.key - candidate.from
  const span = (a: number) => a >= run.from - 1 && a <= run.copyTo + 1
  return span(candidate.from) && span(candidate.to) && span(copyFrom) && span(copyTo)
}

interface Hashes {
  readonly low: Int32Array
  readonly high: Int32Array
  /** 1 where the frame moves against the one before. */
  readonly moves: Uint8Array
}

function hashMotion(record: FrameRecord): Hashes {
  const { count } = record
  const signs = projections()
  const low = new Int32Array(count)
  const high = new Int32Array(count)
  const moves = new Uint8Array(count)
  const step = new Float32Array(CELLS)
  for (let i = 1; i < count; i++) {
    const before = record.cells(i - 1)
    const now = record.cells(i)
    let energy = 0
    for (let c = 0; c < CELLS; c++) {
      const difference = (now[c]! - before[c]!) / LEVEL
      step[c] = Math.abs(difference) < LOOPS.noise ? 0 : difference
      energy += step[c]! * step[c]!
    }
    if (Math.sqrt(energy / CELLS) < LOOPS.still) continue
    moves[i] = 1
    for (let bit = 0; bit < 64; bit++) {
      let sum = 0
      const at = bit * CELLS
      for (let c = 0; c < CELLS; c++) sum += step[c]! * signs[at + c]!
      if (sum > 0) {
        if (bit < 32) low[i]! |= 1 << bit
        else high[i]! |= 1 << (bit - 32)
      }
    }
  }
  return { low, high, moves }
}

/** 64 fixed vectors of +1 and -1, from Marsaglia's xorshift32 (2003) with a constant seed. */
function projections(): Int8Array {
  const signs = new Int8Array(64 * CELLS)
  let state = 0x9e3779b9
  for (let i = 0; i < signs.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    signs[i] = state & 0x10000 ? 1 : -1
  }
  return signs
}

function bitsSet(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Collects the runs of good steps along one line of frame pairs. */
class RunCollector {
  #from = -1
  #last = -1
  #good = 0
  readonly #out: Candidate[]
  readonly #direction: Candidate['direction']

  constructor(direction: Candidate['direction'], out: Candidate[]) {
    this.#direction = direction
    this.#out = out
  }

  good(index: number, key: number): void {
    if (this.#from >= 0 && index - this.#last > LOOPS.gap + 1) this.flush(key)
    if (this.#from < 0) this.#from = index
    this.#last = index
    this.#good++
  }

  flush(key: number): void {
    if (this.#good >= LOOPS.steps)
      this.#out.push({ direction: this.#direction, key, from: this.#from, to: this.#last, good: this.#good })
    this.#from = -1
    this.#good = 0
    // A picture in steady motion resembles itself at every lag: bounded memory, the longest candidates kept.
    if (this.#out.length > 4 * LOOPS.candidates) {
      this.#out.sort(longest)
      this.#out.length = LOOPS.candidates
    }
  }
}

const longest = (a: Candidate, b: Candidate) =>
  b.good - a.good || a.direction.localeCompare(b.direction) || a.key - b.key || a.from - b.from

function forward({ low, high, moves }: Hashes, minimumLag: number): Candidate[] {
  const out: Candidate[] = []
  const collector = new RunCollector('forward', out)
  for (let lag = minimumLag; lag < low.length - LOOPS.steps; lag++) {
    for (let i = 1; i + lag < low.length; i++) {
      const j = i + lag
      if (moves[i] && moves[j] && bitsSet(low[i]! ^ low[j]!) + bitsSet(high[i]! ^ high[j]!) <= LOOPS.bits)
        collector.good(i, lag)
    }
    collector.flush(lag)
  }
  return out
}

/** Played backwards, the step into frame j undoes the step out of its original: the hash is the complement. */
function reversed({ low, high, moves }: Hashes): Candidate[] {
  const out: Candidate[] = []
  const collector = new RunCollector('reversed', out)
  const last = low.length - 1
  for (let sum = 2 * LOOPS.steps; sum <= 2 * last - 2 * LOOPS.steps; sum++) {
    // Step j leads from frame j-1 to j; its original leads from frame sum-j to sum-j+1.
    for (let i = Math.max(1, sum + 1 - last); 2 * i <= sum; i++) {
      const j = sum + 1 - i
      if (moves[i] && moves[j] && bitsSet(low[i]! ^ ~low[j]!) + bitsSet(high[i]! ^ ~high[j]!) <= LOOPS.bits)
        collector.good(i, sum)
    }
    collector.flush(sum)
  }
  return out
}

/** Compares the pictures themselves, grows the run as far as they agree, and measures it. */
function verify(record: FrameRecord, candidate: Candidate, least: number): LoopRun | undefined {
  const copyOf = candidate.direction === 'forward' ? (i: number) => i + candidate.key : (i: number) => candidate.key - i
  const pass = new Pass(record, copyOf, candidate.from - 1, candidate.to)
  const phase = pass.bestPhase()
  if (phase === undefined) return undefined
  const { from, to } = pass.grow(phase, candidate.direction === 'reversed' ? Math.floor(candidate.key / 2) : undefined)
  if (to - from < least) return undefined
  const grown = new Pass(record, copyOf, from, to)
  const { residual, moving, variation } = grown.measure(phase)
  if (residual > LOOPS.residual || variation < 4 * LOOPS.codec) return undefined
  const ends = [copyOf(from), copyOf(to)]
  return {
    direction: candidate.direction,
    from,
    to,
    copyFrom: Math.min(...ends),
    copyTo: Math.max(...ends),
    residual,
    moving,
    phase,
  }
}

const PHASES = [-0.5, -0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5]

/** A run of frames and the frames that may be its copy. */
class Pass {
  readonly #record: FrameRecord
  readonly #copyOf: (index: number) => number
  readonly #from: number
  readonly #to: number

  constructor(record: FrameRecord, copyOf: (index: number) => number, from: number, to: number) {
    this.#record = record
    this.#copyOf = copyOf
    this.#from = Math.max(0, from)
    this.#to = to
  }

  /**
   * Mean square difference between the copy and the run at `index + phase`, in squared grey levels: the two passes
   * need not be sampled at the same moments, so the run is interpolated.
   */
  #difference(index: number, phase: number): number {
    const { count } = this.#record
    const copy = this.#copyOf(index)
    const next = index + Math.sign(phase)
    if (copy < 0 || copy >= count || index < 0 || index >= count || next < 0 || next >= count)
      return Number.POSITIVE_INFINITY
    const a = this.#record.cells(index)
    const b = this.#record.cells(next)
    const c = this.#record.cells(copy)
    const share = Math.abs(phase)
    let sum = 0
    for (let k = 0; k < CELLS; k++) {
      const difference = a[k]! + (b[k]! - a[k]!) * share - c[k]!
      sum += difference * difference
    }
    return sum / CELLS / (LEVEL * LEVEL)
  }

  /** The phase at which probes of the run agree best; undefined where they disagree at every phase. */
  bestPhase(): number | undefined {
    const stride = Math.max(1, Math.floor((this.#to - this.#from + 1) / LOOPS.probes))
    const mean = (phase: number) => {
      let sum = 0
      let probes = 0
      for (let i = this.#from; i <= this.#to; i += stride) {
        const difference = this.#difference(i, phase)
        if (!Number.isFinite(difference)) continue
        sum += difference
        probes++
      }
      return probes ? sum / probes : Number.POSITIVE_INFINITY
    }
    const best = (phases: readonly number[]) =>
      phases.map((phase) => ({ phase, mean: mean(phase) })).reduce((a, b) => (b.mean < a.mean ? b : a))
    const coarse = best([0, -0.4, 0.4])
    const { variation } = this.#statistics(stride)
    if (coarse.mean > LOOPS.codec + 0.6 * variation) return undefined
    return best(PHASES.filter((phase) => Math.abs(phase - coarse.phase) <= 0.31)).phase
  }

  /** Extends (or trims) the run to all neighbouring frames that agree; never beyond `middle` for a reversed run. */
  grow(phase: number, middle: number | undefined): { from: number; to: number } {
    const { variation } = this.#statistics()
    const limit = LOOPS.codec + LOOPS.frameResidual * variation
    const agrees = (i: number) => this.#difference(i, phase) <= limit
    let from = this.#from
    let to = this.#to
    while (from <= to && !agrees(from)) from++
    while (to >= from && !agrees(to)) to--
    if (from > to) return { from: 0, to: -1 }
    while (agrees(from - 1)) from--
    while ((middle === undefined || to < middle) && agrees(to + 1)) to++
    return { from, to: middle === undefined ? to : Math.min(to, middle) }
  }

  measure(phase: number): { residual: number; moving: number; variation: number } {
    const { variation, moving } = this.#statistics()
    let sum = 0
    for (let i = this.#from; i <= this.#to; i++) sum += Math.max(0, this.#difference(i, phase) - LOOPS.codec)
    return { residual: sum / (this.#to - this.#from + 1) / Math.max(variation, 1e-9), moving, variation }
  }

  /** Variance over time, averaged over the cells, in squared grey levels, and the share of cells that vary. */
  #statistics(stride = 1): { variation: number; moving: number } {
    const n = Math.floor((this.#to - this.#from) / stride) + 1
    const sum = new Float64Array(CELLS)
    const squares = new Float64Array(CELLS)
    for (let i = this.#from; i <= this.#to; i += stride) {
      const cells = this.#record.cells(i)
      for (let k = 0; k < CELLS; k++) {
        const value = cells[k]! / LEVEL
        sum[k]! += value
        squares[k]! += value * value
      }
    }
    let total = 0
    let moving = 0
    for (let k = 0; k < CELLS; k++) {
      const variance = Math.max(0, squares[k]! / n - (sum[k]! / n) ** 2)
      total += variance
      if (variance > 1) moving++
    }
    return { variation: total / CELLS, moving: moving / CELLS }
  }
}
