import { assert, asyncProperty, constantFrom, uint8Array } from 'fast-check'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Failure } from '../errors.ts'
import { sniff, type Container } from './sniff.ts'

/** Looks at bytes as at a file, and counts how much of it was asked for. */
async function see(bytes: Buffer, size = bytes.length): Promise<{ found: string; asked: number }> {
  let asked = 0
  const read = (offset: number, length: number) => {
    asked += length
    return Promise.resolve(bytes.subarray(offset, offset + length))
  }
  try {
    return { found: await sniff(read, size), asked }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'intake.not-video') throw error
    return { found: `refused: ${error.detail ?? 'unknown'}`, asked }
  }
}
const found = async (bytes: Buffer, size?: number) => (await see(bytes, size)).found
const box = (type: string, body: Buffer = Buffer.alloc(0), size = 8 + body.length) => {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(size)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, body])
}
const ftyp = (...brands: string[]) => box('ftyp', Buffer.from(`${brands[0]}\0\0\0\0${brands.join('')}`, 'latin1'))
const movie = (child = 'mvhd') => box('moov', box(child, Buffer.alloc(100)))

const ebml = (type: string) =>
  Buffer.concat([
    Buffer.from('1a45dfa3', 'hex'),
    Buffer.from([0x80 | (type.length + 7)]),
    Buffer.from('42868101', 'hex'),
    Buffer.from([0x42, 0x82, 0x80 | type.length]),
    Buffer.from(type),
  ])
const riff = (form: string, tag = 'RIFF') => Buffer.from(`${tag}\0\0\0\0${form}`, 'latin1')
const packet = (before: number, after: number, pid: number) => {
  const bytes = Buffer.alloc(before + 188 + after, 0xff)
  bytes.set([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10, 0, 0, 0xb0], before)
  return bytes
}

describe('MP4 and its family', () => {
  it.each<[Container | string, string, Buffer]>([
    ['mp4', 'a plain file', ftyp('isom', 'avc1')],
    ['mov', 'QuickTime', ftyp('qt  ')],
    ['3gp', 'a phone', ftyp('3gp5', 'isom')],
    ['mp4', 'free space first', Buffer.concat([box('free', Buffer.alloc(40)), box('skip'), ftyp('isom')])],
    ['mov', 'a movie without a file type', movie()],
    ['mov', 'samples first, movie last', Buffer.concat([box('wide'), box('mdat', Buffer.alloc(999)), movie()])],
    ['mov', 'samples first, and cut off', box('mdat', Buffer.alloc(50), 1e9)],
    ['mp4', 'fragments alone', Buffer.concat([box('styp', Buffer.alloc(8)), box('moof')])],
    ['mp4', 'a moving AVIF', ftyp('avis', 'iso8')],
    ['mp4', 'Motion JPEG 2000', Buffer.concat([box('jP  ', Buffer.from('\r\n\x87\n', 'latin1')), ftyp('mjp2')])],
    ['refused: It looks like an image (HEIF, AVIF or JPEG 2000).', 'a HEIF photograph', ftyp('heic', 'mif1')],
  ])('is %s: %s', async (expected, _, bytes) => expect(await found(bytes)).toBe(expected))

  it('is not a nest of movies in movies, nor a movie that points to other files', async () => {
    let nest = Buffer.alloc(0)
    for (let depth = 0; depth < 2000; depth += 1) nest = Buffer.concat([box('moov', undefined, 8 + nest.length), nest])
    expect(await found(nest)).toContain('refused')
    expect(await found(movie('rmra'))).toContain('points to other files')
  })

  it('is not looked for beyond a few boxes, however many there are', async () => {
    const boxes = Buffer.concat(Array.from({ length: 5000 }, () => box('free')))
    const { found, asked } = await see(Buffer.concat([boxes, movie()]))
    expect(found).toContain('refused')
    expect(asked).toBeLessThan(100_000)
  })

  it('does not run in circles over sizes that lie', async () => {
    for (const size of [0, 1, 2, 7, 0xffffffff])
      expect(await found(box('free', Buffer.alloc(64), size))).toContain('refused')
    const long = Buffer.concat([box('free', undefined, 1), Buffer.alloc(8, 0xff), Buffer.alloc(64)])
    expect(await found(long)).toContain('refused')
  })
})

