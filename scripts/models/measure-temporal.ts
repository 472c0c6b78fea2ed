/**
 * Measures the temporal signal: manipulations made with ffmpeg from genuine footage (found or not), and the footage
 * itself and re-encoded copies of it (accused or not). Prints counts with 95 % Wilson intervals.
 *
 *   node scripts/node24.mjs scripts/models/measure-temporal.ts [--keep FOLDER] [--limit N] [--only KIND]
 *
 * With --only, one kind of manipulation (such as `boomerang`) and nothing else.
 *
 * Footage: the folders of ASSAY_DATA (or ../shared/data beside the checkout); without it, pictures that ffmpeg draws.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { SignalOutput } from '../../main/contract/signals.ts'
import { findFfmpeg } from '../../main/media/ffmpeg.ts'
import { temporal } from '../../main/signals/temporal.ts'
import { runFile } from './run-file.ts'
import { wilson } from '../../main/evaluation/metrics.ts'

const { values: options } = parseArgs({
  options: { keep: { type: 'string' }, limit: { type: 'string' }, only: { type: 'string' } },
})
const ffmpeg = findFfmpeg() ?? process.exit(1)
const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'assay-temporal-'))
mkdirSync(folder, { recursive: true })

interface Base {
  readonly name: string
  readonly path: string
  readonly label: 'real' | 'fake'
  readonly group: string
  readonly frames: number
  readonly rate: number
}

/** Small linear congruential generator (Numerical Recipes): the same cases on every run. */
function dice(seed: number) {
  let state = seed >>> 0
  return (low: number, high: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return low + (state / 2 ** 32) * (high - low)
  }
}

const encode = (input: readonly string[], filter: string, crf: number, out: string) => {
  if (existsSync(out)) return
  const args = ['-nostdin', '-v', 'error', '-threads', '1', ...input, '-filter_complex', filter, '-map', '[o]', '-an']
  execFileSync(ffmpeg, [
    ...args,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-threads',
    '1',
    '-crf',
    `${crf}`,
    '-pix_fmt',
    'yuv420p',
    '-y',
    out,
  ])
}

function footage(): Base[] {
  const data = process.env['ASSAY_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const bases: Base[] = []
  for (const [group, sub] of [
    ...['EDTalk', 'DreamTalk', 'MEAD', 'HDTF', 'VoxCeleb2'].map((g) => [g, `video/${g}`] as const),
    ['vpdq', 'vectors/vpdq'] as const,
  ]) {
    const home = join(data, sub)
    for (const name of existsSync(home) ? readdirSync(home).sort() : [])
      if (name.endsWith('.mp4'))
        bases.push(described(join(home, name), name.startsWith('fake') ? 'fake' : 'real', group))
  }
  if (bases.length) return bases
  console.log('No footage found: measuring on pictures that ffmpeg draws.')
  // A turning, zooming fractal with camera noise: motion everywhere and nothing periodic.
  for (let i = 0; i < 8; i++) {
    const path = join(folder, `drawn-${i}.mp4`)
    encode(
      [
        '-f',
        'lavfi',
        '-i',
        `mandelbrot=s=480x360:r=25:start_scale=${0.5 - 0.05 * i}:end_scale=0.01:end_pts=${60 + 20 * i},noise=alls=8:allf=t:all_seed=${i + 1}`,
        '-t',
        '8',
      ],
      `[0:v]rotate=t/${3 + i}[o]`,
      20,
      path,
    )
    bases.push(described(path, 'real', 'drawn'))
  }
  return bases
}

function described(path: string, label: Base['label'], group: string): Base {
  let text = ''
  try {
    execFileSync(ffmpeg, ['-nostdin', '-i', path, '-map', '0:v:0', '-c', 'copy', '-f', 'framecrc', '-'], {
      stdio: 'pipe',
    })
    text = execFileSync(
      ffmpeg,
      ['-nostdin', '-v', 'error', '-i', path, '-map', '0:v:0', '-c', 'copy', '-f', 'framecrc', '-'],
      { encoding: 'utf8' },
    )
  } catch (error) {
    throw new Error(`${path} cannot be read`, { cause: error })
  }
  const base = /^#tb 0: (\d+)\/(\d+)$/m.exec(text)
  const packets = text
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(',').map(Number))
  const ticks = packets[0]?.[3] ?? 1
  return {
    name: `${group}-${basename(path, '.mp4')}`,
    path,
    label,
    group,
    frames: packets.length,
    rate: Number(base?.[2]) / Number(base?.[1]) / ticks,
  }
}

