/** Reads what `ffmpeg -c copy -f framecrc` prints, line by line, into growing typed arrays. */
import { MAX_DURATION, MAX_PACKETS, MAX_PAUSE, maxGap } from './limits.ts'
import type { PacketTable } from './types.ts'

/** AV_PKT_FLAG_KEY (libavcodec/packet.h). framecrc prints flags in hex, and leaves them out where only this one is set. */
const KEY = 1

/** So many packets after a step ahead make it a pause: a second of video. */
const SUSTAINED = 25

/** AV_NOPTS_VALUE, by name or, where a stream was copied, as the number it is. */
const UNKNOWN = /NOPTS|-9223372036854775808/

export interface ScannedStream {
  kind: 'video' | 'audio' | 'other'
  codec: string
  width: number
  height: number
  /** Sample aspect ratio; null where the container does not tell. */
  pixelAspect: number | null
  timeBase: number
  /** Smallest presentation time and largest end of a packet, seconds; NaN before the first packet with a time. */
  start: number
  end: number
  /** Longest step from one packet to the next, seconds. */
  pause: number
  packets: number
  bytes: number
}

const longer = <T extends Float64Array | Uint32Array | Uint8Array>(old: T, made: T): T => {
  made.set(old)
  return made
}

/** A growing set of columns; doubling keeps the copying linear in the number of packets. */
class Columns {
  pts = new Float64Array(1024)
  dts = new Float64Array(1024)
  duration = new Float64Array(1024)
  size = new Uint32Array(1024)
  key = new Uint8Array(1024)
  length = 0

  add(pts: number, dts: number, duration: number, size: number, key: number): void {
    if (this.length === this.pts.length) this.grow()
    const at = this.length
    this.pts[at] = pts
    this.dts[at] = dts
    this.duration[at] = duration
    this.size[at] = size
    this.key[at] = key
    this.length += 1
  }

  private grow(): void {
    const n = this.length * 2
    this.pts = longer(this.pts, new Float64Array(n))
    this.dts = longer(this.dts, new Float64Array(n))
    this.duration = longer(this.duration, new Float64Array(n))
    this.size = longer(this.size, new Uint32Array(n))
    this.key = longer(this.key, new Uint8Array(n))
  }
}

/**
 * Collects the packets of the first video stream and the extent of every stream.
 *
 * The lines (libavformat/framecrcenc.c, hashenc.c): `#tb 0: 1/12800`, `#media_type 0: video`, `#codec_id 0: h264`,
 * `#dimensions 0: 320x240`, `#sar 0: 1/1`, then per packet `stream, dts, pts, duration, size, crc[, F=0x…][, S=…]`.
 */
export class PacketScan {
  readonly streams = new Map<number, ScannedStream>()
  /** What limit was passed; null while none was. */
  exceeded: 'packets' | 'duration' | 'pause' | null = null
  /** Seconds added to every time; set before the first packet. */
  offset = 0
  private readonly columns = new Columns()
  private readonly last = new Map<ScannedStream, number>()
  /** Packets in a row that lie beyond the longest pause allowed. */
  private readonly ahead = new Map<ScannedStream, number>()
  private readonly limits: { packets: number; duration: number; pause: number }

  constructor(limits = { packets: MAX_PACKETS, duration: MAX_DURATION, pause: MAX_PAUSE }) {
    this.limits = limits
  }

  line(text: string): void {
    if (text.startsWith('#')) this.header(text)
    else this.packet(text)
  }

  /** Index of the video stream among those mapped; undefined without. */
  get video(): ScannedStream | undefined {
    return [...this.streams.values()].find((stream) => stream.kind === 'video')
  }

  get audio(): ScannedStream | undefined {
    return [...this.streams.values()].find((stream) => stream.kind === 'audio')
  }

