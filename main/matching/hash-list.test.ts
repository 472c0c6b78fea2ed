import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../errors.ts'
import { HashListReader, LIST_LIMITS, readHashList, type ListedHash, type ListReport } from './hash-list.ts'
import { writeExchangeJson, writePdqCsv, writeVpdqText } from './hash-list-write.ts'
import { toHex } from './pdq.ts'

const A = 'd8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22'
const B = '30a10efdf1c83f429013d48d0ffffc52e34e0e35ada952a9d29605215aa9e5af'

function read(list: string | Uint8Array, limits = LIST_LIMITS): ListReport & { entries: ListedHash[] } {
  const entries: ListedHash[] = []
  const reader = new HashListReader((entry) => entries.push(entry), limits)
  reader.push(Buffer.from(list))
  return { ...reader.end(), entries }
}

const brief = (list: string) => read(list).entries.map(({ hash, quality, id }) => [toHex(hash), quality, id])

describe('lists of text', () => {
  it('hold a hash, and perhaps its quality and its name', () => {
    expect(brief(`${A}\n${B.toUpperCase()},77\r\n${A},,one\n${A},two\n${B}, 100 ,"a ""b"", c",more\n`)).toEqual([
      [A, null, null],
      [B, 77, null],
      [A, null, 'one'],
      [A, null, 'two'],
      [B, 100, 'a "b", c'],
    ])
  })

  it('may begin with a mark, blank lines and a header, and hold comments', () => {
    expect(brief(`\ufeff\n\nhash,quality,id\n# made by hand\n\n${A},90,x\n`)).toEqual([[A, 90, 'x']])
  })

  it('in the form of vPDQ hold the frames of a video', () => {
    const { entries } = read(`0,100,${A},0.000\n1,98,${A},0.033\n`)
    expect(entries.map(({ frame, quality, seconds }) => [frame, quality, seconds])).toEqual([
      [0, 100, 0],
      [1, 98, 0.033],
    ])
  })

  it('lose only the lines that are wrong, and say which', () => {
    const lines = [
      A,
      A.slice(1),
      `${A}0`,
      `${B},101`,
      `${B},-1`,
      `x,1,${B},0`,
      `0,1,${B},-2`,
      A,
      `${'z'.repeat(70_000)}`,
      B,
    ]
    const { entries, ...report } = read(lines.join('\n'))
    expect(entries.map(({ hash }) => toHex(hash))).toEqual([A, B])
    expect(report).toMatchObject({
      accepted: 2,
      leftOut: 8,
      reasons: { hash: 2, quality: 2, frame: 2, duplicate: 1, long: 1 },
    })
    expect(report.first.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'hash'],
      [3, 'hash'],
      [4, 'quality'],
      [5, 'quality'],
      [6, 'frame'],
      [7, 'frame'],
      [8, 'duplicate'],
      [9, 'long'],
    ])
  })
})

describe('exchange JSON', () => {
  const one = {
    indicator: A,
    type: 'HASH_PDQ',
    id: 1234,
    tags: ['a', { text: 'b' }],
    added_on: '2021-03-04T05:06:07+0000',
  }
  const other = { hash: B, type: 'pdq', tags: { data: [{ text: 'c' }] }, added_on: 1_600_000_000 }
  const descriptor = { id: 'd', indicator: { id: 'e', indicator: B, type: 'HASH_PDQ' } }
  it.each([
    ['an array', JSON.stringify([one, other, descriptor])],
    [
      'an object',
      JSON.stringify({ paging: { data: 'x', next: [{}] }, data: [one, other, descriptor], count: 3, more: [one] }),
    ],
    ['indented', JSON.stringify({ data: [one, other, descriptor], paging: { cursors: {} } }, null, 2)],
    ['lines', [one, other, descriptor].map((entry) => JSON.stringify(entry)).join('\n')],
  ])('is read as %s', (_, text) => {
    const { entries, leftOut } = read(text)
    expect(leftOut).toBe(0)
    expect(entries.map(({ hash, id, tags, addedOn }) => [toHex(hash), id, tags, addedOn])).toEqual([
      [A, '1234', ['a', 'b'], '2021-03-04T05:06:07.000Z'],
      [B, null, ['c'], '2020-09-13T12:26:40.000Z'],
      [B, 'd', [], null],
    ])
  })

  it('loses only the entries that are wrong, and says which', () => {
    const deep = `${'['.repeat(70)}${']'.repeat(70)}`
    const list = `[{"hash":"${A}"},
      {"hash":"${A}","type":"HASH_MD5"},
      {"hash":"${A.slice(2)}"},
      {"hash":"${A}","quality":1e9},
      {"hash":"${A}","tags":${deep}},
      {"hash":"${A}","note":"${'z'.repeat(70_000)}"},
      {"hash":"${A},
      {"hash": ${A}}, 17, null, "${B}",
      {"hash":"${A}","id":"last"`
    const { entries, ...report } = read(list)
    expect(entries.map(({ hash }) => toHex(hash))).toEqual([A, B])
    expect(report.first.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'kind'],
      [3, 'hash'],
      [4, 'quality'],
      [5, 'deep'],
      [6, 'long'],
      [7, 'syntax'],
      [8, 'syntax'],
      [8, 'hash'],
      [8, 'hash'],
      [9, 'unfinished'],
    ])
  })

  it('nested without end does not overflow anything', () => {
    expect(read('['.repeat(1_000_000)).accepted).toBe(0)
    expect(read('{"a":'.repeat(300_000)).accepted).toBe(0)
  })
})

