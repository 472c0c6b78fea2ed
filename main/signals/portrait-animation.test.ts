import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { probedMedia } from '../../test/fixtures/probed-media.ts'
import { burst } from './face-sampling.ts'
import type { Face } from './faces/face.ts'
import { compare, look, PAIRS } from './portrait-animation-pairs.ts'
import { FIELD, pyramidOf, register } from './portrait-animation-registration.ts'
import { makesPair, READING, readTracks, scoreFor, type PairReading } from './portrait-animation-reading.ts'
import { portraitAnimation } from './portrait-animation.ts'
import type { SignalResult } from './signal.ts'
import { randomNumbers } from './random.ts'

const SIDE = PAIRS.crop

/** Grey levels at any place: blobs of many sizes, as skin, lips and brows have. `seed` draws other blobs. */
function texture(seed: number): (x: number, y: number) => number {
  const random = randomNumbers(seed)
  const waves = Array.from({ length: 14 }, () => {
    const length = 5 + 30 * random() ** 2
    const angle = Math.PI * random()
    return {
      u: (2 * Math.PI * Math.cos(angle)) / length,
      v: (2 * Math.PI * Math.sin(angle)) / length,
      phase: 7 * random(),
      high: 9 + length / 2,
    }
  })
  return (x, y) => waves.reduce((sum, { u, v, phase, high }) => sum + high * Math.sin(u * x + v * y + phase), 128)
}

/** A bend that moves places by up to `by` pixels against each other. */
const bend = (by: number, phase: number) => (x: number, y: number) => ({
  dx: by * Math.sin(y / 17 + phase),
  dy: by * Math.cos(x / 19 + phase),
})

/** RGB, drawn by a function of the place. */
function picture(at: (x: number, y: number) => number): Uint8Array {
  const data = new Uint8Array(SIDE * SIDE * 3)
  for (let i = 0; i < SIDE * SIDE; i++)
    data.fill(Math.max(0, Math.min(255, Math.round(at(i % SIDE, Math.floor(i / SIDE))))), 3 * i, 3 * i + 3)
  return data
}

const photograph = texture(1)
const drawn = new Map<string, Uint8Array>()
/** The photograph moved at moment `t`; `changed`: grey levels by which a camera sees other detail at each moment. */
function moment(t: number, by: number, changed: number): Uint8Array {
  const key = `${t} ${by} ${changed}`
  let made = drawn.get(key)
  if (!made) {
    const move = bend(by, 1.7 * t)
    const other = changed ? texture(100 + Math.round(10 * t)) : () => 128
    made = picture((x, y) => {
      const { dx, dy } = move(x, y)
      return photograph(x + dx, y + dy) + (changed * (other(x, y) - 128)) / 60
    })
    drawn.set(key, made)
  }
  return made
}

describe('registration', () => {
  test('finds how far each place has moved', () => {
    const move = bend(2, 0.4)
    const grey = (at: (x: number, y: number) => number) =>
      Float32Array.from({ length: SIDE * SIDE }, (_, i) => at(i % SIDE, Math.floor(i / SIDE)))
    const first = pyramidOf(
      grey((x, y) => photograph(x + move(x, y).dx, y + move(x, y).dy)),
      SIDE,
    )
    const { dx, dy } = register(first, pyramidOf(grey(photograph), SIDE))
    let error = 0
    let n = 0
    for (let y = 10; y < FIELD - 10; y++)
      for (let x = 10; x < FIELD - 10; x++, n++) {
        const true_ = move(2 * x + 0.5, 2 * y + 0.5)
        error += Math.hypot(2 * dx[y * FIELD + x]! - true_.dx, 2 * dy[y * FIELD + x]! - true_.dy)
      }
    expect(error / n).toBeLessThan(0.5)
  })
})

