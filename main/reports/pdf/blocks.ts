/** Blocks of a report as elements of the PDF engine. */
import { Image, Text, View } from '@react-pdf/renderer'
import type { Style } from '@react-pdf/types'
import { createElement as h, Fragment, type ReactElement, type ReactNode } from 'react'
import type { Block, Fact, Picture } from '../document.ts'
import type { RenderedPictures } from '../pictures.ts'
import { BADGE, BAND, INK, LINE, MUTED, PANEL, RULE, SIZE, WIDTH } from './style.ts'
import { breakable, direction, settable } from './text.ts'

export interface Setting {
  readonly pictures: RenderedPictures
  /** Whether any font has the character. */
  has(codePoint: number): boolean
}

/** The engine's infinity: without it, it puts hyphens between the parts of a name that mixes scripts. */
const NEVER = 10_000

type Kind = 'value' | 'paragraph'

/**
 * One run of text in its own direction. Values (names, cells) stay at the left, where a reader of the table looks for
 * them; paragraphs in right-to-left scripts stand at the right.
 */
export function text(
  setting: Setting,
  value: string,
  style: Style = {},
  kind: Kind = 'value',
  props: object = {},
): ReactElement {
  const way = direction(value)
  const turned: Style = way === 'rtl' ? { direction: 'rtl', textAlign: kind === 'value' ? 'left' : 'right' } : {}
  const look: Style = { fontSize: SIZE.body, lineHeight: LINE, ...turned, ...style }
  return h(Text, { hyphenationPenalty: NEVER, ...props, style: look }, breakable(settable(value, setting.has)))
}

export const blocks = (setting: Setting, all: readonly Block[], width = WIDTH): ReactNode[] =>
  all.map((block, place) => h(Fragment, { key: place }, element(setting, block, width)))

function element(setting: Setting, block: Block, width: number): ReactNode {
  switch (block.type) {
    case 'heading':
      return heading(setting, block)
    case 'paragraph':
      return paragraph(setting, block)
    case 'facts':
      return facts(setting, block.rows)
    case 'table':
      return table(setting, block)
    case 'list':
      return list(setting, block)
    case 'band':
      return h(
        View,
        { wrap: false, style: { marginBottom: 6 } },
        text(setting, block.words, { fontSize: SIZE.item, fontWeight: 700, color: BAND[block.band] }),
        text(setting, block.note, { fontSize: SIZE.small, color: MUTED }),
      )
    case 'strip':
      return figure(setting, block.picture, width, 0)
    case 'pictures':
      return h(
        View,
        { style: { flexDirection: 'row', flexWrap: 'wrap', gap: 10, marginVertical: 4 } },
        ...block.pictures.map((picture, place) => figure(setting, picture, (width - 10) / 2, place)),
      )
    case 'panel':
      return panel(setting, block, width)
  }
}

function heading(setting: Setting, { level, text: words, tag }: Extract<Block, { type: 'heading' }>): ReactNode {
  const item = level === 2
  return h(
    View,
    {
      wrap: false,
      minPresenceAhead: item ? 120 : 60,
      bookmark: tag && item ? `${tag} ${words}` : words,
      style: { marginTop: item ? 16 : 10, marginBottom: 3, flexDirection: 'row', alignItems: 'baseline', gap: 7 },
    } as object,
    tag && item ? text(setting, tag, { fontSize: SIZE.item, fontWeight: 700, color: MUTED }) : null,
    text(setting, words, { fontSize: item ? SIZE.item : SIZE.signal, fontWeight: 700, flexShrink: 1 }),
    tag && !item ? text(setting, tag, { fontSize: SIZE.tiny, color: MUTED }) : null,
  )
}

function paragraph(setting: Setting, { text: words, tone }: Extract<Block, { type: 'paragraph' }>): ReactNode {
  const style: Style = { marginVertical: 2.5 }
  if (tone === 'note') Object.assign(style, { fontSize: SIZE.small, color: MUTED })
  if (tone === 'lead') Object.assign(style, { fontSize: SIZE.lead, color: MUTED })
  if (tone === 'quote') Object.assign(style, { borderLeft: `2 solid ${RULE}`, paddingLeft: 8 })
  return text(setting, words, style, 'paragraph', { orphans: 2, widows: 2 })
}

export function facts(setting: Setting, rows: readonly Fact[]): ReactNode {
  return h(
    View,
    { style: { marginVertical: 4 } },
    ...rows.map(({ label, value, mono }, place) =>
      h(
        View,
        { key: place, wrap: value.length > 600, style: { flexDirection: 'row', gap: 8, marginBottom: 1.5 } },
        h(Text, { style: { width: 96, flexShrink: 0, fontSize: SIZE.body, lineHeight: LINE, color: MUTED } }, label),
        mono ? hash(value, SIZE.small) : text(setting, value, { flexGrow: 1, flexBasis: 0 }),
      ),
    ),
  )
}

/** Characters of a hash in one line: half of a SHA-256, so that two people can compare it aloud. */
const HASH_LINE = 64

