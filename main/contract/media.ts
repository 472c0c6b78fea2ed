/** Media: what a container holds and how it is played. */
import { z } from 'zod'
import { op } from './base.ts'
import { Id, MediaTime, Sha256 } from './common.ts'

export const VideoStream = z.object({
  index: z.number().int(),
  codec: z.string(),
  profile: z.string(),
  /** Coded size in pixels, before rotation and pixel aspect. */
  width: z.number().int(),
  height: z.number().int(),
  /** Clockwise, degrees: 0, 90, 180, 270. */
  rotation: z.number(),
  pixelAspect: z.number(),
  /** Average frames per second; null where unknown. */
  frameRate: z.number().nullable(),
  frameRateMode: z.enum(['constant', 'variable', 'unknown']),
  bitDepth: z.number().int().nullable(),
  chroma: z.string(),
  colour: z.string(),
  bitRate: z.number().nullable(),
  frames: z.number().int().nullable(),
  /** Encoder named inside the bitstream or stream header, with its settings. Untrusted text, neutralised. */
  encoder: z.string(),
  encoderSettings: z.string(),
  language: z.string(),
})
export const AudioStream = z.object({
  index: z.number().int(),
  codec: z.string(),
  profile: z.string(),
  channels: z.number().int(),
  sampleRate: z.number().int(),
  bitRate: z.number().nullable(),
  duration: z.number().nullable(),
  encoder: z.string(),
  language: z.string(),
})
/** Container and stream facts, as read from the file; every string is untrusted and neutralised for display. */
export const MediaFacts = z.object({
  container: z.object({
    format: z.string(),
    profile: z.string(),
    /** Seconds. */
    duration: z.number().nullable(),
    size: z.number().int(),
    bitRate: z.number().nullable(),
    writingApplication: z.string(),
    writingLibrary: z.string(),
    encodedDate: z.string(),
    taggedDate: z.string(),
    /** All tags as found, container first, then per stream as `stream:key`. */
    tags: z.record(z.string(), z.string()),
  }),
  video: z.array(VideoStream),
  audio: z.array(AudioStream),
  /** Subtitle, data and attachment streams: counted, never decoded. */
  otherStreams: z.number().int(),
  /** True where Chromium plays the original as it is. */
  playsInBrowser: z.boolean(),
})
export type MediaFacts = z.infer<typeof MediaFacts>
export type VideoStream = z.infer<typeof VideoStream>
export type AudioStream = z.infer<typeof AudioStream>

/** How the Bench plays an item. Addresses are relative to the host's own origin. */
export const Playback = z.object({
  state: z.enum(['ready', 'preparing', 'unavailable']),
  via: z.enum(['original', 'proxy']),
  url: z.string().nullable(),
  reason: z.string(),
})

export const media = {
  facts: op.input(z.object({ evidenceId: Id })).output(MediaFacts.nullable()),
  /** Says how to play the item and starts the making of a proxy where one is needed. */
  playback: op.input(z.object({ evidenceId: Id })).output(Playback),
  /** Evenly spaced thumbnails as one horizontal strip. */
  filmstrip: op.input(z.object({ evidenceId: Id })).output(
    z
      .object({
        sha256: Sha256,
        url: z.string(),
        tiles: z.number().int(),
        tileWidth: z.number().int(),
        tileHeight: z.number().int(),
        /** Media time of each tile. */
        times: z.array(MediaTime),
      })
      .nullable(),
  ),
  /** Packets of the main video stream for the GOP lane; at most `limit`, the largest of each group kept. */
  packets: op.input(z.object({ evidenceId: Id, limit: z.number().int().min(10).max(20_000).default(4000) })).output(
    z.object({
      total: z.number().int(),
      time: z.array(z.number()),
      size: z.array(z.number()),
      key: z.array(z.boolean()),
    }),
  ),
  /** Peak sound level per bucket, 0 to 1, from 16 kHz mono. */
  waveform: op
    .input(z.object({ evidenceId: Id }))
    .output(z.object({ bucketSeconds: z.number(), peaks: z.array(z.number()) }).nullable()),
}
