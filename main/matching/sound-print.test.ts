import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../signals/random.ts'
import { bitsSet } from './index/brute-force.ts'
import { SOUND_PRINT, wordAt, type SoundPrint } from './sound-print.ts'
import { printOf as print, voice } from './sound.test-support.ts'

const RATE = 16_000
/** Share of bits that differ where both say something. */
function errors(a: SoundPrint, b: SoundPrint, pitch = 0, speed = 1): number {
  let [bits, wrong] = [0, 0]
  for (let step = 2; step < a.words.length; step++) {
    const there = Math.round(step * speed)
    if (there >= b.words.length || a.flat[step] || b.flat[there]) continue
    bits += 32
    wrong += bitsSet(wordAt(a, step, pitch) ^ b.words[there]!)
  }
  return wrong / bits
}

describe('a fingerprint of sound', () => {
  const original = print(voice(1, 8))

  test('has a step every 64 ms', () => {
    expect(Math.abs(original.words.length * SOUND_PRINT.step - 8)).toBeLessThan(0.1)
    expect(original.flat.some((flat) => flat)).toBe(false)
  })

  test('does not depend on how the sound is cut into blocks', () => {
    const sound = voice(1, 2)
    const once = print(sound, sound.length)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (blocks) => {
        expect(print(sound, blocks)).toEqual(once)
      }),
      { numRuns: 20 },
    )
  })

  test('hardly changes when the sound is quieter, or has noise 20 dB under it', () => {
    const sound = voice(1, 8)
    expect(errors(print(sound.map((x) => x / 8)), original)).toBe(0)
    const random = randomNumbers(9)
    const level = Math.sqrt(sound.reduce((sum, x) => sum + x * x, 0) / sound.length)
    const noisy = sound.map((x) => x + 0.1 * level * Math.sqrt(12) * (random() - 0.5))
    expect(errors(print(noisy), original)).toBeLessThan(0.15)
  })

  test.each([
    [0.8, -4],
    [1.1, 2],
    [1.25, 4],
  ])('of sound played %f times as fast is the same bits, %i semitones away', (speed, pitch) => {
    expect(errors(print(voice(1, 6, speed)), original, pitch, speed)).toBeLessThan(0.25)
  })

  test('of other sound differs in about half of the bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1e6 }), (seed) => {
        expect(errors(print(voice(seed, 8)), original)).toBeGreaterThan(0.4)
      }),
      { numRuns: 10 },
    )
  })

  test('knows silence and steady tones as such', () => {
    const share = ({ flat }: SoundPrint): number => flat.reduce((sum, value) => sum + value, 0) / flat.length
    const random = randomNumbers(3)
    expect(share(print(new Float32Array(RATE)))).toBe(1)
    expect(share(print(Float32Array.from({ length: RATE }, () => 1e-5 * (random() - 0.5))))).toBe(1)
    const tone = Float32Array.from({ length: 4 * RATE }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 1000 * i) / RATE))
    expect(share(print(tone))).toBeGreaterThan(0.85)
  })

  test('is empty without sound, and takes samples that are no numbers or far too large', () => {
    expect(print(new Float32Array(0)).words.length).toBe(0)
    const broken = voice(1, 2)
    broken[5000] = NaN
    broken[9000] = Infinity
    broken[9001] = 1e30
    const found = print(broken)
    expect(errors(found, original)).toBeLessThan(0.3)
  })
})
