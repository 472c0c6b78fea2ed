/** Facts of an MP4 or QuickTime file that its box tree holds: brands, dates, tracks, edit lists, tags. */
import { boxesAt, payload, readBoxes, type Box, type BoxTree, type ByteSource } from './iso-boxes.ts'
import { readEntries, type SampleEntry } from './iso-sample-entries.ts'
import { readTags, type IsoTag } from './iso-tags.ts'
import { plainBytes } from './untrusted-bytes.ts'

/** Seconds between 1904-01-01, from which ISO and QuickTime times count, and 1970-01-01 (ISO/IEC 14496-12, 8.2.2). */
const EPOCH_1904 = 2_082_844_800

/** Milliseconds since 1970; null where the field is 0, which means "not set". */
export type BoxTime = number | null

export interface Times {
  readonly created: BoxTime
  readonly modified: BoxTime
}
export interface Edit {
  /** Seconds on the movie's time line. */
  readonly duration: number
  /** Seconds of media time where the edit starts; null for an empty edit. */
  readonly start: number | null
  readonly rate: number
}
export interface IsoTrack {
  readonly id: number
  readonly handler: string
  readonly handlerName: string
  readonly header: Times | null
  readonly media: Times | null
  readonly language: string
  /** Ticks per second of the media. */
  readonly timescale: number
  /** Seconds of media; null where unknown. */
  readonly duration: number | null
  readonly edits: readonly Edit[]
  readonly entries: readonly SampleEntry[]
  /** Byte offset of the first chunk; null where there is none. */
  readonly firstChunk: number | null
}
export interface IsoFacts {
  readonly tree: BoxTree
  readonly majorBrand: string
  readonly minorVersion: number
  readonly compatibleBrands: readonly string[]
  /** Types of the top-level boxes in file order, runs written as `moof+mdat ×12`. */
  readonly order: readonly string[]
  /** Index before media data, as streaming tools and many muxers on request write it. */
  readonly indexFirst: boolean
  readonly fragmented: boolean
  readonly movie: Times | null
  readonly tracks: readonly IsoTrack[]
  readonly tags: readonly IsoTag[]
  /** Types of boxes inside user data, outside the tags proper. */
  readonly userData: readonly string[]
  readonly uuids: readonly string[]
}

/** Tracks and table rows looked at. */
const MAX_TRACKS = 64
const MAX_EDITS = 1000

/** @returns null where the bytes are not an ISO base media file. Never throws on content. */
export async function readIsoFacts(source: ByteSource): Promise<IsoFacts> {
  const tree = await readBoxes(source)
  const moov = boxesAt(tree.boxes, 'moov')[0]
  const ftyp = tree.boxes.find((box) => box.type === 'ftyp')
  const brands = ftyp ? await payload(source, ftyp, 512) : new Uint8Array(0)
  const fourCc = (at: number) => plainBytes(brands.subarray(at, at + 4), 4)
  const firstMdat = tree.boxes.findIndex((box) => box.type === 'mdat')
  const moovIndex = tree.boxes.findIndex((box) => box.type === 'moov')
  const movieScale = moov ? await timescaleOf(source, boxesAt(moov.children, 'mvhd')[0]) : 0
  const tracks: IsoTrack[] = []
  for (const trak of boxesAt(moov?.children ?? [], 'trak').slice(0, MAX_TRACKS))
    tracks.push(await readTrack(source, trak, movieScale))
  const userDataBoxes = [
    ...boxesAt(moov?.children ?? [], 'udta'),
    ...boxesAt(moov?.children ?? [], 'trak', 'udta'),
    ...boxesAt(tree.boxes, 'udta'),
  ]
  return {
    tree,
    majorBrand: brands.length >= 4 ? fourCc(0) : '',
    minorVersion: brands.length >= 8 ? new DataView(brands.buffer, brands.byteOffset).getUint32(4) : 0,
    compatibleBrands: Array.from({ length: Math.max(0, Math.floor((brands.length - 8) / 4)) }, (_, i) =>
      fourCc(8 + i * 4),
    ),
    order: collapse(tree.boxes.map((box) => box.type)),
    indexFirst: moovIndex >= 0 && (firstMdat < 0 || moovIndex < firstMdat),
    fragmented: boxesAt(moov?.children ?? [], 'mvex').length > 0 || tree.boxes.some((box) => box.type === 'moof'),
    movie: moov ? await readTimes(source, boxesAt(moov.children, 'mvhd')[0]) : null,
    tracks,
    tags: await readTags(source, tree),
    userData: [...new Set(userDataBoxes.flatMap((box) => box.children.map((child) => child.type)))],
    uuids: tree.boxes.flatMap((box) => box.uuid ?? []),
  }
}

async function readTrack(source: ByteSource, trak: Box, movieScale: number): Promise<IsoTrack> {
  const mdia = boxesAt(trak.children, 'mdia')[0]
  const within = mdia?.children ?? []
  const mdhd = boxesAt(within, 'mdhd')[0]
  const handler = boxesAt(within, 'hdlr')[0]
  const handlerBytes = handler ? await payload(source, handler, 512) : new Uint8Array(0)
  const timescale = await timescaleOf(source, mdhd)
  const tkhd = boxesAt(trak.children, 'tkhd')[0]
  const stbl = boxesAt(within, 'minf', 'stbl')[0]?.children ?? []
  return {
    id: await trackId(source, tkhd),
    handler: plainBytes(handlerBytes.subarray(8, 12), 4),
    handlerName: handlerName(handlerBytes),
    header: await readTimes(source, tkhd),
    media: await readTimes(source, mdhd),
    language: await languageOf(source, mdhd),
    timescale,
    duration: await durationOf(source, mdhd, timescale),
    edits: await readEdits(source, boxesAt(trak.children, 'edts', 'elst')[0], movieScale, timescale),
    entries: await readEntries(
      source,
      stbl.find((box) => box.type === 'stsd'),
      plainBytes(handlerBytes.subarray(8, 12), 4) === 'vide',
    ),
    firstChunk: await firstChunk(source, stbl),
  }
}

