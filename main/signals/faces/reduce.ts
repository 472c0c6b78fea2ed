/** Pictures made smaller by area mean: every source pixel counts by the share of it that lies under the target pixel. */

export interface Picture {
  /** RGB, row by row. */
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

interface Taps {
  /** First source index per target index. */
  readonly from: Int32Array
  /** Source indices per target index; those beyond a target's share have weight 0. */
  readonly count: number
  /** `count` weights per target index; they add to 1. */
  readonly weights: Float32Array
}

function taps(source: number, target: number): Taps {
  const ratio = source / target
  const count = Math.min(source, Math.ceil(ratio) + 1)
  const from = new Int32Array(target)
  const weights = new Float32Array(target * count)
  for (let i = 0; i < target; i++) {
    const [low, high] = [i * ratio, (i + 1) * ratio]
    from[i] = Math.min(Math.floor(low), source - count)
    for (let k = 0; k < count; k++) {
      const at = from[i]! + k
      weights[i * count + k] = Math.max(0, Math.min(high, at + 1) - Math.max(low, at)) / ratio
    }
  }
  return { from, count, weights }
}

/** Reduces pictures of one size to another; keeps its tables and buffers. Neither side may grow. */
export class Reducer {
  private readonly rows: Taps
  private readonly columns: Taps
  private readonly line: Float32Array
  private readonly source: { width: number; height: number }
  readonly width: number
  readonly height: number

  constructor(source: { width: number; height: number }, target: { width: number; height: number }) {
    this.source = source
    this.width = target.width
    this.height = target.height
    this.rows = taps(source.height, target.height)
    this.columns = taps(source.width, target.width)
    this.line = new Float32Array(source.width * 3)
  }

  /** @param stride pixels per row of `into`, whose upper left corner is filled */
  run(data: Uint8Array, into: Uint8Array, stride: number): void {
    if (this.source.width === 2 * this.width && this.source.height === 2 * this.height) this.halve(data, into, stride)
    else this.weigh(data, into, stride)
  }

  /** The commonest case, in whole numbers: five times as fast, and equal to `weigh`. */
  private halve(data: Uint8Array, into: Uint8Array, stride: number): void {
    const length = this.source.width * 3
    for (let y = 0; y < this.height; y++) {
      let at = y * stride * 3
      let p = 2 * y * length
      for (let x = 0; x < this.width; x++, at += 3, p += 6) {
        const q = p + length
        into[at] = (data[p]! + data[p + 3]! + data[q]! + data[q + 3]! + 2) >> 2
        into[at + 1] = (data[p + 1]! + data[p + 4]! + data[q + 1]! + data[q + 4]! + 2) >> 2
        into[at + 2] = (data[p + 2]! + data[p + 5]! + data[q + 2]! + data[q + 5]! + 2) >> 2
      }
    }
  }

  private weigh(data: Uint8Array, into: Uint8Array, stride: number): void {
    const { rows, columns, line } = this
    const length = this.source.width * 3
    for (let y = 0; y < this.height; y++) {
      line.fill(0)
      for (let k = 0; k < rows.count; k++) {
        const weight = rows.weights[y * rows.count + k]!
        if (weight === 0) continue
        const start = (rows.from[y]! + k) * length
        for (let i = 0; i < length; i++) line[i]! += weight * data[start + i]!
      }
      let at = y * stride * 3
      for (let x = 0; x < this.width; x++) {
        let [red, green, blue] = [0.5, 0.5, 0.5]
        let p = columns.from[x]! * 3
        for (let k = 0; k < columns.count; k++, p += 3) {
          const weight = columns.weights[x * columns.count + k]!
          red += weight * line[p]!
          green += weight * line[p + 1]!
          blue += weight * line[p + 2]!
        }
        into[at++] = red
        into[at++] = green
        into[at++] = blue
      }
    }
  }
}
