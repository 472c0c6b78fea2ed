/**
 * Measures what is said of differences inside aligned footage: pairs of a genuine clip and a copy of it that was altered (named
 * rightly or not) or only copied (accused or not), with 95 % Wilson intervals.
 *
 *   node scripts/node24.mjs scripts/models/measure-differences.ts --swaps FOLDER [--groups tune|quote] [--only LIST] [--limit N]
 *     [--keep FOLDER] [--verbose]
 *
 * FOLDER is what scripts/train/face-manipulation/make_swap_videos.py wrote: genuine clips of 4 s and the same with the face or
 * the mouth exchanged. Constants were chosen on the persons of `tune`; figures are quoted on those of `quote`. Sound is measured
 * on the development data's own clips (ASSAY_DATA, else ../shared/data).
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Comparison, Difference } from '../../main/contract/differences.ts'
import type { MatchSegment } from '../../main/contract/matching.ts'
import { Failure } from '../../main/errors.ts'
import { wilson } from '../../main/evaluation/metrics.ts'
import { compareFootage } from '../../main/matching/differ/compare.ts'
import { findFfmpeg } from '../../main/media/ffmpeg.ts'
import { openEvidence } from '../../main/media/open.ts'
import { probe } from '../../main/media/probe.ts'
import { openModel } from '../../main/signals/onnx.ts'
import { ROOT } from '../node24.mjs'

const { values: options } = parseArgs({
  options: {
    swaps: { type: 'string', default: join(ROOT, '.cache', 'swaps') },
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(ROOT, '..', 'shared', 'data') },
    groups: { type: 'string', default: 'quote' },
    only: { type: 'string' },
    limit: { type: 'string' },
    keep: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
const found = findFfmpeg()
if (!found) throw new Error('ffmpeg was not found')
const ffmpeg: string = found
const CACHE = join(ROOT, '.cache', 'bench', 'differences')
mkdirSync(CACHE, { recursive: true })
if (options.keep) mkdirSync(options.keep, { recursive: true })

/** Persons and sources that the constants were chosen on; all others are quoted. */
const TUNED = /^(EDTalk-|MEAD-M030|VoxCeleb2-0)/

interface Clip {
  readonly name: string
  readonly person: string
  readonly method: string
  readonly genuine: string
  readonly altered: string
}

function clips(): Clip[] {
  const table = join(options.swaps, 'manifest.tsv')
  if (!existsSync(table))
    throw new Error(`${table} is missing: make it with scripts/train/face-manipulation/make_swap_videos.py`)
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([path, label]) => label === 'manipulated' && path)
    .map(([path, , , person, method]) => ({
      name: basename(path!, '.mp4'),
      person: person!,
      method: method!,
      genuine: join(options.swaps, path!.replace('manipulated', 'genuine')),
      altered: join(options.swaps, path!),
    }))
    .filter(({ person }) => TUNED.test(person) === (options.groups === 'tune'))
}

const X264 = (crf: number): string[] => ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf)]
interface Copy {
  readonly name: string
  readonly filter: string
  readonly crf: number
  readonly mirrored?: boolean
  readonly speed?: number
  /** Known picture in the new one, fractions. */
  readonly placement?: MatchSegment['placement']
}
const CROPPED = { sx: 1 / 0.92, tx: -0.04 / 0.92, sy: 1 / 0.92, ty: -0.04 / 0.92 }
const COPIES: readonly Copy[] = [
  { name: 're-encoded, CRF 23', filter: 'null', crf: 23 },
  { name: 're-encoded, CRF 32', filter: 'null', crf: 32 },
  { name: 're-encoded, CRF 38', filter: 'null', crf: 38 },
  { name: 'half size, CRF 28', filter: 'scale=iw/2:ih/2', crf: 28 },
  { name: 'mirrored', filter: 'hflip', crf: 26, mirrored: true },
  { name: 'crop 8 %', filter: 'crop=iw*0.92:ih*0.92', crf: 26, placement: CROPPED },
  { name: 'letterbox', filter: 'pad=iw:ih*4/3:0:ih/6', crf: 26, placement: { sx: 1, tx: 0, sy: 0.75, ty: 0.125 } },
  { name: 'picture in picture, half', filter: 'scale=iw/2:ih/2,pad=iw*2:ih*2:iw*0.9:ih*0.9:0x406080', crf: 26, placement: { sx: 0.5, tx: 0.45, sy: 0.5, ty: 0.45 } },
  { name: 'brighter, more contrast', filter: 'eq=gamma=1.3:contrast=1.15', crf: 26 },
  { name: 'less colour', filter: 'eq=saturation=0.5', crf: 26 },
  { name: 'half frame rate', filter: 'fps=12.5', crf: 26 },
  { name: 'speed 1.1', filter: 'setpts=PTS/1.1', crf: 26, speed: 1.1 },
  { name: 'mirrored, crop 8 %, CRF 30', filter: 'hflip,crop=iw*0.92:ih*0.92', crf: 30, mirrored: true, placement: CROPPED },
] // prettier-ignore
const copy = (name: string): Copy => COPIES.find((one) => one.name === name)!

