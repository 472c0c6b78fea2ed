/**
 * Measures the double-compression test of the encoding signal: how often it fires on streams encoded twice and on streams
 * encoded once, with 95 % Wilson intervals. Makes all clips itself with ffmpeg and libx264.
 *
 *   node scripts/node24.mjs scripts/models/measure-encoding.ts [--data DIR] [--sources N] [--seconds S] [--json FILE]
 *
 * Sources: moving crops of photographs and drawn patterns, both with fresh grain, which were never video before; and, as
 * a group of its own, real videos of the data folder scaled to a third, whose earlier history is unknown.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findFfmpeg } from '../../main/media/ffmpeg.ts'
import { openEvidence } from '../../main/media/open.ts'
import { probe } from '../../main/media/probe.ts'
import { earlierEncoding } from '../../main/signals/encoding/earlier-encoding.ts'
import { framesInDisplayOrder } from '../../main/signals/encoding/frame-types.ts'
import { gopStructure } from '../../main/signals/encoding/gop.ts'
import { repeatCadence } from '../../main/signals/encoding/timestamps.ts'
import { wilson } from '../../main/evaluation/metrics.ts'

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(import.meta.dirname, '../../../shared/data') },
    sources: { type: 'string', default: '18' },
    seconds: { type: 'string', default: '20' },
    json: { type: 'string' },
  },
})
const ffmpeg = findFfmpeg()
if (!ffmpeg) throw new Error('ffmpeg was not found')
const seconds = Number(options.seconds)
const data = resolve(options.data)
const folder = mkdtempSync(join(tmpdir(), 'measure-encoding-'))

const run = (...args: string[]) =>
  execFileSync(ffmpeg, ['-v', 'error', '-nostdin', '-y', '-threads', '1', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })

interface Source {
  readonly group: 'made' | 'real'
  readonly name: string
  /** Input options, then the filter that brings it to 256 × 144 at 30 frames a second. */
  readonly input: readonly string[]
  readonly filter: string
}

const grain = (seed: number, strength: number) => `noise=alls=${strength}:allf=t:all_seed=${seed},format=yuv420p`
const list = (under: string, pattern: RegExp): string[] => {
  try {
    return readdirSync(join(data, under), { recursive: true, encoding: 'utf8' })
      .filter((name) => pattern.test(name))
      .toSorted()
      .map((name) => join(data, under, name))
  } catch {
    return []
  }
}

/** `n` evenly spread entries. */
const spread = (paths: string[], n: number) =>
  paths.filter((_, i) => i % Math.max(1, Math.floor(paths.length / n)) === 0).slice(0, n)

function sources(count: number): Source[] {
  const photos = [
    ...list('vectors/pdq', /(?:aaa-orig\.jpg|pen-and-coaster\.png|q\d{4}\.jpg)$/),
    ...spread(list('faces-labelled', /\.jpe?g$/), 6),
  ]
  const third = Math.ceil(count / 3)
  const made: Source[] = spread(photos, 2 * third - 4).map((path, i) => ({
    group: 'made',
    name: `photograph ${i + 1}`,
    input: ['-loop', '1', '-framerate', '30', '-i', path],
    filter: `scale=640:480:force_original_aspect_ratio=increase,crop=256:144:x='(iw-256)*(0.5+0.4*sin(t*${0.4 + 0.1 * (i % 5)}))':y='(ih-144)*(0.5+0.4*cos(t*${0.5 + 0.1 * (i % 4)}))',${grain(i + 1, 3 + (i % 4) * 2)}`,
  }))
  const drawn = [
    'mandelbrot=s=256x144:r=30',
    'life=s=256x144:r=30:mold=10:seed=7',
    'gradients=s=256x144:r=30:seed=3',
    'cellauto=s=256x144:r=30:seed=5',
  ]
  drawn.forEach((pattern, i) =>
    made.push({
      group: 'made',
      name: pattern.split('=')[0]!,
      input: ['-f', 'lavfi', '-i', pattern],
      filter: grain(50 + i, 4),
    }),
  )
  const videos = spread(
    [
      ...list('vectors/vpdq', /(?:doorknob|pattern-sd-grey|chair-20|chair-orig).*\.mp4$/),
      ...list('video', /(?:HDTF|EDTalk.real).*\.mp4$/),
    ],
    third,
  )
  const real: Source[] = videos.map((path, i) => ({
    group: 'real',
    name: path.split(/[/\\]/).at(-1)!,
    input: ['-stream_loop', '-1', '-i', path],
    filter: `scale=256:144:force_original_aspect_ratio=increase:flags=area,crop=256:144,fps=30,${grain(80 + i, 2)}`,
  }))
  return [...made.slice(0, count - third), ...real]
}