describe('any list', () => {
  it('keeps the same name for many hashes, and no pair of both twice', () => {
    expect(read(`${A},,v\n${B},,v\n${A},,w\n${A},,v\n`)).toMatchObject({ accepted: 3, reasons: { duplicate: 1 } })
  })

  it('brings no name that does more than be read', () => {
    const hostile = `\u202egpj.exe\u001b[2J\u0000${'n'.repeat(5000)}`
    const [csv, json] = [
      `${A},,${hostile}\n`,
      `[${JSON.stringify({ hash: A, id: hostile, tags: [hostile, '\ud800'] })}]`,
    ]
    for (const { entries } of [read(csv), read(json)]) {
      const [{ id, tags }] = entries as [ListedHash]
      expect(id).toMatch(/^\\u202egpj\.exe\\x1b\[2J\\x00n+…$/)
      expect(id?.length).toBeLessThanOrEqual(200)
      for (const tag of tags) expect(tag).toMatch(/^[\x20-\x7e…]{1,60}$/)
    }
    expect(read(`\u202e\u001b[2J${'n'.repeat(500)}`).first[0]?.text).toMatch(/^\\u202e\\x1b\[2Jn+…$/)
  })

  it('reports twenty of those left out, and counts the rest', () => {
    const report = read('x\n'.repeat(100))
    expect(report.first).toHaveLength(20)
    expect(report.leftOut).toBe(100)
  })

  it('has limits that are named when they are passed', async () => {
    const line = Buffer.from('\n'.repeat(1 << 16))
    const endless = Array.from({ length: 200 }, () => line)
    await expect(readHashList(endless, () => {})).rejects.toThrow(/more than 4,000,000 lines/)
    const refused = (limits: object, list: string) => () => read(list, { ...LIST_LIMITS, ...limits })
    expect(refused({ entries: 1 }, `${A}\n${B}`)).toThrow(/more than 1 hashes/)
    expect(refused({ entries: 1 }, `["${A}","${B}"]`)).toThrow(/more than 1 hashes/)
    expect(refused({ lines: 2 }, `[\n\n\n`)).toThrow(/more than 2 lines/)
    expect(refused({ bytes: 10 }, A)).toThrow(Failure)
  })

  it('is the same however its bytes arrive, and whatever they are throws nothing but a failure', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        A,
        `"${B}"`,
        '{"hash":',
        '{"data":[',
        '[',
        ']',
        '}',
        '{',
        ',',
        '\n',
        '"',
        '\\',
        'id',
        ':',
        '7',
        '\ufeff',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.json({ maxDepth: 3 }),
    )
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(piece, { maxLength: 20 }).map((pieces) => Buffer.from(pieces.join(''))),
    )
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 9 }), (list, size) => {
        const limits = { ...LIST_LIMITS, lines: 12, entryBytes: 80 }
        const run = (chunks: Uint8Array[]) => {
          const entries: ListedHash[] = []
          const reader = new HashListReader((entry) => entries.push(entry), limits)
          try {
            for (const chunk of chunks) reader.push(chunk)
            return { ...reader.end(), entries }
          } catch (error) {
            expect(error).toBeInstanceOf(Failure)
            return (error as Failure).code
          }
        }
        const cut: Uint8Array[] = []
        for (let at = 0; at < list.length; at += size) cut.push(list.subarray(at, at + size))
        expect(run(cut)).toEqual(run([list]))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('what is written', () => {
  const name = fc
    .string({ unit: 'binary', maxLength: 40 })
    .map((untrusted) => read(JSON.stringify({ hash: A, id: untrusted })).entries[0]?.id ?? null)
  const entry = fc.record({
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    quality: fc.option(fc.integer({ min: 0, max: 100 })),
    id: name,
    tags: fc.uniqueArray(
      name.map((tag) => (tag ?? 'tag').slice(0, 20).trim().toWellFormed() || 'tag'),
      { maxLength: 4 },
    ),
    addedOn: fc.option(
      fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString()),
    ),
    frame: fc.option(fc.nat()),
    seconds: fc.option(fc.nat(10_000_000).map((milliseconds) => milliseconds / 1000)),
  })
  const list = fc.uniqueArray(entry, { selector: ({ hash }) => toHex(hash), maxLength: 8 })

  it('as exchange JSON is read as the same', () => {
    fc.assert(
      fc.property(list, (entries) => {
        expect(read([...writeExchangeJson(entries)].join('')).entries).toEqual(entries)
      }),
    )
  })

  it('as PDQ CSV is read as the same hashes, qualities and names', () => {
    const bare = { tags: [], addedOn: null, frame: null, seconds: null }
    fc.assert(
      fc.property(list, (entries) => {
        expect(read([...writePdqCsv(entries)].join('')).entries).toEqual(
          entries.map((entry) => ({ ...entry, ...bare })),
        )
      }),
    )
  })

  it('as vPDQ text is read as the same frames', () => {
    const frames = list.map((entries) =>
      entries.map((entry, i) => {
        const { quality, seconds } = entry
        return { ...entry, id: null, tags: [], addedOn: null, frame: i, quality: quality ?? 0, seconds: seconds ?? 0 }
      }),
    )
    fc.assert(
      fc.property(frames, (entries) => {
        expect(read([...writeVpdqText(entries)].join('')).entries).toEqual(entries)
      }),
    )
  })
})
