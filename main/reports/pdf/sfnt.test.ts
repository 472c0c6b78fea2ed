import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FACES, faceFile, WEIGHTS } from '../fonts.ts'
import { sfntFromWoff } from './sfnt.ts'

/** Checksum of an OpenType table: the sum of its 32-bit words (OpenType 1.9, “Calculating checksums”). */
function checksum(table: Buffer): number {
  const whole = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)])
  let sum = 0
  for (let at = 0; at < whole.length; at += 4) sum = (sum + whole.readUInt32BE(at)) >>> 0
  return sum
}

describe('unpacking a WOFF font', () => {
  it('gives every table of every face of the report, whole', () => {
    for (const face of FACES)
      for (const weight of WEIGHTS) {
        const sfnt = sfntFromWoff(readFileSync(faceFile(face, weight, 'woff')))
        const count = sfnt.readUInt16BE(4)
        expect(count).toBeGreaterThan(8)
        for (let n = 0; n < count; n++) {
          const at = 12 + 16 * n
          const tag = sfnt.toString('latin1', at, at + 4)
          const offset = sfnt.readUInt32BE(at + 8)
          const table = sfnt.subarray(offset, offset + sfnt.readUInt32BE(at + 12))
          // head holds the checksum of the whole file, which does not count in its own.
          if (tag !== 'head') expect(checksum(table), `${face.id} ${tag}`).toBe(sfnt.readUInt32BE(at + 4))
        }
      }
  })

  it('refuses what is not a WOFF font', () => {
    expect(() => sfntFromWoff(Buffer.alloc(64))).toThrow('not a WOFF font')
  })
})
