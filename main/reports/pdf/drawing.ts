/** A drawing as vectors of the PDF, its texts set as all others are. */
import { Path, Svg, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import type { Block } from '../document.ts'
import type { Shape } from '../drawing/drawing.ts'
import { text, type Setting } from './setting.ts'
import { INK, MUTED, SIZE } from './style.ts'

/** Room for a text of a drawing, in points: its own width is known only when it is set. */
const ROOM = 320

export function drawing(
  setting: Setting,
  { drawing: { width, height, shapes }, caption }: Extract<Block, { type: 'drawing' }>,
  most: number,
): ReactElement {
  const scale = Math.min(1, most / width)
  const size = { width: width * scale, height: height * scale }
  return h(
    View,
    { wrap: false, style: { marginVertical: 4 } },
    h(
      View,
      { style: { ...size, position: 'relative' } },
      h(
        Svg,
        { viewBox: `0 0 ${width} ${height}`, style: size },
        ...shapes.flatMap((shape, place) => (shape.type === 'path' ? [path(shape, `line ${place}`)] : [])),
      ),
      ...shapes.flatMap((shape, place) =>
        shape.type === 'text' ? [label(setting, shape, scale, `text ${place}`)] : [],
      ),
    ),
    text(setting, caption, { fontSize: SIZE.tiny, color: MUTED, marginTop: 3 }),
  )
}

const path = ({ d, fill = 'none', stroke, width = 1, dash, opacity }: Extract<Shape, { type: 'path' }>, key: string) =>
  h(Path, {
    key,
    d,
    fill,
    ...(stroke ? { stroke, strokeWidth: width } : {}),
    ...(dash ? { strokeDasharray: dash.join(' ') } : {}),
    ...(opacity === undefined ? {} : { opacity }),
  })

function label(
  setting: Setting,
  { x, y, text: words, size, anchor = 'start', colour = INK, bold }: Extract<Shape, { type: 'text' }>,
  scale: number,
  key: string,
): ReactElement {
  const left = { start: 0, middle: ROOM / 2, end: ROOM }[anchor]
  const align = ({ start: 'left', middle: 'center', end: 'right' } as const)[anchor]
  return h(
    View,
    // A line of a font stands about 1.07 of its size above the base line where it is set without leading.
    { key, style: { position: 'absolute', left: x * scale - left, top: (y - size * 1.07) * scale, width: ROOM } },
    text(setting, words, {
      fontSize: size * scale,
      lineHeight: 1.25,
      color: colour,
      textAlign: align,
      ...(bold ? { fontWeight: 700 } : {}),
    }),
  )
}
