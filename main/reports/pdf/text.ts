/** Text as the PDF can set it: direction, places to break, and characters that no font has. */
import { ZERO_WIDTH_SPACE } from './fonts.ts'

/** Words up to this length fit into the narrowest column. */
const LONG_WORD = 14

/** Up to 24 letters, which every column for sentences has room for, with the punctuation around them. */
const NATURAL = /^\p{P}*\p{L}{1,24}\p{P}*$/u

/** Direction of the first strong character (UAX #9, rules P2 and P3). */
export function direction(text: string): 'ltr' | 'rtl' {
  const strong = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|(?![\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])\p{L}/u.exec(
    text,
  )
  return strong && /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(strong[0]) ? 'rtl' : 'ltr'
}

/**
 * Marks where long words of Latin letters and digits, such as file names and addresses, may be broken: after
 * punctuation, and every few characters. Words of joined scripts are left whole, and so are words of nothing but
 * letters that a language may have (“Wahrscheinlichkeit”): without a hyphen they are not broken.
 */
export const breakable = (text: string): string =>
  text.replace(/[^\s\u0590-\u08ff\ufb1d-\ufefc]{15,}/gu, (word) => {
    if (NATURAL.test(word)) return word
    let length = 0
    return Array.from(word, (character) => {
      length += 1
      if (length < 6 || (!/[-_./\\=&?,;:@]/.test(character) && length < LONG_WORD)) return character
      length = 0
      return character + ZERO_WIDTH_SPACE
    }).join('')
  })

/**
 * Marks the end of numbers, Latin words and points in a right-to-left text, so that a reader of the PDF who turns its
 * lines around leaves the space behind them where it is (seen with poppler 22.12; see fonts.ts).
 */
export const anchored = (text: string): string =>
  text
    .replace(/[\p{Nd}\p{Script=Latin}.,:،/%](?=\s)/gu, '$&\u200f')
    .replace(/(?<=[\p{Script=Arabic}\p{Script=Hebrew}])-(?=[\p{Nd}\p{Script=Latin}])/gu, '-\u200f')

/** Writes characters that no font has as their code points, so that nothing in the report is lost or guessed at. */
export function settable(text: string, has: (codePoint: number) => boolean): string {
  return Array.from(text, (character) => {
    const codePoint = character.codePointAt(0)!
    // Variation selectors choose between looks of the character before them and print nothing.
    if (codePoint >= 0xfe00 && codePoint <= 0xfe0f) return ''
    if (character === '\n' || has(codePoint)) return character
    return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`
  }).join('')
}
