/** Irregularities of the time stamps: gaps, repeats, disorder, and patterns of frame-rate conversion. */
import type { PacketTable } from '../../media/types.ts'
import { isTime, type Frames } from './frame-types.ts'

export interface Gap {
  /** Seconds of media time. */
  readonly start: number
  readonly end: number
  /** Frames that would fill it at the usual distance. */
  readonly missing: number
}
export interface TimeStamps {
  /** Median distance of frames in display order, seconds; 0 where there are fewer than two. */
  readonly usual: number
  /** Share of distances within 1 ms or 2 % of the usual one. */
  readonly regular: number
  /** Distances that are a whole number of frames, at least two: frames are missing there. */
  readonly gaps: readonly Gap[]
  /** Times that two or more frames share. */
  readonly duplicates: readonly number[]
  /** Packets whose decoding time does not rise. */
  readonly disordered: readonly number[]
  /** Packets without any presentation time. */
  readonly absent: number
  /** Decoding time is after presentation time: cannot be played as it stands. */
  readonly late: number
}

/** Distance, in usual distances, from which a jump is a gap: one missing frame gives 2. */
const GAP = 1.75
const MAX_LISTED = 1000

export function timeStamps(packets: PacketTable, frames: Frames): TimeStamps {
  const { time } = frames
  const steps = Float64Array.from({ length: Math.max(0, time.length - 1) }, (_, i) => time[i + 1]! - time[i]!)
  const rising = steps.filter((step) => step > packets.timeBase / 2)
  const usual = median(rising)
  const tolerance = Math.max(0.001, 0.02 * usual, packets.timeBase)
  const gaps: Gap[] = []
  const duplicates: number[] = []
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i]!
    if (step <= packets.timeBase / 2) {
      if (duplicates.length < MAX_LISTED) duplicates.push(time[i]!)
      // The place that a frame with a borrowed time leaves empty is no gap.
      i += steps[i + 1]! > GAP * usual ? 1 : 0
    } else if (usual > 0 && step > GAP * usual && gaps.length < MAX_LISTED)
      gaps.push({ start: time[i]!, end: time[i + 1]!, missing: Math.round(step / usual) - 1 })
  }
  const disordered: number[] = []
  let absent = 0
  let late = 0
  for (let i = 0; i < packets.size.length; i += 1) {
    const [pts, dts] = [packets.pts[i]!, packets.dts[i]!]
    if (!isTime(pts)) absent += 1
    else if (isTime(dts) && dts > pts + packets.timeBase / 2) late += 1
    if (i > 0 && isTime(dts) && dts <= packets.dts[i - 1]! - packets.timeBase / 2) disordered.push(dts)
  }
  const near = steps.filter((step) => Math.abs(step - usual) <= tolerance).length
  return { usual, regular: steps.length === 0 ? 0 : near / steps.length, gaps, duplicates, disordered, absent, late }
}

/** Repeated frames at a steady beat, as a change of frame rate leaves them. */
export interface Cadence {
  /** One frame in so many repeats the one before it. */
  readonly period: number
  readonly repeats: number
  /** Share of the distances between repeats that equal `period`. */
  readonly steadiness: number
}

/** A repeat is coded as next to nothing: less than this share of the median size of the frames around it. */
const REPEAT_SIZE = 0.08
const REPEAT_WINDOW = 6
const MIN_REPEATS = 8
const MIN_STEADINESS = 0.6
/** Beats looked for; 24 to 30 frames a second repeats one in five, 25 to 30 one in six, 24 to 25 one in 25. */
const SLOWEST_BEAT = 30

/**
 * Finds isolated, nearly empty frames that come at a steady beat.
 * @returns null where there are too few or no steady beat
 */
export function repeatCadence({ size, type }: Frames): Cadence | null {
  const repeats: number[] = []
  for (let i = REPEAT_WINDOW; i < size.length - REPEAT_WINDOW; i += 1) {
    if (type[i] === 'I') continue
    const around = [...size.subarray(i - REPEAT_WINDOW, i), ...size.subarray(i + 1, i + REPEAT_WINDOW + 1)]
    // The median is at most the maximum, which is found faster.
    const own = size[i]!
    if (own < REPEAT_SIZE * Math.max(...around) && own < REPEAT_SIZE * median(around)) repeats.push(i)
  }
  if (repeats.length < MIN_REPEATS) return null
  const gaps = repeats.slice(1).map((at, i) => at - repeats[i]!)
  const counts = Map.groupBy(gaps, (gap) => gap)
  const [period, same] = [...counts].reduce((most, entry) => (entry[1].length > most[1].length ? entry : most))
  const steadiness = same.length / gaps.length
  return period >= 2 && period <= SLOWEST_BEAT && steadiness >= MIN_STEADINESS
    ? { period, repeats: repeats.length, steadiness }
    : null
}

export function median(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) return 0
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
