import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../signals/random.ts'
import { soundsAlike } from './sound-agree.ts'
import { alignSound, mostWrong, SOUND_MATCHING, type WordHit } from './sound-align.ts'
import { SOUND_PRINT, wordAt, type SoundPrint } from './sound-print.ts'

const STEP = SOUND_PRINT.step
type Random = () => number

/** Each bit is drawn anew every fourth step or so: steps overlap in real sound too. */
function other(random: Random, steps: number): SoundPrint {
  const bits = (before: number, count: number): number => {
    let word = before
    for (let bit = 0; bit < count; bit++)
      if (random() < 0.25) word = random() < 0.5 ? word | (1 << bit) : word & ~(1 << bit)
    return word >>> 0
  }
  const [words, outer] = [new Uint32Array(steps), new Uint8Array(steps)]
  for (let step = 0; step < steps; step++) {
    words[step] = bits(step ? words[step - 1]! : random() * 2 ** 32, 32)
    outer[step] = bits(step ? outer[step - 1]! : random() * 256, 8)
  }
  return { words, outer, flat: new Uint8Array(steps) }
}

/** `steps` steps of a print from step `from` on, at a speed, each bit wrong with a chance of `wrong`. */
function part(random: Random, print: SoundPrint, from: number, steps: number, speed = 1, wrong = 0): SoundPrint {
  const noise = (bits: number): number => Array.from({ length: bits }, (_, i) => (random() < wrong ? 2 ** i : 0)).reduce((a, b) => a + b, 0) // prettier-ignore
  const at = (step: number): number => Math.min(print.words.length - 1, Math.round(from + speed * step))
  return {
    words: Uint32Array.from({ length: steps }, (_, step) => (print.words[at(step)]! ^ noise(32)) >>> 0),
    outer: Uint8Array.from({ length: steps }, (_, step) => print.outer[at(step)]! ^ noise(8)),
    flat: Uint8Array.from({ length: steps }, (_, step) => print.flat[at(step)]!),
  }
}
const joined = (...parts: SoundPrint[]): SoundPrint => ({
  words: Uint32Array.from(parts.flatMap(({ words }) => [...words])),
  outer: Uint8Array.from(parts.flatMap(({ outer }) => [...outer])),
  flat: Uint8Array.from(parts.flatMap(({ flat }) => [...flat])),
})

/** All words of the one that are like words of the other. */
function hits(fresh: SoundPrint, known: SoundPrint, pitch = 0): WordHit[] {
  const found: WordHit[] = []
  for (let step = 0; step < fresh.words.length; step++) {
    if (fresh.flat[step]) continue
    const word = wordAt(fresh, step, pitch)
    for (let there = 0; there < known.words.length; there++) {
      let differ = word ^ known.words[there]!
      let bits = 0
      for (; differ && bits <= SOUND_MATCHING.radius; bits++) differ &= differ - 1
      if (!differ && bits <= SOUND_MATCHING.radius && !known.flat[there]) found.push({ step, known: there })
    }
  }
  return found
}

describe('sound along sound', () => {
  test('a stretch is found with its place, to a step and a half, at any speed and with a tenth of its bits wrong', () => {
    const speeds = fc.constantFrom(0.8, 0.87, 1, 1, 1.1, 1.25)
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 150 }), fc.integer({ min: 90, max: 200 }), speeds, fc.double({ min: 0, max: 0.1, noNaN: true }), (seed, start, steps, speed, wrong) => {
        const random = randomNumbers(seed)
        const known = other(random, 600)
        const fresh = joined(other(random, 60), part(random, known, start, steps, speed, wrong), other(random, 60))
        const found = alignSound(fresh, known, hits(fresh, known), 0)
        expect(found).toHaveLength(1)
        const [{ from, to, knownFrom }] = found as [(typeof found)[number]]
        expect(Math.abs(from / STEP - 60)).toBeLessThan(8)
        expect(Math.abs(to / STEP - 60 - steps)).toBeLessThan(8)
        expect(Math.abs(knownFrom / STEP - start - speed * (from / STEP - 60))).toBeLessThan(1.5)
      }),
      { numRuns: 25 },
    )
  }) // prettier-ignore

  test('cut and re-ordered sound becomes several stretches', () => {
    const random = randomNumbers(5)
    const known = other(random, 800)
    const fresh = joined(part(random, known, 500, 80), part(random, known, 100, 80), part(random, known, 300, 80))
    const found = alignSound(fresh, known, hits(fresh, known), 0)
    expect(found.map(({ knownFrom }) => Math.round(knownFrom / STEP / 20) * 20)).toEqual([500, 100, 300])
  })

  test('other sound is nowhere, and neither are a short stretch, silence, or a steady tone', () => {
    const random = randomNumbers(6)
    const known = other(random, 500)
    expect(alignSound(other(random, 300), known, [], 0)).toEqual([])
    const short = joined(other(random, 60), part(random, known, 100, 30), other(random, 60))
    expect(alignSound(short, known, hits(short, known), 0)).toEqual([])
    const still = { ...known, words: known.words.map(() => 7), flat: known.flat.map(() => 1) }
    expect(alignSound(still, still, hits(still, still), 0)).toEqual([])
  })

  test('the fewer the steps, the fewer bits may be wrong', () => {
    for (let steps = SOUND_MATCHING.least; steps < 400; steps += 20)
      expect(mostWrong(steps + 20)).toBeGreaterThanOrEqual(mostWrong(steps))
    expect(mostWrong(SOUND_MATCHING.least)).toBeGreaterThan(0.25)
  })
})

describe('the sound of like pictures', () => {
  const random = randomNumbers(8)
  const known = other(random, 500)
  const span = { from: 1, to: 14, knownFrom: 6.3, speed: 1 }
  /** The known sound 5 s later, with the time of the pictures 0.3 s wrong. */
  const own = part(random, known, 78, 250, 1, 0.1)

  test('is told to be the same, with its exact time', () => {
    const found = soundsAlike(own, known, span)!
    expect(found).toMatchObject({ agrees: true, strength: 1, differs: [] })
    expect(found.wrong).toBeCloseTo(0.1, 1)
    expect(Math.abs(found.line!.knownFrom - 5 - 1)).toBeLessThan(0.07)
  })

  test('is told to be another where it was replaced, wholly or for some seconds', () => {
    expect(soundsAlike(other(random, 250), known, span)).toMatchObject({ agrees: false, seconds: 0, line: null })
    const covered = joined(part(random, own, 0, 80), other(random, 60), part(random, own, 140, 110))
    const found = soundsAlike(covered, known, span)!
    expect(found.agrees).toBe(false)
    expect(found.differs).toHaveLength(1)
    expect(Math.abs(found.differs[0]!.from - 80 * STEP)).toBeLessThan(1)
    expect(Math.abs(found.differs[0]!.to - 140 * STEP)).toBeLessThan(1)
  })

  test('is left open where one of the two is silent, and absent without sound', () => {
    const silent = { ...own, flat: own.flat.map(() => 1) }
    const found = soundsAlike(silent, known, span)!
    expect(found).toMatchObject({ agrees: null, strength: 0, onlyFresh: 0 })
    expect(found.onlyKnown).toBeGreaterThan(12)
    expect(soundsAlike(other(random, 0), known, span)).toBeNull()
  })
})
