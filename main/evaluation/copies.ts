/** The re-compressed copies that every file is measured on besides itself: what platforms and messengers do to it. */
import { words } from '../media/words.ts'

export interface Copy {
  /** Part of cache paths: another id for any change that changes the copy. */
  readonly id: string
  readonly title: string
  /** Files with a picture, or sound alone. */
  readonly of: 'video' | 'sound'
  readonly extension: string
  /** Encoders that this ffmpeg must have. */
  readonly encoders: readonly string[]
  /** Output options; `null` where the copy is not made by ffmpeg alone (noise.ts). */
  readonly options: readonly string[] | null
}

/** Longest copy, seconds. */
export const COPY_SECONDS = 120

/** Even sides, as 4:2:0 wants them. */
const EVEN = 'scale=trunc(iw/2)*2:trunc(ih/2)*2'
const X264 = 'libx264 -preset medium -pix_fmt yuv420p'
const AAC = '-c:a aac -ac 2'

const video = (id: string, title: string, encoders: readonly string[], filter: string, options: string): Copy => ({
  id,
  title,
  of: 'video',
  extension: 'mp4',
  encoders: [...encoders, 'aac'],
  options: ['-vf', filter, ...words(options)],
})

const sound = (id: string, title: string, extension: string, encoder: string, options: string): Copy => ({
  id,
  title,
  of: 'sound',
  extension,
  encoders: [encoder],
  options: words(`-vn -c:a ${encoder} ${options}`),
})

export const COPIES: readonly Copy[] = [
  video('x264-crf23', 'x264 CRF 23', ['libx264'], EVEN, `-c:v ${X264} -crf 23 ${AAC} -b:a 128k`),
  video('x264-crf35', 'x264 CRF 35', ['libx264'], EVEN, `-c:v ${X264} -crf 35 ${AAC} -b:a 96k`),
  video(
    'hevc-crf32',
    'HEVC CRF 32',
    ['libx265'],
    EVEN,
    `-c:v libx265 -preset medium -pix_fmt yuv420p -crf 32 -x265-params log-level=error:pools=none:frame-threads=1 -tag:v hvc1 ${AAC} -b:a 96k`,
  ),
  video(
    'half-x264-crf28',
    'half size, x264 CRF 28',
    ['libx264'],
    'scale=trunc(iw/4)*2:trunc(ih/4)*2:flags=bicubic',
    `-c:v ${X264} -crf 28 ${AAC} -b:a 96k`,
  ),
  video(
    'platform-720p',
    'platform: 720p 800k, AAC 64k',
    ['libx264'],
    // A platform makes the shorter side 720 at most, and never enlarges.
    "scale='trunc(iw*min(1,720/min(iw,ih))/2)*2':'trunc(ih*min(1,720/min(iw,ih))/2)*2':flags=bicubic",
    `-c:v ${X264} -b:v 800k -maxrate 1200k -bufsize 1600k ${AAC} -b:a 64k`,
  ),
  sound('aac-32k', 'AAC 32 kbit/s', 'm4a', 'aac', '-b:a 32k -ac 1'),
  sound('mp3-48k', 'MP3 48 kbit/s', 'mp3', 'libmp3lame', '-b:a 48k -ac 1'),
  sound('opus-16k', 'Opus 16 kbit/s', 'ogg', 'libopus', '-b:a 16k -ac 1'),
  sound('8khz', 'resampled to 8 kHz', 'flac', 'flac', '-ar 8000 -ac 1'),
  { id: 'noise-20db', title: 'noise at 20 dB', of: 'sound', extension: 'wav', encoders: [], options: null },
]

export const CLEAN = 'clean'
/** Title of a copy or of the file as it is. */
export const copyTitle = (id: string): string => COPIES.find((copy) => copy.id === id)?.title ?? 'as it is'