describe('other containers', () => {
  it.each<[string, Buffer]>([
    ['matroska', ebml('matroska')],
    ['webm', ebml('webm')],
    ['refused: unknown', ebml('other')],
    ['avi', riff('AVI ')],
    ['wav', riff('WAVE')],
    ['wav', riff('WAVE', 'RF64')],
    ['refused: It looks like an image (WebP).', riff('WEBP')],
    ['flv', Buffer.from('464c5601050000000900000000', 'hex')],
    ['asf', Buffer.from('3026b2758e66cf11a6d900aa0062ce6c0000', 'hex')],
    ['ogg', Buffer.from('OggS\0\x02', 'latin1')],
    ['flac', Buffer.from('fLaC\0\0\0\x22', 'latin1')],
    ['flac', Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x0a', 'latin1'), Buffer.alloc(10), Buffer.from('fLaC')])],
  ])('%s', async (expected, bytes) => expect(await found(bytes)).toBe(expected))

  it('knows transport streams by their rhythm, at each packet size, after junk and from the middle', async () => {
    for (const [before, after] of [
      [0, 0],
      [4, 0],
      [0, 16],
    ] as const) {
      const stream = Buffer.concat(Array.from({ length: 40 }, (_, i) => packet(before, after, i % 10 ? 256 : 0)))
      expect(await found(stream)).toBe('mpeg-ts')
      expect(await found(stream.subarray(77))).toBe('mpeg-ts')
      expect(await found(Buffer.concat([randomBytes(500), stream]))).toBe('mpeg-ts')
    }
    expect(await found(Buffer.alloc(100_000, 'G'))).toBe('refused: It looks like plain text.')
  })

  it('knows MPEG audio by frames that follow each other', async () => {
    // MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame.
    const frame = Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)])
    expect(await found(Buffer.concat([frame, frame, frame, frame]))).toBe('mp3')
    expect(await found(Buffer.concat([Buffer.alloc(700), frame, frame, frame, frame]))).toBe('mp3')
    expect(await found(Buffer.concat([frame, Buffer.alloc(5), frame, frame]))).toContain('refused')
  })
})

describe('everything else', () => {
  it.each<[string, string | Buffer]>([
    ['a playlist (HLS)', '#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1/x\n'],
    ['a playlist (HLS)', '\ufeff#EXTM3U\n'],
    ['a playlist (DASH)', '<?xml version="1.0"?><MPD></MPD>'],
    ['a playlist (DASH)', '  <mpd type="static"/>'],
    ['a playlist (ffconcat)', 'ffconcat version 1.0\nfile x\n'],
    ['plain text', 'TOPSECRET\n'.repeat(40)],
    ['plain text', 'v=0\nm=video 18998 RTP/AVP 96\n'],
    ['a ZIP archive or an office document', 'PK\x03\x04' + '\0'.repeat(100)],
    ['a program', '\x7fELF' + '\0'.repeat(400)],
    ['a PDF document', '%PDF-1.7\n'],
  ])('is refused, and called %s', async (what, bytes) =>
    expect(await found(Buffer.from(bytes as string))).toBe(`refused: It looks like ${what}.`),
  )

  it('is refused whatever it holds after its start', async () => {
    // A program, an archive or a playlist may well hold a whole video; it is still opened as what it starts as.
    const frame = Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)])
    for (const start of ['#EXTM3U\n', 'PK\x03\x04', '\x7fELF', '<html>'])
      expect(await found(Buffer.concat([Buffer.from(start, 'latin1'), frame, frame, frame, frame]))).toContain(
        'refused',
      )
  })

  it('is refused without an error of another kind, however odd, and without reading much', async () => {
    const starts = constantFrom(
      '',
      '\0\0\0\x18ftyp',
      '\0\0\0\x08moov',
      'RIFF',
      '\x1a\x45\xdf\xa3',
      'ID3\x04\0\0',
      'OggS',
      'FLV',
      '\x47',
      '\0\0\x01\xba',
    )
    await assert(
      asyncProperty(starts, uint8Array({ minLength: 1, maxLength: 400 }), async (start, rest) => {
        const { found, asked } = await see(Buffer.concat([Buffer.from(start, 'latin1'), rest]), 2 ** 35)
        expect(found).toMatch(/^(refused: .+|mp4|mov|3gp|matroska|webm|avi|mpeg-ts|mpeg-ps|flv|asf|ogg|wav|mp3|flac)$/)
        expect(asked).toBeLessThan(300_000)
      }),
      { numRuns: 500 },
    )
  })

  it('is never taken for a video when it is random', async () => {
    for (let i = 0; i < 20; i += 1) expect(await found(randomBytes(65_536))).toContain('refused')
  })
})
