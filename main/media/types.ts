/** What the media stage hands to the signals. */
import type { MediaFacts } from '../contract/media.ts'

/** What a file is opened once more by, from any thread of this process. */
export interface FileOnDisk {
  readonly fd: number
  readonly size: number
  /** Where it was opened. Only for systems on which an open file cannot be opened once more without its name. */
  readonly path?: string
}

/** A file opened by our own rules: regular, not followed, identity checked. Bytes are read by position only. */
export interface OpenFile extends FileOnDisk {
  /** Reads up to `length` bytes at `offset`; shorter only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Packets of the main video stream in decoding order; all arrays have the same length. Times in seconds. */
export interface PacketTable {
  readonly codec: string
  readonly width: number
  readonly height: number
  /** Seconds per tick of the container's time base. */
  readonly timeBase: number
  /** Presentation time; NaN where the container gives none. */
  readonly pts: Float64Array
  readonly dts: Float64Array
  readonly duration: Float64Array
  /** Bytes. */
  readonly size: Uint32Array
  /** 1 for a key packet. */
  readonly key: Uint8Array
}

/**
 * Frame streams that one decode can deliver. A signal asks by name, and only what some signal asks for is made.
 * - `thumb`: whole picture squeezed to 256 × 256 grey, 5 a second (fingerprints, temporal).
 * - `face`: whole picture fitted into 640 × 360 RGB with black borders, 2 a second (the filmstrip).
 * - `detail`: whole picture in RGB at its own size, no larger than fits 1280 × 720, without borders, 2 a second in
 *   videos of up to 30 s, else 1 (faces).
 * - `motion`: whole picture in grey at its own size, no larger than fits 480 × 480, without borders, 12.5 a second (lips).
 */
export type FrameStreamId = 'thumb' | 'face' | 'detail' | 'motion'
export interface FrameStream {
  readonly id: FrameStreamId
  /** Frames a second. */
  readonly rate: number
  readonly width: number
  readonly height: number
  readonly format: 'gray' | 'rgb24'
}
export interface Frame {
  readonly stream: FrameStream
  /** 0, 1, 2, …: the frame shown at `time`. */
  readonly index: number
  /** Seconds of media time: index / rate. */
  readonly time: number
  /** Pixels, rows top to bottom; valid only until the consumer's promise settles. Copy to keep. */
  readonly data: Uint8Array
}
/** 16 kHz mono samples, -1 to 1; valid only until the consumer's promise settles. */
export interface Sound {
  /** Seconds of media time of the first sample. */
  readonly time: number
  readonly samples: Float32Array
}
export const SOUND_RATE = 16_000

/** All that is known about a video before its frames are decoded. */
export interface ProbedMedia {
  readonly file: OpenFile
  readonly sha256: string
  readonly facts: MediaFacts
  readonly packets: PacketTable
  /** Media time of the first sound packet, seconds: sound often starts a little after the picture. 0 without sound. */
  readonly soundStart?: number
  /**
   * Seconds (0 or less) that ffmpeg must add to its own times to reach media time. It counts from the earliest packet, and
   * in Matroska that is often the sound's priming, which nobody hears: players count from the first thing presented.
   */
  readonly timeOffset?: number
  /** Longest step between two packets, seconds: what is much further apart has a wrong time. */
  readonly longestPause?: number
  /** `ffmpeg version …` first line and configuration hash, as it goes into findings. */
  readonly ffmpegBuild: string
}