  table(): PacketTable {
    const { columns, video } = this
    const n = columns.length
    return {
      codec: video?.codec ?? '',
      width: video?.width ?? 0,
      height: video?.height ?? 0,
      timeBase: video?.timeBase ?? 0,
      pts: columns.pts.slice(0, n),
      dts: columns.dts.slice(0, n),
      duration: columns.duration.slice(0, n),
      size: columns.size.slice(0, n),
      key: columns.key.slice(0, n),
    }
  }

  private header(text: string): void {
    const found = /^#(\w+) (\d{1,3}): +(.+)$/.exec(text)
    if (!found) return
    const index = Number(found[2])
    const value = found[3]!
    let stream = this.streams.get(index)
    if (!stream) {
      const none = { codec: '', width: 0, height: 0, pixelAspect: null, timeBase: 0, packets: 0, bytes: 0 }
      stream = { kind: 'other', ...none, start: Number.NaN, end: Number.NaN, pause: 0 }
      this.streams.set(index, stream)
    }
    const pair = /^(\d+)[/x](\d+)/.exec(value)
    const [a, b] = pair ? [Number(pair[1]), Number(pair[2])] : [0, 0]
    if (found[1] === 'tb') stream.timeBase = b > 0 ? a / b : 0
    else if (found[1] === 'media_type') stream.kind = value === 'video' || value === 'audio' ? value : 'other'
    else if (found[1] === 'codec_id') stream.codec = value.slice(0, 60)
    else if (found[1] === 'dimensions') [stream.width, stream.height] = [a, b]
    else if (found[1] === 'sar' && a > 0 && b > 0) stream.pixelAspect = a / b
  }

  /**
   * Decoding times rise, so a step ahead is a pause, or a wrong time when what follows does not go on from there. Only a
   * pause counts: a damaged capture must not be refused for one flipped bit.
   */
  private clock(stream: ScannedStream, pts: number, dts: number, duration: number): void {
    const now = Number.isNaN(dts) ? pts : dts
    if (Number.isNaN(now)) return
    const last = this.last.get(stream) ?? now
    if (now - last > this.limits.pause || duration > this.limits.pause) {
      const ahead = (this.ahead.get(stream) ?? 0) + 1
      this.ahead.set(stream, ahead)
      if (ahead >= SUSTAINED) this.exceeded ??= 'pause'
      return
    }
    this.ahead.delete(stream)
    this.last.set(stream, Math.max(last, now))
    stream.pause = Math.max(stream.pause, now - last)
    const at = Math.abs(pts - now) <= maxGap(stream.pause) ? pts : now
    stream.start = Number.isNaN(stream.start) ? at : Math.min(stream.start, at)
    const end = at + Math.max(0, duration)
    stream.end = Number.isNaN(stream.end) ? end : Math.max(stream.end, end)
    if (stream.end - Math.min(0, stream.start) > this.limits.duration) this.exceeded ??= 'duration'
  }

  /** Call after the last line. */
  finish(): void {
    for (const [stream, ahead] of this.ahead) if (ahead * 10 >= stream.packets) this.exceeded ??= 'pause'
  }

  private packet(text: string): void {
    const fields = text.split(',')
    const stream = fields.length >= 6 ? this.streams.get(Number(fields[0])) : undefined
    if (!stream) return
    const seconds = (field: string): number => (UNKNOWN.test(field) ? Number.NaN : Number(field) * stream.timeBase)
    const dts = seconds(fields[1]!) + this.offset
    const pts = seconds(fields[2]!) + this.offset
    const duration = seconds(fields[3]!)
    const size = Number(fields[4])
    stream.packets += 1
    stream.bytes += size
    this.clock(stream, pts, dts, duration)
    if (stream !== this.video) return
    const flags = fields.slice(6).find((field) => field.trim().startsWith('F=0x'))
    this.columns.add(pts, dts, duration, size, flags ? Number(flags.trim().slice(2)) & KEY : 1)
    if (this.columns.length > this.limits.packets) this.exceeded ??= 'packets'
  }
}
