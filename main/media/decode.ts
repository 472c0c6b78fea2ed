/** One decode of a file into everything that was asked for: frames in several sizes and sound, through one ffmpeg. */
import { Failure } from '../errors.ts'
import { takeBlocks } from './blocks.ts'
import type { PipeBlocks } from './blocks-protocol.ts'
import { ffmpegInfo } from './ffmpeg.ts'
import { failureOf, type FfmpegExit } from './ffmpeg-messages.ts'
import { pipeNumber } from './spawn.ts'
import { dropWrongTimes, filterChain, frameBytes } from './streams.ts'
import { SOUND_RATE, type Frame, type FrameStream, type FrameStreamId, type ProbedMedia, type Sound } from './types.ts'
import { words } from './words.ts'

export interface DecodeOptions {
  /** Path of the binary. */
  readonly ffmpeg: string
  /** From `streamsFor`; none for sound only. */
  readonly streams: readonly FrameStream[]
  /** True to deliver the first sound stream, where there is one. */
  readonly sound: boolean
  /** Decoder threads. */
  readonly threads: number
  readonly onFrame?: (frame: Frame) => void | Promise<void>
  readonly onSound?: (sound: Sound) => void | Promise<void>
  /** Media time done, seconds; never goes back. Called for every block: throttle where it is shown. */
  readonly onProgress?: (seconds: number) => void
  readonly cancelled: AbortSignal
  /** Private folder, ffmpeg's working directory. Nothing is written there. */
  readonly folder: string
}

export interface DecodeResult {
  /** Frames delivered per stream asked for. */
  readonly frames: Readonly<Partial<Record<FrameStreamId, number>>>
  /** Seconds of sound delivered. */
  readonly soundSeconds: number
  /** Media time reached, seconds. */
  readonly seconds: number
  /** What went wrong or was left out although something could be decoded; neutralised, equal for equal input. */
  readonly warnings: readonly string[]
}

interface Part {
  readonly streams: readonly FrameStream[]
  readonly sound: boolean
}

/**
 * Memory of one stream's buffers, bytes, and how many there are at least: one is filled, one is at its consumer, and the
 * others let ffmpeg run ahead while a consumer takes long over one frame.
 */
const BUFFER_BYTES = 24 * 2 ** 20
const BUFFERS = { least: 4, most: 64 }

const buffersFor = (blockBytes: number): number =>
  Math.min(BUFFERS.most, Math.max(BUFFERS.least, Math.floor(BUFFER_BYTES / blockBytes)))

function pictureBlocks(stream: FrameStream): PipeBlocks {
  const blockBytes = frameBytes(stream)
  return { blockBytes, buffers: buffersFor(blockBytes), partial: false, padding: 0 }
}

/** A second of sound each. */
const soundBlocks = (start: number): PipeBlocks => ({
  blockBytes: SOUND_RATE * 4,
  buffers: BUFFERS.least,
  partial: true,
  padding: 4 * Math.round(start * SOUND_RATE),
})

/**
 * Decodes the file once. Callbacks come one at a time, in time order within a stream; how streams take turns is not
 * defined. A slow callback slows ffmpeg down instead of filling memory, and may not wait for another stream.
 *
 * @throws Failure media.unreadable (nothing came out) | media.limit | media.timeout | media.no-ffmpeg | job.cancelled,
 * and whatever a callback throws
 */
export async function decode(media: ProbedMedia, options: DecodeOptions): Promise<DecodeResult> {
  const { facts } = media
  const streams = facts.video.length > 0 ? options.streams : []
  const sound = options.sound && facts.audio.length > 0
  const whole: Part = { streams, sound }
  const warnings: string[] = []
  if (sound && facts.audio.length > 1)
    warnings.push(`Only the first of ${facts.audio.length} sound streams was listened to.`)
  if (streams.length > 0 && facts.video.length > 1)
    warnings.push(`Only the first of ${facts.video.length} video streams was looked at.`)
  if (streams.length === 0 && !sound) return { frames: {}, soundSeconds: 0, seconds: 0, warnings }

  const { exit, ...first } = await decodePart(media, options, whole)
  if (first.seconds > 0) return { ...first, warnings: [...warnings, ...first.warnings] }
  const failure = failureOf(exit)
  if (failure.code !== 'media.unreadable' || streams.length === 0 || !sound) throw failure
  // A stream that cannot be opened at all spoils the run for the other one: try each alone.
  for (const part of [
    { streams, sound: false },
    { streams: [], sound: true },
  ]) {
    const { exit: _, ...alone } = await decodePart(media, options, part)
    const missing = part.sound ? 'The picture could not be decoded.' : 'The sound could not be decoded.'
    if (alone.seconds > 0) return { ...alone, warnings: [...warnings, missing, ...first.warnings, ...alone.warnings] }
  }
  throw failure
}

