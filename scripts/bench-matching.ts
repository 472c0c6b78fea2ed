/**
 * `npm run bench:matching`: are copies found, and is nothing else? Real clips of the development data are a library; stretches
 * of them are cut out, changed as people change footage, and looked up. `--data DIR` (else ASSAY_DATA, else ../shared/data),
 * `--clips N` (default 24), `--only LIST` of changes.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { filterChain, FRAME_STREAMS } from '../main/media/streams.ts'
import { Catalogue } from '../main/matching/catalogue.ts'
import { fingerprintCollector, type Fingerprint } from '../main/matching/fingerprint.ts'
import { findMatches, type FootageMatch } from '../main/matching/match.ts'
import { wilson } from '../main/evaluation/metrics.ts'
import { ROOT } from './node24.mjs'
import { ffmpegBinary, prepare } from './setup.mjs'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(ROOT, '..', 'shared', 'data') },
    clips: { type: 'string', default: '24' },
    only: { type: 'string' },
  },
})
const CACHE = join(ROOT, '.cache', 'bench', 'matching')
await prepare()
const found = ffmpegBinary()
if (!found) process.exit(1)
const ffmpeg: string = found

interface Change {
  readonly name: string
  readonly filter: string
  readonly options?: readonly string[]
  readonly mirrored?: boolean
  readonly speed?: number
}
const even = 'scale=trunc(iw/2)*2:trunc(ih/2)*2'
const X264 = (crf: number): string[] => ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf)]
const CHANGES: readonly Change[] = [
  { name: 're-encoded, CRF 35', filter: 'null', options: X264(35) },
  { name: 'half size', filter: 'scale=iw/2:ih/2' },
  { name: 'half frame rate', filter: 'fps=12.5' },
  { name: 'brighter, more contrast', filter: 'eq=gamma=1.3:contrast=1.15' },
  { name: 'grey', filter: 'hue=s=0' },
  { name: 'mirrored', filter: 'hflip', mirrored: true },
  { name: 'crop 3 %', filter: 'crop=iw*0.97:ih*0.97' },
  { name: 'crop 8 %', filter: 'crop=iw*0.92:ih*0.92' },
  { name: 'crop 20 %, off centre', filter: 'crop=iw*0.8:ih*0.8:iw*0.05:ih*0.15' },
  { name: 'letterbox', filter: 'pad=iw:ih*4/3:0:ih/6' },
  { name: 'pillarbox', filter: 'pad=iw*4/3:ih:iw/6:0' },
  { name: 'logo', filter: 'drawbox=x=iw*0.72:y=ih*0.06:w=iw*0.2:h=ih*0.14:color=white@0.9:t=fill' },
  { name: 'ticker', filter: 'drawbox=y=ih*0.83:w=iw:h=ih*0.17:color=0x0a2a6a:t=fill' },
  { name: 'picture in picture, half', filter: 'scale=iw/2:ih/2,pad=iw*2:ih*2:iw*0.9:ih*0.9:0x406080' },
  { name: 'speed 0.8', filter: 'setpts=PTS/0.8', speed: 0.8 },
  { name: 'speed 1.25', filter: 'setpts=PTS/1.25', speed: 1.25 },
  { name: 'mirrored, crop 8 %, logo, CRF 30', filter: 'hflip,crop=iw*0.92:ih*0.92,drawbox=x=iw*0.05:y=ih*0.06:w=iw*0.2:h=ih*0.12:color=white:t=fill', options: X264(30), mirrored: true },
] // prettier-ignore

/** The stretch that is cut out, seconds; clips that are too short give what they have. */
const CUT = { start: 1, length: 8 } as const

function frames(file: string): Fingerprint {
  const chain = filterChain(FRAME_STREAMS.thumb)
  const { stdout } = spawnSync(
    ffmpeg,
    ['-nostdin', '-v', 'error', '-i', file, '-an', '-vf', chain, '-f', 'rawvideo', '-'],
    { maxBuffer: 2 ** 30 },
  )
  const collector = fingerprintCollector({ width: 1280, height: 720 })
  const size = 256 * 256
  for (let i = 0; (i + 1) * size <= stdout.length; i++)
    collector.add({ index: i, time: i / FRAME_STREAMS.thumb.rate, data: stdout.subarray(i * size, (i + 1) * size) })
  return collector.finish()
}

