/** Entries of a timeline in lanes by kind: who lies in which row, and how its edges are known. */
import type { DatedValue } from '../../contract/common.ts'
import { between, stack } from './time.ts'

export interface Entry {
  readonly id: string
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string }
  readonly label: string
  readonly at: DatedValue
  readonly until: DatedValue | null
  readonly disputed: boolean
  /** Without an end it holds still, such as a listing: drawn as far as the axis reaches. */
  readonly lasting?: boolean
}

export interface Bar {
  readonly entry: Entry
  readonly from: number
  readonly to: number
  readonly openStart: boolean
  readonly openEnd: boolean
  readonly vague: boolean
  /** Row within its lane, from 0. */
  readonly row: number
}

export interface Lane {
  readonly kind: string
  readonly bars: readonly Bar[]
  readonly rows: number
}

/** What is shown, and on how many pixels: rows are packed so that names do not run into each other. */
export interface Shown {
  readonly from: number
  readonly to: number
  readonly pixels: number
}

/** Width of a letter at the size of the labels, room after a name, and the least width of a moment, in pixels. */
export const LETTER = 5.9
const AFTER = 14
const LEAST = 6

/** A name as it is drawn. */
export const short = (name: string): string => {
  const letters = [...name]
  return letters.length > 56 ? `${letters.slice(0, 55).join('')}…` : name
}

export interface Arranged {
  readonly lanes: readonly Lane[]
  /** All of it, with a little room on both sides; null without a single date. */
  readonly span: { readonly from: number; readonly to: number } | null
  /** Entries whose date is not known. */
  readonly undated: readonly Entry[]
}

/**
 * @param kinds lanes in their order; kinds that do not occur get none
 * @param shown null packs for the whole, on a thousand pixels
 */
export function arrange(entries: readonly Entry[], kinds: readonly string[], shown: Shown | null = null): Arranged {
  const dated: (Omit<Bar, 'row'> & { kind: string })[] = []
  const undated: Entry[] = []
  for (const entry of entries) {
    const span = between(entry.at, entry.until === null ? undefined : entry.until)
    const open = span && entry.lasting && entry.until === null
    if (span) dated.push({ entry, kind: entry.subject.kind, ...span, ...(open ? { openEnd: true } : {}) })
    else undated.push(entry)
  }
  if (!dated.length) return { lanes: [], span: null, undated }
  const first = Math.min(...dated.map((bar) => bar.from))
  const last = Math.max(...dated.map((bar) => bar.to))
  const room = Math.max(86_400_000, (last - first) * 0.04)
  const span = { from: first - room, to: last + room }
  const held = dated.map((bar) => (bar.entry.lasting && bar.openEnd ? { ...bar, to: span.to } : bar))
  const view = shown ?? { ...span, pixels: 1000 }
  const perPixel = (view.to - view.from) / Math.max(1, view.pixels)
  const order = [...kinds, ...new Set(held.map(({ kind }) => kind).filter((kind) => !kinds.includes(kind)))]
  const lanes = order.flatMap((kind) => {
    const own = held.filter((bar) => bar.kind === kind).sort((a, b) => a.from - b.from || a.to - b.to)
    if (!own.length) return []
    // A bar claims the room of its name as well, which begins where the bar or the picture does, and ends with the picture.
    const claims = own.map((bar) => {
      const name = (short(bar.entry.subject.name).length * LETTER + AFTER) * perPixel
      const start = Math.max(bar.from, Math.min(view.from, bar.to))
      const from = start <= view.to && start + name > view.to ? Math.min(start, view.to - name) : start
      return { from: Math.min(bar.from, from), to: Math.max(bar.to, from + name) }
    })
    const rows = stack(claims, LEAST * perPixel)
    return [{ kind, bars: own.map((bar, i) => ({ ...bar, row: rows[i]! })), rows: Math.max(...rows) + 1 }]
  })
  return { lanes, span, undated }
}

/** Zooms by `factor` (over 1: closer) and keeps the moment under the pointer where it is. */
export function zoomSpan(
  view: { readonly from: number; readonly to: number },
  factor: number,
  anchor: number,
): { from: number; to: number } {
  const width = Math.min(400 * 365 * 86_400_000, Math.max(60_000, (view.to - view.from) / factor))
  const share = (anchor - view.from) / (view.to - view.from)
  return { from: anchor - share * width, to: anchor + (1 - share) * width }
}

/** Where most of it lies: one date decades before the rest must not press everything else against the edge. */
export function busyPart({ lanes, span }: Arranged): { from: number; to: number } | null {
  if (!span) return null
  const starts = lanes.flatMap((lane) => lane.bars.map((bar) => bar.from)).sort((a, b) => a - b)
  const early = starts[Math.floor(starts.length * 0.12)]!
  const whole = span.to - span.from
  if (span.to - early > 0.4 * whole) return span
  const room = (span.to - early) * 0.06
  return { from: early - room, to: span.to + room }
}
