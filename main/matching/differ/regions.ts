/**
 * From residuals per block and frame to regions: blocks that differ beyond noise for a while, joined where they touch in the
 * picture or follow each other in time (a threshold with hysteresis, as Canny 1986 has it for edges).
 */
import type { Region as Box } from '../../contract/common.ts'
import type { Sample } from './window.ts'

export const REGIONS = {
  /** Residual over noise from which a block is a seed, and from which it joins one. */
  high: 4.4,
  low: 2.6,
  /** Seconds over which residuals are averaged: what compression leaves changes from frame to frame. */
  smooth: 0.8,
  /** A region lasts so long, in all, and its seeds are so many blocks at the least, at one time. */
  seconds: 0.5,
  blocks: 3,
  /**
   * A region whose box is a smaller share of the picture than this differs by so much more than noise, or is not told: bright
   * edges that move by parts of a pixel differ for a second in unaltered copies.
   */
  small: 0.015,
  smallRatio: 7,
  /** Regions of two windows whose boxes overlap so much (intersection over union) are one that lasts. */
  same: 0.3,
  /** A block belongs to a region's box where it is in it for this part of its time. */
  often: 0.3,
  /** Share of the blocks that differ from which a moment differs nearly everywhere. */
  everywhere: 0.6,
} as const

/** A part of the picture that differs for a while. */
export interface DifferingRegion {
  /** Seconds of the new video: the first and the last moment, and how long in all. */
  readonly start: number
  readonly end: number
  readonly seconds: number
  /** In fractions of the new picture as it was compared (turned first where it is mirrored). */
  readonly box: Box
  /** Mean residual over noise. */
  readonly ratio: number
  /** Share of the region's time in which each block belongs to it. */
  readonly cells: Float32Array
  /** The moment when it differs most. */
  readonly peak: number
}

export interface Grid {
  readonly columns: number
  readonly rows: number
  /** Seconds from one sample to the next within a window. */
  readonly step: number
  /** Pixels of the picture that the blocks cover, as fractions of it (blocks that would be cut are left out). */
  readonly width: number
  readonly height: number
}

/** Each window's samples with residuals averaged over time; NaN stays. */
export function smoothed(samples: readonly Sample[], step: number): Float32Array[] {
  const half = Math.max(1, Math.round(REGIONS.smooth / step / 2))
  return samples.map((_, i) => {
    const [from, to] = [Math.max(0, i - half), Math.min(samples.length - 1, i + half)]
    const out = new Float32Array(samples[i]!.ratio.length)
    for (let b = 0; b < out.length; b++) {
      let [n, sum] = [0, 0]
      for (let j = from; j <= to; j++) {
        const value = samples[j]!.ratio[b]!
        if (value !== value) continue
        // One frame that went wrong (a flash, a lost packet) must not make a second of difference.
        sum += Math.min(12, value)
        n++
      }
      out[b] = n ? sum / n : Number.NaN
    }
    return out
  })
}

/** Share of the comparable blocks that differ, per sample. */
export const shareDiffering = (maps: readonly Float32Array[]): number[] =>
  maps.map((map) => {
    let [n, differing] = [0, 0]
    for (const value of map) {
      if (value !== value) continue
      n++
      if (value >= REGIONS.low) differing++
    }
    return n ? differing / n : 0
  })

/** @param windows samples of each window, with their maps by `smoothed` */
export function findRegions(
  windows: readonly { samples: readonly Sample[]; maps: readonly Float32Array[] }[],
  grid: Grid,
): DifferingRegion[] {
  const found = windows.flatMap(({ samples, maps }) => partsOf(samples, maps, grid))
  return joined(found, grid).filter(
    ({ seconds, box, ratio }) =>
      seconds >= REGIONS.seconds && (box.width * box.height >= REGIONS.small || ratio >= REGIONS.smallRatio),
  )
}

interface Part {
  readonly times: Set<number>
  /** Samples in which each block belongs to it, and their residuals. */
  readonly counts: Float32Array
  sum: number
  n: number
  peak: number
  most: number
}

