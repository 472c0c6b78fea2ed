/** How one text is set: its look, its direction, its lines. */
import { ASCENT, DESCENT, fontFor } from './fonts.ts'
import { linesOf, type Align, type Line } from './lines.ts'
import { sourceOf } from './runs.ts'
import { INK, LINE, SIZE } from './style.ts'
import { anchored, direction, seen, settable } from './text.ts'

export interface Look {
  /** Points. */
  readonly size: number
  readonly colour: string
  readonly bold: boolean
  readonly mono: boolean
  /** Times the size. */
  readonly leading: number
}

export const look = (own: Partial<Look> = {}): Look => ({
  size: SIZE.body,
  colour: INK,
  bold: false,
  mono: false,
  leading: LINE,
  ...own,
})

/**
 * Values (names, cells) stand at the left, where a reader of the table looks for them; paragraphs in right-to-left
 * scripts at the right. Sentences are English, whatever name they begin with.
 */
export type Kind = 'value' | 'paragraph' | 'sentence'

export interface SetText {
  readonly look: Look
  readonly lines: readonly Line[]
}

export const lineHeight = ({ size, leading }: Look): number => size * leading
/** From the top of a line to its base line. */
export const baseline = ({ size, leading }: Look): number => size * ((leading - ASCENT - DESCENT) / 2 + ASCENT)
/** Points, of a measure in 1/1000 em. */
export const points = (measure: number, { size }: Look): number => (measure * size) / 1000

/** @param room points */
export function setText(value: string, own: Look, room: number, kind: Kind = 'value', align?: Align): SetText {
  const base = kind === 'sentence' ? 'ltr' : direction(value)
  const set = settable(value, (codePoint) => fontFor(codePoint, own.bold, own.mono) !== null)
  // A hash has no order but its own, and its lines are counted in letters that are seen.
  const written = own.mono ? seen(set) : base === 'rtl' ? anchored(set) : set
  const source = sourceOf(written, base, own.bold, own.mono)
  const side = align ?? (base === 'rtl' && kind === 'paragraph' ? 'right' : 'left')
  return { look: own, lines: linesOf(source, (room * 1000) / own.size, side) }
}

/** One line of a text, however long it is, with dots for what has no room. */
export function oneLine(value: string, own: Look, room: number, align: Align): SetText {
  const letters = [...value.replace(/\s+/g, ' ')]
  let [least, most] = [0, letters.length]
  const cut = (count: number): SetText =>
    setText(
      count < letters.length ? `${letters.slice(0, count).join('').trimEnd()}…` : letters.join(''),
      own,
      room,
      'value',
      align,
    )
  if (cut(most).lines.length <= 1) return cut(most)
  while (least < most - 1) {
    const middle = (least + most) >> 1
    if (cut(middle).lines.length <= 1) least = middle
    else most = middle
  }
  return cut(least)
}
