/** Where pages end: pieces stand one under the other until one has no room. */
import type { Surface } from './surface.ts'

/** What no page ends inside of. Points. */
export interface Piece {
  readonly height: number
  /** Space to what stands above and below; none at the ends of a page. */
  readonly before?: number
  readonly after?: number
  /** No page ends behind it. */
  readonly stay?: boolean
  /** Begins on a new page, where more than `FULL` of the page is filled. */
  readonly newPage?: boolean
  /** What it stands inside of. */
  readonly frame?: Frame | null
  draw(top: number): void
}

/** Goes around pieces, over any number of pages. */
export interface Frame {
  readonly parent: Frame | null
  /** Space between its edge and what stands in it, at its ends on every page. */
  readonly padding: number
  readonly before: number
  readonly after: number
  /** Draws what lies under its part of a page. */
  ground?(top: number, bottom: number): void
  /** Stands again at the top of every page that it goes on to. */
  readonly repeat?: Piece
}

export interface Area {
  readonly top: number
  readonly bottom: number
}

/** Share of a page that is worth going on with. */
const FULL = 0.67

interface Open {
  readonly frame: Frame
  top: number
}

const chainOf = (frame: Frame | null | undefined): Frame[] => (frame ? [...chainOf(frame.parent), frame] : [])

export function setPages(pieces: Iterable<Piece>, { top, bottom }: Area, page: Pick<Surface, 'turn'>): void {
  const capacity = bottom - top
  const source = pieces[Symbol.iterator]()
  const ahead: Piece[] = []
  const peek = (place: number): Piece | null => {
    while (ahead.length <= place) {
      const next = source.next()
      if (next.done) return null
      ahead.push(next.value)
    }
    return ahead[place]!
  }
  const open: Open[] = []
  let y = top
  /** Nothing stands on this page yet; and in the innermost frame neither. */
  let empty = true
  let gap = 0

  const leave = (until: readonly Frame[]): void => {
    while (open.length && open.at(-1)!.frame !== until[open.length - 1]) {
      const { frame, top: from } = open.pop()!
      y = Math.min(bottom, y + frame.padding)
      frame.ground?.(from, y)
      gap = Math.max(gap, frame.after)
    }
  }
  const turn = (): void => {
    for (const { frame, top: from } of open.toReversed()) {
      y = Math.min(bottom, y + frame.padding)
      frame.ground?.(from, y)
    }
    page.turn()
    y = top
    gap = 0
    empty = true
    for (const one of open) {
      one.top = y
      y += one.frame.padding
      const { repeat } = one.frame
      if (!repeat) continue
      repeat.draw(y)
      y += repeat.height
    }
  }

  for (let piece = peek(0); piece; piece = peek(0)) {
    // A mark without height is passed by and changes nothing.
    if (piece.height === 0) {
      piece.draw(y)
      ahead.shift()
      continue
    }
    const frames = chainOf(piece.frame)
    leave(frames)
    if (piece.newPage && y > top + capacity * FULL) turn()
    if (!empty && y + needed(peek, open.length, gap, capacity) > bottom) turn()
    for (const frame of frames.slice(open.length)) {
      y += empty ? 0 : Math.max(gap, frame.before)
      gap = 0
      open.push({ frame, top: y })
      y += frame.padding
      // Its own edge is above the first piece in it.
      empty = true
    }
    y += empty ? 0 : Math.max(gap, piece.before ?? 0)
    piece.draw(y)
    y += piece.height
    empty = false
    gap = piece.after ?? 0
    ahead.shift()
  }
  leave([])
}

/** Room for the next piece and all that must stand on one page with it; at least for itself and its neighbour. */
function needed(peek: (place: number) => Piece | null, depth: number, gap: number, capacity: number): number {
  let sum = 0
  let two = 0
  let count = 0
  let before = gap
  for (let place = 0; ; place++) {
    const piece = peek(place)
    if (!piece) return sum
    const frames = chainOf(piece.frame)
    for (const frame of frames.slice(depth)) {
      sum += Math.max(before, frame.before) + frame.padding
      before = 0
    }
    depth = frames.length
    if (piece.height === 0) continue
    sum += Math.max(before, piece.before ?? 0) + piece.height
    before = piece.after ?? 0
    count += 1
    if (count <= 2) two = sum
    // No page has room for all of it: then as for any others.
    if (sum > capacity) return count === 1 ? sum : two
    if (!piece.stay) return sum
  }
}
