/** Clips for `npm run bench:matching`: found, decoded as triage does, and changed once into files that are kept. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { filterChain, FRAME_STREAMS } from '../main/media/streams.ts'
import { fingerprintCollector, type Fingerprint } from '../main/matching/fingerprint.ts'
import { soundPrintCollector, type SoundPrint } from '../main/matching/sound-print.ts'
import { randomNumbers } from '../main/signals/random.ts'
import { X264, type Change } from './bench-matching-changes.ts'
import { ROOT } from './node24.mjs'

const CACHE = join(ROOT, '.cache', 'bench', 'matching')
const SIDE = 256
const FRAME = SIDE * SIDE
/** The stretch that is cut out, seconds; clips that are too short give what they have. */
export const CUT = { start: 1, length: 8 } as const

/** Frames of the `thumb` stream, one after the other, [n × 256 × 256]. */
export type Thumbs = Uint8Array

export class BenchMedia {
  readonly #ffmpeg: string
  /** Seconds of a core that fingerprints took, without decoding, and seconds of video they were made of. */
  cost = { picture: 0, sound: 0, seconds: 0, heard: 0 }

  constructor(ffmpeg: string) {
    this.#ffmpeg = ffmpeg
  }

  #run(args: readonly string[]): Buffer {
    const { status, stdout, stderr } = spawnSync(this.#ffmpeg, ['-nostdin', '-v', 'error', ...args], { maxBuffer: 2 ** 31 - 1 }) // prettier-ignore
    if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${String(stderr)}`)
    return stdout
  }

  thumbs(...input: readonly string[]): Thumbs {
    return this.#run([...input, '-an', '-vf', filterChain(FRAME_STREAMS.thumb), '-f', 'rawvideo', '-'])
  }

  /** Seconds of a core that ffmpeg takes for a second of 1080p at 6 Mbit/s with sound, down to what fingerprints need. */
  decodeCost(): number {
    const clip = join(CACHE, '10s-1080p.mp4')
    const seconds = 10
    if (!existsSync(clip)) {
      const source = ['-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=30,noise=alls=16:allf=t', '-f', 'lavfi', '-i', 'anoisesrc=a=0.1'] // prettier-ignore
      const partial = join(CACHE, `partial-${process.pid}.mp4`)
      this.#run(['-y', ...source, '-t', String(seconds), '-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '6M', '-pix_fmt', 'yuv420p', '-g', '60', '-c:a', 'aac', partial]) // prettier-ignore
      renameSync(partial, clip)
    }
    const picture = ['-map', '0:v', '-vf', filterChain(FRAME_STREAMS.thumb), '-f', 'null', '-']
    const sound = ['-map', '0:a', '-ac', '1', '-ar', '16000', '-f', 'null', '-']
    const { stderr } = spawnSync(this.#ffmpeg, ['-nostdin', '-benchmark', '-i', clip, ...picture, ...sound], { encoding: 'utf8' }) // prettier-ignore
    const said = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr)
    if (!said) throw new Error(`ffmpeg did not say what it took: ${stderr.slice(-300)}`)
    return (Number(said[1]) + Number(said[2])) / seconds
  }

  /** Of a file, kept from one run to the next. */
  keptThumbs(file: string): Thumbs {
    const path = join(CACHE, `${createHash('sha256').update(file).digest('hex').slice(0, 24)}.gray.gz`)
    if (existsSync(path)) return gunzipSync(readFileSync(path))
    const made = this.thumbs('-i', file)
    mkdirSync(CACHE, { recursive: true })
    writeFileSync(`${path}.${process.pid}`, gzipSync(made, { level: 1 }))
    renameSync(`${path}.${process.pid}`, path)
    return made
  }

  /** 16 kHz mono; nothing where there is no sound. */
  samples(file: string): Float32Array {
    const { status, stdout } = spawnSync(
      this.#ffmpeg,
      ['-nostdin', '-v', 'error', '-i', file, '-vn', '-ac', '1', '-ar', '16000', '-f', 'f32le', '-'],
      { maxBuffer: 2 ** 31 - 1 },
    )
    return status === 0 ? new Float32Array(Uint8Array.from(stdout).buffer) : new Float32Array(0)
  }

  picturePrint(thumbs: Thumbs): Fingerprint {
    const before = process.cpuUsage()
    const collector = fingerprintCollector({ width: 1280, height: 720 })
    for (let i = 0; (i + 1) * FRAME <= thumbs.length; i++)
      collector.add({ index: i, time: i / FRAME_STREAMS.thumb.rate, data: thumbs.subarray(i * FRAME, (i + 1) * FRAME) })
    const made = collector.finish()
    this.cost.picture += process.cpuUsage(before).user / 1e6
    this.cost.seconds += made.duration
    return made
  }

  soundPrint(samples: Float32Array): SoundPrint {
    const before = process.cpuUsage()
    const collector = soundPrintCollector()
    for (let at = 0; at < samples.length; at += 16_000) collector.sound({ samples: samples.subarray(at, at + 16_000) })
    const made = collector.finish()
    this.cost.sound += process.cpuUsage(before).user / 1e6
    this.cost.heard += samples.length / 16_000
    return made
  }

  /** The cut of a clip with its picture or its sound changed, as a file; made once. */
  changed(file: string, seconds: number, change: Change, what: 'picture' | 'sound'): string {
    const name = createHash('sha256')
      .update(JSON.stringify([file, change, CUT, what]))
      .digest('hex')
      .slice(0, 24)
    const path = join(CACHE, `${name}.mkv`)
    if (existsSync(path)) return path
    mkdirSync(CACHE, { recursive: true })
    const partial = join(CACHE, `partial-${process.pid}-${name}.mkv`)
    const length = Math.min(CUT.length, seconds - CUT.start)
    const input = ['-y', '-ss', String(CUT.start), '-t', String(length), '-i', file]
    if (what === 'picture') {
      const even = 'scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p'
      const picture = parts(change, length, { all: 'split', one: 'trim', times: 'setpts=PTS-STARTPTS', streams: 'v=1' })
      this.#run([...input, '-an', '-filter_complex', `[0:v]${picture},${change.filter},${even}[out]`, '-map', '[out]', ...(change.options ?? X264(23)), partial]) // prettier-ignore
    } else {
      const sound = parts(change, length, { all: 'asplit', one: 'atrim', times: 'asetpts=PTS-STARTPTS', streams: 'v=0:a=1' }) // prettier-ignore
      const filter = change.filter === 'noise' ? 'anull' : change.filter
      this.#run([...input, '-vn', '-filter_complex', `[0:a]aresample=16000,aformat=channel_layouts=mono,${sound},${filter}[out]`, '-map', '[out]', ...(change.options ?? []), partial]) // prettier-ignore
    }
    renameSync(partial, path)
    return path
  }

  /** The changed sound, decoded. Noise is added here, 20 dB under the mean power of the clip. */
  changedSound(file: string, seconds: number, change: Change): Float32Array {
    const samples = this.samples(this.changed(file, seconds, change, 'sound'))
    if (change.filter !== 'noise') return samples
    const random = randomNumbers(7)
    const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length
    // Even noise of width w has the power w² / 12.
    const width = Math.sqrt(12 * power * 0.01)
    return samples.map((x) => x + width * (random() - 0.5))
  }
}

interface Names {
  readonly all: string
  readonly one: string
  readonly times: string
  readonly streams: string
}

/** The filters that put the parts of a cut into another order. */
function parts({ parts: order }: Change, length: number, { all, one, times, streams }: Names): string {
  if (!order) return times
  const names = order.map((_, i) => `[p${i}]`).join('')
  const cuts = order.map(([from, to], i) => `[p${i}]${one}=${from * length}:${to * length},${times}[q${i}]`)
  const joined = order.map((_, i) => `[q${i}]`).join('')
  return `${all}=${order.length}${names};${cuts.join(';')};${joined}concat=n=${order.length}:${streams}`
}

/** Persons and source clips that the development data holds more than once. */
export function groupOf(file: string): string {
  const name = basename(file)
  if (file.includes('/MEAD/')) return `MEAD ${/[MW]\d{3}/.exec(name)?.[0]}`
  if (file.includes('/EDTalk/fake') || file.includes('/DreamTalk/'))
    return file.includes('/EDTalk/') ? 'EDTalk' : 'DreamTalk'
  if (file.includes('/vpdq/')) return `vpdq ${name.split('-')[0]}`
  return name
}

/** The videos of the development data. */
export function clipFiles(data: string): string[] {
  const homes = ['HDTF', 'VoxCeleb2', 'EDTalk', 'MEAD', 'DreamTalk'].map((name) => join(data, 'video', name))
  return [...homes, join(data, 'vectors', 'vpdq')]
    .filter((home) => existsSync(home))
    .flatMap((home) => readdirSync(home).filter((name) => name.endsWith('.mp4')).sort().map((name) => join(home, name))) // prettier-ignore
}
