/** Where a file can carry Content Credentials, looked up cheaply before the reader is started. */
import { looksIso, type Box, type ByteSource } from './iso-boxes.ts'

/** Extended type of the C2PA box (C2PA Technical Specification 2.2, A.5 "BMFF-based formats"). */
export const C2PA_UUID = 'd8fec3d61b0e483c92975828877ec481'

export interface Carrier {
  /** Media type for the reader. */
  readonly mime: string
  /** True, false, or unknown without reading the whole structure. */
  readonly present: boolean | 'unknown'
}

/** Chunks of a RIFF file looked at. */
const MAX_CHUNKS = 4096
const ascii = (bytes: Uint8Array) => String.fromCharCode(...bytes)

/**
 * @param boxes top-level boxes where the file is an ISO file
 * @param complete false where the box tree was cut short: absence is then not known
 * @returns null where the format cannot carry embedded Content Credentials as far as the reader knows
 */
export async function findCarrier(
  source: ByteSource,
  boxes: readonly Box[] = [],
  complete = true,
): Promise<Carrier | null> {
  const head = await source.read(0, Math.min(16, source.size))
  if (await looksIso(source)) {
    const present = boxes.some((box) => box.uuid === C2PA_UUID)
    return { mime: 'video/mp4', present: present || (complete ? false : 'unknown') }
  }
  if (ascii(head.subarray(0, 4)) === 'RIFF') {
    const mime = { 'AVI ': 'video/avi', WAVE: 'audio/wav' }[ascii(head.subarray(8, 12))]
    return mime ? { mime, present: await hasRiffChunk(source) } : null
  }
  if (head[0] === 0xff && head[1] === 0xd8) return { mime: 'image/jpeg', present: 'unknown' }
  return null
}

/** Looks for a `C2PA` chunk at the top of each RIFF list (specification A.4 "RIFF-based formats"). */
async function hasRiffChunk(source: ByteSource): Promise<boolean | 'unknown'> {
  let at = 0
  for (let n = 0; n < MAX_CHUNKS; n += 1) {
    if (at + 8 > source.size) return false
    const head = await source.read(at, 8)
    if (head.length < 8) return false
    const type = ascii(head.subarray(0, 4))
    if (type === 'C2PA') return true
    // A RIFF header is entered, anything else is stepped over; chunks are padded to even length.
    const size = new DataView(head.buffer, head.byteOffset).getUint32(4, true)
    at += type === 'RIFF' ? 12 : 8 + size + (size % 2)
  }
  return 'unknown'
}
