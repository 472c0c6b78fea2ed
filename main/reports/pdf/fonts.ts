/**
 * Fonts for the PDF engine, and the one repair that its text needs.
 *
 * Arabic ligatures (lam-alef) are one glyph for two letters. A PDF reader that turns a right-to-left line around turns
 * the letters of such a glyph around too, so that text copied or searched for comes out as `األخبار` for `الأخبار`
 * (seen with poppler 22.12). Here every such glyph carries its last letter only, and an invisible glyph beside it, of
 * part of its width, carries each other letter: one letter per glyph reads right everywhere. Zero-width non-joiners,
 * which the shaper replaces by a space of no width, are kept in the text the same way.
 *
 * A reader also takes the space after a number, a Latin word or a comma to the other side of it, unless a letter that is
 * strongly right-to-left follows: `anchored` in text.ts puts a right-to-left mark there, which needs a glyph of its own.
 *
 * This reaches into fontkit's own tables; `pdf.test.ts` reads the text of a made PDF back and fails where it breaks.
 */
import { readFileSync } from 'node:fs'
import { Font } from '@react-pdf/renderer'
import { FACES, faceFile, MONO, WEIGHTS, type Face, type Weight } from '../fonts.ts'
import { sfntFromWoff } from './sfnt.ts'

interface Glyph {
  readonly id: number
  codePoints: number[]
  readonly advanceWidth: number
  _decode(): unknown
  _getMetrics(): { leftBearing: number }
}
interface Position {
  xAdvance: number
  yAdvance: number
  xOffset: number
  yOffset: number
}
interface FontkitFont {
  postscriptName: string
  readonly unitsPerEm: number
  readonly ascent: number
  readonly descent: number
  readonly loca: { offsets: number[] }
  readonly _cmapProcessor: { lookup(codePoint: number, selector?: number): number }
  _getTable(table: { readonly tag: string }): unknown
  hasGlyphForCodePoint(codePoint: number): boolean
  getGlyph(id: number, codePoints?: number[]): Glyph
  layout(text: string, ...rest: unknown[]): GlyphRun
}
interface GlyphRun {
  glyphs: Glyph[]
  positions: Position[]
}

const family = (face: Face): string => `Report ${face.id}`
/** In the order in which a character is looked for. */
export const FAMILIES = FACES.map(family)
export const MONO_FAMILY = family(MONO)
export const ZERO_WIDTH_SPACE = '\ufeff'
const ZWNJ = 0x200c
const RLM = 0x200f
/** Marks and isolates of UAX #9 order text and print nothing; the Latin face lends them its glyph of no width. */
const INVISIBLE = new Set([0x200b, 0x200e, 0x2066, 0x2067, 0x2068, 0x2069])

let loaded: Promise<FontkitFont[]> | null = null

/** Registers and loads every face once; answers with those of normal weight, to ask what they cover. */
export function loadFonts(): Promise<FontkitFont[]> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<FontkitFont[]> {
  // A word is broken only where `breakable` put a space of no width; never with a hyphen, which would change a name.
  Font.registerHyphenationCallback((word) => word.split(/(\ufeff)/).filter(Boolean))
  const normal: FontkitFont[] = []
  for (const face of [...FACES, MONO]) {
    Font.register({
      family: family(face),
      fonts: WEIGHTS.map((weight) => ({ src: source(face, weight), fontWeight: weight })),
    })
    for (const weight of WEIGHTS) {
      const descriptor = { fontFamily: family(face), fontWeight: weight }
      await Font.load(descriptor)
      const font = Font.getFont(descriptor)?.data as unknown as FontkitFont
      // The subsets of one family share a name, and the PDF writer embeds a font again each time that its name changes.
      Object.defineProperty(font, 'postscriptName', { value: `${font.postscriptName}-${face.id}` })
      if (face.id === 'latin') lendInvisible(font)
      keepLetters(font)
      if (face.id === 'arabic') oneLetterPerGlyph(font)
      measuredOnce(font)
      if (weight === 400 && face !== MONO) normal.push(font)
    }
  }
  return normal
}

function source(face: Face, weight: Weight): string {
  const sfnt = sfntFromWoff(readFileSync(faceFile(face, weight, 'woff')))
  return `data:font/ttf;base64,${sfnt.toString('base64')}`
}

function lendInvisible(font: FontkitFont): void {
  const cmap = font._cmapProcessor
  const lookup = cmap.lookup.bind(cmap)
  const none = lookup(ZERO_WIDTH_SPACE.codePointAt(0)!)
  cmap.lookup = (codePoint, selector) => (INVISIBLE.has(codePoint) ? none : lookup(codePoint, selector))
}

