/** Whether one video track holds pieces of several encodings: its parameter sets and encoder text, key frame by key frame. */
import type { PacketTable } from '../../media/types.ts'
import type { ByteSource } from '../provenance/iso-boxes.ts'
import type { IsoFacts } from '../provenance/iso-facts.ts'
import { isTime } from './frame-types.ts'
import { keySamples } from './key-samples.ts'
import { parseConfiguration, readSampleHead } from './nal-units.ts'

export interface StreamParameters {
  /** Sample entries of the video track. */
  readonly entries: number
  readonly samplesRead: number
  /** Media time where parameter sets inside the stream first differ from those before; null where they never do. */
  readonly changedAt: number | null
  /** Media times at which an encoder introduces itself. */
  readonly encodings: readonly number[]
}

/** Key samples read at most, and bytes of each. */
export const KEY_SAMPLES = 400
const HEAD = 2048

/** @returns null where the track is not H.264 or H.265 in an unfragmented MP4 file */
export async function streamParameters(
  source: ByteSource,
  iso: IsoFacts,
  packets: PacketTable,
): Promise<StreamParameters | null> {
  const track = iso.tracks.find(({ handler }) => handler === 'vide')
  const configuration = track?.entries[0] ? parseConfiguration(track.entries[0]) : null
  if (!track || !configuration) return null
  const known = new Set(configuration.sequenceSets)
  const first = packets.pts.reduce((low, pts) => (isTime(pts) && pts < low ? pts : low), Infinity)
  const samples = await keySamples(source, iso, KEY_SAMPLES)
  let changedAt: number | null = null
  const encodings: number[] = []
  for (const [i, { index, offset, size }] of samples.entries()) {
    const head = readSampleHead(await source.read(offset, Math.min(HEAD, size)), configuration)
    const pts = packets.pts[index] ?? NaN
    const at = isTime(pts) && isTime(first) ? Math.max(0, pts - first) : 0
    if (head.encoder) encodings.push(at)
    if (head.sequenceSets.some((set) => !known.has(set)) && i > 0) changedAt ??= at
    // Streams with in-band parameters only (hev1, avc3) state the first ones in the first sample.
    for (const set of head.sequenceSets) known.add(set)
  }
  return { entries: track.entries.length, samplesRead: samples.length, changedAt, encodings }
}
