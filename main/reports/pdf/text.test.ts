import { describe, expect, it } from 'vitest'
import { direction, settable } from './text.ts'

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

describe('characters that no font has', () => {
  it('are written as their code points, the others stay', () => {
    expect(settable('a中🎬b', (codePoint) => codePoint < 0x250)).toBe('a[U+4E2D][U+1F3AC]b')
    expect(settable('✈\ufe0f', () => true)).toBe('✈')
  })
})
