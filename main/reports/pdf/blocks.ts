/** Blocks of a report as pieces of pages. */
import type { Block } from '../document.ts'
import { drawing, pictures, strip } from './figure.ts'
import type { Frame, Piece } from './flow.ts'
import type { PicturePlace, Place } from './place.ts'
import { cell, ended, row } from './rows.ts'
import { baseline, lineHeight, look, points, setText, type Look } from './setting.ts'
import { BADGE, BAND, MUTED, PANEL, RULE, SIZE } from './style.ts'
import type { Role, Tag } from './surface.ts'
import { captionPieces, table } from './table.ts'

type Of<Type extends Block['type']> = Extract<Block, { type: Type }>

/** Rows of a few lines stay whole: so many points. */
const ROW = 130
/** Between a label and what it labels. */
const GAP = 8

/** Knows how deep the headings before it were: the structure leaves out no level on the way down. */
export interface Headings {
  /** That of the section is 2. */
  level: number
}

export function* blocks(place: PicturePlace, all: readonly Block[], headings: Headings): Generator<Piece> {
  for (const block of all) yield* pieces(place, block, headings)
}

function pieces(place: PicturePlace, block: Block, headings: Headings): Iterable<Piece> {
  switch (block.type) {
    case 'heading':
      return heading(place, block, headings)
    case 'paragraph':
      return paragraph(place, block)
    case 'facts':
      return facts(place, block.rows)
    case 'table':
      return table(place, block)
    case 'list':
      return list(place, block)
    case 'band':
      return band(place, block)
    case 'strip':
      return strip(place, block.picture)
    case 'drawing':
      return drawing(place, block)
    case 'pictures':
      return pictures(place, block.pictures)
    case 'panel':
      return panel(place, block, headings)
  }
}

function* heading(place: Place, block: Of<'heading'>, headings: Headings): Generator<Piece> {
  const { surface, frame, x, width } = place
  const { level, text: words, tag, newPage = false } = block
  const item = level === 2
  headings.level = Math.min(level + 1, headings.level + 1)
  const own = place.tag.child(`H${headings.level}` as Role, {
    says: [...(tag && item ? [tag] : []), words, ...(tag && !item ? [tag] : [])].join(' '),
  })
  const main = look({ size: item ? SIZE.item : SIZE.signal, bold: true })
  const side = item ? look({ size: SIZE.item, bold: true, colour: MUTED }) : look({ size: SIZE.tiny, colour: MUTED })
  // With a space behind the first of the two: they are read as one.
  const mark = tag ? setText(item ? `${tag} ` : tag, side, width / 2) : null
  const markWidth = mark ? points(Math.max(...mark.lines.map((line) => line.width)), side) + 7 : 0
  const text = setText(mark && !item ? `${words} ` : words, main, width - markWidth)
  const end = points(text.lines.at(-1)?.width ?? 0, main)
  yield* row(surface, [cell(item ? x + markWidth : x, [text, own])], {
    whole: 200,
    frame,
    before: item ? 16 : 10,
    after: 3,
    stay: true,
    newPage,
    first(top) {
      surface.bookmark(item ? 1 : 2, tag && item ? `${tag} ${words}` : words, top)
      if (mark && item) surface.within(own, () => surface.line(mark.lines[0]!, x, top + baseline(main), side))
    },
    last(bottom) {
      const y = bottom - lineHeight(main) + baseline(main)
      if (mark && !item) surface.within(own, () => surface.line(mark.lines[0]!, x + end + 7, y, side))
    },
  })
  yield ended(frame, own)
}

const TONES: Readonly<Record<NonNullable<Of<'paragraph'>['tone']>, Partial<Look>>> = {
  note: { size: SIZE.small, colour: MUTED },
  lead: { size: SIZE.lead, colour: MUTED },
  quote: {},
}

export function* paragraph({ surface, tag, frame, x, width }: Place, block: Of<'paragraph'>): Generator<Piece> {
  const { text, tone } = block
  const quote = tone === 'quote'
  const own = tag.child(quote ? 'BlockQuote' : 'P', quote ? {} : { says: text })
  const inset = quote ? 10 : 0
  const set = setText(text, look(tone ? TONES[tone] : {}), width - inset, 'paragraph')
  yield* row(surface, [cell(x + inset, [set, quote ? own.child('P', { says: text }) : own])], {
    whole: 0,
    frame,
    before: 5,
    after: 5,
    ...(quote ? { beside: (y: number, height: number) => surface.rule({ x, y, width: 2, height }, RULE) } : {}),
  })
  yield ended(frame, own)
}