/** Things laid over the picture, and where. */
const OVERLAYS: readonly { name: string; filter: string; box: [number, number, number, number] }[] = [
  { name: 'logo added', filter: 'drawbox=x=iw*0.74:y=ih*0.06:w=iw*0.2:h=ih*0.12:color=white@0.9:t=fill,drawbox=x=iw*0.77:y=ih*0.09:w=iw*0.14:h=ih*0.06:color=0xb01020:t=fill', box: [0.74, 0.06, 0.2, 0.12] },
  { name: 'ticker added', filter: 'drawbox=y=ih*0.86:w=iw:h=ih*0.14:color=0x0a2a6a:t=fill', box: [0, 0.86, 1, 0.14] },
  { name: 'see-through logo added', filter: 'drawbox=x=iw*0.04:y=ih*0.05:w=iw*0.18:h=ih*0.12:color=white@0.4:t=fill', box: [0.04, 0.05, 0.18, 0.12] },
] // prettier-ignore

function made(input: string, filter: string, crf: number, extra: readonly string[] = []): string {
  const key = createHash('sha256').update(JSON.stringify([input, statSync(input).size, filter, crf, extra])).digest('hex') // prettier-ignore
  const path = join(CACHE, `${key.slice(0, 24)}.mp4`)
  if (existsSync(path)) return path
  const part = join(CACHE, `part-${key.slice(0, 24)}.mp4`)
  const even = 'scale=trunc(iw/2)*2:trunc(ih/2)*2'
  const sound = extra.length ? extra : ['-an']
  execFileSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', '-threads', '1', '-i', input, ...sound, '-vf', `${filter},${even},format=yuv420p`, ...X264(crf), '-threads', '1', part]) // prettier-ignore
  renameSync(part, path)
  return path
}

const model = join(ROOT, 'models')
const scratch = mkdtempSync(join(tmpdir(), 'assay-differences-'))
const cancelled = new AbortController().signal
async function compare(
  fresh: string,
  known: string,
  how: Partial<Copy>,
  keep: string,
  range?: { from: number; to: number },
): Promise<Comparison> {
  // prettier-ignore
  const opened = await Promise.all([fresh, known].map((path) => openEvidence({ path, sha256: '0'.repeat(64), size: statSync(path).size, identity: null }))) // prettier-ignore
  try {
    const [one, other] = await Promise.all(
      opened.map((file) => probe(file, '0'.repeat(64), ffmpeg, { threads: 1, cancelled, folder: scratch })),
    )
    const speed = how.speed ?? 1
    const { from, to } = range ?? { from: 0.2, to: (one!.facts.container.duration ?? 4) - 0.2 }
    const { placement } = how
    const segment: MatchSegment = {
      from,
      to,
      // As inexact as matching may be.
      knownFrom: speed * from + 0.3,
      speed,
      kind: 'footage',
      mirrored: how.mirrored ?? false,
      support: 4,
      frames: 4,
      share: 1,
      placement: placement ? { sx: placement.sx * 1.01, tx: placement.tx + 0.008, sy: placement.sy * 0.992, ty: placement.ty - 0.006 } : null, // prettier-ignore
      byHash: 4,
      byCorners: 4,
      bySound: 0,
      soundAgrees: null,
      motion: null,
      strength: 'strong',
      words: '',
    }
    return await compareFootage(one!, other!, [segment], {
      ffmpeg,
      threads: 1,
      folder: scratch,
      cancelled,
      detector: () => openModel(model, 'face-detector'),
      async save(bytes, mime) {
        if (options.keep && mime === 'image/webp') writeFileSync(join(options.keep, `${keep.replaceAll(/[^\w-]+/g, '_')}.webp`), bytes) // prettier-ignore
        return { sha256: createHash('sha256').update(bytes).digest('hex') }
      },
      onShare() {},
    })
  } finally {
    for (const file of opened) await file.close()
  }
}