function partsOf(samples: readonly Sample[], maps: readonly Float32Array[], grid: Grid): Part[] {
  const { columns, rows } = grid
  const size = columns * rows
  const label = new Int32Array(size * maps.length).fill(-1)
  const parts: Part[] = []
  const queue: number[] = []
  for (let seed = 0; seed < label.length; seed++) {
    if (label[seed] !== -1 || !(maps[Math.floor(seed / size)]![seed % size]! >= REGIONS.high)) continue
    const part: Part = { times: new Set(), counts: new Float32Array(size), sum: 0, n: 0, peak: 0, most: 0 }
    const seeds = new Map<number, number>()
    const strengths = new Map<number, number>()
    label[seed] = parts.length
    queue.push(seed)
    while (queue.length) {
      const at = queue.pop()!
      const [t, b] = [Math.floor(at / size), at % size]
      const value = maps[t]![b]!
      part.times.add(t)
      part.counts[b]!++
      part.sum += value
      part.n++
      strengths.set(t, (strengths.get(t) ?? 0) + value)
      if (value >= REGIONS.high) seeds.set(t, (seeds.get(t) ?? 0) + 1)
      const [x, y] = [b % columns, Math.floor(b / columns)]
      for (let dt = -1; dt <= 1; dt++)
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) {
            const [nt, ny, nx] = [t + dt, y + dy, x + dx]
            if (nt < 0 || nt >= maps.length || ny < 0 || ny >= rows || nx < 0 || nx >= columns) continue
            const next = nt * size + ny * columns + nx
            if (label[next] !== -1 || !(maps[nt]![next % size]! >= REGIONS.low)) continue
            label[next] = parts.length
            queue.push(next)
          }
    }
    for (const [t, strength] of strengths)
      if (strength > part.most) {
        part.most = strength
        part.peak = samples[t]!.time
      }
    if (Math.max(0, ...seeds.values()) < REGIONS.blocks) continue
    parts.push({ ...part, times: new Set([...part.times].map((t) => samples[t]!.time)) })
  }
  return parts
}

function joined(parts: readonly Part[], grid: Grid): DifferingRegion[] {
  const groups: Part[] = []
  for (const part of [...parts].sort((a, b) => b.n - a.n)) {
    const home = groups.find((group) => likeness(group, part) >= REGIONS.same)
    if (!home) {
      groups.push({ ...part, counts: part.counts.slice(), times: new Set(part.times) })
      continue
    }
    for (const time of part.times) home.times.add(time)
    for (let b = 0; b < part.counts.length; b++) home.counts[b]! += part.counts[b]!
    home.sum += part.sum
    home.n += part.n
    if (part.most > home.most) {
      home.most = part.most
      home.peak = part.peak
    }
  }
  return groups
    .map((group): DifferingRegion => {
      const times = [...group.times].sort((a, b) => a - b)
      const cells = group.counts.map((count) => count / times.length)
      return {
        start: times[0]!,
        end: times.at(-1)! + grid.step,
        seconds: times.length * grid.step,
        box: boxOf(cells, grid),
        ratio: group.sum / group.n,
        cells,
        peak: group.peak,
      }
    })
    .sort((a, b) => a.start - b.start || b.ratio - a.ratio)
}

/** Overlap of the blocks that two parts hold often: intersection over union. */
function likeness(a: Part, b: Part): number {
  let [both, either] = [0, 0]
  for (let i = 0; i < a.counts.length; i++) {
    const [p, q] = [a.counts[i]! / a.times.size >= REGIONS.often, b.counts[i]! / b.times.size >= REGIONS.often]
    if (p && q) both++
    if (p || q) either++
  }
  return either ? both / either : 0
}

/** Around the blocks that belong to it often; around all where none does. */
function boxOf(cells: Float32Array, { columns, rows, width, height }: Grid): Box {
  const least = Math.min(REGIONS.often, Math.max(...cells))
  let [left, right, top, bottom] = [columns, -1, rows, -1]
  cells.forEach((share, b) => {
    if (share < least) return
    const [x, y] = [b % columns, Math.floor(b / columns)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  })
  const [w, h] = [width / columns, height / rows]
  return { x: left * w, y: top * h, width: (right - left + 1) * w, height: (bottom - top + 1) * h }
}
