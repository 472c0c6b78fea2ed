/** Values month by month as bars; sources side by side, never added up. */
import { atMostEight, highest, hueOf, roundMarks, type Series } from './bar-marks.ts'
import { box, line, PAPER, shortened, widthOf, type Drawing, type Shape } from './drawing.ts'

const WIDTH = 500
const PLOT = { left: 40, right: 6, top: 10, height: 120 }

export interface BarsInput {
  /** What it shows, for whoever cannot see it. */
  readonly description: string
  /** `2023-10`, … without gaps. */
  readonly months: readonly string[]
  readonly series: readonly Series[]
  /** Values to compare with, as dashed lines across. */
  readonly levels: readonly { readonly value: number; readonly label: string }[]
  /** Name of what is put together where there are too many series. */
  readonly others: string
  /** A value as text. */
  readonly write: (value: number) => string
}

export function barsDrawing({ description, months, series: all, levels, others, write }: BarsInput): Drawing {
  const series = atMostEight(all, others)
  const marks = roundMarks(highest(months.length, series, true))
  const ceiling = marks.at(-1) ?? 1
  const floor = PLOT.top + PLOT.height
  const y = (value: number): number => floor - (value / ceiling) * PLOT.height
  const slot = (WIDTH - PLOT.left - PLOT.right) / Math.max(1, months.length)
  const wide = Math.min(34, slot * 0.78)
  const every = Math.max(1, Math.ceil(42 / slot))
  const shapes: Shape[] = []
  for (const mark of marks)
    shapes.push(
      line(PLOT.left, y(mark), WIDTH - PLOT.right, y(mark), { stroke: mark ? PAPER.rule : PAPER.edge, width: 0.6 }),
      {
        type: 'text',
        x: PLOT.left - 5,
        y: y(mark) + 2.5,
        text: write(mark),
        size: 7,
        anchor: 'end',
        colour: PAPER.dim,
      },
    )
  months.forEach((month, i) => {
    const left = PLOT.left + i * slot + (slot - wide) / 2
    const own = series.filter(({ values }) => values[i])
    own.forEach(({ key, values }, j) => {
      const value = values[i]!
      const each = wide / own.length
      shapes.push(
        box(left + j * each, y(value), Math.max(0.8, each - 0.8), floor - y(value), {
          fill: PAPER.hues[hueOf(series, key) - 1]!,
        }),
        {
          type: 'text',
          x: left + (j + 0.5) * each,
          y: y(value) - 3,
          text: write(value),
          size: 7,
          anchor: 'middle',
          bold: true,
        },
      )
    })
    if (i % every === 0)
      shapes.push({
        type: 'text',
        x: PLOT.left + (i + 0.5) * slot,
        y: floor + 11,
        text: month,
        size: 7,
        anchor: 'middle',
        colour: PAPER.dim,
      })
  })
  for (const { value, label } of levels.filter((level) => level.value <= ceiling))
    shapes.push(
      line(PLOT.left, y(value), WIDTH - PLOT.right, y(value), { stroke: PAPER.ink, width: 0.7, dash: [4, 3] }),
      { type: 'text', x: PLOT.left + 4, y: y(value) - 3, text: shortened(label, 7, 380), size: 7 },
    )
  const key = legend(series, floor + 26)
  return {
    width: WIDTH,
    height: floor + 18 + (series.length > 1 ? key.height : 0),
    description,
    shapes: series.length > 1 ? [...shapes, ...key.shapes] : shapes,
  }
}

function legend(series: readonly Series[], top: number): { shapes: Shape[]; height: number } {
  const shapes: Shape[] = []
  let [x, y] = [PLOT.left, top]
  for (const { key, label } of series) {
    const text = shortened(label, 7.5, 200)
    const room = 22 + widthOf(text, 7.5)
    if (x + room > WIDTH) [x, y] = [PLOT.left, y + 12]
    shapes.push(box(x, y - 6, 7, 7, { fill: PAPER.hues[hueOf(series, key) - 1]! }), {
      type: 'text',
      x: x + 11,
      y,
      text,
      size: 7.5,
    })
    x += room
  }
  return { shapes, height: y - top + 14 }
}
