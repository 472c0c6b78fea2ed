/**
 * Measures the lip-sync signal: every video that has sound against its own sound (it should agree) and against the sound
 * of the others (it should not), clean and re-encoded. Prints areas under the curve and shares with 95 % intervals.
 *
 *   node scripts/node24.mjs scripts/models/measure-lip-sync.ts [--seconds N] [--keep FOLDER]
 *
 * Footage: video/ of ASSAY_DATA (or ../shared/data beside the checkout). --seconds cuts every video to its first N seconds.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findFfmpeg } from '../../main/media/ffmpeg.ts'
import { streamsFor } from '../../main/media/streams.ts'
import { agreementOf, framesIn, prepare } from '../../main/signals/lip-sync-agreement.ts'
import { MOTION_RATE, MouthRecord } from '../../main/signals/lip-sync-mouth.ts'
import { SpeechRecord } from '../../main/signals/lip-sync-sound.ts'
import { lipSync, READING } from '../../main/signals/lip-sync.ts'
import type { Signal } from '../../main/signals/signal.ts'
import { runFile } from './run-file.ts'
import { wilson } from '../../main/evaluation/metrics.ts'

const { values: options } = parseArgs({ options: { seconds: { type: 'string' }, keep: { type: 'string' } } })
const ffmpeg = findFfmpeg() ?? process.exit(1)
const data = process.env['ASSAY_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'assay-lips-'))
mkdirSync(folder, { recursive: true })

interface Recorded {
  readonly name: string
  readonly group: string
  readonly mouth: MouthRecord
  readonly speech: SpeechRecord
}

/** A signal that only collects what lip-sync collects, so that mouths and sounds can be paired afterwards. */
function collector(): { signal: Signal; mouth: MouthRecord; speech: SpeechRecord } {
  const mouth = new MouthRecord()
  const speech = new SpeechRecord()
  const signal: Signal = {
    ...lipSync,
    start: ({ media }) => ({
      frame: (frame) => mouth.addFrame(frame),
      faces: (frame, faces) =>
        mouth.addFaces(frame.time, faces, streamsFor(['motion'], media.facts)[0]!.width / frame.stream.width),
      sound: ({ samples }) => speech.add(samples),
      finish: () => {
        mouth.finish()
        return { state: 'abstained', reason: 'collected only' }
      },
    }),
  }
  return { signal, mouth, speech }
}

/** Deviations above chance; null where there is too little to compare. */
function deviations(mouth: MouthRecord, speech: SpeechRecord): number | null {
  const material = prepare(mouth.frames, speech.curves(mouth.seen))
  if (framesIn(material.pieces) < READING.least * MOTION_RATE) return null
  return agreementOf(material, material.pieces)?.deviations ?? null
}

/** Area under the curve with its 95 % interval by Hanley & McNeil 1982, n the number of matched videos. */
function area(matched: readonly number[], others: readonly number[]): string {
  let wins = 0
  for (const a of matched) for (const b of others) wins += a > b ? 1 : a === b ? 0.5 : 0
  const auc = wins / (matched.length * others.length)
  // Mismatches share their videos: no more than the matched ones are independent.
  const n = matched.length
  const q = auc / (2 - auc) + (2 * auc * auc) / (1 + auc) - 2 * auc * auc
  const error = Math.sqrt((auc * (1 - auc) + (n - 1) * q) / (n * n))
  // The formula knows no error at 1; there, the bound of n hits in n stands in.
  const low = auc === 1 ? wilson(n, n).low : Math.max(0, auc - 1.96 * error)
  return `${auc.toFixed(2)} [${low.toFixed(2)}, ${Math.min(1, auc + 1.96 * error).toFixed(2)}], n ${n} against ${others.length}`
}

const share = (hits: number, n: number): string => {
  if (!n) return '0 of 0'
  const { low, high } = wilson(hits, n)
  return `${hits} of ${n}: ${((100 * hits) / n).toFixed(0)} % [${(100 * low).toFixed(0)}, ${(100 * high).toFixed(0)}]`
}

function print(title: string, recorded: readonly Recorded[]): void {
  console.log(`\n${title}`)
  const own = new Map(recorded.map((r) => [r.name, deviations(r.mouth, r.speech)]))
  for (const { name } of recorded) console.log(`  ${name.padEnd(40)} ${own.get(name)?.toFixed(1) ?? 'too little'}`)
  const genuine = recorded.filter((r) => basename(r.name).startsWith('real'))
  const wrong: { seconds: number; deviations: number }[] = []
  for (const r of genuine)
    for (const other of recorded) {
      if (other.name === r.name || other.speech.count < 0.9 * r.speech.count) continue
      const value = deviations(r.mouth, other.speech)
      if (value !== null) wrong.push({ seconds: r.mouth.frames.length / MOTION_RATE, deviations: value })
    }
  const right = genuine.flatMap((r) => {
    const value = own.get(r.name)
    return value === null || value === undefined
      ? []
      : [{ seconds: r.mouth.frames.length / MOTION_RATE, deviations: value }]
  })
  const rows: [string, (s: number) => boolean][] = [
    ['all lengths', () => true],
    [`${READING.leastToDisagree} s and more`, (s) => s >= READING.leastToDisagree],
  ]
  for (const [label, within] of rows) {
    const a = right.filter((r) => within(r.seconds)).map((r) => r.deviations)
    const b = wrong.filter((r) => within(r.seconds)).map((r) => r.deviations)
    if (!a.length || !b.length) continue
    console.log(`  ${label}: own sound against another's, area under the curve ${area(a, b)}`)
    console.log(`    told to agree: own ${share(a.filter((d) => d >= READING.agrees).length, a.length)}`)
    console.log(`                   other ${share(b.filter((d) => d >= READING.agrees).length, b.length)}`)
    console.log(
      `    below the limit of disagreement: own ${share(a.filter((d) => d < READING.disagrees).length, a.length)}`,
    )
    console.log(
      `                                     other ${share(b.filter((d) => d < READING.disagrees).length, b.length)}`,
    )
  }
}

const copies: [string, string[]][] = [
  ['as they are', []],
  ['half size, crf 30', ['-vf', 'scale=trunc(iw/4)*2:trunc(ih/4)*2', '-crf', '30']],
]
for (const [title, encoding] of copies) {
  const recorded: Recorded[] = []
  for (const group of ['EDTalk', 'DreamTalk', 'HDTF', 'VoxCeleb2']) {
    const home = join(data, 'video', group)
    for (const file of existsSync(home) ? readdirSync(home).sort() : []) {
      const cut = options.seconds ? ['-t', options.seconds] : []
      let path = join(home, file)
      if (encoding.length || cut.length) {
        const out = join(
          folder,
          `${group}-${file.replace(/[^A-Za-z0-9.-]/g, '_')}-${copies.findIndex(([t]) => t === title)}.mp4`,
        )
        const args = ['-nostdin', '-v', 'error', '-y', '-threads', '1', '-i', path, ...cut, ...encoding]
        execFileSync(ffmpeg, [...args, '-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1', '-c:a', 'aac', out])
        path = out
      }
      const { signal, mouth, speech } = collector()
      await runFile(path, [signal])
      if (speech.count && mouth.frames.length) recorded.push({ name: file, group, mouth, speech })
    }
  }
  print(title, recorded)
}
if (!options.keep) rmSync(folder, { recursive: true, force: true })