/** One made file: what was done to it, when, and which observations count as finding it. */
interface Case {
  readonly kind: string
  readonly base: Base
  readonly file: string
  readonly codes: readonly string[]
  readonly from: number
  readonly to: number
}

const CRF = [20, 26, 32]

/** Every manipulation that the base is long enough for. */
function manipulations(base: Base, seed: number): Case[] {
  const cases: Case[] = []
  const roll = dice(seed + 1)
  const { frames, rate } = base
  const at = (seconds: number) => Math.round(seconds * rate)
  const made = (kind: string, filter: string, codes: string[], from: number, to: number) => {
    if (options.only && options.only !== kind) return
    const file = join(folder, `${base.name.replace(/[^A-Za-z0-9-]/g, '_')}-${kind}.mp4`)
    encode(['-i', base.path], `[0:v]setpts=N/(${rate}*TB),${filter}[o]`, CRF[seed % CRF.length]!, file)
    cases.push({ kind, base, file, codes, from: from / rate, to: to / rate })
  }
  const renumber = `setpts=N/(${rate}*TB)`
  if (frames < at(3.5)) return cases
  const hold = at(roll(1.2, 3))
  const start = Math.round(roll(at(1.2), frames - at(1.4)))
  made('freeze', `loop=loop=${hold}:size=1:start=${start},${renumber}`, ['temporal.frozen'], start, start + hold)
  const lost = Math.min(hold, frames - start - at(1.3))
  if (lost >= at(1.2))
    made(
      'freeze-drop',
      `select='not(between(n,${start + 1},${start + lost}))',${renumber},loop=loop=${lost}:size=1:start=${start},${renumber}`,
      ['temporal.frozen', 'temporal.frozen-edge'],
      start,
      start + lost,
    )
  const size = Math.round(roll(at(1.6), Math.min(at(4), frames - at(0.6))))
  const first = Math.round(roll(0, frames - size - 1))
  const passes = 1 + (seed % 3)
  made(
    `loop-x${passes + 1}`,
    `loop=loop=${passes}:size=${size}:start=${first},${renumber}`,
    ['temporal.loop', 'temporal.repeat'],
    first,
    first + size * (passes + 1),
  )
  made(
    'boomerang',
    `trim=start_frame=${first}:end_frame=${first + size},${renumber},split[x][y];[y]reverse[z];[x][z]concat,${renumber}`,
    ['temporal.boomerang'],
    0,
    2 * size,
  )
  const gone = at(roll(0.6, 2))
  if (frames > at(4) + gone) {
    const cut = Math.round(roll(at(1.6), frames - gone - at(1.6)))
    made(
      'jump-cut',
      `select='not(between(n,${cut},${cut + gone}))',${renumber}`,
      ['temporal.jump-cut', 'temporal.cut'],
      cut,
      cut + 1,
    )
  }
  return cases
}

/** Camera noise (largest, grey levels) and quality of the made tripods. */
const TRIPODS = [
  { noise: 10, crf: 20 },
  { noise: 10, crf: 32 },
  { noise: 4, crf: 24 },
  { noise: 2, crf: 24 },
]

