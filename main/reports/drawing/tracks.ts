/** The curves of one finding on one time axis, with the stretches that it marked behind them. */
import type { SignalSegment, Track } from '../../contract/signals.ts'
import { at, box, line, PAPER, shortened, type Drawing, type Shape } from './drawing.ts'

const WIDTH = 480
const LANE = 34
const HEAD = 11
const GAP = 8
/** Pairs of a lowest and a highest value along the axis: one for each point of width. */
const BUCKETS = 240
/** More curves than this are not told apart, and are left to the Bench. */
export const MOST_TRACKS = 4

/**
 * A track of at most 480 values: of each stretch the lowest and the highest, so that no peak is lost. Where there is
 * nothing to say in all of a stretch, neither is there here.
 */
export function reducedTrack(track: Track): Track {
  const { values } = track
  if (values.length <= 2 * BUCKETS) return track
  const reduced: (number | null)[] = []
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const from = Math.floor((bucket * values.length) / BUCKETS)
    const to = Math.floor(((bucket + 1) * values.length) / BUCKETS)
    let low: number | null = null
    let high: number | null = null
    let rising = true
    for (let i = from; i < to; i++) {
      const value = values[i]
      if (value === null || value === undefined) continue
      if (low === null || value < low) {
        low = value
        rising = false
      }
      if (high === null || value > high) {
        high = value
        rising = true
      }
    }
    reduced.push(...(rising ? [low, high] : [high, low]))
  }
  return { ...track, step: (track.step * values.length) / (2 * BUCKETS), values: reduced }
}

/** What the report writes in the drawing. */
export interface TrackWords {
  /** Media time. */
  readonly clock: (seconds: number) => string
  /** Both ends of an axis. */
  readonly range: (low: number, high: number, unit: string) => string
  readonly description: (labels: readonly string[]) => string
}

/**
 * @param duration of the item, seconds; null where it is not known
 * @returns null where there is nothing to draw
 */
export function tracksDrawing(
  tracks: readonly Track[],
  segments: readonly SignalSegment[],
  duration: number | null,
  words: TrackWords,
): Drawing | null {
  const shown = tracks.filter(({ values }) => values.some((value) => value !== null)).slice(0, MOST_TRACKS)
  if (!shown.length) return null
  const end = Math.max(
    duration ?? 0,
    ...shown.map(({ start, step, values }) => start + step * values.length),
    ...segments.map((segment) => segment.end),
    0.001,
  )
  const x = (seconds: number): number => (Math.min(end, Math.max(0, seconds)) / end) * WIDTH
  const shapes: Shape[] = []
  const bottom = shown.length * (HEAD + LANE + GAP)
  shown.forEach((track, place) => {
    const top = place * (HEAD + LANE + GAP) + HEAD
    const known = track.values.filter((value): value is number => value !== null)
    const [low, high] = [Math.min(...known), Math.max(...known)]
    // A reading of 0 to 1 is drawn on that scale; anything else between its own extremes.
    const [floor, ceiling] = low >= 0 && high <= 1 ? [0, 1] : [Math.min(0, low), high === low ? low + 1 : high]
    const y = (value: number): number => top + LANE - ((value - floor) / (ceiling - floor)) * LANE
    shapes.push(box(0, top, WIDTH, LANE, { fill: '#ffffff', stroke: PAPER.rule, width: 0.5 }))
    for (const { start, end: until } of segments)
      shapes.push(box(x(start), top, Math.max(0.8, x(until) - x(start)), LANE, { fill: PAPER.marked, opacity: 0.7 }))
    shapes.push(...curve(track, x, y))
    const range = words.range(floor, ceiling, track.unit)
    shapes.push(
      { type: 'text', x: 0, y: top - 3, text: shortened(track.label, 7, 300), size: 7, colour: PAPER.ink },
      { type: 'text', x: WIDTH, y: top - 3, text: range, size: 6.5, anchor: 'end', colour: PAPER.dim },
    )
  })
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle'
    shapes.push(
      line(share * WIDTH, bottom - GAP, share * WIDTH, bottom - GAP + 3, { stroke: PAPER.edge, width: 0.5 }),
      {
        type: 'text',
        x: share * WIDTH,
        y: bottom + 4,
        text: words.clock(share * end),
        size: 6.5,
        anchor,
        colour: PAPER.dim,
      },
    )
  }
  return { width: WIDTH, height: bottom + 7, description: words.description(shown.map(({ label }) => label)), shapes }
}

/** One path per stretch without gaps; a single value is a short dash. */
function curve({ start, step, values }: Track, x: (s: number) => number, y: (value: number) => number): Shape[] {
  const parts: string[] = []
  let open = false
  values.forEach((value, i) => {
    if (value === null) {
      open = false
      return
    }
    const here = x(start + i * step)
    const alone = !open && (values[i + 1] ?? null) === null
    parts.push(`${open ? 'L' : 'M'}${at(here)} ${at(y(value))}${alone ? `h${at(Math.max(1, x(step)))}` : ''}`)
    open = true
  })
  return parts.length ? [{ type: 'path', d: parts.join(''), stroke: PAPER.accent, width: 0.9 }] : []
}
