/**
 * Candidates for footage that comes again much later: SimHash (Charikar, "Similarity Estimation Techniques from Rounding
 * Algorithms", STOC 2002) of the step between consecutive reduced pictures, compared for every pair of frames. Steps
 * rather than pictures, because a background that stands still would make every pair alike.
 */
import { CELLS, LEVEL, type FrameRecord } from './temporal-frames.ts'

export const HASH = {
  /** Bits of the 64 that may differ between two like steps (20 bits are an angle of 56 degrees). */
  bits: 20,
  /** Like steps that a candidate needs, and unlike ones in a row that end it. */
  steps: 4,
  gap: 2,
  /** Root mean square step, in grey levels, under which a frame does not move. */
  still: 0.35,
  /** Cell steps under this, in grey levels, are noise. */
  noise: 0.6,
  /** Candidates kept at most, longest first. */
  candidates: 20_000,
} as const

export interface HashCandidate {
  readonly lag: number
  /** Frames of the first pass whose steps are alike, inclusive. */
  readonly from: number
  readonly to: number
  readonly good: number
}

/** Runs of like steps at lags of `minimumLag` frames and more, longest first. */
export function distantCandidates(record: FrameRecord, minimumLag: number): HashCandidate[] {
  const { low, high, moves } = hashMotion(record)
  const collector = new RunCollector()
  for (let lag = minimumLag; lag < low.length - HASH.steps; lag++) {
    for (let i = 1; i + lag < low.length; i++) {
      const j = i + lag
      if (moves[i] && moves[j] && bitsSet(low[i]! ^ low[j]!) + bitsSet(high[i]! ^ high[j]!) <= HASH.bits)
        collector.good(i, lag)
    }
    collector.flush(lag)
  }
  return collector.longest()
}

function hashMotion(record: FrameRecord) {
  const { count } = record
  const signs = projections()
  const low = new Int32Array(count)
  const high = new Int32Array(count)
  /** 1 where the frame moves against the one before. */
  const moves = new Uint8Array(count)
  const step = new Float32Array(CELLS)
  for (let i = 1; i < count; i++) {
    const before = record.cells(i - 1)
    const now = record.cells(i)
    let energy = 0
    for (let c = 0; c < CELLS; c++) {
      const difference = (now[c]! - before[c]!) / LEVEL
      step[c] = Math.abs(difference) < HASH.noise ? 0 : difference
      energy += step[c]! * step[c]!
    }
    if (Math.sqrt(energy / CELLS) < HASH.still) continue
    moves[i] = 1
    for (let bit = 0; bit < 64; bit++) {
      let sum = 0
      const at = bit * CELLS
      for (let c = 0; c < CELLS; c++) sum += step[c]! * signs[at + c]!
      if (sum <= 0) continue
      if (bit < 32) low[i]! |= 1 << bit
      else high[i]! |= 1 << (bit - 32)
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

/** Collects the runs of like steps along one lag after the other. */
class RunCollector {
  #from = -1
  #last = -1
  #good = 0
  readonly #out: HashCandidate[] = []

  good(index: number, lag: number): void {
    if (this.#from >= 0 && index - this.#last > HASH.gap + 1) this.flush(lag)
    if (this.#from < 0) this.#from = index
    this.#last = index
    this.#good++
  }

  flush(lag: number): void {
    if (this.#good >= HASH.steps) this.#out.push({ lag, from: this.#from, to: this.#last, good: this.#good })
    this.#from = -1
    this.#good = 0
    // A picture in steady motion resembles itself at every lag: memory stays bounded, the longest candidates are kept.
    if (this.#out.length > 4 * HASH.candidates) this.longest()
  }

  longest(): HashCandidate[] {
    this.#out.sort((a, b) => b.good - a.good || a.lag - b.lag || a.from - b.from)
    this.#out.length = Math.min(this.#out.length, HASH.candidates)
    return this.#out
  }
}
