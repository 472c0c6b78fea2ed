/** MP4, QuickTime and 3GP: the box structure of ISO/IEC 14496-12, section 4.2. */
import type { Container, ReadAt } from './sniff.ts'

/** Boxes that may stand before the one that decides (`uuid`: vendor data; `jP  `: Motion JPEG 2000 signature). */
const BEFORE = new Set(['free', 'skip', 'wide', 'pnot', 'PICT', 'uuid', 'junk', 'jP  ', 'prfl', 'pdin', 'emsg'])
/** A movie that comes in fragments can start with any of these. */
const FRAGMENT = new Set(['styp', 'sidx', 'ssix', 'moof', 'prft'])
/** What the first child of `moov` is in files that hold a movie; `rmra` would be a movie that points to other files. */
const MOVIE_START = new Set(['mvhd', 'cmov', 'iods', 'free', 'skip', 'wide', 'udta', 'meta', 'uuid', 'prfl', 'trak'])
/** Brands of still images that share the file type box (ISO/IEC 23008-12, AVIF 1.1, JPEG 2000, Canon raw). */
const STILL = new Set(['heic', 'heix', 'heim', 'heis', 'mif1', 'mif2', 'avif', 'jp2 ', 'jpx ', 'jpm ', 'crx '])

/** Boxes looked at before giving up: real files decide within the first five. */
const MAX_BOXES = 64

export async function isoMedia(read: ReadAt, size: number): Promise<Container | null> {
  let at = 0
  for (let count = 0; count < MAX_BOXES && at + 8 <= size; count += 1) {
    const head = await read(at, 32)
    const box = boxHeader(head, size - at)
    if (!box) return null
    if (box.type === 'ftyp') return brand(await read(at + box.header, Math.min(box.length - box.header, 256)))
    if (FRAGMENT.has(box.type)) return 'mp4'
    if (box.type === 'moov') {
      const first = boxHeader(await read(at + box.header, 16), Number.MAX_SAFE_INTEGER)
      return first && MOVIE_START.has(first.type) ? 'mov' : null
    }
    // Old QuickTime writes the samples first and the movie last. Cut off, it has no movie, and is still such a file.
    if (box.type === 'mdat' && at + box.length >= size) return 'mov'
    if (box.type !== 'mdat' && !BEFORE.has(box.type)) return null
    at += box.length
  }
  return null
}

interface Box {
  readonly type: string
  /** Bytes of the header, and of the whole box; a length of 0 means "to the end of the file". */
  readonly header: number
  readonly length: number
}

function boxHeader(bytes: Buffer, left: number): Box | null {
  if (bytes.length < 8) return null
  const type = bytes.toString('latin1', 4, 8)
  const short = bytes.readUInt32BE(0)
  if (short === 0) return { type, header: 8, length: left }
  if (short === 1) {
    if (bytes.length < 16) return null
    const long = bytes.readBigUInt64BE(8)
    return long >= 16n && long <= BigInt(Number.MAX_SAFE_INTEGER) ? { type, header: 16, length: Number(long) } : null
  }
  return short >= 8 ? { type, header: 8, length: short } : null
}

/** Major brand decides; a still image's brand is a movie only where a movie brand is among the compatible ones. */
function brand(body: Buffer): Container | null {
  if (body.length < 4) return null
  const major = body.toString('latin1', 0, 4)
  const compatible: string[] = []
  for (let at = 8; at + 4 <= body.length; at += 4) compatible.push(body.toString('latin1', at, at + 4))
  if (STILL.has(major)) return compatible.some((name) => /^(iso\d|mp4\d|avis|msf1|hevc)$/.test(name)) ? 'mp4' : null
  if (major === 'qt  ') return 'mov'
  if (/^3g[2egprs]/.test(major)) return '3gp'
  return 'mp4'
}