/** Name of a `hdlr` box: a C string in ISO files, a counted string in QuickTime files. */
function handlerName(bytes: Uint8Array): string {
  const name = bytes.subarray(24)
  const counted = name.length > 1 && (name[0] ?? 0) > 0 && name[0] === name.length - 1
  return plainBytes(counted ? name.subarray(1) : name)
}

const boxTime = (seconds: number): BoxTime => {
  const ms = (seconds - EPOCH_1904) * 1000
  return seconds === 0 || Math.abs(ms) > 8.64e15 ? null : ms
}

/** Version 0 has 32-bit times, version 1 has 64-bit ones; `mvhd`, `tkhd` and `mdhd` start alike. */
async function readTimes(source: ByteSource, box: Box | undefined): Promise<Times | null> {
  if (!box) return null
  const bytes = await payload(source, box, 20)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const long = bytes[0] === 1
  if (bytes.length < (long ? 20 : 12)) return null
  const time = (at: number) => (long ? Number(view.getBigUint64(at)) : view.getUint32(at))
  return { created: boxTime(time(4)), modified: boxTime(time(long ? 12 : 8)) }
}

async function timescaleOf(source: ByteSource, box: Box | undefined): Promise<number> {
  if (!box) return 0
  const bytes = await payload(source, box, 24)
  const at = bytes[0] === 1 ? 20 : 12
  return bytes.length >= at + 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(at) : 0
}

async function durationOf(source: ByteSource, box: Box | undefined, timescale: number): Promise<number | null> {
  if (!box || timescale === 0) return null
  const bytes = await payload(source, box, 32)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const long = bytes[0] === 1
  if (bytes.length < (long ? 32 : 20)) return null
  const ticks = long ? Number(view.getBigUint64(24)) : view.getUint32(16)
  // All ones mean that the duration cannot be determined (ISO/IEC 14496-12, 8.4.2.3).
  return ticks === 0xffff_ffff || ticks > 1e15 ? null : ticks / timescale
}

async function trackId(source: ByteSource, box: Box | undefined): Promise<number> {
  if (!box) return 0
  const bytes = await payload(source, box, 24)
  const at = bytes[0] === 1 ? 20 : 12
  return bytes.length >= at + 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(at) : 0
}

/** ISO 639-2 code packed in three times five bits (ISO/IEC 14496-12, 8.4.2.3). */
async function languageOf(source: ByteSource, box: Box | undefined): Promise<string> {
  if (!box) return ''
  const bytes = await payload(source, box, 36)
  const at = bytes[0] === 1 ? 32 : 20
  if (bytes.length < at + 2) return ''
  const packed = (bytes[at]! << 8) | bytes[at + 1]!
  const letters = [10, 5, 0].map((shift) => ((packed >> shift) & 31) + 0x60)
  return letters.every((c) => c >= 0x61 && c <= 0x7a) ? String.fromCharCode(...letters) : ''
}

/** Edit list (ISO/IEC 14496-12, 8.6.6). */
async function readEdits(source: ByteSource, box: Box | undefined, movieScale: number, mediaScale: number) {
  const edits: Edit[] = []
  if (!box || movieScale === 0 || mediaScale === 0) return edits
  const bytes = await payload(source, box, 8 + MAX_EDITS * 20)
  if (bytes.length < 8) return edits
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const long = bytes[0] === 1
  const row = long ? 20 : 12
  const count = Math.min(view.getUint32(4), MAX_EDITS, Math.floor((bytes.length - 8) / row))
  for (let i = 0; i < count; i += 1) {
    const at = 8 + i * row
    const duration = long ? Number(view.getBigUint64(at)) : view.getUint32(at)
    const start = long ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4)
    edits.push({
      duration: duration / movieScale,
      start: start < 0 ? null : start / mediaScale,
      rate: view.getInt16(at + row - 4) + view.getUint16(at + row - 2) / 65_536,
    })
  }
  return edits
}

async function firstChunk(source: ByteSource, stbl: readonly Box[]): Promise<number | null> {
  const box = stbl.find((child) => child.type === 'stco' || child.type === 'co64')
  if (!box) return null
  const bytes = await payload(source, box, 16)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const long = box.type === 'co64'
  if (bytes.length < (long ? 16 : 12) || view.getUint32(4) === 0) return null
  const offset = long ? Number(view.getBigUint64(8)) : view.getUint32(8)
  return offset < source.size ? offset : null
}

/** `moof mdat moof mdat …` becomes `moof+mdat ×n`, so that a long recording stays readable. */
function collapse(types: readonly string[]): string[] {
  const out: string[] = []
  for (let i = 0; i < types.length;) {
    const pair = types.slice(i, i + 2).join('+')
    let n = 0
    if (types[i] !== types[i + 1]) while (types.slice(i + 2 * n, i + 2 * n + 2).join('+') === pair) n += 1
    if (n > 1) {
      out.push(`${pair} ×${n}`)
      i += 2 * n
      continue
    }
    let run = 1
    while (types[i + run] === types[i]) run += 1
    out.push(run > 1 ? `${types[i]} ×${run}` : types[i]!)
    i += run
  }
  return out
}
