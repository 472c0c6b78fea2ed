/** Text as the PDF can set it: its direction, and characters that no font has. */

const RTL = '\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc'
const STRONG = new RegExp(`[${RTL}]|(?![${RTL}])\\p{L}`, 'u')
const RIGHT = new RegExp(`[${RTL}]`)

/** Direction of the first strong character (UAX #9, rules P2 and P3). */
export function direction(text: string): 'ltr' | 'rtl' {
  const strong = STRONG.exec(text)
  return strong && RIGHT.test(strong[0]) ? 'rtl' : 'ltr'
}

/** Whether any of it reads from right to left. */
export const turns = (text: string): boolean => RIGHT.test(text)

/**
 * Marks the end of numbers, Latin words and points in a right-to-left text, so that a reader of the PDF who turns its
 * lines around leaves the space behind them where it is (seen with poppler 22.12; see fonts.ts).
 */
export const anchored = (text: string): string =>
  text
    .replace(/[\p{Nd}\p{Script=Latin}.,:،/%](?=\s)/gu, '$&\u200f')
    .replace(/(?<=[\p{Script=Arabic}\p{Script=Hebrew}])-(?=[\p{Nd}\p{Script=Latin}])/gu, '-\u200f')

/** Marks that order text (UAX #9) or allow a break: they do their work and print nothing. */
export const SILENT = /[\u200b\u200e\u2060\u2066-\u2069\ufeff]/
const ALL_SILENT = new RegExp(SILENT, 'g')

/** The text without them. */
export const seen = (text: string): string => text.replace(ALL_SILENT, '')

/** Writes characters that no font has as their code points, so that nothing in the report is lost or guessed at. */
export const settable = (text: string, has: (codePoint: number) => boolean): string =>
  /^[\n\x20-\x7e]*$/.test(text)
    ? text
    : Array.from(text.replaceAll('\r\n', '\n'), (character) => {
        const codePoint = character.codePointAt(0)!
        // Variation selectors choose between looks of the character before them and print nothing.
        if (codePoint >= 0xfe00 && codePoint <= 0xfe0f) return ''
        if (character === '\t') return ' '
        if (character === '\n' || SILENT.test(character) || has(codePoint)) return character
        return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`
      }).join('')
