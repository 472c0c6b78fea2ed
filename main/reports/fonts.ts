/** The fonts of reports: one list of subset files, which of them a text needs, and what none of them covers. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** One subset of a family, as its package cuts it. */
export interface Face {
  /** Unique short name: `latin`, `arabic`, … */
  readonly id: string
  readonly package: string
  readonly subset: string
}

/**
 * In the order in which a character is looked for. Arabic script is set in Vazirmatn and not in Noto Sans Arabic, whose
 * letters are put together from a skeleton and dots: the PDF text engine loses glyphs of fonts made that way, and text
 * copied from such a PDF is wrong.
 */
export const FACES: readonly Face[] = [
  { id: 'latin', package: 'noto-sans', subset: 'latin' },
  { id: 'arabic', package: 'vazirmatn', subset: 'arabic' },
  { id: 'hebrew', package: 'noto-sans-hebrew', subset: 'hebrew' },
  { id: 'latin-ext', package: 'noto-sans', subset: 'latin-ext' },
  { id: 'cyrillic', package: 'noto-sans', subset: 'cyrillic' },
  { id: 'cyrillic-ext', package: 'noto-sans', subset: 'cyrillic-ext' },
  { id: 'greek', package: 'noto-sans', subset: 'greek' },
  { id: 'greek-ext', package: 'noto-sans', subset: 'greek-ext' },
  { id: 'vietnamese', package: 'noto-sans', subset: 'vietnamese' },
  { id: 'devanagari', package: 'noto-sans', subset: 'devanagari' },
]
/** For hashes: every digit and letter of one width. */
export const MONO: Face = { id: 'mono', package: 'noto-sans-mono', subset: 'latin' }
export const WEIGHTS = [400, 700] as const
export type Weight = (typeof WEIGHTS)[number]

const require = createRequire(import.meta.url)
const folder = (face: Face): string => dirname(require.resolve(`@fontsource/${face.package}/package.json`))

export const faceFile = (face: Face, weight: Weight, type: 'woff' | 'woff2'): string =>
  join(folder(face), 'files', `${face.package}-${face.subset}-${weight}-normal.${type}`)

/** The characters of a face as its package states them, in the syntax of CSS `unicode-range`. */
export function unicodeRange(face: Face): string {
  const ranges = z
    .record(z.string(), z.string())
    .parse(JSON.parse(readFileSync(join(folder(face), 'unicode.json'), 'utf8')))
  return ranges[face.subset] ?? ''
}

/** The faces that a text needs, Latin always among them. */
export function facesFor(text: string): Face[] {
  const codePoints = [...new Set(text)].map((character) => character.codePointAt(0)!)
  return FACES.filter((face) => face.id === 'latin' || covers(unicodeRange(face), codePoints))
}

function covers(range: string, codePoints: readonly number[]): boolean {
  const parts = range.split(',').map((part) => {
    const [first = '', last = first] = part.trim().replace('U+', '').split('-')
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const
  })
  // Latin comes first and has most of what the others list besides their own letters.
  return codePoints.some((code) => code > 0xff && parts.some(([first, last]) => code >= first && code <= last))
}
