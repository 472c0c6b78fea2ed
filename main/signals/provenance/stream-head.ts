/** Text that encoders leave at the head of the coded video. */
import type { IsoFacts } from './iso-facts.ts'
import type { ByteSource } from './iso-boxes.ts'

/** Bytes looked at: the first access unit starts with parameter sets and user data. */
const HEAD = 16 * 1024
/** Files without an index that we read (Matroska, AVI, MPEG): the coded video starts within this many bytes. */
const FRONT = 256 * 1024

const SIGNATURES = /x264 - core \d+|x265 \(build \d+\)|Lavc\d+\.\d+\.\d+/u

/**
 * The encoder's own text, such as x264's user data SEI (ITU-T H.264, D.2.6), as one printable line; empty where there
 * is none. Read from the first sample of the video track, or from the front of the file.
 */
export async function readStreamHead(source: ByteSource, iso: IsoFacts | null): Promise<string> {
  const first = iso?.tracks.find((track) => track.handler === 'vide')?.firstChunk
  const bytes =
    first === null || first === undefined
      ? await source.read(0, Math.min(FRONT, source.size))
      : await source.read(first, Math.min(HEAD, source.size - first))
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  const start = SIGNATURES.exec(text)?.index
  return start === undefined ? '' : (/^[\x20-\x7e]{1,1000}/u.exec(text.slice(start, start + 1000))?.[0] ?? '')
}
