/** Sound for tests that is as changeable as speech. */
import { randomNumbers } from '../signals/random.ts'
import { soundPrintCollector, type SoundPrint } from './sound-print.ts'

const RATE = 16_000

/** Chords that change by fits and starts, as speech does its formants, from a second of them on. `speed` makes them higher. */
export function voice(seed: number, seconds: number, speed = 1, from = 0): Float32Array {
  const random = randomNumbers(seed)
  const notes = Array.from({ length: 400 }, () => Array.from({ length: 5 }, () => 250 * 9 ** random()))
  const out = new Float32Array(seconds * RATE)
  for (let i = 0; i < out.length; i++) {
    const t = from + (i * speed) / RATE
    const n = Math.floor(t * 6)
    const fade = 6 * t - n
    const tone = (at: number): number => notes[at]!.reduce((sum, f) => sum + Math.sin(2 * Math.PI * f * t), 0)
    out[i] = 0.08 * ((1 - fade) * tone(n) + fade * tone(n + 1))
  }
  return out
}

export function printOf(samples: Float32Array, blocks = 4000): SoundPrint {
  const collector = soundPrintCollector()
  for (let at = 0; at < samples.length; at += blocks) collector.sound({ samples: samples.subarray(at, at + blocks) })
  return collector.finish()
}
