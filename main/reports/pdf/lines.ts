/** Words set into lines of a width. */
import { visualOrder } from './bidi.ts'
import { runsOf, widthOf, wordsOf, type Run, type Source, type Word } from './runs.ts'
import type { Shaped } from './fonts.ts'

/** Measures are 1/1000 em. */
export interface Line {
  /** What it says, in the order in which it is read. */
  readonly text: string
  /** As they stand, from left to right; `x` from the left end of the room. */
  readonly runs: readonly { readonly shaped: Shaped; readonly x: number }[]
  /** Where the ink begins, and how wide it is: a space at the end may stand outside. */
  readonly x: number
  readonly width: number
}

export type Align = 'left' | 'right' | 'middle'

/** Characters of a hash in one line: a whole SHA-256. */
const HASH_LINE = 64

/** @param room 1/1000 em; a single character wider than that stands alone */
export function linesOf(source: Source, room: number, align: Align): Line[] {
  const lines: Line[] = []
  let words: Word[] = []
  let width = 0
  const end = (): void => {
    lines.push(lineOf(words, source.base, room, align))
    words = []
    width = 0
  }
  const put = (word: Word): void => {
    if (words.length && width + word.width > room) end()
    words.push(word)
    width += word.width + word.spaceWidth
    if (word.ends) end()
  }
  for (const word of wordsOf(source)) {
    if (word.width <= room && !(source.mono && word.to - word.from > HASH_LINE)) put(word)
    else {
      if (words.length) end()
      const parts = chopped(source, word, room)
      parts.forEach((part, n) => {
        put(part)
        if (n < parts.length - 1) end()
      })
    }
  }
  if (words.length) end()
  return lines
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Where a file name or an address is broken rather than between two letters. */
const JOINT = /[-_./\\=&?,;:@]/

/** A word that no line has room for, cut at its joints or, without any, wherever the line is full. */
export function chopped(source: Source, word: Word, room: number): Word[] {
  const letters = [...segmenter.segment(source.text.slice(word.from, word.to))].map(({ segment }) => segment)
  const parts: Word[] = []
  let from = word.from
  for (let first = 0; first < letters.length;) {
    let count = 0
    let joint = 0
    let width = 0
    let at = from
    while (first + count < letters.length && !(source.mono && count === HASH_LINE)) {
      const letter = letters[first + count]!
      const next = width + widthOf(runsOf(source, at, at + letter.length))
      if (count && next > room) break
      width = next
      at += letter.length
      count += 1
      if (JOINT.test(letter)) joint = count
    }
    if (first + count < letters.length && !source.mono && joint > count / 2) count = joint
    let runs: Run[]
    let to: number
    // Joined letters may be wider together than each by itself.
    do {
      to = from + letters.slice(first, first + count).join('').length
      runs = runsOf(source, from, to)
    } while (widthOf(runs) > room && --count > 0)
    count = Math.max(1, count)
    first += count
    const last = first >= letters.length
    const behind = last
      ? { space: word.space, spaceWidth: word.spaceWidth, ends: word.ends }
      : { space: [], spaceWidth: 0, ends: false }
    parts.push({ from, to, runs, width: widthOf(runs), ...behind })
    from = to
  }
  return parts
}

function lineOf(words: readonly Word[], base: 'ltr' | 'rtl', room: number, align: Align): Line {
  const last = words.at(-1)
  const baseLevel = base === 'rtl' ? 1 : 0
  const runs = words.flatMap((word) => [
    ...word.runs,
    // Space at the end of a line goes with the paragraph (UAX #9, rule L1).
    ...(word === last ? word.space.map((run) => ({ ...run, level: baseLevel })) : word.space),
  ])
  const behind = last?.spaceWidth ?? 0
  const width = widthOf(runs) - behind
  const left = align === 'left' ? 0 : align === 'right' ? room - width : (room - width) / 2
  let pen = baseLevel ? left - behind : left
  const placed = visualOrder(runs.map(({ level }) => level)).map((place) => {
    const { shaped } = runs[place]!
    const x = pen
    pen += shaped.width
    return { shaped, x }
  })
  return { text: runs.map(({ shaped }) => shaped.text).join(''), runs: placed, x: left, width }
}