async function decodePart(
  media: ProbedMedia,
  options: DecodeOptions,
  { streams, sound }: Part,
): Promise<DecodeResult & { exit: FfmpegExit }> {
  const info = await ffmpegInfo(options.ffmpeg)
  const frames: Partial<Record<FrameStreamId, number>> = {}
  for (const stream of streams) frames[stream.id] = 0
  let samples = 0
  let seconds = 0
  const reached = (time: number): void => {
    if (time <= seconds) return
    seconds = time
    options.onProgress?.(seconds)
  }
  const { fd, size, path } = media.file
  const { exit, lost } = await takeBlocks(
    {
      task: {
        ffmpeg: options.ffmpeg,
        info,
        file: { fd, size, ...(path !== undefined && { path }) },
        timeOffset: media.timeOffset,
        duration: media.facts.container.duration,
        threads: options.threads,
        output: outputs(media, streams, sound, info.hasFpsMode),
        pipes: streams.length + (sound ? 1 : 0),
        folder: options.folder,
      },
      blocks: [...streams.map(pictureBlocks), ...(sound ? [soundBlocks(media.soundStart ?? 0)] : [])],
    },
    options.cancelled,
    async ({ pipe, index, bytes }) => {
      const stream = streams[pipe]
      if (stream) {
        await options.onFrame?.({ stream, index, time: index / stream.rate, data: bytes })
        frames[stream.id] = index + 1
        return reached((index + 1) / stream.rate)
      }
      const heard = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
      await options.onSound?.({ time: index, samples: heard })
      samples += heard.length
      reached(index + heard.length / SOUND_RATE)
    },
  )
  if (options.cancelled.aborted) throw new Failure('job.cancelled')
  // Partly decoded is worth having after damage, not after a limit: what is missing then is not the file's fault.
  // Nor after an end from outside (the system's memory guard, a limit): half a video would pass for the whole of it.
  if (exit.stopped || (exit.signal && FROM_OUTSIDE.has(exit.signal))) throw failureOf(exit)
  const warnings = [...exit.errors]
  if (exit.signal || exit.code !== 0)
    warnings.push(`Decoding ended early: ${failureOf(exit).detail ?? 'unknown reason'}`)
  if (lost) warnings.push('The last frame was incomplete and was left out.')
  return { frames, soundSeconds: samples / SOUND_RATE, seconds, warnings, exit }
}

/** Signals that say nothing about the file; a crash on its contents ends with another one. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGXCPU'])

// async=1 fills gaps and cuts overlaps, so that sample n stays at n / 16000 s; the start is filled by the reader.
const SOUND_FILTER = `aresample=async=1,aformat=sample_fmts=flt:sample_rates=${SOUND_RATE}:channel_layouts=mono`

function outputs(media: ProbedMedia, streams: readonly FrameStream[], sound: boolean, hasFpsMode: boolean): string[] {
  const graph: string[] = []
  const labels = streams.map((_, i) => `[s${i}]`)
  // A single picture of no duration falls between the samples; a second copy of it gives it one.
  const still = media.packets.size.length === 1 ? 'tpad=stop=1:stop_mode=clone,' : ''
  const pause = media.longestPause ?? 0
  if (streams.length > 0)
    graph.push(`[0:V:0]${dropWrongTimes(pause, 'select')},${still}split=${streams.length}${labels.join('')}`)
  streams.forEach((stream, i) => graph.push(`${labels[i]}${filterChain(stream)}[o${i}]`))
  const bare = words('-sn -dn -map_metadata -1')
  return [
    ...(graph.length > 0 ? ['-filter_complex', graph.join(';')] : []),
    ...streams.flatMap(({ format }, i) => [
      '-map',
      `[o${i}]`,
      ...bare,
      ...words(`${hasFpsMode ? '-fps_mode' : '-vsync'} cfr -c:v rawvideo -threads 1`),
      ...words(`-pix_fmt ${format} -f rawvideo pipe:${pipeNumber(i)}`),
    ]),
    ...(sound ? ['-map', '0:a:0', '-vn', ...bare, '-af', `${dropWrongTimes(pause, 'aselect')},${SOUND_FILTER}`] : []),
    ...(sound ? words(`-c:a pcm_f32le -f f32le pipe:${pipeNumber(streams.length)}`) : []),
  ]
}