/** A still with one moving region, and the same with camera noise over all of it: tripods that must not be accused. */
function stills(base: Base, seed: number): { still: Case; tripods: { row: string; file: string }[] } | undefined {
  if (base.frames < 3.5 * base.rate) return undefined
  const name = join(folder, base.name.replace(/[^A-Za-z0-9-]/g, '_'))
  const pace = `setpts=N/(${base.rate}*TB)`
  const patch = 'crop=iw*0.35:ih*0.35:iw*0.32:ih*0.4'
  const graph = `[0:v]${pace},scale=640:640,split[a][b];[a]trim=end_frame=1,loop=loop=-1:size=1,${pace}[bg];[b]${patch}[fg];[bg][fg]overlay=W*0.32:H*0.4:shortest=1`
  const file = `${name}-still.mp4`
  encode(['-i', base.path], `${graph}[o]`, 18, file)
  const tripods = TRIPODS.map(({ noise, crf }) => {
    const tripod = `${name}-tripod-${noise}-${crf}.mp4`
    encode(['-i', base.path], `${graph},noise=alls=${noise}:allf=t:all_seed=${seed + 1}[o]`, crf, tripod)
    return { row: `made tripod, noise ${noise}, crf ${crf}`, file: tripod }
  })
  const codes = ['temporal.still-animated']
  return { still: { kind: 'still-animated', base, file, codes, from: 0, to: base.frames / base.rate }, tripods }
}

const temporalOf = async (file: string) => (await runFile(file, [temporal])).outputs[0]!
const indicators = (output: SignalOutput) => output.observations.filter((o) => o.weight !== 'context')

function found(observations: SignalOutput['observations'], wanted: Case): boolean {
  return observations.some(
    (o) => wanted.codes.includes(o.code) && o.at !== undefined && o.at <= wanted.to + 0.5 && o.at >= wanted.from - 2,
  )
}

class Counts {
  readonly #rows = new Map<string, { hits: number; n: number }>()
  add(row: string, hit: boolean): void {
    const counts = this.#rows.get(row) ?? { hits: 0, n: 0 }
    this.#rows.set(row, { hits: counts.hits + Number(hit), n: counts.n + 1 })
  }
  print(title: string): void {
    console.log(`\n${title}`)
    for (const [row, { hits, n }] of [...this.#rows].sort((a, b) => a[0].localeCompare(b[0]))) {
      const { low, high } = wilson(hits, n)
      console.log(
        `  ${row.padEnd(34)} ${String(hits).padStart(3)} of ${String(n).padStart(3)}   ${(hits / n).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
      )
    }
  }
}

const bases = footage().slice(0, Number(options.limit ?? 1e9))
const accused = new Counts()
const strong = new Counts()
const states = new Counts()
const detected = new Counts()
const flagged = new Counts()
const judge = (made: Case, output: SignalOutput): boolean => {
  const hit = found(output.observations, made)
  detected.add(made.kind, hit)
  flagged.add(made.kind, found(indicators(output), made))
  return hit
}
const negative = async (row: string, file: string) => {
  const output = await temporalOf(file)
  states.add(row, output.applicability.state !== 'ran')
  accused.add(row, indicators(output).length > 0)
  strong.add(
    row,
    indicators(output).some((o) => o.weight === 'strong'),
  )
  for (const o of indicators(output))
    console.log(`accused  ${basename(file)}: ${o.weight} ${o.code} at ${o.at}: ${o.text}`)
}
for (const [seed, base] of bases.entries()) {
  if (!options.only) {
    await negative(`original ${base.label} ${base.group}`, base.path)
    const copy = join(folder, `${base.name.replace(/[^A-Za-z0-9-]/g, '_')}-copy.mp4`)
    encode(['-i', base.path], '[0:v]scale=trunc(iw/4)*2:trunc(ih/4)*2[o]', 30, copy)
    await negative(`re-encoded, half size, crf 30`, copy)
  }
  for (const made of manipulations(base, seed)) {
    const output = await temporalOf(made.file)
    if (!judge(made, output))
      console.log(
        `missed   ${basename(made.file)} at ${made.from.toFixed(1)} to ${made.to.toFixed(1)}: ${output.applicability.reason} ${output.observations.map((o) => `${o.code}@${o.at}`).join(' ')}`,
      )
  }
  const set = options.only ? undefined : stills(base, seed)
  if (set) {
    judge(set.still, await temporalOf(set.still.file))
    for (const { row, file } of set.tripods) await negative(row, file)
  }
}
detected.print('Found, of manipulations made (context included)')
flagged.print('Found as some or strong indicator')
accused.print('Some or strong indicators, where nothing was done')
strong.print('Strong indicators, where nothing was done')
states.print('Abstained')
if (!options.keep) rmSync(folder, { recursive: true, force: true })
