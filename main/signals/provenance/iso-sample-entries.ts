/** Sample entries of an MP4 or QuickTime track: coding format, picture size and decoder configuration. */
import { payload, type Box, type ByteSource } from './iso-boxes.ts'
import { plainBytes } from './untrusted-bytes.ts'

export interface SampleEntry {
  readonly format: string
  readonly width: number
  readonly height: number
  /** `compressorname` of a visual sample entry. */
  readonly compressor: string
  /** Decoder configuration record (avcC, hvcC, av1C, vpcC), hex; empty where there is none. */
  readonly configuration: string
}

/** Entries of a track looked at, and bytes kept of a decoder configuration. */
const MAX_ENTRIES = 64
const MAX_CONFIGURATION = 4096
const CONFIGURATIONS = new Set(['avcC', 'hvcC', 'av1C', 'vpcC'])

/** Sample entries; fields after the 8-byte entry header follow VisualSampleEntry (ISO/IEC 14496-12, 12.1.3). */
export async function readEntries(source: ByteSource, stsd: Box | undefined, picture: boolean): Promise<SampleEntry[]> {
  const entries: SampleEntry[] = []
  if (!stsd) return entries
  const bytes = await payload(source, stsd, 64 * 1024)
  if (bytes.length < 8) return entries
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const count = Math.min(view.getUint32(4), MAX_ENTRIES)
  let at = 8
  for (let i = 0; i < count && at + 16 <= bytes.length; i += 1) {
    const size = view.getUint32(at)
    if (size < 16 || at + size > bytes.length) break
    const entry = bytes.subarray(at, at + size)
    const visual = picture && entry.length >= 86
    const name = visual ? entry.subarray(50, 82) : new Uint8Array(0)
    entries.push({
      format: plainBytes(entry.subarray(4, 8), 4),
      width: visual ? (entry[32]! << 8) | entry[33]! : 0,
      height: visual ? (entry[34]! << 8) | entry[35]! : 0,
      compressor: plainBytes(name.subarray(1, 1 + Math.min(31, name[0] ?? 0))),
      configuration: visual ? configurationOf(entry) : '',
    })
    at += size
  }
  return entries
}

function configurationOf(entry: Uint8Array): string {
  const view = new DataView(entry.buffer, entry.byteOffset, entry.length)
  for (let at = 86; at + 8 <= entry.length;) {
    const size = view.getUint32(at)
    if (size < 8 || at + size > entry.length) break
    if (CONFIGURATIONS.has(plainBytes(entry.subarray(at + 4, at + 8), 4)))
      return Buffer.from(entry.subarray(at + 8, Math.min(at + size, at + 8 + MAX_CONFIGURATION))).toString('hex')
    at += size
  }
  return ''
}
