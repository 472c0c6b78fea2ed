/** NAL units of H.264 and H.265 samples as they lie in MP4 files: parameter sets and encoder text. */
import { createHash } from 'node:crypto'
import type { IsoTrack } from '../provenance/iso-facts.ts'

export type NalCodec = 'h264' | 'h265'

/** What a sample entry says about its coded stream. */
export interface Configuration {
  readonly codec: NalCodec
  /** Bytes of the length before every NAL unit. */
  readonly lengthSize: number
  /** SHA-256, first 16 hex digits, of every sequence parameter set. */
  readonly sequenceSets: readonly string[]
}

const SPS = { h264: 7, h265: 33 } as const
const SEI = { h264: [6], h265: [39, 40] } as const
export const nalType = (codec: NalCodec, first: number): number =>
  codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

/**
 * avcC and hvcC (ISO/IEC 14496-15, 5.3.3 and 8.3.3).
 * @returns null for other codecs and for records that are cut off
 */
export function parseConfiguration(entry: IsoTrack['entries'][number]): Configuration | null {
  const bytes = Buffer.from(entry.configuration, 'hex')
  const codec = /^avc[1-4]$/u.test(entry.format) ? 'h264' : /^(?:hvc1|hev1)$/u.test(entry.format) ? 'h265' : null
  if (!codec || bytes.length < 7) return null
  const sequenceSets: string[] = []
  if (codec === 'h264') {
    let at = 6
    for (let i = 0; i < (bytes[5]! & 0x1f) && at + 2 <= bytes.length; i += 1) {
      const length = bytes.readUInt16BE(at)
      sequenceSets.push(digest(bytes.subarray(at + 2, at + 2 + length)))
      at += 2 + length
    }
    return { codec, lengthSize: (bytes[4]! & 3) + 1, sequenceSets }
  }
  if (bytes.length < 23) return null
  let at = 23
  for (let array = 0; array < bytes[22]! && at + 3 <= bytes.length; array += 1) {
    const type = bytes[at]! & 0x3f
    const count = bytes.readUInt16BE(at + 1)
    at += 3
    for (let i = 0; i < count && at + 2 <= bytes.length; i += 1) {
      const length = bytes.readUInt16BE(at)
      if (type === SPS.h265) sequenceSets.push(digest(bytes.subarray(at + 2, at + 2 + length)))
      at += 2 + length
    }
  }
  return { codec, lengthSize: (bytes[21]! & 3) + 1, sequenceSets }
}

export interface SampleHead {
  /** Digests of sequence parameter sets inside the sample. */
  readonly sequenceSets: readonly string[]
  /** x264 or x265 introduces itself here, as it does once at the start of an encoding. */
  readonly encoder: string
}

/** Walks the NAL units at the head of a sample; stops at the first one that is cut off. Never throws. */
export function readSampleHead(sample: Uint8Array, { codec, lengthSize }: Configuration): SampleHead {
  const bytes = Buffer.from(sample.buffer, sample.byteOffset, sample.length)
  const sequenceSets: string[] = []
  let encoder = ''
  for (let at = 0; at + lengthSize + 2 <= bytes.length;) {
    const length = bytes.readUIntBE(at, lengthSize)
    const unit = bytes.subarray(at + lengthSize, at + lengthSize + length)
    if (length === 0) break
    const type = nalType(codec, unit[0]!)
    if (type === SPS[codec] && unit.length === length) sequenceSets.push(digest(unit))
    if ((SEI[codec] as readonly number[]).includes(type))
      encoder ||= /x264 - core \d+|x265 \(build \d+\)/u.exec(unit.toString('latin1', 0, 400))?.[0] ?? ''
    at += lengthSize + length
  }
  return { sequenceSets, encoder }
}