const hash = (value: string, fontSize: number): ReactElement =>
  h(
    Text,
    { style: { fontFamily: 'Courier', fontSize, lineHeight: LINE, flexGrow: 1, flexBasis: 0 } },
    (value.match(new RegExp(`.{1,${HASH_LINE}}`, 'g')) ?? []).join('\n'),
  )

function table(setting: Setting, { caption, columns, rows }: Extract<Block, { type: 'table' }>): ReactNode {
  const cell = (content: ReactElement, share: number, place: number): ReactElement =>
    h(View, { key: place, style: { flexGrow: share, flexBasis: 0, paddingRight: 6, paddingVertical: 2 } }, content)
  const header = h(
    View,
    { fixed: true, wrap: false, minPresenceAhead: 30, style: { flexDirection: 'row', borderBottom: `0.8 solid ${INK}` } },
    ...columns.map(({ label, share }, place) =>
      cell(text(setting, label, { fontSize: SIZE.tiny, color: MUTED }), share, place),
    ),
  )
  return h(
    View,
    { style: { marginTop: 4, marginBottom: 8 } },
    caption
      ? h(
          View,
          { wrap: false, minPresenceAhead: 60 },
          text(setting, caption, { fontSize: SIZE.small, fontWeight: 700, marginTop: 4, marginBottom: 1 }),
        )
      : null,
    h(
      View,
      {},
      header,
      ...rows.map((row, place) =>
        h(
          View,
          { key: place, wrap: false, style: { flexDirection: 'row', borderBottom: `0.5 solid ${RULE}` } },
          ...columns.map(({ share, mono }, column) => {
            const value = row[column] ?? ''
            return cell(
              mono ? hash(value, SIZE.tiny - 0.5) : text(setting, value, { fontSize: SIZE.small }),
              share,
              column,
            )
          }),
        ),
      ),
    ),
  )
}

function list(setting: Setting, { caption, items }: Extract<Block, { type: 'list' }>): ReactNode {
  return h(
    View,
    { style: { marginVertical: 3 } },
    caption
      ? h(
          View,
          { wrap: false, minPresenceAhead: 30 },
          text(setting, caption, { fontSize: SIZE.small, fontWeight: 700, marginTop: 3 }),
        )
      : null,
    ...items.map(({ text: words, badge, detail }, place) =>
      h(
        View,
        { key: place, wrap: false, style: { flexDirection: 'row', gap: 7, marginTop: 2 } },
        badge
          ? h(
              Text,
              {
                style: {
                  width: 42,
                  height: 12.5,
                  fontSize: SIZE.tiny,
                  lineHeight: 1.4,
                  textAlign: 'center',
                  color: BADGE[badge],
                  border: `0.7 solid ${BADGE[badge]}`,
                  borderRadius: 2,
                  fontWeight: badge === 'strong' ? 700 : 400,
                },
              },
              badge,
            )
          : h(Text, { style: { width: 6, fontSize: SIZE.body, lineHeight: LINE, color: MUTED } }, '•'),
        h(
          View,
          { style: { flexGrow: 1, flexBasis: 0 } },
          text(setting, words, {}, 'paragraph'),
          detail ? text(setting, detail, { fontSize: SIZE.tiny, color: MUTED }) : null,
        ),
      ),
    ),
  )
}

function figure(setting: Setting, picture: Picture, width: number, key: number): ReactElement {
  const found = setting.pictures.get(picture.sha256)
  const caption = found ? picture.caption : `${picture.caption}: the picture is not in the library any more`
  const shown = found ? size(found, width) : null
  return h(
    View,
    { key, wrap: false, style: { width, marginVertical: 4 } },
    found && shown
      ? h(Image, {
          src: { data: Buffer.from(found.bytes), format: found.mime === 'image/png' ? 'png' : 'jpg' },
          style: { ...shown, border: `0.5 solid ${RULE}` },
        })
      : null,
    text(setting, caption, { fontSize: SIZE.tiny, color: MUTED, marginTop: 2 }),
  )
}

/** As wide as there is room, but no picture of fewer pixels is blown up beyond 100 dots an inch, none above 300 points. */
function size(found: { width: number; height: number }, width: number): { width: number; height: number } {
  const scale = Math.min(width / found.width, 300 / found.height, 72 / 100)
  return { width: found.width * scale, height: found.height * scale }
}

function panel(
  setting: Setting,
  { by, title, blocks: inner }: Extract<Block, { type: 'panel' }>,
  width: number,
): ReactNode {
  const { line, soft } = PANEL[by]
  return h(
    View,
    {
      style: {
        borderLeft: `3 solid ${line}`,
        backgroundColor: soft,
        paddingVertical: 7,
        paddingLeft: 10,
        paddingRight: 8,
        marginTop: 8,
        marginBottom: 6,
      },
    },
    h(
      View,
      { wrap: false, minPresenceAhead: 60 },
      text(setting, title, { fontWeight: 700, color: line, marginBottom: 3 }, 'paragraph'),
    ),
    ...blocks(setting, inner, width - 21),
  )
}
