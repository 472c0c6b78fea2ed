/** Labelled values, tables and lists: what stands in rows. */
import { Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement, type ReactNode } from 'react'
import type { Block, Fact } from '../document.ts'
import { MONO_FAMILY } from './fonts.ts'
import { APART, LONG, text, type Setting } from './setting.ts'
import { BADGE, INK, LINE, MUTED, RULE, SIZE } from './style.ts'

type Of<Type extends Block['type']> = Extract<Block, { type: Type }>

export function facts(setting: Setting, rows: readonly Fact[]): ReactNode {
  return h(
    View,
    { style: { marginVertical: 4, gap: APART } },
    ...rows.map(({ label, value, mono }, place) =>
      value.length > LONG
        ? h(View, { key: place, style: { marginBottom: 3 } }, ...long(setting, label, value))
        : h(
            View,
            { key: place, wrap: false, style: { flexDirection: 'row', gap: 8, marginBottom: 1.5 } },
            h(
              Text,
              { style: { width: 96, flexShrink: 0, fontSize: SIZE.body, lineHeight: LINE, color: MUTED } },
              label,
            ),
            mono ? hash(value, SIZE.small - 0.2) : text(setting, value, { flexGrow: 1, flexBasis: 0 }),
          ),
    ),
  )
}

const long = (setting: Setting, label: string, value: string): ReactElement[] => [
  h(View, { key: 'label', wrap: false, minPresenceAhead: 30 }, text(setting, label, { color: MUTED })),
  ...value
    .split('\n')
    .filter((line) => line.trim())
    .map((line, place) => text(setting, line, { marginBottom: 2 }, 'paragraph', { key: place, orphans: 2, widows: 2 })),
]

/** Characters in one line of a hash: a whole SHA-256. */
const HASH_LINE = 64

const hash = (value: string, fontSize: number): ReactElement =>
  h(
    Text,
    { style: { fontFamily: MONO_FAMILY, fontSize, lineHeight: LINE, flexGrow: 1, flexBasis: 0, paddingTop: 1 } },
    (value.match(new RegExp(`.{1,${HASH_LINE}}`, 'g')) ?? []).join('\n'),
  )

const cell = (content: ReactElement, share: number, place: number): ReactElement =>
  h(View, { key: place, style: { flexGrow: share, flexBasis: 0, paddingRight: 6, paddingVertical: 2 } }, content)

/** A row must fit on a page: what is longer is cut, and says so. */
const fitting = (value: string, { words }: Setting): string =>
  value.length > LONG ? value.slice(0, LONG) + words.cut.replace('{length}', String(value.length)) : value

export function table(setting: Setting, { caption, columns, rows }: Of<'table'>): ReactNode {
  const header = h(
    View,
    {
      fixed: true,
      wrap: false,
      minPresenceAhead: 30,
      style: { flexDirection: 'row', borderBottom: `0.8 solid ${INK}` },
    },
    ...columns.map(({ label, share }, place) =>
      cell(text(setting, label, { fontSize: SIZE.tiny, color: MUTED }), share, place),
    ),
  )
  return h(
    View,
    { style: { marginTop: 4, marginBottom: 8 } },
    caption ? captionOf(setting, caption, 60) : null,
    h(
      View,
      { style: { gap: APART } },
      header,
      ...rows.map((row, place) =>
        h(
          View,
          { key: place, wrap: false, style: { flexDirection: 'row', borderBottom: `0.5 solid ${RULE}` } },
          ...columns.map(({ share, mono, own }, column) => {
            const value = fitting(row[column] ?? '', setting)
            const content = mono
              ? hash(value, SIZE.tiny - 0.5)
              : text(setting, value, { fontSize: SIZE.small }, own ? 'sentence' : 'value')
            return cell(content, share, column)
          }),
        ),
      ),
    ),
  )
}

const captionOf = (setting: Setting, caption: string, ahead: number): ReactElement =>
  h(
    View,
    { wrap: false, minPresenceAhead: ahead },
    text(setting, caption, { fontSize: SIZE.small, fontWeight: 700, marginTop: 4, marginBottom: 1 }),
  )

export function list(setting: Setting, { caption, items }: Of<'list'>): ReactNode {
  return h(
    View,
    { style: { marginVertical: 3, gap: APART } },
    caption ? captionOf(setting, caption, 30) : null,
    ...items.map((item, place) => {
      const said = [
        text(setting, item.text, {}, 'paragraph', { key: 'text' }),
        ...(item.detail
          ? [text(setting, item.detail, { fontSize: SIZE.tiny, color: MUTED }, 'value', { key: 'detail' })]
          : []),
      ]
      return item.text.length > LONG
        ? h(View, { key: place, style: { marginTop: 2 } }, bullet(setting, item.badge), ...said)
        : h(
            View,
            { key: place, wrap: false, style: { flexDirection: 'row', gap: 7, marginTop: 2 } },
            bullet(setting, item.badge),
            h(View, { style: { flexGrow: 1, flexBasis: 0 } }, ...said),
          )
    }),
  )
}

function bullet({ words }: Setting, badge: Of<'list'>['items'][number]['badge']): ReactElement {
  if (!badge) return h(Text, { style: { width: 6, fontSize: SIZE.body, lineHeight: LINE, color: MUTED } }, '•')
  return h(
    Text,
    {
      style: {
        width: 42,
        height: 12.5,
        fontSize: SIZE.tiny,
        lineHeight: LINE,
        textAlign: 'center',
        color: BADGE[badge],
        border: `0.7 solid ${BADGE[badge]}`,
        borderRadius: 2,
        fontWeight: badge === 'strong' ? 700 : 400,
      },
    },
    words.badge[badge],
  )
}
