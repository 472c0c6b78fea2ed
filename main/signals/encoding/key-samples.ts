/** Where the key samples of an MP4 track lie in the file (ISO/IEC 14496-12, 8.6 and 8.7). */
import { boxesAt, payload, type ByteSource } from '../provenance/iso-boxes.ts'
import type { IsoFacts } from '../provenance/iso-facts.ts'

export interface KeySample {
  /** Index in decoding order, from 0. */
  readonly index: number
  readonly offset: number
  readonly size: number
}

/** Largest table read; a day of video at 60 frames a second has a sample size table of 21 MB. */
const MAX_TABLE = 32 * 1024 * 1024
/** Samples walked through at most, whatever the tables claim. */
const MAX_SAMPLES = 10_000_000

/** Rows that a table claims to have, as far as it holds them. */
const rows = (view: DataView, header: number, width: number) =>
  Math.min(view.getUint32(header - 4), Math.floor((view.byteLength - header) / width))

/**
 * Key samples of the first video track, evenly thinned to `limit`, the first always kept.
 * @returns an empty list for fragmented files, files without a list of key samples and tables that contradict themselves
 */
export async function keySamples(source: ByteSource, iso: IsoFacts, limit: number): Promise<KeySample[]> {
  const track = iso.tracks.findIndex(({ handler }) => handler === 'vide')
  const trak = boxesAt(iso.tree.boxes, 'moov', 'trak')[track]
  const stbl = trak ? boxesAt(trak.children, 'mdia', 'minf', 'stbl')[0] : undefined
  const table = async (type: string) => {
    const box = stbl?.children.find((child) => child.type === type)
    if (!box || box.size > MAX_TABLE) return null
    const bytes = await payload(source, box, MAX_TABLE)
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  const [stss, stsz, stsc] = [await table('stss'), await table('stsz'), await table('stsc')]
  const long = await table('co64')
  const chunks = long ?? (await table('stco'))
  if (!stss || !stsz || !stsc || !chunks || [stss, stsz, stsc, chunks].some((view) => view.byteLength < 8)) return []

  const fixed = stsz.byteLength >= 12 ? stsz.getUint32(4) : 0
  const stated = stsz.byteLength >= 12 ? stsz.getUint32(8) : 0
  const samples = Math.min(MAX_SAMPLES, stated, fixed > 0 ? stated : rows(stsz, 12, 4))
  const sizeOf = (index: number) => (fixed > 0 ? fixed : stsz.getUint32(12 + 4 * index))
  const keys = rows(stss, 8, 4)
  const step = Math.max(1, Math.ceil(keys / limit))
  const wanted = new Set<number>()
  for (let i = 0; i < keys; i += step) wanted.add(stss.getUint32(8 + 4 * i) - 1)

  const found: KeySample[] = []
  const runs = rows(stsc, 8, 12)
  const chunkCount = rows(chunks, 8, long ? 8 : 4)
  let sample = 0
  for (let run = 0; run < runs && found.length < wanted.size; run += 1) {
    const first = stsc.getUint32(8 + 12 * run) - 1
    const perChunk = stsc.getUint32(12 + 12 * run)
    const end = run + 1 < runs ? stsc.getUint32(8 + 12 * (run + 1)) - 1 : chunkCount
    for (let chunk = first; chunk < Math.min(end, chunkCount) && found.length < wanted.size; chunk += 1) {
      let offset = long ? Number(chunks.getBigUint64(8 + 8 * chunk)) : chunks.getUint32(8 + 4 * chunk)
      for (let i = 0; i < perChunk; i += 1) {
        if (sample >= samples) return found
        const size = sizeOf(sample)
        if (wanted.has(sample) && offset + size <= source.size) found.push({ index: sample, offset, size })
        offset += size
        sample += 1
      }
    }
  }
  return found
}
