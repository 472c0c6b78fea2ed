/**
 * Which container a file is, from its bytes alone: an allow-list. The name never matters, nothing is decoded, and a
 * playlist or any other document that could point somewhere else is not on the list.
 */
import type { FileHandle } from 'node:fs/promises'
import { Failure } from '../errors.ts'
import { isoMedia } from './sniff-iso.ts'
import { mpegAudio, programStream, transportStream } from './sniff-mpeg.ts'
import { guess } from './sniff-other.ts'

export type Container =
  | 'mp4'
  | 'mov'
  | '3gp'
  | 'matroska'
  | 'webm'
  | 'avi'
  | 'mpeg-ts'
  | 'mpeg-ps'
  | 'flv'
  | 'asf'
  | 'ogg'
  | 'wav'
  | 'mp3'
  | 'flac'

/** Reads up to `length` bytes at `offset`; shorter only at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>

/** How far a stream without a header may be preceded by something else, bytes: ffmpeg's own probes reach as far. */
const LEAD = 64 * 1024

export function readAt(handle: FileHandle): ReadAt {
  return async (offset, length) => {
    const buffer = Buffer.alloc(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }
}

/** ASF header object, GUID 75B22630-668E-11CF-A6D9-00AA0062CE6C (ASF specification, section 3.1). */
const ASF = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex')

/**
 * Names the container.
 *
 * @throws Failure intake.not-video, with what the file looks like where that can be told
 */
export async function sniff(read: ReadAt, size: number): Promise<Container> {
  const head = await read(0, Math.min(size, LEAD))
  const found =
    fixedMagic(head) ??
    ebml(head) ??
    (await isoMedia(read, size)) ??
    (await afterId3(head, read, size)) ??
    // What follows is recognised by its rhythm and not by its first bytes, so rule out everything with a known start.
    (guess(head) ? null : (transportStream(head) ?? programStream(head) ?? mpegAudio(head)))
  if (found) return found
  const seen = guess(head)
  throw new Failure('intake.not-video', seen ? `It looks like ${seen}.` : undefined)
}

function fixedMagic(head: Buffer): Container | null {
  const tag = head.toString('latin1', 0, 4)
  const form = head.toString('latin1', 8, 12)
  // RIFF (Microsoft/IBM 1991); RF64 and BW64 are its forms beyond 4 GiB (EBU Tech 3306, ITU-R BS.2088).
  if (tag === 'RIFF' && form === 'AVI ') return 'avi'
  if ((tag === 'RIFF' || tag === 'RF64' || tag === 'BW64') && form === 'WAVE') return 'wav'
  // FLV 10.1, annex E.2: version, flags with five reserved bits, header length of at least 9.
  if (tag.startsWith('FLV') && head.length >= 9 && head[3]! < 5 && head.readUInt32BE(5) >= 9) return 'flv'
  if (head.subarray(0, 16).equals(ASF)) return 'asf'
  // RFC 3533, section 6: capture pattern, then stream structure version 0.
  if (tag === 'OggS' && head[4] === 0) return 'ogg'
  if (tag === 'fLaC') return 'flac'
  return null
}

/** EBML header (RFC 8794, section 11.2.1) with one of the two document types of Matroska. */
function ebml(head: Buffer): Container | null {
  if (head.length < 8 || head.readUInt32BE(0) !== 0x1a45dfa3) return null
  const length = vint(head, 4)
  if (!length) return null
  const end = Math.min(head.length, length.next + length.value)
  for (let at = length.next; at < end;) {
    const idWidth = Math.clz32(head[at]!) - 23
    const size = vint(head, at + idWidth)
    if (idWidth > 4 || !size) return null
    const id = head.readUIntBE(at, idWidth)
    if (id === 0x4282) {
      const type = head.toString('latin1', size.next, size.next + size.value).replace(/\0+$/, '')
      return type === 'webm' ? 'webm' : type === 'matroska' ? 'matroska' : null
    }
    at = size.next + size.value
  }
  return null
}

/** EBML variable-size integer (RFC 8794, section 4); null beyond the buffer or beyond 2^53. */
function vint(bytes: Buffer, at: number): { value: number; next: number } | null {
  const first = bytes[at]
  if (!first) return null
  const width = Math.clz32(first) - 23
  if (at + width > bytes.length) return null
  let value = first & (0xff >> width)
  for (let i = 1; i < width; i += 1) value = value * 256 + bytes[at + i]!
  return Number.isSafeInteger(value) ? { value, next: at + width } : null
}

/** MP3 and FLAC may stand behind an ID3v2 tag (id3.org, ID3v2.4.0 section 3.1), which can hold whole pictures. */
async function afterId3(head: Buffer, read: ReadAt, size: number): Promise<Container | null> {
  if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return null
  const sizes = [...head.subarray(6, 10)]
  if (sizes.some((byte) => byte > 0x7f)) return null
  const body = sizes.reduce((sum, byte) => sum * 128 + byte, 0)
  const start = 10 + body + (head[5]! & 0x10 ? 10 : 0)
  const rest = await read(start, Math.max(0, Math.min(LEAD, size - start)))
  return rest.toString('latin1', 0, 4) === 'fLaC' ? 'flac' : mpegAudio(rest)
}
