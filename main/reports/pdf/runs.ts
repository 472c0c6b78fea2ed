/** A text cut into what stays together on a line (UAX #14), each part shaped in its font and direction. */
import LineBreaker from 'linebreak'
import { levelsOf, mirrored } from './bidi.ts'
import { fontFor, type ReportFont, type Shaped } from './fonts.ts'
import { SILENT } from './text.ts'

export interface Run {
  readonly shaped: Shaped
  /** UAX #9: odd from right to left. */
  readonly level: number
}

/** What no line may be broken in, with the space behind it. Widths are 1/1000 em. */
export interface Word {
  readonly from: number
  readonly to: number
  readonly runs: readonly Run[]
  readonly width: number
  readonly space: readonly Run[]
  readonly spaceWidth: number
  /** A line ends here, whatever room is left. */
  readonly ends: boolean
}

export interface Source {
  readonly text: string
  readonly base: 'ltr' | 'rtl'
  readonly bold: boolean
  readonly mono: boolean
  readonly levels: Uint8Array
}

export const sourceOf = (text: string, base: 'ltr' | 'rtl', bold = false, mono = false): Source => ({
  text,
  base,
  bold,
  mono,
  levels: levelsOf(text, base),
})

export const widthOf = (runs: readonly Run[]): number => runs.reduce((sum, { shaped }) => sum + shaped.width, 0)

export function wordsOf(source: Source): Word[] {
  const { text } = source
  const words: Word[] = []
  const breaker = new LineBreaker(text)
  let from = 0
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) {
    const part = text.slice(from, next.position)
    const ink = part.trimEnd()
    const to = from + ink.length
    const runs = runsOf(source, from, to)
    const space = runsOf(source, to, next.position)
    const ends = /[\n\u0085\u2028\u2029]/.test(part)
    words.push({ from, to, runs, width: widthOf(runs), space, spaceWidth: widthOf(space), ends })
    from = next.position
  }
  return words
}

/** Stretches of one font and one direction, in the order in which they are read. */
export function runsOf({ text, levels, bold, mono }: Source, from: number, to: number): Run[] {
  const runs: Run[] = []
  let run: { font: ReportFont; level: number; text: string } | null = null
  const end = (): void => {
    if (run) runs.push({ shaped: run.font.shape(run.text, run.level % 2 ? 'rtl' : 'ltr'), level: run.level })
    run = null
  }
  for (let at = from; at < to;) {
    const codePoint = text.codePointAt(at)!
    const character = String.fromCodePoint(codePoint)
    const level = levels[at]!
    at += character.length
    if (character === '\n' || SILENT.test(character)) continue
    const font = pick(codePoint, character, bold, mono, run)
    if (!font) continue
    if (run && (run.font !== font || run.level !== level)) end()
    run ??= { font, level, text: '' }
    run.text += level % 2 ? mirrored(character) : character
  }
  end()
  return runs
}

/** Marks and joiners stand in the font of the letter before them. */
function pick(
  codePoint: number,
  character: string,
  bold: boolean,
  mono: boolean,
  run: { font: ReportFont } | null,
): ReportFont | null {
  if (codePoint < 0x80) return fontFor(codePoint, bold, mono)
  if (run?.font.has(codePoint) && /[\p{M}\u200c\u200d]/u.test(character)) return run.font
  return fontFor(codePoint, bold, mono)
}
