/**
 * Still pictures in labelled material. Intake admits none, but many collections of genuine and generated faces are made of
 * them: for measuring, a picture becomes a clip of two seconds. Runs in the evaluation worker.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../errors.ts'
import { failureOf } from '../media/ffmpeg-messages.ts'
import { openEvidence } from '../media/open.ts'
import { spawnFfmpeg, type PictureFormat } from '../media/spawn.ts'
import type { OpenFile } from '../media/types.ts'
import { words } from '../media/words.ts'

export interface StillOptions {
  readonly ffmpeg: string
  /** Private folder. */
  readonly folder: string
  readonly cancelled: AbortSignal
}

const MOST_BYTES = 64 * 2 ** 20
/** As often, and as many a second, as the fewest pictures of a face that `face-manipulation` reads. */
const TIMES = 4
const RATE = 2

/** The format of a picture by its first bytes (ISO/IEC 10918-1 B.1.1.3; ISO/IEC 15948 5.2); undefined for anything else. */
export async function pictureFormat(file: OpenFile): Promise<PictureFormat | undefined> {
  const start = Buffer.from(await file.read(0, 8)).toString('hex')
  if (start.startsWith('ffd8ff')) return 'jpeg'
  return start === '89504e470d0a1a0a' ? 'png' : undefined
}

/**
 * A clip that shows the picture four times, twice a second: the coded picture as it is, not encoded again.
 *
 * @returns path of the clip, in the folder
 * @throws Failure media.limit (over 64 MB), media.no-ffmpeg, media.unreadable
 */
export async function clipOf(picture: OpenFile, format: PictureFormat, options: StillOptions): Promise<string> {
  const { ffmpeg, folder, cancelled } = options
  if (picture.size > MOST_BYTES) throw new Failure('media.limit', 'A still picture may have 64 MB at most.')
  const bytes = await picture.read(0, picture.size)
  const several = join(folder, 'still')
  const whole = Buffer.concat(Array.from({ length: TIMES }, () => bytes))
  await writeFile(several, whole)
  const file = await openEvidence({ path: several, sha256: '', size: whole.length, identity: null })
  try {
    const running = await spawnFfmpeg({
      ffmpeg,
      file,
      picture: { format, rate: RATE },
      duration: TIMES / RATE,
      threads: 1,
      output: [...words('-c copy -map_metadata -1 -fflags +bitexact -f matroska -y'), 'still.mkv'],
      pipes: 0,
      folder,
      fileBytes: 2 * whole.length + 2 ** 20,
      cancelled,
    })
    const exit = await running.exit
    if (exit.code !== 0 || exit.stopped) throw failureOf(exit)
  } finally {
    await file.close()
  }
  return join(folder, 'still.mkv')
}
