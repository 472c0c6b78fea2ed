/** Makes a re-compressed copy once and keeps it for the next time. Runs in the evaluation worker. */
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../errors.ts'
import { decode } from '../media/decode.ts'
import { ffmpegInfo } from '../media/ffmpeg.ts'
import { failureOf } from '../media/ffmpeg-messages.ts'
import { spawnFfmpeg } from '../media/spawn.ts'
import { SOUND_RATE, type ProbedMedia } from '../media/types.ts'
import { words } from '../media/words.ts'
import { randomNumbers } from '../signals/random.ts'
import { COPY_SECONDS, type Copy } from './copies.ts'

export interface CopyOptions {
  readonly ffmpeg: string
  /** Private folder. */
  readonly folder: string
  /** Folder of the copies that are kept. */
  readonly keep: string
  readonly cancelled: AbortSignal
}

/** The same noise in every copy, so that copies can be kept. */
const NOISE_SEED = 20_240_229
const COPY_BYTES = 2 ** 30

/** @returns path of the copy. @throws Failure media.no-ffmpeg where this ffmpeg has no such encoder, and of the media stage */
export async function makeCopy(media: ProbedMedia, copy: Copy, options: CopyOptions): Promise<string> {
  const home = join(options.keep, media.sha256.slice(0, 2), media.sha256)
  const kept = join(home, `${copy.id}.${copy.extension}`)
  const there = await stat(kept).then(
    (s) => s.isFile() && s.size > 0,
    () => false,
  )
  if (there) return kept
  const { encoders } = await ffmpegInfo(options.ffmpeg)
  const missing = copy.encoders.find((name) => !encoders.has(name))
  if (missing) throw new Failure('media.no-ffmpeg', `This ffmpeg has no encoder ${missing}.`)
  const made = join(options.folder, `copy.${copy.extension}`)
  if (copy.options) await encode(media, copy.options, `copy.${copy.extension}`, options)
  else await writeFile(made, wav(await withNoise(media, options)))
  await mkdir(home, { recursive: true })
  await rename(made, kept)
  return kept
}

async function encode(
  media: ProbedMedia,
  output: readonly string[],
  file: string,
  { ffmpeg, folder, cancelled }: CopyOptions,
): Promise<void> {
  const { facts } = media
  const running = await spawnFfmpeg({
    ffmpeg,
    file: media.file,
    timeOffset: media.timeOffset,
    duration: facts.container.duration,
    threads: 1,
    output: [
      ...(facts.video.length ? ['-map', '0:V:0'] : []),
      ...(facts.audio.length ? ['-map', '0:a:0'] : []),
      ...output,
      ...words(`-sn -dn -map_metadata -1 -map_chapters -1 -fflags +bitexact -t ${COPY_SECONDS} -threads 1 -y`),
      file,
    ],
    pipes: 0,
    folder,
    fileBytes: COPY_BYTES,
    cancelled,
  })
  const exit = await running.exit
  if (exit.code !== 0 || exit.stopped) throw failureOf(exit)
}

/** White noise 20 dB below the sound, the same in every run. */
async function withNoise(media: ProbedMedia, options: CopyOptions): Promise<Float32Array> {
  const { ffmpeg, folder, cancelled } = options
  const limit = COPY_SECONDS * SOUND_RATE
  const parts: Float32Array[] = []
  let length = 0
  const onSound = ({ samples }: { samples: Float32Array }): void => {
    const part = samples.slice(0, Math.max(0, limit - length))
    length += part.length
    parts.push(part)
  }
  await decode(media, { ffmpeg, streams: [], sound: true, threads: 1, onSound, cancelled, folder })
  const all = new Float32Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  const power = all.reduce((sum, v) => sum + v * v, 0) / Math.max(1, length)
  const deviation = Math.sqrt(power) / 10
  const random = randomNumbers(NOISE_SEED)
  // Box and Muller 1958.
  return all.map((v) => v + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
}

/** 16-bit mono PCM at 16 kHz (Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", 1991). */
function wav(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(44 + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const text = (at: number, letters: string): void => bytes.set(new TextEncoder().encode(letters), at)
  text(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, SOUND_RATE, true)
  view.setUint32(28, SOUND_RATE * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  samples.forEach((v, i) =>
    view.setInt16(44 + i * 2, Math.max(-32_768, Math.min(32_767, Math.round(v * 32_767))), true),
  )
  return bytes
}