/** On a busy machine a decode may run into its own time limit: that says nothing about differences. */
async function patiently<T>(run: () => Promise<T>, tries = 4): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'media.timeout' || tries <= 1) throw error
    return patiently(run, tries - 1)
  }
}

const CONTENT: ReadonlySet<Difference['kind']> = new Set(['face', 'mouth', 'overlay', 'part', 'everywhere', 'sound'])
const said = (comparison: Comparison): Difference[] => comparison.differences.filter(({ kind }) => CONTENT.has(kind))

interface Tally {
  n: number
  right: number
  kinds: Map<string, number>
}
const tallies = new Map<string, Tally>()
let took = 0
let runs = 0
async function measure(
  name: string,
  about: string,
  run: () => Promise<Comparison>,
  right: (comparison: Comparison) => boolean,
): Promise<void> {
  if (options.only && !options.only.split(';').some((part) => name.startsWith(part))) return
  const began = performance.now()
  const comparison = await patiently(run)
  took += performance.now() - began
  runs++
  const tally = tallies.get(name) ?? { n: 0, right: 0, kinds: new Map() }
  tallies.set(name, tally)
  tally.n++
  const good = right(comparison)
  if (good) tally.right++
  const state = comparison.segments[0]?.state === 'compared' ? '' : (comparison.segments[0]?.state ?? 'none')
  const kinds = [...new Set(said(comparison).map(({ kind }) => kind))].sort().join('+') || state || 'nothing'
  tally.kinds.set(kinds, (tally.kinds.get(kinds) ?? 0) + 1)
  if (options.verbose || !good)
    console.log(`${good ? 'right' : 'WRONG'}  ${name}  ${about}: ${said(comparison).map(({ kind, strength, seconds, freshRegion: r }) => `${kind} ${strength.toFixed(2)} ${seconds.toFixed(1)} s${r ? ` [${[r.x, r.y, r.width, r.height].map((v) => v.toFixed(2)).join(' ')}]` : ''}`).join('; ') || state || 'nothing'}`) // prettier-ignore
}

const overlap = (
  a: { x: number; y: number; width: number; height: number },
  [x, y, w, h]: readonly [number, number, number, number],
): number => {
  // prettier-ignore
  const inner =
    Math.max(0, Math.min(a.x + a.width, x + w) - Math.max(a.x, x)) *
    Math.max(0, Math.min(a.y + a.height, y + h) - Math.max(a.y, y))
  return inner / (a.width * a.height + w * h - inner)
}

