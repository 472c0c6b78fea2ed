/** Streams without a file header, told by their rhythm: MPEG transport and program streams, MPEG audio. */
import type { Container } from './sniff.ts'

/** Plain, with a time code before each packet (BDAV), with error correction after each (DVB). */
const PACKET_SIZES = [188, 192, 204]
/** Packets that must follow at the same pitch (chance alone gives 1 in 2^40 for five), and in a file of only a few. */
const PACKETS = 5
const FEWEST = 3

/**
 * ISO/IEC 13818-1, section 2.4.3.2. Besides the sync bytes there must be a program association table or the start of
 * an elementary stream among the packets, which a text full of the letter G (0x47) does not have.
 */
export function transportStream(head: Buffer): Container | null {
  for (const pitch of PACKET_SIZES) {
    for (let start = 0; start + pitch * 2 < head.length && start < head.length / 2; start += 1) {
      if (head[start] !== 0x47) continue
      const packets = Math.floor((head.length - start - 188) / pitch) + 1
      if (packets < FEWEST) continue
      let matching = 0
      while (matching < packets && validPacket(head, start + matching * pitch)) matching += 1
      if (matching < Math.min(PACKETS, packets)) continue
      for (let index = 0; index < matching; index += 1) if (opensUnit(head, start + index * pitch)) return 'mpeg-ts'
    }
  }
  return null
}

/** Sync byte, and an adaptation field control that is not the reserved 0. */
function validPacket(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x47 && (bytes[at + 3]! & 0x30) !== 0
}

function opensUnit(bytes: Buffer, at: number): boolean {
  if (!(bytes[at + 1]! & 0x40)) return false
  const pid = bytes.readUInt16BE(at + 1) & 0x1fff
  const hasField = (bytes[at + 3]! & 0x20) !== 0
  const payload = at + 4 + (hasField ? 1 + bytes[at + 4]! : 0)
  if (payload + 4 > at + 188 || payload + 4 > bytes.length) return false
  if (pid === 0) return bytes[payload + 1 + bytes[payload]!] === 0
  return bytes.readUIntBE(payload, 3) === 1
}

/**
 * Pack header of MPEG-1 (ISO/IEC 11172-1, section 2.4.3.2) or MPEG-2 (ISO/IEC 13818-1, section 2.5.3.3) with all its
 * marker bits, followed by another start code of the system layer.
 */
export function programStream(head: Buffer): Container | null {
  const code = Buffer.from([0, 0, 1, 0xba])
  for (let at = head.indexOf(code); at >= 0; at = head.indexOf(code, at + 1)) {
    const pack = head.subarray(at, at + 32)
    if (pack.length < 16) return null
    const second = (pack[4]! & 0xc4) === 0x44 && pack[6]! & 4 && pack[8]! & 4 && pack[9]! & 1 && (pack[12]! & 3) === 3
    const first = (pack[4]! & 0xf1) === 0x21 && pack[6]! & 1 && pack[8]! & 1 && pack[9]! & 0x80 && pack[11]! & 1
    const end = second ? 14 + (pack[13]! & 7) : first ? 12 : 0
    if (end && end + 4 <= pack.length && pack.readUIntBE(end, 3) === 1 && pack[end + 3]! >= 0xb9) return 'mpeg-ps'
  }
  return null
}

/** Bit rates in kbit/s by index 1 to 14 (ISO/IEC 11172-3, section 2.4.2.3; 13818-3 for the halved sample rates). */
const RATES = {
  '1/1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1/2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1/3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2/1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2/2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const
const SAMPLE_RATES = [44_100, 48_000, 32_000]

/** Frames that must follow each other without a gap and agree in version, layer and sample rate. */
const FRAMES = 3

/** MPEG audio of layers 1 to 3, up to half the buffer of something else before the first frame. */
export function mpegAudio(head: Buffer): Container | null {
  for (let start = 0; start + 4 <= head.length && start <= head.length / 2; start += 1) {
    if (head[start] !== 0xff) continue
    let at = start
    let shape: number | null = null
    let frames = 0
    for (; frames < FRAMES; frames += 1) {
      const frame = audioFrame(head, at)
      if (!frame || (shape !== null && frame.shape !== shape)) break
      shape = frame.shape
      at += frame.bytes
    }
    if (frames === FRAMES || (frames > 0 && start === 0 && at === head.length)) return 'mp3'
  }
  return null
}

function audioFrame(bytes: Buffer, at: number): { bytes: number; shape: number } | null {
  if (at + 4 > bytes.length) return null
  const header = bytes.readUInt32BE(at)
  if (header >>> 21 !== 0x7ff) return null
  const version = (header >>> 19) & 3 // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const layer = 4 - ((header >>> 17) & 3)
  const rateIndex = (header >>> 12) & 15
  const sampleIndex = (header >>> 10) & 3
  if (version === 1 || layer === 4 || rateIndex === 0 || rateIndex === 15 || sampleIndex === 3) return null
  const table = version === 3 ? (`1/${layer}` as keyof typeof RATES) : layer === 1 ? '2/1' : '2/2'
  const bitRate = RATES[table][rateIndex - 1]! * 1000
  const sampleRate = SAMPLE_RATES[sampleIndex]! >> (version === 3 ? 0 : version === 2 ? 1 : 2)
  const padding = (header >>> 9) & 1
  const length =
    layer === 1
      ? (Math.floor((12 * bitRate) / sampleRate) + padding) * 4
      : Math.floor(((layer === 3 && version !== 3 ? 72 : 144) * bitRate) / sampleRate) + padding
  return { bytes: length, shape: header & 0xfffe0c00 }
}
