/** Tables: header rows on every page, columns as wide as their words need. */
import type { Block } from '../document.ts'
import type { Piece } from './flow.ts'
import { textsOf, type Place } from './place.ts'
import { cell, ended, row } from './rows.ts'
import { look, lineHeight, points, setText, type Look } from './setting.ts'
import { sourceOf, wordsOf } from './runs.ts'
import { BODY, INK, MUTED, RULE, SIZE } from './style.ts'

type Table = Extract<Block, { type: 'table' }>

const PADDING = { side: 6, above: 2 } as const
/** Rows that are measured for the longest word of a column. */
const MEASURED = 60

const HEADER = look({ size: SIZE.tiny, colour: MUTED })
const CELL = look({ size: SIZE.small })
const HASH = look({ size: SIZE.tiny - 0.5, mono: true })

export function* table(
  { surface, words, frame, tag, x, width }: Place,
  { caption, columns, rows }: Table,
): Generator<Piece> {
  const own = tag.child('Table')
  if (caption) yield* captionPieces({ surface, words, frame, tag: own, x, width }, caption)
  const widths = columnWidths(
    columns.map(({ share }) => share),
    columns.map(({ label, mono }, column) =>
      Math.max(
        longestWord(label, HEADER),
        ...(mono ? [0] : rows.slice(0, MEASURED).map((cells) => longestWord(cells[column] ?? '', CELL))),
      ),
    ),
    width,
  )
  const lefts = widths.map((_, column) => x + widths.slice(0, column).reduce((sum, one) => sum + one, 0))
  const room = (column: number): number => widths[column]! - PADDING.side
  const labels = columns.map(({ label }, column) => setText(label, HEADER, room(column)))
  const headHeight = Math.max(...labels.map(({ lines }) => lines.length)) * lineHeight(HEADER) + 2 * PADDING.above
  const rule = (y: number, thick: number, colour: string): void =>
    surface.rule({ x, y: y - thick / 2, width, height: thick }, colour)
  const inside = {
    parent: frame,
    padding: 0,
    before: 4,
    after: 8,
    repeat: {
      height: headHeight,
      draw: (top: number) =>
        surface.within(null, () => {
          rule(top + headHeight, 0.8, INK)
          labels.forEach((label, column) => textsOf(surface, label, lefts[column]!, top + PADDING.above))
        }),
    },
  }
  const tr = own.child('TR')
  const heads = labels.map((label, column) =>
    cell(lefts[column]!, [label, tr.child('TH', { scope: 'Column', says: columns[column]!.label })]),
  )
  yield* row(surface, heads, {
    whole: Infinity,
    frame: inside,
    padding: PADDING.above,
    stay: rows.length > 0,
    last: (bottom) => rule(bottom, 0.8, INK),
  })
  // Beside its header, in whatever it stands inside of.
  const whole = BODY.bottom - BODY.top - headHeight - 40
  for (const values of rows) {
    const line = own.child('TR')
    const cells = columns.map(({ mono, own: english }, column) => {
      const text = setText(values[column] ?? '', mono ? HASH : CELL, room(column), english ? 'sentence' : 'value')
      return cell(lefts[column]!, [text, line.child('TD', { says: values[column] ?? '' })])
    })
    yield* row(surface, cells, {
      whole,
      frame: inside,
      padding: PADDING.above,
      last: (bottom) => rule(bottom, 0.5, RULE),
    })
    yield ended(inside, line)
  }
  yield ended(inside, own)
}

export function* captionPieces({ surface, frame, tag, x, width }: Place, caption: string): Generator<Piece> {
  const text = setText(caption, look({ size: SIZE.small, bold: true }), width)
  const caps = cell(x, [text, tag.child('Caption', { says: caption })])
  yield* row(surface, [caps], { whole: 60, frame, before: 8, after: 1, stay: true })
}

function longestWord(text: string, own: Look): number {
  const words = wordsOf(sourceOf(text, 'ltr', own.bold, own.mono))
  return points(Math.max(0, ...words.map((word) => word.width)), own) + PADDING.side + 0.5
}

/**
 * By their shares, but none narrower than its longest word needs, as far as equal columns would have room for it.
 * @returns widths that add up to `whole`
 */
export function columnWidths(shares: readonly number[], least: readonly number[], whole: number): number[] {
  const floor = least.map((width) => Math.min(width, whole / shares.length))
  const fixed = new Set<number>()
  for (;;) {
    const free = shares.map((_, n) => n).filter((n) => !fixed.has(n))
    const left = whole - [...fixed].reduce((sum, n) => sum + floor[n]!, 0)
    const sum = free.reduce((all, n) => all + shares[n]!, 0)
    const narrow = free.filter((n) => (left * shares[n]!) / sum < floor[n]! - 1e-9)
    if (!narrow.length || narrow.length === free.length)
      return shares.map((share, n) => (fixed.has(n) ? floor[n]! : (left * share) / sum))
    narrow.forEach((n) => fixed.add(n))
  }
}
