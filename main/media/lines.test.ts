import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineSplitter } from './lines.ts'

const split = (chunks: Uint8Array[], limit?: number): string[] => {
  const lines: string[] = []
  const splitter = lineSplitter((line) => lines.push(line), limit)
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return lines
}

describe('lines of a stream', () => {
  it('are the same however the bytes arrive', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 12 })),
        fc.array(fc.integer({ min: 1, max: 9 })),
        (words, cuts) => {
          const lines = words.map((word) => word.replaceAll(/[\r\n]/g, '') || '-')
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
          const chunks: Uint8Array[] = []
          let at = 0
          for (const cut of cuts) chunks.push(bytes.subarray(at, (at += cut)))
          chunks.push(bytes.subarray(at))
          expect(split(chunks)).toEqual(lines)
        },
      ),
    )
  })

  it('are cut when they are too long, and the next one is whole again', () => {
    expect(split([Buffer.from(`${'x'.repeat(50)}\nshort\r\nlast`)], 8)).toEqual(['xxxxxxxx…', 'short', 'last'])
  })
})
