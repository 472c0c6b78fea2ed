import { describe, expect, test } from 'vitest'
import { compareSound } from './sound.ts'

const RATE = 16_000

/** A voice-like tone whose pitch and loudness wander; each seed says something else. */
function voice(seconds: number, seed: number, from = 0, speed = 1): Float32Array {
  const out = new Float32Array(Math.round(seconds * RATE))
  let phase = 0
  for (let i = 0; i < out.length; i++) {
    const t = from + (speed * i) / RATE
    const pitch = 160 + 60 * Math.sin(t * (1.3 + seed)) + 40 * Math.sin(t * 3.7 * seed)
    phase += (2 * Math.PI * pitch) / RATE
    const loud = Math.max(0, Math.sin(t * (4 + 0.7 * seed)) + 0.4 * Math.sin(t * 2.3 * seed + seed))
    for (let k = 1; k < 9; k++)
      out[i]! += (0.12 * loud * Math.sin(k * phase + k)) / k ** (1 + 0.4 * Math.sin(t * seed * 2))
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
    expect(compareSound(voice(7, 1, 10), voice(9, 2.3, 9), 1, 1).state).toBe('differs')
    expect(compareSound(voice(7, 1, 10), new Float32Array(9 * RATE), 1, 1).state).toBe('differs')
  })

  test('tells where other words were put in', () => {
    const fresh = voice(12, 1, 10)
    fresh.set(voice(6, 2.3, 40), 6 * RATE)
    const { state, differing } = compareSound(fresh, voice(14, 1, 9), 1, 1)
    expect(state).toBe('partly')
    expect(differing[0]!.start).toBeGreaterThan(5)
  })

  test('says nothing of silence and of no sound', () => {
    expect(compareSound(new Float32Array(5 * RATE), new Float32Array(7 * RATE), 1, 1).state).toBe('undecided')
    expect(compareSound(new Float32Array(0), voice(5, 1), 1, 1).state).toBe('none')
  })
})