function changed(file: string, change: Change): string {
  const name = createHash('sha256')
    .update(JSON.stringify([file, change, CUT]))
    .digest('hex')
    .slice(0, 24)
  const path = join(CACHE, `${name}.mkv`)
  if (existsSync(path)) return path
  mkdirSync(CACHE, { recursive: true })
  const partial = join(CACHE, `partial-${name}.mkv`)
  const input = ['-nostdin', '-v', 'error', '-y', '-ss', String(CUT.start), '-t', String(CUT.length), '-i', file, '-an']
  const output = ['-vf', `${change.filter},${even},format=yuv420p`, ...(change.options ?? X264(23)), partial]
  const run = spawnSync(ffmpeg, [...input, ...output])
  if (run.status !== 0) throw new Error(`${file}, ${change.name}: ${String(run.stderr)}`)
  renameSync(partial, path)
  return path
}

interface Clip {
  readonly file: string
  readonly group: string
  readonly number: number
}

/** Persons and source clips that the development data holds more than once. */
function groupOf(file: string): string {
  const name = basename(file)
  if (file.includes('/MEAD/')) return `MEAD ${/[MW]\d{3}/.exec(name)?.[0]}`
  if (file.includes('/EDTalk/fake') || file.includes('/DreamTalk/'))
    return file.includes('/EDTalk/') ? 'EDTalk' : 'DreamTalk'
  if (file.includes('/vpdq/')) return `vpdq ${name.split('-')[0]}`
  return name
}

const homes = ['HDTF', 'VoxCeleb2', 'EDTalk', 'MEAD', 'DreamTalk'].map((name) => join(values.data, 'video', name))
const files = [...homes, join(values.data, 'vectors', 'vpdq')]
  .filter((home) => existsSync(home))
  .flatMap((home) => readdirSync(home).filter((name) => name.endsWith('.mp4')).sort().map((name) => join(home, name))) // prettier-ignore
if (!files.length) {
  console.log(`There are no clips under ${values.data}.`)
  process.exit(1)
}

const library = new Catalogue()
const began = performance.now()
const clips: Clip[] = files.map((file) => ({ file, group: groupOf(file), number: library.add(frames(file)) }))
console.log(`${clips.length} clips of ${new Set(clips.map(({ group }) => group)).size} groups fingerprinted in ${((performance.now() - began) / 1000).toFixed(0)} s, decoding included`) // prettier-ignore

const right = (match: FootageMatch, clip: Clip, change: Change): boolean => {
  const { stretch } = match
  const speed = change.speed ?? 1
  return (
    match.video === clip.number &&
    match.mirrored === (change.mirrored ?? false) &&
    Math.abs(stretch.knownFrom - (CUT.start + speed * stretch.from)) <= 1 &&
    Math.abs(stretch.speed / speed - 1) <= 0.1
  )
}

const only = values.only?.split(',')
const queries = clips.filter(({ number }) => library.video(number).duration >= 3).slice(0, Number(values.clips))
const taken: number[] = []
const strangers = new Map<string, number>()
let comparisons = 0
console.log(`\n${'change'.padEnd(36)}found               covered  by hash  by corners  same footage`)
for (const change of CHANGES.filter(({ name }) => !only || only.includes(name))) {
  let [hits, covered, hash, corners, footage] = [0, 0, 0, 0, 0]
  for (const clip of queries) {
    const query = frames(changed(clip.file, change))
    const start = performance.now()
    const matches = findMatches(query, library)
    taken.push(performance.now() - start)
    const mine = matches.filter((match) => right(match, clip, change))
    if (mine.length) hits++
    const [best] = mine
    if (best) {
      covered += Math.min(1, (best.stretch.to - best.stretch.from + 1) / query.duration)
      if (best.byHash) hash++
      if (best.byCorners) corners++
      if (best.kind === 'footage') footage++
    }
    comparisons += clips.filter(({ group }) => group !== clip.group).length
    for (const match of matches) {
      const other = clips[match.video]!
      if (other.group === clip.group) continue
      const key = `${basename(clip.file)} ~ ${basename(other.file)}: ${match.kind}`
      strangers.set(key, (strangers.get(key) ?? 0) + 1)
    }
  }
  const n = queries.length
  const share = (value: number): string => `${Math.round((100 * value) / n)} %`.padStart(7)
  const { low, high } = wilson(hits, n)
  console.log(
    `${change.name.padEnd(36)}${`${hits} of ${n} [${Math.round(100 * low)}, ${Math.round(100 * high)}] %`.padEnd(20)}${share(covered)}  ${share(hash)}  ${share(corners).padStart(10)}  ${share(footage).padStart(12)}`,
  )
}
taken.sort((a, b) => a - b)
console.log(`\n${comparisons} comparisons of a changed clip with a clip of another person or source`)
console.log(strangers.size ? 'matched nevertheless:' : 'none of them matched')
for (const [pair, times] of [...strangers].sort((a, b) => b[1] - a[1])) console.log(`  ${times} times  ${pair}`)
console.log(
  `\nlooking one clip up: median ${taken[taken.length >> 1]?.toFixed(0)} ms, at most ${taken.at(-1)?.toFixed(0)} ms`,
)
