/** One text as runs: what is right-to-left is marked so, since Word takes fonts and punctuation from that mark. */
import { Paragraph, TextRun, type IParagraphOptions, type IRunOptions } from 'docx'
import { direction } from '../pdf/text.ts'

export const FONT = 'Arial'
export const MONO = 'Courier New'
/** Half points. */
export const SIZE = { body: 20, small: 17, tiny: 15 }
export const COLOUR = { muted: '586473', accent: '14566B', rule: 'DBE0E6' }

type Look = Omit<IRunOptions, 'text' | 'children' | 'rightToLeft'>

/** What is quoted in English in a report of another language: Word would underline every word of it. */
const ENGLISH: Look = { language: { value: 'en-GB' } }

/** Names that stand in isolates become runs of their own, in their own direction. */
export function runs(text: string, look: Look = {}): TextRun[] {
  return text
    .split(/([\u2066\u2068][^\u2069]*\u2069)/)
    .map((part) => ({
      words: part.replace(/[\u2066\u2068\u2069]/g, ''),
      own: part.startsWith('\u2066') ? ENGLISH : {},
    }))
    .filter(({ words }) => words)
    .flatMap(({ words, own }) => lines(words, { ...look, ...own }))
}

/** Line breaks inside a text stay line breaks. */
const lines = (part: string, look: Look): TextRun[] =>
  part
    .split('\n')
    .map(
      (one, place) =>
        new TextRun({ ...look, text: one, rightToLeft: direction(one) === 'rtl', ...(place > 0 ? { break: 1 } : {}) }),
    )

/** A paragraph in the direction of its first strong letter. @param ltr sentences of the program, whatever they begin with */
export const paragraph = (
  text: string,
  look: Look = {},
  options: Omit<IParagraphOptions, 'children' | 'text'> = {},
  ltr = false,
): Paragraph =>
  new Paragraph({ ...options, bidirectional: !ltr && direction(text) === 'rtl', children: runs(text, look) })
