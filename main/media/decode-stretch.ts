/** Decodes some seconds out of the middle of a file, into memory: for comparing stretches of two files. */
import { Failure } from '../errors.ts'
import { BlockReader } from './block-reader.ts'
import { ffmpegInfo } from './ffmpeg.ts'
import { failureOf } from './ffmpeg-messages.ts'
import { pipeNumber, spawnFfmpeg } from './spawn.ts'
import { SOUND_RATE, type ProbedMedia } from './types.ts'
import { words } from './words.ts'

export interface StretchOptions {
  readonly ffmpeg: string
  readonly threads: number
  /** Private folder, ffmpeg's working directory. Nothing is written there. */
  readonly folder: string
  readonly cancelled: AbortSignal
  /** Seconds of media time, 0 or more. */
  readonly from: number
  readonly seconds: number
}

export interface PictureStretch extends StretchOptions {
  /** Frames a second. */
  readonly rate: number
  /** Size of the frames, even; the whole picture is scaled to it. */
  readonly width: number
  readonly height: number
  /** True to exchange left and right. */
  readonly mirrored?: boolean
}

/** Most bytes of one stretch: 20 s of 640 × 360 at 30 a second are 207 MB. */
export const MAX_STRETCH_BYTES = 240 * 2 ** 20
/** Seconds decoded ahead: the picture shown at `from` may have begun that much earlier. */
const LEAD = 0.5

/**
 * Frames in `yuv420p`: frame n is the one shown at `from + n / rate`. Fewer where the file ends or cannot be decoded further.
 *
 * @throws Failure media.unreadable (nothing came out) | media.limit | media.timeout | media.no-ffmpeg | job.cancelled
 */
export async function decodePictures(media: ProbedMedia, options: PictureStretch): Promise<Uint8Array[]> {
  const { from, seconds, rate, width, height, mirrored = false } = options
  const size = (width * height * 3) / 2
  if (Math.ceil(seconds * rate) * size > MAX_STRETCH_BYTES)
    throw new RangeError(`${seconds} s of ${width} × ${height} are too much for the memory`)
  const lead = Math.floor(Math.min(from, LEAD) * rate)
  const wanted = Math.ceil(seconds * rate)
  const { hasFpsMode } = await ffmpegInfo(options.ffmpeg)
  const frames: Uint8Array[] = []
  const chain = [`fps=${rate}:round=up`, `scale=${width}:${height}:flags=area`, ...(mirrored ? ['hflip'] : [])]
  await run(media, { ...options, from: from - lead / rate, seconds: seconds + lead / rate }, size, [
    ...words('-map 0:V:0 -an -sn -dn -map_metadata -1'),
    '-vf',
    `${chain.join(',')},setsar=1,format=yuv420p`,
    ...words(`${hasFpsMode ? '-fps_mode' : '-vsync'} cfr -c:v rawvideo -threads 1 -pix_fmt yuv420p`),
  ], (index, bytes) => {
    if (index >= lead && frames.length < wanted) frames.push(bytes.slice())
  }) // prettier-ignore
  return frames
}

/**
 * The first sound stream, 16 kHz mono, -1 to 1; empty where there is none in that stretch.
 *
 * @throws Failure media.limit | media.timeout | media.no-ffmpeg | job.cancelled
 */
export async function decodeSound(media: ProbedMedia, options: StretchOptions): Promise<Float32Array> {
  if (!media.facts.audio.length) return new Float32Array()
  const wanted = Math.ceil(options.seconds * SOUND_RATE)
  const out = new Float32Array(wanted)
  let length = 0
  try {
    await run(media, options, SOUND_RATE * 4, [
      ...words('-map 0:a:0 -vn -sn -dn -map_metadata -1'),
      '-af',
      `aresample=async=1:first_pts=0,aformat=sample_fmts=flt:sample_rates=${SOUND_RATE}:channel_layouts=mono`,
      ...words('-c:a pcm_f32le'),
    ], (index, bytes) => {
      const at = index * SOUND_RATE
      const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
      out.set(samples.subarray(0, Math.max(0, wanted - at)), Math.min(at, wanted))
      length = Math.min(wanted, at + samples.length)
    }) // prettier-ignore
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'media.unreadable') throw error
  }
  return out.subarray(0, length)
}

async function run(
  media: ProbedMedia,
  { ffmpeg, threads, folder, cancelled, from, seconds }: StretchOptions,
  blockBytes: number,
  output: readonly string[],
  take: (index: number, bytes: Uint8Array) => void,
): Promise<void> {
  const seek = Math.max(0, from - (media.timeOffset ?? 0))
  const picture = output.includes('rawvideo')
  const running = await spawnFfmpeg({
    ffmpeg,
    file: media.file,
    // From nothing the container's own start counts, as everywhere else.
    ...(seek > 0 ? { seek } : { timeOffset: media.timeOffset }),
    duration: media.facts.container.duration,
    threads,
    output: [
      ...output,
      ...words(`-t ${seconds.toFixed(6)} -f ${picture ? 'rawvideo' : 'f32le'} pipe:${pipeNumber(0)}`),
    ],
    pipes: 1,
    folder,
    cancelled,
  })
  let blocks = 0
  const reader = new BlockReader(running.pipes[0]!, {
    blockBytes,
    buffers: 2,
    partial: !picture,
    onBlock(block) {
      blocks++
      take(block.index, block.bytes)
      block.release()
    },
  })
  await reader.ended
  const exit = await running.exit
  if (cancelled.aborted) throw new Failure('job.cancelled')
  if (exit.stopped || !blocks) throw failureOf(exit)
}
