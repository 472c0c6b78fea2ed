/** What stands side by side, and goes over to the next page where it is too long for one. */
import type { Frame, Piece } from './flow.ts'
import type { Line } from './lines.ts'
import { baseline, lineHeight, type Look, type SetText } from './setting.ts'
import type { Surface, Tag } from './surface.ts'

/** An element of the structure, or how to begin it when its first line is drawn: after what stands before it. */
type Said = Tag | (() => Tag) | null

interface CellLine {
  readonly line: Line
  readonly look: Look
  readonly tag: Said
}

/** Texts one under the other. */
export interface Cell {
  readonly x: number
  readonly lines: readonly CellLine[]
}

export const cell = (x: number, ...texts: readonly (readonly [text: SetText, tag: Said])[]): Cell => ({
  x,
  lines: texts.flatMap(([{ lines, look }, tag]) => lines.map((line) => ({ line, look, tag }))),
})

export interface RowLook {
  /** Up to this height it stays whole. */
  readonly whole: number
  readonly frame: Frame | null
  readonly before?: number
  readonly after?: number
  /** Space above and below, inside. */
  readonly padding?: number
  /** At least one further piece stands behind it on its page. */
  readonly stay?: boolean
  readonly newPage?: boolean
  /** Drawn with each of its pieces, and with the first or the last one only. */
  beside?(top: number, height: number): void
  first?(top: number): void
  last?(bottom: number): void
}

const heightOf = (lines: readonly CellLine[]): number => lines.reduce((sum, { look }) => sum + lineHeight(look), 0)

/** Lines of one element follow one another. */
function draw(surface: Surface, { x, lines }: Cell, top: number): void {
  let y = top
  for (let from = 0; from < lines.length;) {
    let to = from
    while (to < lines.length && lines[to]!.tag === lines[from]!.tag) to++
    const own = lines.slice(from, to)
    const { tag } = own[0]!
    surface.within(typeof tag === 'function' ? tag() : tag, () => {
      for (const { line, look } of own) {
        surface.line(line, x, y + baseline(look), look)
        y += lineHeight(look)
      }
    })
    from = to
  }
}

/** Never leaves a first or last line alone on a page, where there are more than three. */
export function* row(surface: Surface, cells: readonly Cell[], own: RowLook): Generator<Piece> {
  const { frame, padding = 0, before = 0, after = 0, stay = false } = own
  const height = Math.max(0, ...cells.map(({ lines }) => heightOf(lines))) + 2 * padding
  const count = Math.max(0, ...cells.map(({ lines }) => lines.length))
  if (height <= own.whole || count <= 3) {
    yield {
      height,
      before,
      after,
      stay,
      frame,
      ...(own.newPage ? { newPage: true } : {}),
      draw(top) {
        own.beside?.(top, height)
        own.first?.(top)
        for (const one of cells) draw(surface, one, top + padding)
        own.last?.(top + height)
      },
    }
    return
  }
  for (let n = 0; n < count; n++) {
    const parts = cells.map(({ x, lines }) => ({ x, lines: lines.slice(n, n + 1) }))
    const first = n === 0
    const last = n === count - 1
    const above = first ? padding : 0
    const part = Math.max(...parts.map(({ lines }) => heightOf(lines))) + above + (last ? padding : 0)
    yield {
      height: part,
      before: first ? before : 0,
      after: last ? after : 0,
      stay: first || n === count - 2 || (last && stay),
      frame,
      ...(first && own.newPage ? { newPage: true } : {}),
      draw(top) {
        own.beside?.(top, part)
        if (first) own.first?.(top)
        for (const one of parts) draw(surface, one, top + above)
        if (last) own.last?.(top + part)
      },
    }
  }
}

/** Ends elements of the structure when all that comes before is on its page. */
export const ended = (frame: Frame | null, ...tags: readonly Tag[]): Piece => ({
  height: 0,
  frame,
  draw: () => tags.forEach((tag) => tag.end()),
})
