/** Compares a run of frames with the frames that may be its copy, on the reduced pictures. */
import { CELLS, LEVEL, type FrameRecord } from './temporal-frames.ts'

export const PASS = {
  /** Mean square difference that codec noise explains, squared grey levels. */
  codec: 0.12,
  /** Difference of one frame from its copy, as a share of the run's variation over time, at which a run ends. */
  frameResidual: 0.6,
  /** Frames compared before a run is grown, and their mean difference above which it is given up. */
  probes: 12,
  probeResidual: 0.45,
} as const

const PHASES = [-0.5, -0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5]

/** A run of frames and the frames that may be its copy. */
export class Pass {
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
    const stride = Math.max(1, Math.floor((this.#to - this.#from + 1) / PASS.probes))
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
    if (coarse.mean > PASS.codec + PASS.probeResidual * variation) return undefined
    return best(PHASES.filter((phase) => Math.abs(phase - coarse.phase) <= 0.31)).phase
  }

  /** Extends (or trims) the run to all neighbouring frames that agree; never beyond `middle` for a reversed run. */
  grow(phase: number, middle: number | undefined): { from: number; to: number } {
    const { variation } = this.#statistics()
    const limit = PASS.codec + PASS.frameResidual * variation
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
    for (let i = this.#from; i <= this.#to; i++) sum += Math.max(0, this.#difference(i, phase) - PASS.codec)
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
