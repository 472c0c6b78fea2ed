/**
 * Traces of an earlier encoding in the sizes of the coded frames.
 *
 * Where a picture was intra coded in an earlier encoding with a fixed group of pictures, its noise differs from that of
 * the picture before it, so that the next encoder spends more bits on predicting it (Stamm, Lin, Liu 2012, "Temporal
 * Forensics and Anti-Forensics for Motion Compensated Video", IEEE TIFS 7(4); Vázquez-Padín et al. 2012, "Detection of
 * video double encoding with GOP size estimation", WIFS). The bits of a frame show it directly (Yao et al. 2017,
 * "Detection of Double-Compressed H.264/AVC Video Incorporating the Features of the String of Data Bits and Skip
 * Macroblocks", Symmetry 9(12)). Whether peaks stand in a regular row is decided a contrario (Li et al. 2023, "A
 * Contrario Detection of H.264 Video Double Compression", ICIP): the number of rows as regular that would be expected
 * by chance in a stream without such a history.
 */
import type { Frames } from './frame-types.ts'

/**
 * A frame is a peak where it is larger than this many predicted frames on either side. A narrow neighbourhood finds
 * faint and frequent peaks, a wide one needs fewer repeats of a long period.
 */
export const NEIGHBOURS = [3, 6] as const
/** Shortest period tested, frames; below it the neighbourhoods of two peaks overlap. */
export const SHORTEST = 7
/** Longest period tested, frames: ten seconds at 30 a second. */
export const LONGEST = 300
/** A row must repeat at least this often to be tested. */
export const REPEATS = 5
/** Expected chance detections per stream at which a row is reported. */
export const MAX_FALSE_ALARMS = 0.001
/**
 * Share of a row's places that must hold a peak: in long streams the faintest regularity is beyond chance, and at half
 * the period of a regular row every second place does.
 */
export const MIN_SHARE = 0.6
/** Frames tested together. Longer streams are tested piece by piece, since edits and scene cuts break a row. */
export const WINDOW = 1800

export interface Row {
  /** Frames. */
  readonly period: number
  /** Display index of its first frame within the piece, below `period`. */
  readonly offset: number
  /** Predicted frames of the row that could be tested, and how many of them are peaks. */
  readonly tested: number
  readonly peaks: number
  /** log10 of the number of false alarms (NFA) in the whole stream. */
  readonly logNfa: number
  /** Predicted frames on either side that a peak exceeds. */
  readonly neighbours: number
  /** Display indices of the piece: first, and one past the last. */
  readonly from: number
  readonly to: number
}

export interface Periodicity {
  /** The most regular row of each piece of the stream that could be tested, in time order. */
  readonly pieces: readonly Row[]
  /** Per period the most regular row found anywhere, for the plot. */
  readonly profile: readonly Row[]
}

/** A row that is reported. */
export const isFound = (row: Row): boolean =>
  row.logNfa <= Math.log10(MAX_FALSE_ALARMS) && row.peaks >= MIN_SHARE * row.tested

/** @param excluded periods that have another known cause: the stream's own key frame interval and repeated frames */
export function findPeriodicity(frames: Frames, excluded: (period: number) => boolean): Periodicity {
  const maps = NEIGHBOURS.map((neighbours) => mapPeaks(frames, neighbours))
  const count = frames.size.length
  const windows = Math.max(1, Math.round(count / WINDOW))
  const profile = new Map<number, Row>()
  const pieces: Row[] = []
  for (let window = 0; window < windows; window += 1) {
    const from = Math.floor((window * count) / windows)
    const to = Math.floor(((window + 1) * count) / windows)
    const rows = maps.flatMap((map) => pieceRows(map, from, to, windows * maps.length, excluded))
    for (const row of rows) if (row.logNfa < (profile.get(row.period)?.logNfa ?? Infinity)) profile.set(row.period, row)
    const best = rows.reduce<Row | null>((low, row) => (!low || row.logNfa < low.logNfa ? row : low), null)
    if (best) pieces.push(best)
  }
  return { pieces, profile: [...profile.values()].toSorted((a, b) => a.period - b.period) }
}

