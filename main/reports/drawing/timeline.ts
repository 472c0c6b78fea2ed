/** Everything dated in a case on one axis: lanes by kind, edges as well known as they are. */
import { arrange, busyPart, type Bar, type Entry } from './arrange.ts'
import { at, line, PAPER, shortened, widthOf, type Drawing, type Shape } from './drawing.ts'
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
  const { lanes } = arrange(entries, names, view.to - view.from)
  const x = (moment: number): number =>
    LEFT + ((Math.min(view.to, Math.max(view.from, moment)) - view.from) / (view.to - view.from)) * (WIDTH - LEFT)
  const shapes: Shape[] = []
  let y = TOP
  let left = 0
  const bodies: Shape[] = []
  for (const { kind, bars, rows } of lanes) {
    const shown = Math.min(rows, Math.max(0, MOST_ROWS - Math.round((y - TOP) / ROW)))
    left += bars.filter((bar) => bar.row >= shown).length
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
    for (const bar of bars) if (bar.row < shown) bodies.push(...drawBar(bar, x, y + bar.row * ROW, view))
    y += shown * ROW
  }
  const { at: ticks, step } = timeTicks(view.from, view.to, WIDTH - LEFT, 56)
  for (const tick of ticks)
    shapes.push(line(x(tick), TOP, x(tick), y, { stroke: PAPER.rule, width: 0.5 }), {
      type: 'text',
      x: x(tick) + 2,
      y: TOP - 5,
      text: tickLabel(tick, step),
      size: 6.5,
      colour: PAPER.dim,
    })
  shapes.push(...bodies, line(0, y, WIDTH, y, { stroke: PAPER.rule, width: 0.5 }))
  if (left) shapes.push({ type: 'text', x: LEFT, y: y + 11, text: more(left), size: 7, colour: PAPER.dim })
  return { width: WIDTH, height: y + (left ? 16 : 4), description: title, shapes }
}

function drawBar(
  { entry, from, to, openStart, openEnd, vague }: Bar,
  x: (moment: number) => number,
  y: number,
  view: { from: number; to: number },
): Shape[] {
  const { outline, hue } = kindShape(entry.subject.kind)
  const colour = PAPER.hues[hue - 1]!
  const [start, end] = [x(from), x(to)]
  const middle = y + ROW / 2
  const shapes: Shape[] = []
  const early = from < view.from
  if (end - start > 7) {
    const dash = vague || openStart || openEnd || early ? [3, 2] : undefined
    const top = middle - 3.5
    shapes.push({
      type: 'path',
      d: `M${at(start)} ${at(top)}H${at(end)}V${at(top + 7)}H${at(start)}Z`,
      fill: colour,
      opacity: 0.22,
    })
    shapes.push({
      type: 'path',
      d: `M${at(start)} ${at(top)}H${at(end)}M${at(start)} ${at(top + 7)}H${at(end)}${openStart || early ? '' : `M${at(start)} ${at(top)}v7`}${openEnd ? '' : `M${at(end)} ${at(top)}v7`}`,
      stroke: colour,
      width: 0.8,
      ...(dash ? { dash } : {}),
    })
  } else shapes.push({ type: 'path', d: shapePath(outline, start + 3.5, middle, 3.5), fill: colour })
  if (entry.disputed)
    shapes.push(
      line(start, middle + 5, Math.max(end, start + 7), middle + 5, {
        stroke: PAPER.danger,
        width: 0.9,
        dash: [2, 1.5],
      }),
    )
  // Beside a short bar, inside a long one; at the right edge before it.
  const words = `${early ? '← ' : ''}${entry.subject.name}`
  const long = end - start > 90
  const room = long ? end - start - 6 : WIDTH - Math.max(end, start + 7) - 4
  if (!long && room < 40) {
    const text = shortened(words, 7, 110)
    const place = start - 4 - widthOf(text, 7) > LEFT ? start - 4 : start
    shapes.push({ type: 'text', x: place, y: middle + 2.5, text, size: 7, anchor: 'end' })
  } else
    shapes.push({
      type: 'text',
      x: long ? start + 4 : Math.max(end, start + 7) + 3,
      y: middle + 2.5,
      text: shortened(words, 7, Math.min(room, 190)),
      size: 7,
    })
  return shapes
}
