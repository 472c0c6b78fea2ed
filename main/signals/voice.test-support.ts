/** Generated sound for the tests of the voice signal: speech-like, music-like and noise, the same in every run. */
import { SOUND_RATE } from '../media/types.ts'

/** Numbers from -1 to 1 (xorshift, Marsaglia 2003). */
export function noiseSource(seed = 1): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state | 0) / 2 ** 31
  }
}

export const noise = (seconds: number, level: number, seed = 1): Float32Array => {
  const next = noiseSource(seed)
  return new Float32Array(Math.round(seconds * SOUND_RATE)).map(() => next() * level)
}

/**
 * Syllables like those of speech: a buzz of moving pitch through two moving resonances, hisses between, pauses, and a steady
 * noise floor under all of it.
 */
export function speechLike(seconds: number, floor = 0.001, seed = 1): Float32Array {
  const next = noiseSource(seed)
  const out = noise(seconds, floor, seed + 100)
  const end = out.length
  let at = Math.round(0.15 * SOUND_RATE)
  let spoken = 0
  while (at < end) {
    const length = Math.round((0.13 + 0.06 * Math.abs(next())) * SOUND_RATE)
    const pitch = 120 + 30 * next()
    const [first, second] = [500 + 250 * next(), 1500 + 600 * next()]
    let phase = 0
    for (let i = 0; i < length && at + i < end; i++) {
      phase += (pitch * (1 + 0.1 * Math.sin(i / 900))) / SOUND_RATE
      const shape = Math.sin((Math.PI * i) / length)
      let value = 0
      for (let k = 1; k * pitch < 3800; k++) {
        const f = k * pitch
        const gain = 1 / (1 + ((f - first) / 120) ** 2) + 0.5 / (1 + ((f - second) / 180) ** 2) + 0.02
        value += gain * Math.sin(2 * Math.PI * k * phase)
      }
      out[at + i]! += 0.12 * shape * value
    }
    at += length
    const hiss = Math.round(0.07 * SOUND_RATE)
    for (let i = 0; i < hiss && at + i < end; i++) out[at + i]! += 0.02 * Math.sin((Math.PI * i) / hiss) * next()
    at += hiss + Math.round((++spoken % 5 === 0 ? 0.35 : 0.04) * SOUND_RATE)
  }
  return out
}

/** Held chords with a beat: the pitch stays and the level hardly falls. */
export function musicLike(seconds: number): Float32Array {
  const chords = [
    [220, 277.2, 329.6],
    [196, 246.9, 293.7],
    [174.6, 220, 261.6],
  ]
  return new Float32Array(Math.round(seconds * SOUND_RATE)).map((_, i) => {
    const t = i / SOUND_RATE
    const chord = chords[Math.floor(t) % chords.length]!
    const beat = 0.8 + 0.2 * Math.exp(-((t * 2) % 1) * 6)
    return (
      beat *
      chord.reduce((sum, f) => sum + 0.06 * (Math.sin(2 * Math.PI * f * t) + 0.5 * Math.sin(4 * Math.PI * f * t)), 0)
    )
  })
}

/** In blocks of one second, as the media stage hands them over. */
export function* blocks(samples: Float32Array): Generator<Float32Array> {
  for (let at = 0; at < samples.length; at += SOUND_RATE) yield samples.slice(at, at + SOUND_RATE)
}

/** One sound behind the other. */
export function joined(...parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