describe('two moments', () => {
  const pair = (by: number, changed: number) =>
    compare(look(moment(0, by, changed), 0), look(moment(1, by, changed), 1))
  test('of one moved picture agree, and the more they moved the more that says', () => {
    const little = pair(0.7, 0)
    const much = pair(2, 0)
    expect(little.agreement).toBeGreaterThan(0.95)
    expect(much.agreement).toBeGreaterThan(0.9)
    expect(much.motion).toBeGreaterThan(2 * little.motion)
    expect(much.value).toBeGreaterThan(little.value)
  })
  test('whose detail changed agree less', () => {
    expect(pair(2, 25).agreement).toBeLessThan(pair(2, 0).agreement - 0.1)
    expect(pair(2, 25).value).toBeLessThan(pair(2, 0).value - 0.5)
  })
  test('of a face that keeps still show no motion', () => {
    expect(pair(0, 0).motion).toBeLessThan(0.05)
  })
  test('of a photograph that is shifted, zoomed and turned as a whole show motion, but hardly a bend', () => {
    const whole = (zoom: number, turn: number) =>
      look(
        picture((x, y) => photograph(zoom * (x - 64) - turn * (y - 64) + 64, zoom * (y - 64) + turn * (x - 64) + 65)),
        0,
      )
    const { motion, bend } = compare(whole(1, 0), whole(1.05, 0.03))
    expect(motion).toBeGreaterThan(0.8)
    expect(bend).toBeLessThan(READING.leastBend / 2)
    expect(pair(2, 0).bend).toBeGreaterThan(READING.leastBend)
  })
})

describe('the reading', () => {
  const pairs = (n: number, value: number, bend = 1): PairReading[] =>
    Array.from({ length: n }, (_, i) => ({ from: i / 2, to: i / 2 + 1, value, motion: 2, bend }))
  const score = (list: PairReading[]) => scoreFor(readTracks(new Map([[0, list]])).read[0]!.value)

  test('needs pairs enough, over time enough, and motion', () => {
    expect(readTracks(new Map([[0, pairs(7, 4)]]))).toEqual({ read: [], still: 0 })
    expect(readTracks(new Map([[0, pairs(20, 4).map((p) => ({ ...p, from: 0, to: 1 }))]]))).toEqual({
      read: [],
      still: 0,
    })
    expect(readTracks(new Map([[0, pairs(20, 4, 0.2)]]))).toEqual({ read: [], still: 1 })
  })
  test('takes the highest of several faces, and says less of short ones', () => {
    const { read } = readTracks(new Map([[0, pairs(20, 2.5)], [1, pairs(20, 3.6)]])) // prettier-ignore
    expect(read.map(({ track }) => track)).toEqual([1, 0])
    expect(score(pairs(8, 3.6))).toBeLessThan(score(pairs(60, 3.6)))
    expect(score(pairs(8, READING.usual))).toBeCloseTo(score(pairs(60, READING.usual)))
  })
  test('does not depend on the order of the pairs, and is not carried by a few outliers', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 6, noNaN: true }), { minLength: 8, maxLength: 40 }), (values) => {
        const list = pairs(values.length, 0).map((pair, i) => ({ ...pair, value: values[i]! }))
        expect(score([...list].reverse())).toBe(score(list))
        expect(score(list)).toBeGreaterThanOrEqual(0)
        expect(score(list)).toBeLessThanOrEqual(1)
      }),
    )
    expect(score([...pairs(20, 2.4), ...pairs(5, 6)])).toBeLessThan(0.2)
  })
  test('compares moments one, two and four seconds apart', () => {
    const apart = (rate: number) => Array.from({ length: 12 }, (_, i) => i / rate).filter((t) => makesPair(10, 10 + t))
    expect(apart(2)).toEqual([1, 2, 4])
    expect(apart(1)).toEqual([1, 2, 4])
  })
  test('looks at no more moments of a long video than of a short one, and at some that make pairs', () => {
    for (const step of [1, 2, 3, 5, 30]) {
      const looked = Array.from({ length: 1200 }, (_, i) => i).filter((i) => burst(i, step))
      expect(looked.length).toBeLessThanOrEqual(1200 / step + 3)
      expect(looked.length).toBeGreaterThanOrEqual(Math.floor(1200 / step) - 3)
      expect(looked.some((i) => looked.includes(i + 2))).toBe(true)
    }
  })
})

