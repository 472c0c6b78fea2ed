import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryFile } from '../../../test/fixtures/clip.ts'
import { boxesAt, looksIso, MAX_BOXES, MAX_DEPTH, readBoxes, type Box } from './iso-boxes.ts'
import { readIsoFacts } from './iso-facts.ts'

const box = (type: string, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
const depthOf = (boxes: readonly Box[]): number => Math.max(0, ...boxes.map(({ children }) => 1 + depthOf(children)))
const countOf = (boxes: readonly Box[]): number => boxes.reduce((sum, { children }) => sum + 1 + countOf(children), 0)

describe('box tree', () => {
  it('reads nested boxes with their places and sizes', async () => {
    const file = memoryFile(
      Buffer.concat([box('ftyp', Buffer.from('isom')), box('moov', box('trak', box('tkhd', Buffer.alloc(4))))]),
    )
    const { boxes, problems, complete } = await readBoxes(file)
    expect(boxes.map(({ type, offset, size }) => [type, offset, size])).toEqual([
      ['ftyp', 0, 12],
      ['moov', 12, 28],
    ])
    expect(boxesAt(boxes, 'moov', 'trak', 'tkhd')).toMatchObject([{ offset: 28, size: 12 }])
    expect({ problems, complete }).toEqual({ problems: [], complete: true })
  })

  it('reads sizes of 64 bits and boxes that reach to the end of the file', async () => {
    const large = Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.from('free'), Buffer.alloc(8)])
    large.writeBigUInt64BE(20n, 8)
    const last = Buffer.concat([Buffer.from([0, 0, 0, 0]), Buffer.from('mdat'), Buffer.alloc(30)])
    const { boxes } = await readBoxes(memoryFile(Buffer.concat([large, Buffer.alloc(4), last])))
    expect(boxes.map(({ type, size, header }) => [type, size, header])).toEqual([
      ['free', 20, 16],
      ['mdat', 38, 8],
    ])
  })

  it('says which box reaches beyond its end, and stops at a box smaller than its header', async () => {
    const long = box('moov')
    long.writeUInt32BE(5000, 0)
    const cut = await readBoxes(memoryFile(long))
    expect(cut.problems).toEqual(['box "moov" in the file reaches 4992 bytes beyond its end'])
    const unfinished = await readBoxes(memoryFile(Buffer.concat([box('ftyp'), long])))
    expect(unfinished).toMatchObject({ truncated: true, problems: [] })
    const tiny = Buffer.concat([box('ftyp'), Buffer.from([0, 0, 0, 3]), Buffer.from('moov')])
    expect((await readBoxes(memoryFile(tiny))).problems).toEqual([
      'box "moov" in the file claims 3 bytes, less than its own header',
    ])
  })

  it('does not follow boxes nested without end', async () => {
    let nested = box('moov')
    for (let i = 0; i < 2000; i += 1) nested = box('moov', nested)
    const { boxes, complete, problems } = await readBoxes(memoryFile(nested))
    expect(complete).toBe(false)
    expect(problems).toEqual([`boxes nested deeper than ${MAX_DEPTH}`])
    expect(depthOf(boxes)).toBe(MAX_DEPTH)
  })

  it('stops at a bounded number of boxes', async () => {
    const { boxes, complete } = await readBoxes(
      memoryFile(Buffer.concat(Array.from({ length: MAX_BOXES + 50 }, () => box('free')))),
    )
    expect(boxes).toHaveLength(MAX_BOXES)
    expect(complete).toBe(false)
  })

  it('never throws, whatever the bytes, and stays within its bounds', async () => {
    const types = fc.constantFrom(
      'moov',
      'trak',
      'mdia',
      'minf',
      'stbl',
      'udta',
      'meta',
      'ilst',
      'stsd',
      'elst',
      'mvhd',
      'keys',
      'uuid',
      'free',
    )
    const shaped = fc
      .array(fc.tuple(types, fc.uint8Array({ maxLength: 60 }), fc.integer({ min: -20, max: 40 })), { maxLength: 12 })
      .map((parts) =>
        Buffer.concat(
          parts.map(([type, body, off]) => {
            const made = box(type, body)
            made.writeUInt32BE(Math.max(0, made.length + off), 0)
            return made
          }),
        ),
      )
    const nested = fc
      .tuple(shaped, shaped)
      .map(([a, b]) => Buffer.concat([box('ftyp', a), box('moov', box('trak', box('mdia', b)), a)]))
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 400 }), shaped, nested), async (bytes) => {
        const file = memoryFile(bytes)
        const tree = await readBoxes(file)
        const inside = (boxes: readonly Box[], from: number, to: number): boolean =>
          boxes.every(
            ({ offset, size, children }) =>
              offset >= from && offset + size <= to && inside(children, offset, offset + size),
          )
        expect(inside(tree.boxes, 0, bytes.length)).toBe(true)
        expect(countOf(tree.boxes)).toBeLessThanOrEqual(MAX_BOXES)
        expect(depthOf(tree.boxes)).toBeLessThanOrEqual(MAX_DEPTH)
        await readIsoFacts(file)
        await looksIso(file)
      }),
      { numRuns: 400 },
    )
  })
})
