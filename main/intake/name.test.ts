import { assert, constantFrom, property, string, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baseName, displayName } from './name.ts'

const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)))

function harmless(shown: string): void {
  expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\ufeff]/u)
  expect(displayName(shown)).toBe(shown)
}

describe('a name for display', () => {
  it.each([
    ['plain.mp4', 'plain.mp4'],
    ['new\nline.mp4', 'new\\x0aline.mp4'],
    ['\x1b[31mred.mp4', '\\x1b[31mred.mp4'],
    ['evil\u202egnp.mp4', 'evil\\u202egnp.mp4'],
    ['a\u200bb', 'a\\u200bb'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['half\ud800', 'half\\ud800'],
    ['line\u2028', 'line\\u2028'],
  ])('shows %j as %j', (untrusted, shown) => expect(displayName(untrusted)).toBe(shown))

  it.each([
    'نام\u200cفایل.mp4',
    'שלום.mov',
    'مقطع فيديو.mp4',
    '👩\u200d💻❤\ufe0f.webm',
    'cafe\u0301',
    'café',
    '视频.mp4',
    'a b  c',
  ])('leaves an ordinary name in any script as it is: %s', (name) => {
    expect(displayName(name)).toBe(name)
    expect(displayName(Buffer.from(name))).toBe(name)
  })

  it('shows bytes that are not text, each by itself', () => {
    expect(displayName(bytes('bad', [0xff, 0xfe], '.mp4'))).toBe('bad\\xff\\xfe.mp4')
    expect(displayName(bytes('caf', [0xe9], ' été'))).toBe('caf\\xe9 été')
    expect(displayName(bytes([0xed, 0xa0, 0x80]))).toBe('\\xed\\xa0\\x80')
    expect(displayName(bytes([0xf0, 0x9f, 0x98]))).toBe('\\xf0\\x9f\\x98')
  })

  it('can never break a line, move a cursor, turn the text around or hide, whatever the bytes', () => {
    assert(property(uint8Array({ maxLength: 255 }), (name) => harmless(displayName(name))))
    assert(property(string({ unit: 'binary', maxLength: 255 }), (name) => harmless(displayName(name))))
    const nasty = constantFrom('\u202e', '\u2066', '\x1b', '\0', '\x9b', '\r', '\ufeff', '\u200f', 'a', 'ب', '\udfff')
    assert(property(string({ unit: nasty }), (name) => harmless(displayName(name))))
  })

  it('shows text and its bytes alike', () => {
    assert(
      property(string({ unit: 'grapheme' }), (name) => {
        expect(displayName(Buffer.from(name))).toBe(displayName(name))
      }),
    )
  })
})

describe('the name of an upload', () => {
  it.each([
    ['C:\\fakepath\\clip.mp4', 'clip.mp4'],
    ['../../etc/passwd', 'passwd'],
    ['folder/clip.mp4/', 'clip.mp4'],
    ['', 'unnamed'],
    ['/', 'unnamed'],
  ])('of %j is %j', (sent, name) => expect(baseName(sent)).toBe(name))
})