function* band({ surface, tag, frame, x, width }: Place, { band: kind, words, note }: Of<'band'>): Generator<Piece> {
  const own = tag.child('Div')
  const says = setText(words, look({ size: SIZE.item, bold: true, colour: BAND[kind] }), width)
  const rest = setText(note, look({ size: SIZE.small, colour: MUTED }), width)
  yield* row(surface, [cell(x, [says, own.child('P', { says: words })], [rest, own.child('P', { says: note })])], {
    whole: ROW,
    frame,
    after: 6,
  })
  yield ended(frame, own)
}

const FACT_LABEL = 96
const HASH = look({ size: SIZE.small - 0.2, mono: true, leading: 1.7 })

export function* facts({ surface, tag, frame, x, width }: Place, rows: Of<'facts'>['rows']): Generator<Piece> {
  const own = tag.child('L')
  for (const [place, { label, value, mono }] of rows.entries()) {
    const item = own.child('LI')
    const left = setText(label, look({ colour: MUTED }), FACT_LABEL)
    const right = setText(value, mono ? HASH : look(), width - FACT_LABEL - GAP)
    const cells = [
      cell(x, [left, item.child('Lbl', { says: label })]),
      cell(x + FACT_LABEL + GAP, [right, item.child('LBody', { says: value })]),
    ]
    const end = place === rows.length - 1
    yield* row(surface, cells, { whole: ROW, frame, before: place ? 0 : 6, after: end ? 6 : 1.5 })
    yield ended(frame, item)
  }
  yield ended(frame, own)
}

const BULLET = { width: 6, gap: 7 } as const
const BADGE_BOX = { width: 42, height: 12.5 } as const

function* list(
  { surface, words: fixed, tag, frame, x, width }: Place,
  { caption, items }: Of<'list'>,
): Generator<Piece> {
  const own = tag.child('L')
  if (caption) yield* captionPieces({ surface, words: fixed, tag: own, frame, x, width }, caption)
  for (const [place, { text, badge, detail }] of items.entries()) {
    const item = own.child('LI')
    const marker = item.child('Lbl')
    const left = (badge ? BADGE_BOX.width : BULLET.width) + BULLET.gap
    const body = item.child('LBody')
    const said = setText(text, look(), width - left, 'paragraph')
    const more = detail ? setText(detail, look({ size: SIZE.tiny, colour: MUTED }), width - left) : null
    const words: [typeof said, Tag][] = [
      [said, body.child('P', { says: text })],
      ...(more ? [[more, body.child('P', { says: detail })] as [typeof more, Tag]] : []),
    ]
    yield* row(surface, [cell(x + left, ...words)], {
      whole: ROW,
      frame,
      before: place ? 2 : caption ? 2 : 5,
      after: place === items.length - 1 ? 5 : 0,
      first(top) {
        const { lines, look: own } = badge
          ? setText(
              fixed.badge[badge],
              look({ size: SIZE.tiny, colour: BADGE[badge], bold: badge === 'strong' }),
              BADGE_BOX.width,
              'value',
              'middle',
            )
          : setText('•', look({ colour: MUTED }), BULLET.width)
        if (badge) surface.border({ x, y: top + 0.4, ...BADGE_BOX }, BADGE[badge], 0.7, 2)
        // In the middle of its box, or on the line of the text.
        const y = badge ? top + 0.4 + BADGE_BOX.height / 2 + own.size * 0.36 : top + baseline(own)
        surface.within(marker, () => lines.forEach((line) => surface.line(line, x, y, own)))
      },
    })
    yield ended(frame, item)
  }
  yield ended(frame, own)
}

const EDGE = { line: 3, left: 13, right: 8, padding: 7 } as const

function* panel(place: PicturePlace, block: Of<'panel'>, headings: Headings): Generator<Piece> {
  const { by, title, blocks: inner } = block
  const { surface, x, width } = place
  const { line, soft } = PANEL[by]
  const frame: Frame = {
    parent: place.frame,
    padding: EDGE.padding,
    before: 8,
    after: 8,
    ground(top, bottom) {
      surface.ground({ x, y: top, width, height: bottom - top }, soft)
      surface.ground({ x, y: top, width: EDGE.line, height: bottom - top }, line)
    },
  }
  const tag = place.tag.child('Sect')
  const within = { ...place, tag, frame, x: x + EDGE.left, width: width - EDGE.left - EDGE.right }
  const head = tag.child('P', { says: title })
  const text = setText(title, look({ bold: true, colour: line }), within.width, 'paragraph')
  yield* row(surface, [cell(within.x, [text, head])], { whole: ROW, frame, after: 3, stay: true })
  yield ended(frame, head)
  yield* blocks(within, inner, headings)
  yield ended(frame, tag)
}
