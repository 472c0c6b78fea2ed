/** How one text is set, and what every block needs to know for that. */
import { Text } from '@react-pdf/renderer'
import type { Style } from '@react-pdf/types'
import { createElement as h, type ReactElement } from 'react'
import type { FrameWords } from '../document.ts'
import type { RenderedPictures } from '../pictures.ts'
import { FAMILIES } from './fonts.ts'
import { LINE, SIZE } from './style.ts'
import { anchored, breakable, direction, settable } from './text.ts'

export interface Setting {
  readonly pictures: RenderedPictures
  readonly words: FrameWords
  /** Whether any font has the character. */
  has(codePoint: number): boolean
}

/**
 * Characters up to which a text stands in a row beside a label or in a cell. Rows are kept whole on one page; longer
 * texts must be able to go over to the next, which in this engine only text outside rows does without loss.
 */
export const LONG = 500

/**
 * Space between what stands one under the other, in points: nothing to the eye. Positions are 32-bit floats, and the
 * engine takes boxes that touch for overlapping ones further down a long report; those it would not break over pages.
 */
export const APART = 0.05

/** The engine's infinity: without it, it puts hyphens between the parts of a name that mixes scripts. */
const NEVER = 10_000

type Kind = 'value' | 'paragraph' | 'sentence'

/**
 * One run of text in its own direction. Values (names, cells) stay at the left, where a reader of the table looks for
 * them; paragraphs in right-to-left scripts stand at the right. Sentences of the program run from left to right, whatever name they begin with.
 */
export function text(
  setting: Setting,
  value: string,
  style: Style = {},
  kind: Kind = 'value',
  props: object = {},
): ReactElement {
  const way = kind === 'sentence' ? 'ltr' : direction(value)
  const turned: Style = way === 'rtl' ? { direction: 'rtl', textAlign: kind === 'value' ? 'left' : 'right' } : {}
  // The engine asks every family for every character; of plain Latin text only the first has any.
  const plain = /^[\n\x20-\x7e\xa0-\xff]*$/.test(value) ? { fontFamily: FAMILIES[0]! } : {}
  const look: Style = { fontSize: SIZE.body, lineHeight: LINE, ...plain, ...turned, ...style }
  const set = breakable(settable(value, setting.has))
  return h(Text, { hyphenationPenalty: NEVER, ...props, style: look }, way === 'rtl' ? anchored(set) : set)
}
