import { describe, expect, test } from 'vitest'
import { compareSound } from './sound.ts'

const RATE = 16_000

/** Random, and the same for the same numbers (mulberry32). */
function chance(seed: number): number {
  let t = (Math.imul(seed, 2654435761) + 0x6d2b79f5) | 0
  t = Math.imul(t ^ (t >>> 15), t | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/** Syllables of 0.16 s with random loudness and formants; each seed says something else. */
function voice(seconds: number, seed: number, from = 0, speed = 1): Float32Array {
  const out = new Float32Array(Math.round(seconds * RATE))
  for (let i = 0; i < out.length; i++) {
    const t = from + (speed * i) / RATE
    const syllable = 8 * Math.floor(t / 0.16) + 1000 * seed
    const loud = chance(syllable) < 0.25 ? 0.01 : 0.2 + 0.8 * chance(syllable + 1)
    for (const [k, low, high] of [
      [2, 250, 900],
      [3, 900, 2400],
      [4, 2400, 5000],
    ] as const)
      // prettier-ignore
      out[i]! += 0.2 * loud * chance(syllable + k + 3) * Math.sin(2 * Math.PI * (low + (high - low) * chance(syllable + k)) * t)
  }
  return out
}

describe('comparing sound', () => {
  test('agrees through volume, noise and a lag that it tells', () => {
    const fresh = voice(7, 1, 10).map((value, i) => 0.4 * value + 0.002 * Math.sin(i * 12.9898) * 7)
    const found = compareSound(fresh, voice(9.3, 1, 8.7), 1, 1)
    expect(found.state).toBe('agrees')
    // The known stretch begins 0.3 s before where it should: the sound lies that much later in it.
    expect(found.lag).toBeCloseTo(0.3, 1)
    expect(found.differing).toEqual([])
  })

  test('agrees at another speed', () => {
    expect(compareSound(voice(6, 1, 10, 1.1), voice(9, 1, 9), 1.1, 1).state).toBe('agrees')
  })

  test('does not agree with other words, nor where one of the two is silent', () => {
    expect(compareSound(voice(7, 1, 10), voice(9, 2, 9), 1, 1).state).toBe('differs')
    expect(compareSound(voice(7, 1, 10), new Float32Array(9 * RATE), 1, 1).state).toBe('differs')
  })

  test('tells where other words were put in', () => {
    const fresh = voice(12, 1, 10)
    fresh.set(voice(6, 2, 40), 6 * RATE)
    const { state, differing } = compareSound(fresh, voice(14, 1, 9), 1, 1)
    expect(state).toBe('partly')
    expect(differing[0]!.start).toBeGreaterThan(5)
  })

  test('says nothing of silence and of no sound', () => {
    expect(compareSound(new Float32Array(5 * RATE), new Float32Array(7 * RATE), 1, 1).state).toBe('undecided')
    expect(compareSound(new Float32Array(0), voice(5, 1), 1, 1).state).toBe('none')
  })
})
