/** Dated values on a time axis: how wide an uncertain date is, and where round marks lie. All moments in ms since 1970, UTC. */
import type { DatedValue } from '../../contract/common.ts'
import { boundsOf, datedOf } from '../../contract/time.ts'

export interface Span {
  /** First and last moment that the value may mean. */
  readonly from: number
  readonly to: number
  /** The drawn edges fade: the moment itself is only approximate. */
  readonly vague: boolean
}

export const DAY = 86_400_000
const HOUR = 3_600_000

/** Minutes that a zone is ahead of UTC at a moment; what nobody knows counts as UTC. */
export function offsetMinutes(zone: string, at: number): number {
  const day = new Date(at).toISOString().slice(0, 10)
  return (at - (at % DAY) - boundsOf({ value: day, precision: 'day', zone }).earliest) / 60_000
}

/**
 * What a dated value covers: a month is a bar of a month, `approximate` reaches a unit further to each side.
 * @param value a bare text (`2023-10`) or a value with its precision and zone; null where nothing is known or it does not parse
 */
export function spanOf(value: DatedValue | string | null | undefined): Span | null {
  const dated = typeof value === 'string' ? datedOf(value) : value
  if (!dated) return null
  const { earliest, latest } = boundsOf(dated)
  if (!Number.isFinite(earliest) || !Number.isFinite(latest)) return null
  return { from: earliest, to: latest, vague: dated.precision === 'approximate' }
}

/** The span from one dated value to another; an edge that is not known stays open and is drawn fading. */
export function between(
  start: DatedValue | string | null | undefined,
  end: DatedValue | string | null | undefined,
): (Span & { readonly openStart: boolean; readonly openEnd: boolean }) | null {
  const [first, last] = [spanOf(start), spanOf(end)]
  if (!first && !last) return null
  return {
    from: (first ?? last!).from,
    to: Math.max((last ?? first!).to, (first ?? last!).from),
    vague: Boolean(first?.vague || last?.vague),
    openStart: !first,
    openEnd: !last && end !== undefined,
  }
}

export type Step = 'minute' | 'hour' | 'day' | 'month' | 'year'
export interface Ticks {
  readonly step: Step
  readonly at: readonly number[]
}

const FIXED: readonly [ms: number, step: Step][] = [
  [60_000, 'minute'], [5 * 60_000, 'minute'], [15 * 60_000, 'minute'], [HOUR, 'hour'], [3 * HOUR, 'hour'],
  [6 * HOUR, 'hour'], [12 * HOUR, 'hour'], [DAY, 'day'], [2 * DAY, 'day'], [7 * DAY, 'day'],
] // prettier-ignore

/** Round moments for the marks of an axis, at least `room` pixels apart; months and years as the calendar has them. */
export function timeTicks(from: number, to: number, width: number, room = 84): Ticks {
  const least = ((to - from) * room) / Math.max(1, width)
  const fixed = FIXED.find(([ms]) => ms >= least)
  const at: number[] = []
  if (fixed) {
    const [ms, step] = fixed
    for (let moment = Math.ceil(from / ms) * ms; moment <= to; moment += ms) at.push(moment)
    return { step, at }
  }
  const months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200].find((count) => count * 30.44 * DAY >= least) ?? 2400
  const first = new Date(from)
  let index = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / months) * months
  for (;;) {
    const moment = Date.UTC(Math.floor(index / 12), index % 12, 1)
    if (moment > to) break
    if (moment >= from) at.push(moment)
    index += months
  }
  return { step: months >= 12 ? 'year' : 'month', at }
}

const two = (value: number): string => String(value).padStart(2, '0')

/** A mark of the axis in ISO form, as short as its step allows; `offset` in minutes for a local axis. */
export function tickLabel(at: number, step: Step, offset = 0): string {
  const date = new Date(at + offset * 60_000)
  const year = String(date.getUTCFullYear())
  if (step === 'year') return year
  const month = `${year}-${two(date.getUTCMonth() + 1)}`
  if (step === 'month') return month
  const day = `${month}-${two(date.getUTCDate())}`
  return step === 'day' ? day : `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
}

/** `2023-10` of a moment, in UTC. */
export const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7)

/** Every month from the first to the last, both included; at most 600, counted from the end. */
export function monthsBetween(first: string, last: string): string[] {
  const index = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1
  const from = Math.max(index(first), index(last) - 599)
  return Array.from({ length: Math.max(0, index(last) - from + 1) }, (_, i) => {
    const month = from + i
    return `${String(Math.floor(month / 12)).padStart(4, '0')}-${two((month % 12) + 1)}`
  })
}

/** Which lane of a group each bar takes, so that none covers another. @param least room in ms that the narrowest needs */
export function stack(spans: readonly { readonly from: number; readonly to: number }[], least: number): number[] {
  const ends: number[] = []
  const order = spans.map((_, i) => i).sort((a, b) => spans[a]!.from - spans[b]!.from)
  const lanes: number[] = Array.from({ length: spans.length }, () => 0)
  for (const i of order) {
    const { from, to } = spans[i]!
    const free = ends.findIndex((end) => end <= from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = Math.max(to, from + least)
    lanes[i] = lane
  }
  return lanes
}
