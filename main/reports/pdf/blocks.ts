/** Blocks of a report as elements of the PDF engine. */
import { Image, View } from '@react-pdf/renderer'
import type { Style } from '@react-pdf/types'
import { createElement as h, Fragment, type ReactElement, type ReactNode } from 'react'
import type { Block, Picture } from '../document.ts'
import { drawing } from './drawing.ts'
import { facts, list, table } from './rows.ts'
import { APART, text, type Setting } from './setting.ts'
import { BAND, MUTED, PANEL, RULE, SIZE, WIDTH } from './style.ts'

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
    case 'drawing':
      return drawing(setting, block, width)
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

function heading(
  setting: Setting,
  { level, text: words, tag, newPage }: Extract<Block, { type: 'heading' }>,
): ReactNode {
  const item = level === 2
  return h(
    View,
    {
      wrap: false,
      break: newPage ?? false,
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

function figure(setting: Setting, picture: Picture, width: number, key: number): ReactElement {
  const found = setting.pictures.get(picture.sha256)
  const caption = found ? picture.caption : picture.caption + setting.words.pictureGone
  const shown = found ? size(found, width, picture.tiles ? 1 : 72 / 100) : null
  return h(
    View,
    { key, wrap: false, style: { width, marginVertical: 4 } },
    found && shown
      ? h(Image, {
          src: { data: named(found.bytes, picture.sha256), format: found.mime === 'image/png' ? 'png' : 'jpg' },
          style: { ...shown, border: `0.5 solid ${RULE}` },
        })
      : null,
    text(setting, caption, { fontSize: SIZE.tiny, color: MUTED, marginTop: 2 }),
  )
}

/** The engine knows a picture again by its bytes written out as a text; its hash is shorter. */
const named = (bytes: Uint8Array, sha256: string): Buffer =>
  Object.assign(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { toString: () => sha256 })

/** As wide as there is room, but none blown up beyond `most` points a pixel, and none higher than 300 points. */
function size(
  found: { width: number; height: number },
  width: number,
  most: number,
): { width: number; height: number } {
  const scale = Math.min(width / found.width, 300 / found.height, most)
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
        gap: APART,
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
