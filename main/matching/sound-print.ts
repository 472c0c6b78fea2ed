/**
 * A fingerprint of sound: 40 bits for every 64 ms, each saying whether the step from one band to the next grew or shrank in
 * time. After Haitsma & Kalker, "A highly robust audio fingerprinting system" (ISMIR 2002), with wider bands and longer
 * steps, so that it holds at other speeds too. The bands lie a semitone apart: sound played higher or lower is the same
 * bits in other places, which is why four more are kept on either side of the 32 that are looked up.
 */
import type { Sound } from '../media/types.ts'
import { BANDS, SoundBands, STEP } from './sound-bands.ts'

export interface SoundPrint {
  /** The 32 bits of step n, which lies at n · `SOUND_PRINT.step` seconds; none for a video without sound. */
  readonly words: Uint32Array
  /** Bits of the four bands below (low half) and above (high half), per step. */
  readonly outer: Uint8Array
  /** Per step 1 where nothing is heard, or the same steady sound: its bits say nothing. */
  readonly flat: Uint8Array
}

export const SOUND_PRINT = {
  /** Seconds. */
  step: STEP,
  /** Semitones by which the sound may have been made higher or lower: a quarter faster is 3.9. */
  reach: 4,
  /** Power under which a step is silent: -70 dB of a sine at full scale. */
  silent: 1e-7,
  /** Mean change of the bands, in shares of their mean, under which a step is steady. */
  steady: 0.02,
  /** Four hours: what lies behind is not kept. */
  mostSteps: 225_000,
} as const

export const NO_SOUND: SoundPrint = {
  words: new Uint32Array(0),
  outer: new Uint8Array(0),
  flat: new Uint8Array(0),
}

export interface SoundPrintCollector {
  /** The next stretch of the sound; it is not kept. */
  sound(chunk: Pick<Sound, 'samples'>): void
  /** Takes no more after this. */
  finish(): SoundPrint
}

/** Takes about 1 ms of a core per second of sound, and 6 bytes for each 64 ms. */
export function soundPrintCollector(): SoundPrintCollector {
  let words = new Uint32Array(1024)
  let outer = new Uint8Array(1024)
  let flat = new Uint8Array(1024)
  let steps = 0
  // Rows before, at and after the step whose bits are made.
  let [before, now, after] = [new Float64Array(BANDS), new Float64Array(BANDS), new Float64Array(BANDS)]
  let [powerNow, powerAfter] = [0, 0]
  let rows = 0
  const bands = new SoundBands((row, power) => take(row, power))

  function take(row: Float64Array, power: number): void {
    ;[before, now, after] = [now, after, before]
    after.set(row)
    ;[powerNow, powerAfter] = [powerAfter, power]
    if (rows++) step()
  }

  function step(): void {
    if (steps >= SOUND_PRINT.mostSteps) return
    if (steps === words.length) {
      words = longer(words, new Uint32Array(2 * steps))
      outer = longer(outer, new Uint8Array(2 * steps))
      flat = longer(flat, new Uint8Array(2 * steps))
    }
    const bits = bitsOf(before, after)
    words[steps] = bits.word
    outer[steps] = bits.outer
    flat[steps] = powerNow < SOUND_PRINT.silent || changeOf(before, now, after) < SOUND_PRINT.steady ? 1 : 0
    steps++
  }

  return {
    sound: ({ samples }) => bands.add(samples),
    finish() {
      bands.finish()
      return { words: words.slice(0, steps), outer: outer.slice(0, steps), flat: flat.slice(0, steps) }
    },
  }
}

function longer<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}

function bitsOf(before: Float64Array, after: Float64Array): { word: number; outer: number } {
  let [word, outer] = [0, 0]
  for (let band = 0; band < BANDS - 1; band++) {
    if (after[band]! - after[band + 1]! <= before[band]! - before[band + 1]!) continue
    const bit = band - SOUND_PRINT.reach
    if (bit < 0) outer |= 1 << band
    else if (bit < 32) word |= 1 << bit
    else outer |= 1 << (bit - 32 + SOUND_PRINT.reach)
  }
  return { word: word >>> 0, outer }
}

/** Mean change of the bands from before to after, in shares of their mean now. */
function changeOf(before: Float64Array, now: Float64Array, after: Float64Array): number {
  let [change, level] = [0, 0]
  for (let band = 0; band < BANDS; band++) {
    change += Math.abs(after[band]! - before[band]!)
    level += now[band]!
  }
  return level > 0 ? change / level : 0
}

/**
 * The 32 bits of a step as they would be had the sound been `pitch` semitones lower: -4..4. Bits of sound that was made
 * higher by so much then equal those of the sound that it was made from.
 */
export function wordAt({ words, outer }: SoundPrint, step: number, pitch: number): number {
  const word = words[step]!
  if (pitch === 0) return word
  const beside = outer[step]!
  return pitch > 0
    ? ((word >>> pitch) | ((beside >>> 4) << (32 - pitch))) >>> 0
    : ((word << -pitch) | ((beside & 15) >>> (SOUND_PRINT.reach + pitch))) >>> 0
}
