/** What of two long videos is decoded for a comparison, and at which size. */
import type { MatchPlacement, MatchSegment } from '../../contract/matching.ts'
import { WHOLE, type Size } from './warp.ts'

export const PLAN = {
  /** Pixels of the longer side of what both pictures have in common. */
  detail: 384,
  /** Most pixels of the longer side of either picture. */
  most: 960,
  /** New frames a second, and most known ones. */
  rate: 6,
  knownRate: 30,
  /** Seconds decoded at a time, and of one segment in all; longer ones are looked at in parts, evenly spread. */
  window: 8,
  segment: 60,
  /** Segments compared, the longest first, and seconds of all of them. */
  segments: 6,
  seconds: 120,
  /** Seconds below which a segment is too short to say anything. */
  least: 0.8,
} as const

const even = (pixels: number): number => Math.max(16, 2 * Math.round(pixels / 2))

/** Sizes at which both are decoded so that they come out alike, neither enlarged. */
export function sizes(fresh: Size, known: Size, placement: MatchPlacement = WHOLE): { fresh: Size; known: Size } {
  const across = (s: number, t: number): number => Math.max(0.05, Math.min(1, t + s) - Math.max(0, t))
  const common = Math.max(
    fresh.width * across(placement.sx, placement.tx),
    fresh.height * across(placement.sy, placement.ty),
  )
  const scale = Math.min(
    1,
    PLAN.detail / common,
    PLAN.most / Math.max(fresh.width, fresh.height),
    PLAN.most / Math.max(fresh.width * placement.sx, fresh.height * placement.sy),
  )
  const out = { width: even(fresh.width * scale), height: even(fresh.height * scale) }
  // The known picture as large as it is shown, or as it is where it was enlarged.
  const shown = Math.min(
    1,
    Math.sqrt((out.width * placement.sx * out.height * placement.sy) / (known.width * known.height)),
  )
  return { fresh: out, known: { width: even(known.width * shown), height: even(known.height * shown) } }
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** The parts of a segment that are decoded: all of it, or evenly spread parts of a long one. */
export function windows({ from, to }: Span, seconds: number = PLAN.segment): Span[] {
  const length = to - from
  if (length < PLAN.least) return []
  const looked = Math.min(length, seconds)
  const count = Math.max(1, Math.ceil(looked / PLAN.window - 0.01))
  const each = looked / count
  const gap = count > 1 ? (length - looked) / (count - 1) : 0
  return Array.from({ length: count }, (_, i) => {
    const start = from + i * (each + gap)
    return { from: start, to: Math.min(to, start + each) }
  })
}

/** Numbers of the segments that are compared, in order, with the seconds that each may take. */
export function chosen(segments: readonly Pick<MatchSegment, 'from' | 'to'>[]): { at: number; seconds: number }[] {
  const longest = segments
    .map(({ from, to }, at) => ({ at, length: to - from }))
    .filter(({ length }) => length >= PLAN.least)
    .sort((a, b) => b.length - a.length || a.at - b.at)
    .slice(0, PLAN.segments)
  let left = PLAN.seconds
  return longest
    .map(({ at, length }, i) => {
      const seconds = Math.min(PLAN.segment, length, Math.max(4, left / (longest.length - i)))
      left -= seconds
      return { at, seconds }
    })
    .sort((a, b) => a.at - b.at)
}