/**
 * A glyph that was first asked for as a part of another (the dotless form inside ي), when one PDF was written, is kept
 * without a letter, and the next PDF of the same thread would say nothing where it stands by itself (ى).
 */
function keepLetters(font: FontkitFont): void {
  const getGlyph = font.getGlyph.bind(font)
  font.getGlyph = (id, codePoints) => {
    const glyph = getGlyph(id, codePoints)
    if (codePoints?.length && !glyph.codePoints.length) glyph.codePoints = codePoints
    return glyph
  }
}

/** Texts that are remembered as shaped, of one font, and the longest of them. */
const [SHAPED, SHAPED_LENGTH] = [4000, 400]

/**
 * Each page is laid out again when the one before it is full, and a report says the same of every item: most texts are
 * shaped many times. The engine copies what it gets, so that one answer does for all. What it asks a font most often
 * is kept as a plain value; fontkit looks it up in the file's tables each time.
 */
function measuredOnce(font: FontkitFont): void {
  for (const name of ['unitsPerEm', 'ascent', 'descent'] as const)
    Object.defineProperty(font, name, { value: font[name] })
  const tables = new Map<string, unknown>()
  const getTable = font._getTable.bind(font)
  font._getTable = (table) => {
    const known = tables.get(table.tag)
    if (known !== undefined) return known
    const read = getTable(table)
    tables.set(table.tag, read)
    return read
  }
  const layout = font.layout.bind(font)
  const shaped = new Map<string, GlyphRun>()
  font.layout = (text, ...rest) => {
    if (text.length > SHAPED_LENGTH) return layout(text, ...rest)
    const key = `${JSON.stringify(rest)} ${text}`
    const known = shaped.get(key)
    if (known) return known
    if (shaped.size >= SHAPED) shaped.clear()
    const run = layout(text, ...rest)
    shaped.set(key, run)
    return run
  }
}

function oneLetterPerGlyph(font: FontkitFont): void {
  const cmap = font._cmapProcessor
  const lookup = cmap.lookup.bind(cmap)
  const joiner = lookup(ZWNJ)
  cmap.lookup = (codePoint, selector) => (codePoint === RLM ? joiner : lookup(codePoint, selector))
  const { offsets } = font.loca
  const getGlyph = font.getGlyph.bind(font)
  const layout = font.layout.bind(font)
  const byKey = new Map<string, Glyph>()
  const byId = new Map<number, Glyph>()

  /** A glyph with the outline of `id`, or none, that stands for one letter and has a width of its own. */
  function standIn(id: number | null, letter: number, advanceWidth: number): Glyph {
    const key = `${id} ${letter} ${advanceWidth}`
    const known = byKey.get(key)
    if (known) return known
    const original = id === null ? null : getGlyph(id)
    offsets.push(...(id === null ? [0, 0] : [offsets[id]!, offsets[id + 1]!]))
    const glyph: Glyph = {
      id: offsets.length - 2,
      codePoints: [letter],
      advanceWidth,
      _decode: () => original?._decode() ?? null,
      _getMetrics: () => ({ leftBearing: original?._getMetrics().leftBearing ?? 0 }),
    }
    byKey.set(key, glyph)
    byId.set(glyph.id, glyph)
    return glyph
  }

  font.getGlyph = (id, codePoints) => byId.get(id) ?? getGlyph(id, codePoints)
  font.layout = (text, ...rest) => {
    const run = layout(text, ...rest)
    const letters = Array.from(text, (letter) => letter.codePointAt(0)!)
    const glyphs: Glyph[] = []
    const positions: Position[] = []
    const put = (glyph: Glyph, position: Position): void => {
      glyphs.push(glyph)
      positions.push(position)
    }
    let at = 0
    run.glyphs.forEach((glyph, place) => {
      const position = run.positions[place]!
      const { codePoints } = glyph
      const letter = letters[at]
      at += codePoints.length
      if ((letter === ZWNJ || letter === RLM) && codePoints.length === 1)
        return put(standIn(null, letter, 0), { ...position, xAdvance: 0 })
      const last = codePoints.at(-1)
      if (codePoints.length < 2 || last === undefined || !codePoints.every(isArabic)) return put(glyph, position)
      const part = Math.floor(position.xAdvance / codePoints.length)
      for (const code of codePoints.slice(0, -1))
        put(standIn(null, code, part), { xAdvance: part, yAdvance: 0, xOffset: 0, yOffset: 0 })
      const rest = position.xAdvance - part * (codePoints.length - 1)
      put(standIn(glyph.id, last, rest), { ...position, xAdvance: rest })
    })
    return Object.assign(run, { glyphs, positions })
  }
}

const isArabic = (codePoint: number): boolean => codePoint >= 0x600 && codePoint <= 0x8ff
