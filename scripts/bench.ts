/**
 * `npm run bench`: what triage costs beside a bare decode of the same clip by the same ffmpeg, turn by turn in one run
 * (only ratios mean something on a shared machine), and how much memory it takes for short and long input.
 * It also says what fingerprints add to a triage, with and without them turn by turn. `--runs N` turns (default 3); `--no-memory` leaves the second part out. With the development data (`--data DIR`, else ASSAY_DATA, else
 * ../shared/data) the clip shows a speaking face, so that every signal has work to do; without, it says that none had.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './node24.mjs'
import { look, type Peak } from './peak-memory.ts'
import { ffmpegBinary, prepare } from './setup.mjs'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    'no-memory': { type: 'boolean', default: false },
    data: { type: 'string', default: process.env['ASSAY_DATA'] ?? join(ROOT, '..', 'shared', 'data') },
  },
})
const CACHE = join(ROOT, '.cache', 'bench')
const CLI = join(ROOT, 'scripts', 'assay.mjs')
const TRIAGE = join(ROOT, 'scripts', 'bench-triage.ts')
const MIB = 2 ** 20

await prepare()
const found = ffmpegBinary()
if (!found) process.exit(1)
const ffmpeg: string = found

/** Makes a clip once; a half-made one is never taken for whole. */
function clip(name: string, args: readonly string[]): string {
  const file = join(CACHE, name)
  if (existsSync(file)) return file
  mkdirSync(CACHE, { recursive: true })
  console.error(`making ${name} …`)
  const partial = join(CACHE, `partial-${name}`)
  const run = spawnSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, partial], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`${name} could not be made: ${run.stderr || run.error?.message}`)
  renameSync(partial, file)
  return file
}

/** A genuine speaking face with its sound, 512 × 512: it fills a 1080p frame as an anchor's does. */
const speaker = join(values.data, 'video', 'HDTF', 'real-02-WDA_KatieHill_000.mp4')
const hasSpeaker = existsSync(speaker)
const coding = ['-t', '60', '-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '6M', '-pix_fmt', 'yuv420p', '-g', '60', '-c:a', 'aac'] // prettier-ignore
/** Moving detail and grain at 6 Mbit/s: flat test pictures decode far faster than anything a camera made. */
const background = 'testsrc2=size=1920x1080:rate=30,noise=alls=16:allf=t'
const minute = hasSpeaker
  ? clip('60s-1080p-speaker.mp4', [
      '-f', 'lavfi', '-i', background, '-stream_loop', '-1', '-i', speaker,
      '-filter_complex', '[1:v]scale=720:720,fps=30,noise=alls=6:allf=t[face];[0:v][face]overlay=600:200[v]',
      '-map', '[v]', '-map', '1:a', ...coding,
    ]) // prettier-ignore
  : clip('60s-1080p.mp4', [
      '-f', 'lavfi', '-i', background,
      '-f', 'lavfi', '-i', 'aevalsrc=0.3*sin(440*2*PI*t)+0.05*random(0):s=48000', ...coding,
    ]) // prettier-ignore

interface Timed {
  seconds: number
  peak: Peak
  output: string
}

function timed(program: string, args: readonly string[]): Promise<Timed> {
  return new Promise((done, fail) => {
    const peak: Peak = { host: 0, worker: 0, ffmpeg: 0 }
    const began = performance.now()
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)))
    const watch = setInterval(() => child.pid !== undefined && look(child.pid, peak), 50)
    child.on('error', fail)
    child.on('close', (code) => {
      clearInterval(watch)
      if (code !== 0) return fail(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${errors}`))
      done({ seconds: (performance.now() - began) / 1000, peak, output })
    })
  })
}

const decode = (file: string): Promise<Timed> =>
  timed(ffmpeg, ['-nostdin', '-v', 'error', '-i', file, '-f', 'null', '-'])

/** The whole command, as an analyst runs it: start, hash, every signal, the printed document. */
async function triage(file: string): Promise<Timed> {
  const run = await timed(process.execPath, [CLI, 'triage', '--json', file])
  const { error } = JSON.parse(run.output) as { error?: { message: string } }
  if (error) throw new Error(`${file} was not triaged: ${error.message}`)
  return run
}

/** Seconds of a triage job with its fingerprint, or without. */
async function job(file: string, fingerprint: boolean): Promise<number> {
  const run = await timed(process.execPath, [TRIAGE, file, ...(fingerprint ? [] : ['--without-fingerprint'])])
  return (JSON.parse(run.output) as { total: number }).total
}

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)
function median(numbers: readonly number[]): number {
  const order = sorted(numbers)
  return ((order[Math.floor((order.length - 1) / 2)] ?? 0) + (order[Math.ceil((order.length - 1) / 2)] ?? 0)) / 2
}
const spread = (numbers: readonly number[]): string => {
  const order = sorted(numbers)
  return `${median(numbers).toFixed(2)} s (${order[0]?.toFixed(2)} to ${order.at(-1)?.toFixed(2)})`
}

const runs = Math.max(1, Number(values.runs) || 1)
const bare: number[] = []
const whole: number[] = []
const hashed: number[] = []
const unhashed: number[] = []
await decode(minute)
for (let run = 1; run <= runs; run++) {
  bare.push((await decode(minute)).seconds)
  whole.push((await triage(minute)).seconds)
  unhashed.push(await job(minute, false))
  hashed.push(await job(minute, true))
  console.error(`turn ${run} of ${runs}: decode ${bare.at(-1)?.toFixed(2)} s, triage ${whole.at(-1)?.toFixed(2)} s`)
}
const ratios = whole.map((seconds, at) => seconds / (bare[at] ?? Number.NaN))
const version = spawnSync(ffmpeg, ['-version'], { encoding: 'utf8' }).stdout.split('\n')[0]
console.log(`\n60 s of 1080p30 h264 with sound, ${runs} turns each, ${version}`)
console.log(
  hasSpeaker
    ? '  with a speaking face throughout'
    : '  WITHOUT a face or speech: the signals that need them had no work',
)
console.log(`  bare full decode   ${spread(bare)}`)
console.log(`  assay triage       ${spread(whole)}`)
const order = sorted(ratios)
console.log(
  `  ratio              ${median(ratios).toFixed(2)} (${order[0]?.toFixed(2)} to ${order.at(-1)?.toFixed(2)}), to be at most 2.00`,
)
const added = sorted(hashed.map((seconds, at) => 100 * (seconds / (unhashed[at] ?? Number.NaN) - 1)))
console.log(`  triage job with fingerprint     ${spread(hashed)}`)
console.log(`  triage job without fingerprint  ${spread(unhashed)}`)
console.log(
  `  fingerprints add   ${median(added).toFixed(1)} % (${added[0]?.toFixed(1)} to ${added.at(-1)?.toFixed(1)}), to be at most 10 %`,
)

if (!values['no-memory'] && process.platform === 'linux') {
  const short = clip('10s-1080p.mp4', ['-i', minute, '-t', '10', '-c', 'copy'])
  const long = clip('10min-1080p.mp4', ['-stream_loop', '9', '-i', minute, '-c', 'copy'])
  console.log('\npeak memory            host     worker     ffmpeg')
  for (const [name, file] of [
    ['10 s', short],
    ['10 min', long],
  ] as const) {
    const { peak } = await triage(file)
    const cell = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`.padStart(11)
    console.log(`  ${name.padEnd(14)}${cell(peak.host)}${cell(peak.worker)}${cell(peak.ffmpeg)}`)
  }
  console.log('  to be at most     400 MB     800 MB')
}
