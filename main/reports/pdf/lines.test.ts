import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fontFor } from './fonts.ts'
import { linesOf } from './lines.ts'
import { look, setText } from './setting.ts'
import { sourceOf } from './runs.ts'
import { settable } from './text.ts'

const textsOf = (text: string, room: number, mono = false): string[] =>
  linesOf(sourceOf(text, 'ltr', false, mono), room, 'left').map((line) => line.text)

/** Room for a line, in 1/1000 em: about so many letters. */
const letters = (count: number): number => count * 600

describe('lines of a text', () => {
  it('end between words, and where the text says so', () => {
    expect(textsOf('one two three', letters(7))).toEqual(['one two ', 'three'])
    expect(textsOf('one\ntwo\n\nfour', letters(40))).toEqual(['one', 'two', '', 'four'])
    expect(textsOf('', letters(40))).toEqual([])
  })

  it('break a name that no line has room for at its joints, and add nothing to it', () => {
    const name = 'a_very_long_file_name_without_any_space_IMG-20240209-WA0001_final.mp4'
    const lines = textsOf(name, letters(20))
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.join('')).toBe(name)
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/[-_.]$/)
  })

  it('hold a whole SHA-256 of a hash', () => {
    const hash = '0123456789abcdef'.repeat(8)
    expect(textsOf(hash, letters(1000), true)).toEqual([hash.slice(0, 64), hash.slice(64)])
    const isolated = setText(`\u2068${hash.slice(0, 64)}\u2069`, look({ mono: true }), 500)
    expect(isolated.lines.map((line) => line.text)).toEqual([hash.slice(0, 64)])
  })

  it('are the whole text and no wider than their room, whatever is written', () => {
    const words = fc.array(
      fc.oneof(
        fc.constantFrom('قناة', 'الأخبار', 'آیت‌الله', 'חדשות', '(12)', 'clip-01.mp4', 'Канал', '\n', 'É́', '٣'),
        fc.string({ unit: 'grapheme', maxLength: 40 }),
      ),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 400 }), (parts, room) => {
        const text = parts.join(' ')
        const { lines, look: own } = setText(text, look(), room, 'value')
        for (const line of lines) expect((line.width * own.size) / 1000).toBeLessThan(room + 0.01)
        // Brackets are mirrored: letters and digits are all there, and what no font has is written out.
        const known = (value: string): string => value.replace(/[^\p{L}\p{N}]/gu, '')
        const written = settable(text, (codePoint) => fontFor(codePoint, false, false) !== null)
        expect(known(lines.map((line) => line.text).join(''))).toBe(known(written))
      }),
      { numRuns: 50 },
    )
  })
})
