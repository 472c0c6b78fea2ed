/** From pairs of moments to one reading per face and per video. */
import { lowerMedian } from './face-record.ts'

export const READING = {
  /** Seconds between the two moments of a pair, and by how much they may differ from that. */
  apart: [1, 2, 4],
  slack: 0.2,
  /** Pairs of one face needed for a reading, and seconds from the first to the last of its moments. */
  leastPairs: 8,
  leastSeconds: 3,
  /**
   * Bend, pixels of the crop, that half of the pairs must have: a face that keeps still, and a photograph that is shifted, zoomed or
   * turned as a whole, look the same at every moment anyway. All development talking heads have more.
   */
  leastBend: 0.5,
  /** The value that genuine faces have on average; so many pairs' worth of it is mixed in, so that short tracks stay near it. */
  usual: 2.45,
  shrinkage: 4,
  /** The value that scores 0.5, and how fast the score rises about it. */
  middle: 3.1,
  steepness: 6,
  /** Seconds about a moment over which the running reading is taken. */
  window: 3,
} as const

export interface PairReading {
  /** Seconds of the earlier and of the later moment. */
  readonly from: number
  readonly to: number
  readonly value: number
  readonly motion: number
  readonly bend: number
}
export interface TrackReading {
  readonly track: number
  readonly pairs: readonly PairReading[]
  /** Median of the pairs, drawn towards the usual value for short tracks. */
  readonly value: number
  /** Median, pixels of the crop. */
  readonly motion: number
}

export const scoreFor = (value: number): number => 1 / (1 + Math.exp(-READING.steepness * (value - READING.middle)))

const drawn = (values: readonly number[]): number =>
  (lowerMedian(values) * values.length + READING.usual * READING.shrinkage) / (values.length + READING.shrinkage)

/** Faces seen often and long enough, the highest reading first; `still` counts those that hardly moved but as a whole. */
export function readTracks(pairs: ReadonlyMap<number, readonly PairReading[]>): {
  read: TrackReading[]
  still: number
} {
  const long = [...pairs].filter(
    ([, list]) =>
      list.length >= READING.leastPairs &&
      Math.max(...list.map(({ to }) => to)) - Math.min(...list.map(({ from }) => from)) >= READING.leastSeconds,
  )
  const read = long
    .map(([track, list]) => ({
      track,
      pairs: list,
      value: drawn(list.map(({ value }) => value)),
      motion: lowerMedian(list.map(({ motion }) => motion)),
      bend: lowerMedian(list.map(({ bend }) => bend)),
    }))
    .filter(({ bend }) => bend >= READING.leastBend)
    .sort((a, b) => b.value - a.value || a.track - b.track)
  return { read, still: long.length - read.length }
}

/** The reading about `time`, from the pairs that lie around it; null where these are too few. */
export function readingAt(pairs: readonly PairReading[], time: number): number | null {
  const near = pairs.filter(({ from, to }) => Math.abs((from + to) / 2 - time) <= READING.window)
  return near.length < READING.leastPairs / 2 ? null : drawn(near.map(({ value }) => value))
}

/** True where two moments are about as far apart as pairs are to be. */
export const makesPair = (from: number, to: number): boolean =>
  READING.apart.some((seconds) => Math.abs(to - from - seconds) <= READING.slack)
