import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, clock, jsonLine, table, visible } from './terminal.ts'

describe('untrusted text on a terminal', () => {
  it.each([
    ['an escape that clears the screen', '\u001b[2Jgone', '\\u001b[2Jgone'],
    ['the one-byte escape of older terminals', 'a\u009b31m', 'a\\u009b31m'],
    ['a line break that forges a line of ours', 'a.mp4\n2 of 2 done', 'a.mp4\\u000a2 of 2 done'],
    ['a carriage return', 'bad\rgood', 'bad\\u000dgood'],
    ['a name turned around', 'a\u202e4pm.exe', 'a\\u202e4pm.exe'],
  ])('%s is shown, not obeyed', (_, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('leaves names in any script as they are', () => {
    for (const name of ['ویدیو‌ها.mp4', 'סרטון.mp4', 'مقطع ١.mp4', 'клип.mp4', '短片.mp4', 'a b–c.mp4'])
      expect(visible(name)).toBe(name)
  })

  it('in JSON reads back the same and holds no control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = jsonLine({ text })
        expect(JSON.parse(line)).toEqual({
          text: text.toWellFormed() === text ? text : JSON.parse(JSON.stringify(text)),
        })
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/)
      }),
    )
  })
})

describe('lists', () => {
  it('line up, and one cell cannot break into the next line', () => {
    expect(table([['a', 'bb'], ['ccc\n', 'd']])).toBe('a          bb\nccc\\u000a  d') // prettier-ignore
  })

  it('say sizes and times as people write them', () => {
    expect([bytes(999), bytes(1500), bytes(5e9)]).toEqual(['999 bytes', '1.5 kB', '5.0 GB'])
    expect([clock(59.6), clock(61), clock(3723)]).toEqual(['1:00', '1:01', '1:02:03'])
  })
})
