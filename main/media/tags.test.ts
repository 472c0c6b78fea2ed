import { describe, expect, it } from 'vitest'
import { parseTags } from './tags.ts'

describe('tags', () => {
  it('are read with escaped characters and line breaks, per container and stream', () => {
    const text =
      ';FFMETADATA1\nmajor_brand=isom\ntitle=a\\=b\\;c\\#d\\\\e\ncomment=line1\\\nline2\n' +
      '[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1\ntitle=one\n[STREAM]\nlanguage=und\nhandler_name=VideoHandler\n[STREAM]\nlanguage=fas\n'
    const { container, streams } = parseTags(text)
    expect(Object.fromEntries(container)).toEqual({
      major_brand: 'isom',
      title: 'a=b;c#d\\e',
      comment: 'line1\\x0aline2',
    })
    expect(streams.map((stream) => Object.fromEntries(stream))).toEqual([
      { language: 'und', handler_name: 'VideoHandler' },
      { language: 'fas' },
    ])
  })

  it('can neither turn text around nor run over its length', () => {
    const { container } = parseTags(`;FFMETADATA1\ntitle=\u202eexe.fdp\nartist=${'A'.repeat(10_000)}\n`)
    expect(container.get('title')).toBe('\\u202eexe.fdp')
    expect(container.get('artist')).toHaveLength(1000)
  })

  it('can name a property of every object without harm', () => {
    expect(parseTags('__proto__=x\nconstructor=y\n').container.get('__proto__')).toBe('x')
  })
})
