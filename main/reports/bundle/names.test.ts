import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameKey, unsafeName } from '../verify/package.ts'
import { createNames, safeName } from './names.ts'

describe('names in an archive', () => {
  it('are harmless on every system, whatever came with the evidence', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (untrusted) => {
        const name = safeName(untrusted)
        expect(unsafeName(name)).toBeNull()
        expect(name).not.toMatch(/\.\.|\//)
        expect(Buffer.byteLength(name)).toBeLessThan(140)
      }),
      { numRuns: 500 },
    )
  })

  it('stay readable in every script', () => {
    expect(safeName('clip-قناة الأخبار-01.mp4')).toBe('clip-قناة الأخبار-01.mp4')
    expect(safeName('../../etc/passwd')).toBe('_._etc_passwd')
    expect(safeName('NUL.txt')).toBe('_NUL.txt')
    expect(safeName('photo\u202egpj.exe')).toBe('photo_gpj.exe')
    expect(safeName('\u0000')).toBe('_')
  })

  it('are given once, also where only their case differs', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a.mp4', 'A.mp4', 'é.mp4', 'e\u0301.mp4', 'a', 'a-2.mp4')), (wanted) => {
        const give = createNames()
        const given = wanted.map(give)
        expect(new Set(given.map(nameKey)).size).toBe(wanted.length)
      }),
    )
  })
})
