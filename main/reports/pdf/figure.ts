/** Pictures and drawings, each whole on its page, with what it shows in words. */
import type { Block, Picture } from '../document.ts'
import type { Shape } from '../drawing/drawing.ts'
import type { Piece } from './flow.ts'
import type { PicturePlace, Place } from './place.ts'
import { cell, ended, row } from './rows.ts'
import { lineHeight, look, setText, type SetText } from './setting.ts'
import { BODY, INK, MUTED, RULE, SIZE } from './style.ts'
import type { Tag } from './surface.ts'

const CAPTION = look({ size: SIZE.tiny, colour: MUTED })
/** Between two pictures beside each other, and around each. */
const GAP = { beside: 10, above: 8 } as const
/** Highest picture, in points. */
const HIGHEST = 300
/** So many lines of a caption stand with their picture; longer ones go on over pages. */
const CAPTION_LINES = 12

/** Two abreast. */
export function* pictures(place: PicturePlace, all: readonly Picture[]): Generator<Piece> {
  const width = (place.width - GAP.beside) / 2
  for (let from = 0; from < all.length; from += 2) {
    const pair = all.slice(from, from + 2).map((picture, n) => ({ picture, x: place.x + n * (width + GAP.beside) }))
    const set = pair.map(({ picture, x }) => figure({ ...place, x, width }, picture))
    if (set.some(({ caption }) => caption.lines.length > CAPTION_LINES)) {
      for (const { picture } of pair) yield* strip(place, picture)
      continue
    }
    const heights = set.map(({ height, caption }) => height + 2 + caption.lines.length * lineHeight(CAPTION))
    yield {
      height: Math.max(...heights),
      before: GAP.above,
      after: GAP.above,
      frame: place.frame,
      draw(top) {
        const tags = set.map((one) => one.draw(top))
        // In the order of the tags: a picture, its words, the next one.
        tags.forEach((tag) => tag.end())
      },
    }
  }
}

/** One as wide as there is room. */
export function* strip(place: PicturePlace, picture: Picture): Generator<Piece> {
  const { caption, height, image, tag } = figure(place, picture)
  if (height > 0) yield { height, before: GAP.above, stay: true, frame: place.frame, draw: (top) => image(top) }
  const words = cell(place.x, [caption, once(() => tag().child('Caption', { says: picture.caption }))])
  yield* row(place.surface, [words], { whole: 60, frame: place.frame, before: 2, after: GAP.above })
  yield { ...ended(place.frame), draw: () => tag().end() }
}

/** The words of a picture come after it, in the structure too. */
function once(make: () => Tag): () => Tag {
  let made: Tag | null = null
  return () => (made ??= make())
}

interface Figure {
  readonly caption: SetText
  readonly height: number
  image(top: number): void
  tag(): Tag
  draw(top: number): Tag
}

function figure({ surface, words, tag: parent, x, width, pictures: found }: PicturePlace, picture: Picture): Figure {
  const rendered = found.get(picture.sha256)
  const caption = rendered ? picture.caption : picture.caption + words.pictureGone
  const set = setText(caption, CAPTION, width)
  const box = rendered ? size(rendered, width, picture.tiles ? 1 : 72 / 100) : { width: 0, height: 0 }
  let own: Tag | null = null
  const tag = (): Tag => (own ??= rendered ? parent.child('Figure', { alt: picture.caption }) : parent.child('Div'))
  const image = (top: number): void => {
    if (!rendered) return
    surface.within(tag(), () => surface.picture(picture.sha256, rendered, { x, y: top, ...box }))
    surface.border({ x, y: top, ...box }, RULE, 1)
  }
  return {
    caption: set,
    height: box.height,
    image,
    tag,
    draw(top) {
      image(top)
      const words = [cell(x, [set, tag().child('Caption', { says: caption })])]
      for (const piece of row(surface, words, { whole: Infinity, frame: null })) piece.draw(top + box.height + 2)
      return tag()
    },
  }
}

/** As wide as there is room, but none blown up beyond `most` points a pixel, and none higher than `HIGHEST`. */
function size(
  found: { width: number; height: number },
  width: number,
  most: number,
): { width: number; height: number } {
  const scale = Math.min(width / found.width, HIGHEST / found.height, most)
  return { width: found.width * scale, height: found.height * scale }
}

type DrawingBlock = Extract<Block, { type: 'drawing' }>

export function* drawing({ surface, tag, frame, x, width }: Place, block: DrawingBlock): Generator<Piece> {
  const { drawing: drawn, caption } = block
  const scale = Math.min(1, width / drawn.width, (BODY.bottom - BODY.top - 100) / drawn.height)
  const own = tag.child('Figure', { alt: `${drawn.description}. ${caption}` })
  yield {
    height: drawn.height * scale,
    before: GAP.above,
    stay: true,
    frame,
    draw(top) {
      surface.within(own, () => {
        surface.paths(drawn.shapes, x, top, scale)
        for (const shape of drawn.shapes) if (shape.type === 'text') label(surface, shape, x, top, scale)
      })
    },
  }
  const words = cell(x, [setText(caption, CAPTION, width), once(() => own.child('Caption', { says: caption }))])
  yield* row(surface, [words], { whole: 60, frame, before: 3, after: GAP.above })
  yield ended(frame, own)
}

function label(
  surface: Place['surface'],
  { x, y, text, size: own, anchor = 'start', colour = INK, bold = false }: Extract<Shape, { type: 'text' }>,
  left: number,
  top: number,
  scale: number,
): void {
  const set = setText(`${text} `, look({ size: own * scale, colour, bold }), Infinity, 'value', 'left')
  for (const line of set.lines) {
    const width = (line.width * own * scale) / 1000
    const shift = { start: 0, middle: width / 2, end: width }[anchor]
    surface.line(line, left + x * scale - shift, top + y * scale, set.look)
  }
}
