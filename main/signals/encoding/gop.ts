/** The group-of-pictures structure of a stream: how far its key frames stand apart. */
import type { Frames } from './frame-types.ts'

export interface GopStructure {
  readonly frames: number
  readonly keys: number
  readonly predicted: number
  readonly bidirectional: number
  /** Distances between key frames in frames, in display order; the last group is left out (it is cut off by the end). */
  readonly intervals: readonly number[]
  /** The most frequent interval, and the share of intervals that have it. */
  readonly usual: number
  readonly regularity: number
  readonly longest: number
  /** Every frame is a key frame. */
  readonly allIntra: boolean
  /** Times of key frames that come earlier than the usual interval: mostly scene cuts the encoder noticed. */
  readonly early: readonly number[]
}

export function gopStructure(frames: Frames): GopStructure {
  const keys: number[] = []
  for (let i = 0; i < frames.type.length; i += 1) if (frames.type[i] === 'I') keys.push(i)
  const intervals = keys.slice(1).map((key, i) => key - keys[i]!)
  const histogram = new Map<number, number>()
  for (const interval of intervals) histogram.set(interval, (histogram.get(interval) ?? 0) + 1)
  const [usual, times] = [...histogram].reduce<[number, number]>(
    (most, [interval, n]) => (n > most[1] || (n === most[1] && interval > most[0]) ? [interval, n] : most),
    [0, 0],
  )
  const count = (type: 'P' | 'B') => frames.type.filter((t) => t === type).length
  return {
    frames: frames.type.length,
    keys: keys.length,
    predicted: count('P'),
    bidirectional: count('B'),
    intervals,
    usual,
    regularity: intervals.length === 0 ? 0 : times / intervals.length,
    longest: intervals.reduce((most, interval) => Math.max(most, interval), 0),
    allIntra: frames.type.length > 1 && keys.length === frames.type.length,
    early: intervals.flatMap((interval, i) => (interval < usual ? [frames.time[keys[i + 1]!]!] : [])),
  }
}
