/**
 * The fonts of a PDF report: which one has a character, and how a word is shaped in it.
 *
 * Every glyph stands for what it is in the text, so that text copied, searched for or read aloud is right:
 * - Arabic ligatures (lam-alef) are one glyph for two letters. A reader that turns a right-to-left line around turns the
 *   letters of such a glyph around too (`األخبار` for `الأخبار`, seen with poppler 22.12). The glyph carries its last
 *   letter only, and an invisible one beside it, of part of its width, each other letter.
 * - Joiners and marks that order text print nothing; they get a glyph of no width.
 * - Two letters of one shape (ى and ی at the end of a word) get a glyph each.
 *
 * `test/integration/right-to-left.test.ts` reads the text of a made PDF back and fails where this breaks.
 */
import { readFileSync } from 'node:fs'
import { create, type Font } from 'fontkit'
import { FACES, faceFile, MONO, type Face, type Weight } from '../fonts.ts'
import { sfntFromWoff } from './sfnt.ts'
import { SPARE, standIns, type StandIns } from './stand-in.ts'

/** One glyph of a word. Measures are 1/1000 em, from the left end of the word. */
export interface Placed {
  readonly id: number
  readonly codePoints: readonly number[]
  /** By which a PDF moves on after it. */
  readonly width: number
  readonly x: number
}

export interface Shaped {
  readonly font: ReportFont
  /** As it is written, whatever its direction. */
  readonly text: string
  /** As they stand, from left to right. */
  readonly glyphs: readonly Placed[]
  readonly width: number
}

export interface ReportFont {
  readonly name: string
  readonly data: Font
  has(codePoint: number): boolean
  shape(text: string, direction: 'ltr' | 'rtl'): Shaped
}

/** Of the Latin face, above and below the base line, in em. Lines of all faces stand on one base line. */
export const ASCENT = 1.069
export const DESCENT = 0.293

const RLM = 0x200f
/** Words that are remembered as shaped, of one font: a report says the same of every item. */
const REMEMBERED = 20_000

const loaded = new Map<string, ReportFont>()

/** Reads a font when it is first wanted. */
function load(face: Face, weight: Weight): ReportFont {
  const name = `${face.id}-${weight}`
  const known = loaded.get(name)
  if (known) return known
  const file = sfntFromWoff(readFileSync(faceFile(face, weight, 'woff')), SPARE)
  const data = create(file)
  // The subsets of one family share a name; in a PDF each is a font of its own.
  Object.defineProperty(data, 'postscriptName', { value: `${data.postscriptName}-${face.id}` })
  const stands = standIns(data, file)
  const covered = new Map<number, boolean>()
  const shapes = new Map<string, Shaped>()
  const font: ReportFont = {
    name,
    data,
    has(codePoint) {
      let has = covered.get(codePoint)
      if (has === undefined) {
        has = data.hasGlyphForCodePoint(codePoint) || (codePoint === RLM && face.id === 'arabic')
        covered.set(codePoint, has)
      }
      return has
    },
    shape(text, direction) {
      const key = `${direction} ${text}`
      let shaped = shapes.get(key)
      if (!shaped) {
        if (shapes.size >= REMEMBERED) shapes.clear()
        shaped = shape(font, stands, text, direction)
        shapes.set(key, shaped)
      }
      return shaped
    },
  }
  loaded.set(name, font)
  return font
}

/** The first face that has a character, in the order of `FACES`; null where none has it. */
export function fontFor(codePoint: number, bold: boolean, mono: boolean): ReportFont | null {
  const weight: Weight = bold ? 700 : 400
  if (mono && load(MONO, weight).has(codePoint)) return load(MONO, weight)
  for (const face of FACES) {
    const font = load(face, weight)
    if (font.has(codePoint)) return font
  }
  return null
}

const isArabic = (codePoint: number): boolean => codePoint >= 0x600 && codePoint <= 0x8ff
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u

function shape(font: ReportFont, stands: StandIns, text: string, direction: 'ltr' | 'rtl'): Shaped {
  // A space that allows no break looks like any other, and is read as one.
  const letters = Array.from(text.replaceAll('\u00a0', ' '), (letter) => letter.codePointAt(0)!)
  const run = font.data.layout(text, undefined, undefined, undefined, direction)
  const scale = 1000 / font.data.unitsPerEm
  let pen = 0
  const visual = run.glyphs.map(({ id, codePoints, advanceWidth }, n) => {
    const { xAdvance, xOffset, yOffset } = run.positions[n]!
    const left = pen
    pen += xAdvance
    return { id, codePoints, advanceWidth, xAdvance, left, x: left + xOffset, y: yOffset }
  })
  const logical = direction === 'rtl' ? visual.reverse() : visual
  // What fontkit says of a glyph's letters is what it first saw it used for; the text itself knows better, unless the
  // script puts glyphs into another order than letters.
  const inOrder =
    logical.reduce((sum, glyph) => sum + glyph.codePoints.length, 0) === letters.length &&
    !letters.some((letter) => letter >= 0x900 && letter <= 0xdff)
  const glyphs: Placed[] = []
  const put = (id: number | null, codePoints: readonly number[], advance: number, x: number, y = 0): void => {
    const { id: own, width } = stands.glyph(id, codePoints, advance, y)
    glyphs.push({ id: own, codePoints, width: width * scale, x: x * scale })
  }
  let at = 0
  for (const glyph of logical) {
    const count = glyph.codePoints.length
    const codePoints = inOrder ? letters.slice(at, at + count) : glyph.codePoints
    at += count
    const { id, left, x, y, xAdvance, advanceWidth } = glyph
    if (count === 1 && (codePoints[0] === RLM || IGNORABLE.test(String.fromCodePoint(codePoints[0]!))))
      put(null, codePoints, 0, left)
    else if (count < 2 || !codePoints.every(isArabic)) put(id, codePoints, advanceWidth, x, y)
    else {
      const part = Math.floor(xAdvance / count)
      codePoints.slice(0, -1).forEach((letter, n) => put(null, [letter], part, left + xAdvance - part * (n + 1)))
      put(id, codePoints.slice(-1), xAdvance - part * (count - 1), x, y)
    }
  }
  return { font, text, glyphs: direction === 'rtl' ? glyphs.reverse() : glyphs, width: pen * scale }
}
