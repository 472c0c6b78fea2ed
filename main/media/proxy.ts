/** A copy for viewing that Chromium plays, for originals that it cannot. Signals never read it. */
import { createReadStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Failure } from '../errors.ts'
import { ffmpegInfo, parseRelease, type FfmpegInfo } from './ffmpeg.ts'
import { failureOf, parseProgress } from './ffmpeg-messages.ts'
import { lineSplitter } from './lines.ts'
import { spawnFfmpeg } from './spawn.ts'
import { dropWrongTimes } from './streams.ts'
import type { ProbedMedia } from './types.ts'
import { words } from './words.ts'

export interface ProxyOptions {
  /** Path of the binary. */
  readonly ffmpeg: string
  readonly threads: number
  /** Media time done, seconds; never goes back. */
  readonly onProgress?: (seconds: number) => void
  readonly cancelled: AbortSignal
  /** Private folder; the copy is written here. */
  readonly folder: string
}

export interface Proxy {
  /** Name of the file in the folder. */
  readonly file: string
  readonly sha256: string
  readonly mime: 'video/mp4' | 'video/webm' | 'audio/mp4' | 'audio/webm'
  readonly bytes: number
  readonly warnings: readonly string[]
}

/** Widest copy, pixels. */
const MAX_WIDTH = 1280
/** Largest copy, bytes: a day at 700 kbit/s, three hours at 5 Mbit/s. */
const MAX_BYTES = 8 * 2 ** 30

/** How this build can code picture and sound for Chromium; the first that it has. */
const PICTURE: readonly { encoder: string; container: 'mp4' | 'webm'; options: string }[] = [
  { encoder: 'libx264', container: 'mp4', options: '-preset veryfast -crf 23' },
  { encoder: 'libvpx-vp9', container: 'webm', options: '-deadline realtime -cpu-used 7 -row-mt 1 -crf 33 -b:v 0' },
  { encoder: 'libvpx', container: 'webm', options: '-deadline realtime -cpu-used 8 -crf 12 -b:v 4M' },
]
const SOUND: Readonly<Record<'mp4' | 'webm', readonly string[]>> = { mp4: ['aac'], webm: ['libopus', 'libvorbis'] }

/**
 * Writes a copy with the same frames at the same times (none dropped, none doubled), at most 1280 pixels wide, upright,
 * with square pixels and a key frame every half second, so that the Bench can step through it.
 *
 * @throws Failure media.unreadable | media.limit | media.timeout | media.no-ffmpeg | store.full | job.cancelled
 */
export async function makeProxy(media: ProbedMedia, options: ProxyOptions): Promise<Proxy> {
  const info = await ffmpegInfo(options.ffmpeg)
  const { facts } = media
  const picture = facts.video.length > 0 ? PICTURE.find(({ encoder }) => info.encoders.has(encoder)) : undefined
  if (facts.video.length > 0 && !picture)
    throw new Failure('media.no-ffmpeg', 'This ffmpeg can write neither H.264 nor VP9 nor VP8.')
  const container = picture?.container ?? 'mp4'
  const sound = facts.audio.length > 0 ? SOUND[container].find((encoder) => info.encoders.has(encoder)) : undefined
  const file = `proxy.${container}`
  const path = join(options.folder, file)

  const attempt = async (withSound: boolean): Promise<readonly string[]> => {
    const running = await spawnFfmpeg({
      ffmpeg: options.ffmpeg,
      file: media.file,
      timeOffset: media.timeOffset,
      duration: facts.container.duration,
      threads: options.threads,
      output: [
        ...(picture ? pictureOptions(picture, options.threads, info, media.longestPause ?? 0) : ['-vn']),
        ...words(withSound && sound ? `-map 0:a:0 -c:a ${sound} -b:a 128k -ac 2` : '-an'),
        ...words('-sn -dn -map_metadata -1 -map_chapters -1 -fflags +bitexact -flags +bitexact'),
        ...(container === 'mp4' ? words('-movflags +faststart -video_track_timescale 90000') : []),
        ...words(`-progress pipe:1 -y -f ${container} ${file}`),
      ],
      pipes: 1,
      folder: options.folder,
      fileBytes: MAX_BYTES,
      cancelled: options.cancelled,
    })
    let reached = 0
    const lines = lineSplitter((line) => {
      const seconds = parseProgress(line)
      if (seconds === null || seconds <= reached) return
      reached = seconds
      options.onProgress?.(seconds)
    })
    running.pipes[0]!.on('data', (chunk: Buffer) => lines.push(chunk))
    const exit = await running.exit
    if (exit.code === 0 && !exit.stopped) return exit.errors
    await rm(path, { force: true })
    throw failureOf(exit)
  }

  let warnings: readonly string[]
  try {
    warnings = await attempt(true)
  } catch (error) {
    const retry = picture && sound && error instanceof Failure && error.code === 'media.unreadable'
    if (!retry) throw error
    warnings = ['The sound could not be decoded.', ...(await attempt(false))]
  }
  const { size: bytes } = await stat(path)
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const sha256 = hash.digest('hex')
  return { file, sha256, mime: `${picture ? 'video' : 'audio'}/${container}`, bytes, warnings }
}

function pictureOptions(picture: (typeof PICTURE)[number], threads: number, info: FfmpegInfo, pause: number): string[] {
  // Width and height as shown, from pixel aspect and the limit, both even as 4:2:0 wants them.
  const shown = `min(${MAX_WIDTH},iw*sar)`
  const scale = `scale=w='max(2,2*trunc(${shown}/2))':h='max(2,2*round(ih*${shown}/(iw*sar)/2))':flags=bilinear`
  const wrong = dropWrongTimes(pause, 'select')
  const release = parseRelease(info.version)
  const demuxTimes = release && (release[0] < 6 || (release[0] === 6 && release[1] < 1)) ? '-1' : 'demux'
  return [
    '-map',
    '0:V:0',
    '-vf',
    `${wrong},${scale},setsar=1,format=yuv420p`,
    ...words(`-c:v ${picture.encoder} ${picture.options} -threads ${threads}`),
    ...words('-force_key_frames expr:gte(t,n_forced*0.5)'),
    // Every frame once, at its own time: the encoder must count in the file's ticks, not in average frames.
    ...words(`${info.hasFpsMode ? '-fps_mode' : '-vsync'} passthrough -enc_time_base ${demuxTimes}`),
  ]
}