const [WIDTH, HEIGHT] = [320, 240]
/** A face whose aligned crop is about the square of `SIDE` pixels at (90, 50). */
function face({ side = 84, sharpness = 60 } = {}): Face {
  const at = (u: number, v: number) => [90 + (SIDE * u) / 100, 50 + (SIDE * v) / 100]
  return {
    track: 3,
    box: { x: 112, y: 66, width: side * 0.8, height: side },
    landmarks: Float32Array.from([at(36, 38), at(64, 38), at(50, 55), at(38, 71), at(62, 71)].flat()),
    score: 0.9,
    quality: { size: side * 0.8, sharpness, yaw: 0 },
  }
}

interface Given {
  readonly seconds?: number
  readonly by?: number
  readonly changed?: number
  readonly faces?: () => Face[]
}
async function resultOf({ seconds = 8, by = 2, changed = 0, faces = () => [face()] }: Given): Promise<SignalResult> {
  const run = await portraitAnimation.start({
    media: probedMedia({ width: WIDTH, height: HEIGHT, duration: seconds }),
    model: () => Promise.reject(new Error('It has no model.')),
    cancelled: new AbortController().signal,
  })
  const stream = { id: 'detail', rate: 2, width: WIDTH, height: HEIGHT, format: 'rgb24' } as const
  for (let index = 0; index < 2 * seconds; index++) {
    const seen = moment(index / 2, by, changed)
    const data = new Uint8Array(WIDTH * HEIGHT * 3).fill(90)
    for (let y = 0; y < SIDE; y++)
      data.set(seen.subarray(3 * y * SIDE, 3 * (y + 1) * SIDE), 3 * ((50 + y) * WIDTH + 90))
    await run.faces?.({ stream, index, time: index / 2, data }, faces())
  }
  return run.finish()
}
async function ran(given: Given): Promise<Extract<SignalResult, { state: 'ran' }>> {
  const result = await resultOf(given)
  if (result.state !== 'ran') throw new Error(result.reason)
  return result
}

describe('the signal', () => {
  test('reads one picture that is only moved as high, with a stretch, a curve and a picture of it', async () => {
    const result = await ran({})
    expect(result.score).toBeGreaterThan(0.8)
    expect(result.segments).toHaveLength(1)
    expect(result.segments[0]!.end - result.segments[0]!.start).toBeGreaterThan(5)
    expect(result.segments[0]!.region!.x * WIDTH).toBeCloseTo(112, 3)
    expect(result.tracks[0]!.values.every((value) => value === null || value > 0.5)).toBe(true)
    expect(result.exhibits[0]).toMatchObject({ kind: 'image', mime: 'image/png', height: 3 * SIDE })
    expect(result.exhibits[0]!.caption).toContain('what motion does not explain')
    expect(result.domain).toMatchObject({ 'face height, px': 84, sharpness: 60 })
    expect(result.observations.map(({ weight }) => weight)).toEqual(['context'])
    expect(result.explanation).toContain('no probability')
  })
  test('reads a face whose detail changes as it moves as low, without a stretch', async () => {
    const result = await ran({ changed: 25 })
    expect(result.score).toBeLessThan(0.2)
    expect(result.segments).toEqual([])
  })
  test('says the same twice', async () => {
    expect(await resultOf({ seconds: 4 })).toEqual(await resultOf({ seconds: 4 }))
  })
  test('abstains where there is nothing to compare, and says why', async () => {
    const reason = async (given: Given) => {
      const result = await resultOf(given)
      return result.state === 'abstained' ? result.reason : 'ran'
    }
    expect(await reason({ seconds: 4, faces: () => [] })).toBe('no face was found')
    expect(await reason({ seconds: 4, faces: () => [face({ side: 40 })] })).toContain('48 pixels or more')
    expect(await reason({ seconds: 2 })).toContain('often enough over 3 s')
    expect(await reason({ seconds: 6, by: 0.1 })).toContain('the face keeps still')
  })
})