/** The most regular row of each period in one piece. */
function pieceRows(
  { carrier, peak, neighbours }: PeakMap,
  from: number,
  to: number,
  searches: number,
  excluded: (period: number) => boolean,
): Row[] {
  const periods: number[] = []
  for (
    let period = Math.max(SHORTEST, neighbours + 1);
    period <= Math.min(LONGEST, Math.floor((to - from) / REPEATS));
    period += 1
  )
    if (!excluded(period)) periods.push(period)
  const tests = searches * periods.reduce((sum, period) => sum + period, 0)
  const chance = 1 / (2 * neighbours + 1)
  return periods.flatMap((period) => {
    let best: Row | null = null
    for (let offset = 0; offset < period; offset += 1) {
      let tested = 0
      let peaks = 0
      for (let n = from + offset; n < to; n += period) {
        const at = carrier[n]!
        if (at < 0) continue
        tested += 1
        peaks += peak[at]!
      }
      // A share at or below chance is never rare; skipping it saves most of the time.
      if (tested < REPEATS || peaks <= chance * tested) continue
      const logNfa = Math.log10(tests) + logBinomialTail(tested, peaks, chance)
      if (!best || logNfa < best.logNfa) best = { period, offset, tested, peaks, logNfa, neighbours, from, to }
    }
    return best ? [best] : []
  })
}

interface PeakMap {
  readonly neighbours: number
  /** For every frame the index of the predicted frame that tells about it; -1 for none. */
  readonly carrier: Int32Array
  readonly peak: Uint8Array
}

/**
 * For every frame the predicted frame whose size tells about it, and whether that one is a peak. A B picture is told by
 * the P picture after it, which was coded before it and met the change first (Vázquez-Padín et al. 2020, "Video
 * Integrity Verification and GOP Size Estimation via Generalized Variation of Prediction Footprint", IEEE TIFS 15).
 * -1 where none can be tested: key frames, their neighbours and the ends of the stream.
 */
function mapPeaks({ type, size }: Frames, neighbours: number): PeakMap {
  const count = size.length
  const predicted: number[] = []
  for (let i = 0; i < count; i += 1) if (type[i] === 'P') predicted.push(i)
  const testable = new Uint8Array(count)
  const peak = new Uint8Array(count)
  for (let k = neighbours; k < predicted.length - neighbours; k += 1) {
    const at = predicted[k]!
    testable[at] = 1
    const own = size[at]!
    let larger = true
    for (let d = 1; d <= neighbours && larger; d += 1)
      larger = own > size[predicted[k - d]!]! && own > size[predicted[k + d]!]!
    peak[at] = larger ? 1 : 0
  }
  // The first predicted frame after a key frame follows a picture of another quality and is larger or smaller by rule.
  for (let i = 0; i < count; i += 1)
    if (type[i] === 'I') {
      let next = i + 1
      while (next < count && type[next] === 'B') next += 1
      if (next < count && type[next] === 'P') testable[next] = 0
    }
  const carrier = new Int32Array(count).fill(-1)
  let next = -1
  for (let i = count - 1; i >= 0; i -= 1) {
    if (type[i] === 'P') next = i
    else if (type[i] === 'I') next = -1
    carrier[i] = next >= 0 && testable[next] === 1 ? next : -1
  }
  return { neighbours, carrier, peak }
}

/** log10 P(X ≥ k) for X binomial (n, p), summed in the log domain. */
export function logBinomialTail(n: number, k: number, p: number): number {
  if (k <= 0) return 0
  if (k > n) return -Infinity
  let term = 0
  for (let i = 0; i < k; i += 1) term += Math.log(n - i) - Math.log(i + 1)
  term += k * Math.log(p) + (n - k) * Math.log1p(-p)
  const first = term
  let sum = 1
  for (let i = k; i < n; i += 1) {
    term += Math.log(n - i) - Math.log(i + 1) + Math.log(p) - Math.log1p(-p)
    sum += Math.exp(term - first)
  }
  return Math.min(0, (first + Math.log(sum)) / Math.LN10)
}