const all = clips().slice(0, Number(options.limit ?? 1e9))
console.log(
  `${all.length} clips of ${new Set(all.map(({ person }) => person)).size} persons or sources (${options.groups})`,
)
for (const [i, clip] of all.entries()) {
  const { name, genuine, altered, method } = clip
  const nothing = (comparison: Comparison): boolean =>
    comparison.segments[0]?.state === 'compared' && said(comparison).length === 0
  for (const how of COPIES)
    await measure(`unaltered: ${how.name}`, name, () => compare(made(genuine, how.filter, how.crf), genuine, how, `${name}-${how.name}`), nothing) // prettier-ignore
  const kind = method === 'mouth' ? 'mouth' : 'face'
  const named = (comparison: Comparison): boolean => {
    const kinds = new Set(said(comparison).map((one) => one.kind))
    return kinds.has(kind) && kinds.size === 1
  }
  const word = kind === 'mouth' ? 'mouth exchanged' : 'face exchanged'
  await measure(`${word}`, `${name} ${method}`, () => compare(altered, genuine, {}, `${name}-${method}`), named)
  for (const how of [copy('re-encoded, CRF 32'), copy('half size, CRF 28'), copy('mirrored, crop 8 %, CRF 30')])
    await measure(`${word}, then ${how.name}`, `${name} ${method}`, () => compare(made(altered, how.filter, how.crf), genuine, how, `${name}-${method}-${how.name}`), named) // prettier-ignore
  await measure(`${word} in the known one`, `${name} ${method}`, () => compare(made(genuine, 'null', 28), altered, {}, `${name}-${method}-known`), named) // prettier-ignore
  for (const { name: what, filter, box } of OVERLAYS)
    await measure(
      what,
      name,
      () => compare(made(genuine, filter, 26), genuine, {}, `${name}-${what}`),
      (comparison) =>
        // prettier-ignore
        said(comparison).some((one) => one.kind === 'overlay' && one.freshRegion && overlap(one.freshRegion, box) > 0.4) &&
      said(comparison).every((one) => one.kind === 'overlay'),
    )
  const stranger = all.find(({ person }, j) => j > i && person !== clip.person) ?? all.find(({ person }) => person !== clip.person) // prettier-ignore
  if (stranger)
    await measure(
      'other footage',
      `${name} ~ ${stranger.name}`,
      () => compare(stranger.genuine, genuine, {}, `${name}-other`),
      (comparison) =>
        // prettier-ignore
        comparison.segments[0]?.state !== 'compared' || said(comparison).some((one) => one.kind === 'everywhere'),
    )
}

const voices = ['HDTF', 'VoxCeleb2', 'EDTalk']
  .map((name) => join(options.data, 'video', name))
  .filter((home) => existsSync(home))
  .flatMap((home) =>
    readdirSync(home)
      .filter((name) => /^real.*mp4$/.test(name))
      .sort()
      .map((name) => join(home, name)),
  ) // prettier-ignore
  .filter((_, i) => i % 2 === (options.groups === 'tune' ? 0 : 1))
for (const [i, path] of voices.entries()) {
  const other = voices[(i + 1) % voices.length]!
  const range = { from: 0.2, to: 6 }
  const sound = (comparison: Comparison): string => comparison.segments[0]?.sound.state ?? ''
  await measure('sound: own, AAC 64 kbit/s', basename(path), () => compare(made(path, 'null', 26, ['-t', '7', '-c:a', 'aac', '-b:a', '64k']), path, {}, '', range), (c) => sound(c) === 'agrees' || sound(c) === 'none') // prettier-ignore
  await measure('sound: another one', basename(path), () => compare(made(path, 'null', 26, ['-i', other, '-t', '7', '-map', '0:v', '-map', '1:a', '-c:a', 'aac']), path, {}, '', range), (c) => sound(c) === 'differs' || sound(c) === 'none') // prettier-ignore
}

rmSync(scratch, { recursive: true, force: true })
console.log(`\n${'case'.padEnd(48)}right               said`)
for (const [name, { n, right, kinds }] of tallies) {
  const { low, high } = wilson(right, n)
  console.log(`${name.padEnd(48)}${`${right} of ${n} [${Math.round(100 * low)}, ${Math.round(100 * high)}] %`.padEnd(20)}${[...kinds].map(([kind, times]) => `${times} ${kind}`).join(', ')}`) // prettier-ignore
}
const sum = (prefix: string): { n: number; right: number } =>
  [...tallies].filter(([name]) => name.startsWith(prefix)).reduce((a, [, t]) => ({ n: a.n + t.n, right: a.right + t.right }), { n: 0, right: 0 }) // prettier-ignore
for (const [prefix, what] of [
  ['unaltered', 'unaltered copies accused'],
  ['face', 'faces named rightly'],
  ['mouth', 'mouths named rightly'],
] as const) {
  // prettier-ignore
  const { n, right } = sum(prefix)
  if (!n) continue
  const hits = prefix === 'unaltered' ? n - right : right
  const { low, high } = wilson(hits, n)
  console.log(`${what}: ${hits} of ${n} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}] %`)
}
console.log(`${(took / runs / 1000).toFixed(1)} s a comparison`)
