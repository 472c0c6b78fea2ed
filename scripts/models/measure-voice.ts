/**
 * Measures the voice signal. On development sound, none of which its model was trained on: false positives of every reading
 * with a 95 % Wilson interval, and the model's score. On edits made here from the same sound: how many are found.
 *
 *   node scripts/models/measure-voice.ts ../shared/data
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SOUND_RATE } from '../../main/media/types.ts'
import { findFloorChanges } from '../../main/signals/voice-floor.ts'
import { VoiceFrames } from '../../main/signals/voice-frames.ts'
import { HumTracker } from '../../main/signals/voice-hum.ts'
import { findDigitalSilence } from '../../main/signals/voice-silence.ts'
import { voice } from '../../main/signals/voice.ts'
import { runFile } from './run-file.ts'
import { wilson } from '../../main/evaluation/metrics.ts'

const data = process.argv[2]
if (!data) throw new Error('Give the folder of the development data.')

const percent = (hits: number, n: number) => {
  const { low, high } = wilson(hits, n)
  const of = (v: number) => `${(100 * v).toFixed(1)} %`
  return `${hits} of ${n} (${of(hits / n)}, ${of(low)} to ${of(high)})`
}
const files = (sub: string) =>
  existsSync(join(data, sub))
    ? readdirSync(join(data, sub))
        .filter((name) => /\.(mp4|flac)$/.test(name))
        .sort()
        .map((name) => join(data, sub, name))
    : []
const decoded = (path: string): Float32Array => {
  const bytes = execFileSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-nostdin',
      '-i',
      path,
      '-map',
      '0:a:0?',
      '-ac',
      '1',
      '-ar',
      `${SOUND_RATE}`,
      '-f',
      'f32le',
      'pipe:1',
    ],
    { maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)))
}
const framesOf = (samples: Float32Array) => {
  const frames = new VoiceFrames(1_000_000)
  frames.add(samples)
  return frames
}

// Talking-head fakes carry the sound of a genuine recording; what moves in their picture does not matter here.
const development = [
  'video/VoxCeleb2',
  'video/HDTF',
  'video/EDTalk',
  'video/DreamTalk',
  'speech/sadtalker-audio/real',
].flatMap(files)

console.log('Development sound (genuine, never trained on): score or reason, then observations')
const counts = new Map<string, number>()
const scores: number[] = []
let ran = 0
let seconds = 0
const sounds: { path: string; samples: Float32Array }[] = []
for (const path of development) {
  const { outputs, timings } = await runFile(path, [voice])
  const output = outputs[0]!
  if (output.applicability.reason === 'there is no sound') continue
  const samples = decoded(path)
  sounds.push({ path, samples })
  seconds += samples.length / SOUND_RATE
  for (const code of new Set(output.observations.map((o) => o.code))) counts.set(code, (counts.get(code) ?? 0) + 1)
  if (output.score !== null) {
    ran++
    scores.push(output.score)
  }
  const codes = output.observations.map((o) => o.code.slice(6)).filter((c) => c !== 'reading')
  console.log(
    `  ${path
      .slice(data.length + 1)
      .slice(0, 60)
      .padEnd(
        60,
      )} ${output.score?.toFixed(3) ?? output.applicability.reason}  ${codes.join(' ')}  ${timings['voice']?.toFixed(2)} s`,
  )
}
console.log(`${sounds.length} recordings, ${seconds.toFixed(0)} s; a score for ${percent(ran, sounds.length)}`)
for (const limit of [0.5, 0.73, 0.88])
  console.log(`  score over ${limit}: ${percent(scores.filter((s) => s > limit).length, scores.length)}`)
console.log('Readings on development sound (false positives, where they speak of an edit):')
for (const code of ['voice.digital-silence', 'voice.noise-floor', 'voice.hum-phase', 'voice.hum', 'voice.bandwidth'])
  console.log(`  ${code.padEnd(22)} ${percent(counts.get(code) ?? 0, sounds.length)}`)

console.log('HiFi-GAN samples of the VCTK speakers (never trained on): score')
for (const kind of ['real', 'fake']) {
  const held: number[] = []
  for (const path of files(`speech/hifigan/${kind}`).filter((p) => /-ss_/.test(p))) {
    const { outputs } = await runFile(path, [voice])
    if (outputs[0]!.score !== null) held.push(outputs[0]!.score)
  }
  console.log(`  ${kind}: ${held.map((s) => s.toFixed(2)).join(' ')}`)
}

console.log('Edits made from the same sound, in the middle of each recording of 8 s or more')
const long = sounds.filter((s) => s.samples.length >= 8 * SOUND_RATE)
const near = (times: readonly number[], place: number, within: number) =>
  times.some((t) => Math.abs(t - place) < within)
const folder = mkdtempSync(join(tmpdir(), 'assay-voice-'))
try {
  const results = { silence: 0, silenceCoded: 0, floor: 0, hum: 0, humSteady: 0 }
  for (const [i, { samples }] of long.entries()) {
    const middle = samples.length >> 1
    const place = middle / SOUND_RATE
    const silent = samples.slice()
    silent.fill(0, middle, middle + 0.3 * SOUND_RATE)
    if (
      near(
        findDigitalSilence(framesOf(silent)).map((s) => s.start),
        place,
        0.3,
      )
    )
      results.silence++
    const coded = recode(silent, folder)
    if (
      near(
        findDigitalSilence(framesOf(coded)).map((s) => s.start),
        place,
        0.3,
      )
    )
      results.silenceCoded++

    const other = long[(i + 1) % long.length]!.samples
    const cut = samples.slice()
    cut.set(other.subarray(0, Math.min(other.length, cut.length - middle)), middle)
    if (
      near(
        findFloorChanges(framesOf(cut)).map((c) => c.time),
        place,
        1,
      )
    )
      results.floor++

    const humming = (jump: number) =>
      samples.map((v, k) => v + 0.005 * Math.sin((2 * Math.PI * 50.01 * k) / SOUND_RATE + (k >= middle ? jump : 0)))
    const jumps = (sound: Float32Array) => {
      const tracker = new HumTracker()
      tracker.add(sound)
      return (tracker.finish()?.jumps ?? []).map((j) => j.time)
    }
    if (near(jumps(humming(2)), place, 1)) results.hum++
    if (jumps(humming(0)).length) results.humSteady++
  }
  const n = long.length
  console.log(`  0.3 s of zeros, found:                     ${percent(results.silence, n)}`)
  console.log(`  the same after AAC at 64 kbit/s:           ${percent(results.silenceCoded, n)}`)
  console.log(`  the second half from another recording:    ${percent(results.floor, n)}`)
  console.log(`  a jump of 115 degrees in hum at -49 dBFS:  ${percent(results.hum, n)}`)
  console.log(`  jumps told in the same hum without one:    ${percent(results.humSteady, n)}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function recode(samples: Float32Array, folder: string): Float32Array {
  const raw = join(folder, 'sound.f32')
  writeFileSync(raw, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength))
  const out = join(folder, 'sound.m4a')
  const form = ['-f', 'f32le', '-ar', `${SOUND_RATE}`, '-ac', '1', '-i', raw]
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...form, '-c:a', 'aac', '-b:a', '64k', out])
  return decoded(out)
}