const X264 = ['-c:v', 'libx264', '-threads', '1']
const FIRST: Readonly<Record<string, readonly string[]>> = {
  'mpeg4 g12 q4': ['-c:v', 'mpeg4', '-q:v', '4', '-g', '12'],
  'x264 g15 crf20': [...X264, '-preset', 'veryfast', '-g', '15', '-sc_threshold', '0', '-bf', '0', '-crf', '20'],
  'x264 g30 crf23': [...X264, '-preset', 'veryfast', '-g', '30', '-sc_threshold', '0', '-bf', '0', '-crf', '23'],
  'x264 g33 crf28': [...X264, '-preset', 'veryfast', '-g', '33', '-sc_threshold', '0', '-bf', '2', '-crf', '28'],
  'x264 g60 crf20': [...X264, '-preset', 'veryfast', '-g', '60', '-sc_threshold', '0', '-bf', '0', '-crf', '20'],
}
const LAST: Readonly<Record<string, readonly string[]>> = {
  'x264 medium g250 crf23': [...X264, '-preset', 'medium', '-g', '250', '-crf', '23'],
  'x264 veryfast g100 bf0 crf23': [...X264, '-preset', 'veryfast', '-g', '100', '-bf', '0', '-crf', '23'],
  'x264 veryfast g48 crf28': [...X264, '-preset', 'veryfast', '-g', '48', '-crf', '28'],
  'x264 faster 300k vbv': [
    ...X264,
    '-preset',
    'faster',
    '-g',
    '100',
    '-b:v',
    '300k',
    '-maxrate',
    '400k',
    '-bufsize',
    '600k',
  ],
}
/** Encoders only used once, for false positives. */
const ONCE: Readonly<Record<string, readonly string[]>> = {
  ...LAST,
  'x264 baseline g30': [...X264, '-profile:v', 'baseline', '-preset', 'veryfast', '-g', '30', '-crf', '21'],
  'mpeg4 g12 q5': ['-c:v', 'mpeg4', '-q:v', '5', '-g', '12'],
  'mpeg2 g15 bf2 q5': ['-c:v', 'mpeg2video', '-q:v', '5', '-g', '15', '-bf', '2'],
  'x265 g250 crf28': [
    '-c:v',
    'libx265',
    '-preset',
    'veryfast',
    '-x265-params',
    'pools=1:frame-threads=1:log-level=none',
    '-crf',
    '28',
  ],
}

/** The clips are ours: nothing checks their hash. */
const NO_HASH = '0'.repeat(64)

interface Outcome {
  readonly group: Source['group']
  readonly source: string
  readonly first: string | null
  readonly last: string
  readonly state: string
  readonly period: number | null
}

async function test(path: string) {
  const file = await openEvidence({ path, sha256: NO_HASH, size: statSync(path).size, identity: null })
  try {
    const cancelled = new AbortController().signal
    const { packets } = await probe(file, NO_HASH, ffmpeg!, { threads: 1, cancelled, folder })
    const frames = framesInDisplayOrder(packets)
    const earlier = earlierEncoding(packets.codec, frames, gopStructure(frames), repeatCadence(frames))
    return { state: earlier.state, period: 'row' in earlier ? earlier.row.period : null }
  } finally {
    await file.close()
  }
}

const percent = (value: number) => (100 * value).toFixed(1)

function share(hits: number, n: number): string {
  if (n === 0) return 'n = 0'
  const { low, high } = wilson(hits, n)
  return `${hits}/${n} = ${percent(hits / n)} % [${percent(low)}, ${percent(high)}]`
}

const outcomes: Outcome[] = []
try {
  const all = sources(Number(options.sources))
  for (const [i, source] of all.entries()) {
    console.error(`${i + 1}/${all.length} ${source.name}`)
    const raw = join(folder, 'raw.mkv')
    run(...source.input, '-t', String(seconds), '-vf', source.filter, '-an', '-c:v', 'ffv1', raw)
    const out = join(folder, 'out.mp4')
    for (const [last, args] of Object.entries(ONCE)) {
      run('-i', raw, ...args, out)
      outcomes.push({ group: source.group, source: source.name, first: null, last, ...(await test(out)) })
    }
    for (const [first, args] of Object.entries(FIRST)) {
      const once = join(folder, 'once.mkv')
      run('-i', raw, ...args, once)
      for (const [last, again] of Object.entries(LAST)) {
        run('-i', once, ...again, out)
        outcomes.push({ group: source.group, source: source.name, first, last, ...(await test(out)) })
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const rate = (subset: readonly Outcome[]) =>
  share(subset.filter(({ state }) => state === 'found').length, subset.length)
for (const group of ['made', 'real'] as const) {
  const mine = outcomes.filter((o) => o.group === group && o.state !== 'not-tested')
  const twice = mine.filter(({ first }) => first !== null)
  const right = twice.filter(
    ({ state, first, period }) => state === 'found' && Number(/\bg(\d+)/.exec(first!)?.[1]) === period,
  )
  console.log(
    `\n${group === 'made' ? 'Never video before' : 'Real videos, scaled to a third'} (${seconds} s, 256 x 144)`,
  )
  console.log(`  not tested: ${outcomes.filter((o) => o.group === group && o.state === 'not-tested').length}`)
  console.log(`  fires on streams encoded once by us:  ${rate(mine.filter(({ first }) => first === null))}`)
  console.log(`  fires on streams encoded twice:       ${rate(twice)}`)
  console.log(`  and names the right period:           ${share(right.length, twice.length)}`)
  for (const first of Object.keys(FIRST))
    console.log(`    first ${first.padEnd(30)} ${rate(twice.filter((o) => o.first === first))}`)
  for (const last of Object.keys(LAST))
    console.log(`    last  ${last.padEnd(30)} ${rate(twice.filter((o) => o.last === last))}`)
  for (const last of Object.keys(ONCE))
    console.log(`    once  ${last.padEnd(30)} ${rate(mine.filter((o) => o.first === null && o.last === last))}`)
}
if (options.json) writeFileSync(options.json, `${JSON.stringify({ seconds, outcomes }, null, 1)}\n`)
