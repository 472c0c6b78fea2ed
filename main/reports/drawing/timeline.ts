/** Everything dated in a case on one axis: lanes by kind, edges as well known as they are. */
import { arrange, busyPart, type Bar, type Entry } from './arrange.ts'
import { at, box, line, PAPER, shortened, widthOf, type Drawing, type Shape } from './drawing.ts'
import { kindShape, shapePath } from './kind-shape.ts'
import { tickLabel, timeTicks } from './time.ts'

const WIDTH = 500
const LEFT = 74
const ROW = 15
const TOP = 16
/** More rows are no picture any more; the table beneath has all of them. */
const MOST_ROWS = 36

export interface TimelineInput {
  readonly entries: readonly Entry[]
  /** Lanes in their order, with their words. */
  readonly kinds: readonly { readonly kind: string; readonly plural: string }[]
  readonly title: string
  /** Said of what has no room: `n more`. */
  readonly more: (n: number) => string
}

/** @returns null where nothing has a date */
export function timelineDrawing({ entries, kinds, title, more }: TimelineInput): Drawing | null {
  const names = kinds.map(({ kind }) => kind)
  const whole = arrange(entries, names)
  const view = busyPart(whole)
  if (!view) return null
  const { lanes } = arrange(entries, names, { ...view, pixels: WIDTH - LEFT })
  const x = (moment: number): number =>
    LEFT + ((Math.min(view.to, Math.max(view.from, moment)) - view.from) / (view.to - view.from)) * (WIDTH - LEFT)
  const shapes: Shape[] = []
  let y = TOP
  let left = 0
  const bodies: Shape[] = []
  for (const { kind, bars } of lanes) {
    const placed = bars.map((bar) => layOut(bar, x, view))
    const { row, rows } = packed(placed)
    const shown = Math.min(rows, Math.max(0, MOST_ROWS - Math.round((y - TOP) / ROW)))
    left += row.filter((own) => own >= shown).length
    if (!shown) continue
    const plural = kinds.find((known) => known.kind === kind)?.plural ?? kind
    bodies.push(line(0, y, WIDTH, y, { stroke: PAPER.rule, width: 0.5 }), {
      type: 'text',
      x: 0,
      y: y + 10,
      text: shortened(plural, 7, LEFT - 6),
      size: 7,
      colour: PAPER.dim,
    })
    placed.forEach((one, i) => {
      if (row[i]! < shown) bodies.push(...drawBar(one, y + row[i]! * ROW))
    })
    y += shown * ROW
  }
  const { at: ticks, step } = timeTicks(view.from, view.to, WIDTH - LEFT, 56)
  for (const tick of ticks) {
    const text = tickLabel(tick, step)
    shapes.push(line(x(tick), TOP, x(tick), y, { stroke: PAPER.rule, width: 0.5 }))
    // Before its line where there is no room behind it.
    const [place, anchor] =
      x(tick) + 2 + widthOf(text, 6.5) > WIDTH ? [x(tick) - 2, 'end' as const] : [x(tick) + 2, 'start' as const]
    shapes.push({ type: 'text', x: place, y: TOP - 5, text, size: 6.5, anchor, colour: PAPER.dim })
  }
  shapes.push(...bodies, line(0, y, WIDTH, y, { stroke: PAPER.rule, width: 0.5 }))
  if (left) shapes.push({ type: 'text', x: LEFT, y: y + 11, text: more(left), size: 7, colour: PAPER.dim })
  return { width: WIDTH, height: y + (left ? 16 : 4), description: title, shapes }
}

const SIZE = 7
/** Longest name beside a bar, in points. */
const NAME = 190

interface Placed {
  readonly bar: Bar
  readonly start: number
  readonly end: number
  /** It began before what is drawn. */
  readonly early: boolean
  readonly words: string
  readonly wordsAt: number
  readonly anchor: 'start' | 'end'
  /** With the name. */
  readonly from: number
  readonly to: number
}

/** The name stands behind the bar, or before it where that would lead out of the picture. */
function layOut(bar: Bar, x: (moment: number) => number, view: { from: number; to: number }): Placed {
  const early = bar.from < view.from
  const start = x(bar.from)
  const end = Math.max(x(bar.to), start + 7)
  const name = `${early ? '‹ ' : ''}${bar.entry.subject.name}`
  const behind = WIDTH - end - 4
  const before = start - LEFT - 4
  const inside = end - start > 110 && behind < 60
  if (inside) {
    const words = shortened(name, SIZE, end - start - 8)
    return { bar, start, end, early, words, wordsAt: start + 4, anchor: 'start', from: start, to: end }
  }
  const fits = behind >= Math.min(NAME, widthOf(name, SIZE)) || behind >= before
  const words = shortened(name, SIZE, Math.min(NAME, Math.max(20, fits ? behind : before)))
  const wide = widthOf(words, SIZE)
  return fits
    ? { bar, start, end, early, words, wordsAt: end + 3, anchor: 'start', from: start, to: end + 3 + wide }
    : { bar, start, end, early, words, wordsAt: start - 3, anchor: 'end', from: start - 3 - wide, to: end }
}

/** Rows such that nothing in one covers another, names included. */
function packed(all: readonly Placed[]): { row: number[]; rows: number } {
  const rows: { from: number; to: number }[][] = []
  const row = all.map(({ from, to }) => {
    const free = rows.findIndex((taken) => taken.every((other) => other.to + 4 < from || other.from > to + 4))
    const own = free < 0 ? rows.push([]) - 1 : free
    rows[own]!.push({ from, to })
    return own
  })
  return { row, rows: rows.length }
}

function drawBar({ bar, start, end, early, words, wordsAt, anchor }: Placed, y: number): Shape[] {
  const { entry, openStart, openEnd, vague } = bar
  const { outline, hue } = kindShape(entry.subject.kind)
  const colour = PAPER.hues[hue - 1]!
  const middle = y + ROW / 2
  const shapes: Shape[] = []
  if (end - start > 7) {
    const dash = vague || openStart || openEnd || early ? [3, 2] : undefined
    const top = middle - 4.5
    shapes.push(box(start, top, end - start, 9, { fill: colour, opacity: 0.2 }), {
      type: 'path',
      d: `M${at(start)} ${at(top)}H${at(end)}M${at(start)} ${at(top + 9)}H${at(end)}${openStart || early ? '' : `M${at(start)} ${at(top)}v9`}${openEnd ? '' : `M${at(end)} ${at(top)}v9`}`,
      stroke: colour,
      width: 0.8,
      ...(dash ? { dash } : {}),
    })
  } else shapes.push({ type: 'path', d: shapePath(outline, start + 3.5, middle, 3.5), fill: colour })
  if (entry.disputed)
    shapes.push(line(start, middle + 6, end, middle + 6, { stroke: PAPER.danger, width: 0.9, dash: [2, 1.5] }))
  shapes.push({ type: 'text', x: wordsAt, y: middle + 2.5, text: words, size: SIZE, anchor })
  return shapes
}
