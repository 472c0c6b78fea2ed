/**
 * The exact time of a short stretch by its hashes. Frames alike vote to about a second, and in a few seconds in which little
 * moves, any speed fits the votes; but hashes differ in fewer bits the nearer two frames lie in time.
 */
import { SPEEDS, type Stretch } from './align.ts'
import type { Fingerprint } from './fingerprint.ts'
import { distance, toWords } from './index/brute-force.ts'
import { HASH_BYTES } from './pdq.ts'

export const TIMING = {
  /** Seconds of a stretch that is long enough to be sure by its votes. */
  longest: 12,
  /** Seconds by which the votes may be wrong, and the step of the search. */
  reach: 1.6,
  step: 0.1,
  /** Mean bits from which hashes of like frames say nothing, as when the picture was cropped. */
  unlike: 64,
  /** Share of the mean bits that another line must save, and that another speed must save beyond that. */
  saves: 0.05,
  otherSpeed: 0.05,
} as const

type Span = Pick<Stretch, 'from' | 'to' | 'knownFrom' | 'speed'>

/** @returns the span with its known time and speed as the hashes have it, or as it was where they do not say */
export function timeByHash(
  fresh: Fingerprint,
  known: Fingerprint,
  mirrored: boolean,
  span: Span,
): Pick<Span, 'knownFrom' | 'speed'> {
  const as = { knownFrom: span.knownFrom, speed: span.speed }
  const length = span.to - span.from
  if (length > TIMING.longest) return as
  const mine = range(fresh.times, span.from, span.to)
  const theirs = range(
    known.times,
    span.knownFrom - 2 * TIMING.reach,
    span.knownFrom + span.speed * length + 2 * TIMING.reach,
  )
  if (mine.last - mine.first < 4 || theirs.last <= theirs.first) return as
  const bits = table(mirrored ? fresh.mirrored : fresh.hashes, mine, known.hashes, theirs)
  const half = length / 2
  const middle = span.knownFrom + span.speed * half
  const mean = (speed: number, at: number): number => {
    let sum = 0
    for (let i = mine.first; i <= mine.last; i++) {
      const j = nearest(known.times, theirs, at + speed * (fresh.times[i]! - span.from - half))
      sum += bits[i - mine.first]![j - theirs.first]!
    }
    return sum / (mine.last - mine.first + 1)
  }
  const before = mean(span.speed, middle)
  let [best, least] = [as, before * (1 - TIMING.saves)]
  for (const speed of SPEEDS) {
    const unchanged = speed === 1 || Math.abs(speed - span.speed) < 0.005
    for (let shift = -TIMING.reach; shift <= TIMING.reach + 1e-9; shift += TIMING.step) {
      const value = mean(speed, middle + shift) * (unchanged ? 1 : 1 + TIMING.otherSpeed)
      if (value < least) [least, best] = [value, { speed, knownFrom: middle + shift - speed * half }]
    }
  }
  return least > TIMING.unlike ? as : best
}

interface Range {
  readonly first: number
  readonly last: number
}

/** Numbers of the first and last time in a span. */
function range(times: Float32Array, from: number, to: number): Range {
  let [first, last] = [0, times.length - 1]
  while (first < times.length && times[first]! < from) first++
  while (last >= 0 && times[last]! > to) last--
  return { first, last }
}

function table(a: Uint8Array, mine: Range, b: Uint8Array, theirs: Range): number[][] {
  const part = (hashes: Uint8Array, { first, last }: Range): Uint32Array => toWords(hashes.subarray(first * HASH_BYTES, (last + 1) * HASH_BYTES)) // prettier-ignore
  const [x, y] = [part(a, mine), part(b, theirs)]
  return Array.from({ length: mine.last - mine.first + 1 }, (_, i) =>
    Array.from({ length: theirs.last - theirs.first + 1 }, (__, j) => distance(x, i, y, j)),
  )
}

function nearest(times: Float32Array, { first, last }: Range, time: number): number {
  let best = first
  for (let i = first; i <= last; i++) if (Math.abs(times[i]! - time) < Math.abs(times[best]! - time)) best = i
  return best
}
