import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breakable, direction, settable } from './text.ts'

describe('direction of a text', () => {
  it('is that of its first letter, whatever stands before it', () => {
    expect(direction('clip قناة.mp4')).toBe('ltr')
    expect(direction('قناة clip.mp4')).toBe('rtl')
    expect(direction('2024 «חדשות» 12')).toBe('rtl')
    expect(direction('@آیت‌الله')).toBe('rtl')
    expect(direction('Канал')).toBe('ltr')
    expect(direction('12:30')).toBe('ltr')
  })
})

describe('places to break', () => {
  it('never change what a text says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        expect(breakable(text).replaceAll('\ufeff', '')).toBe(text.replaceAll('\ufeff', ''))
      }),
    )
  })

  it('are put into long names and addresses, so that no column is overrun', () => {
    const longest = Math.max(
      ...breakable('x'.repeat(200))
        .split('\ufeff')
        .map((part) => part.length),
    )
    expect(longest).toBeLessThanOrEqual(14)
    expect(breakable('short name.mp4')).toBe('short name.mp4')
  })

  it('are not put into the long words of a language', () => {
    const words = '(Wahrscheinlichkeit), Zusammenfassung: „Gesichtsmanipulation“'
    expect(breakable(words)).toBe(words)
  })

  it('are never put into words of a joined script', () => {
    const word = 'والمستشفياتوالمستشفيات'
    expect(breakable(word)).toBe(word)
  })
})

describe('characters that no font has', () => {
  it('are written as their code points, the others stay', () => {
    expect(settable('a中🎬b', (codePoint) => codePoint < 0x250)).toBe('a[U+4E2D][U+1F3AC]b')
    expect(settable('✈\ufe0f', () => true)).toBe('✈')
  })
})
