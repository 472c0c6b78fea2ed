import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { randomNumbers } from '../signals/random.ts'
import { Catalogue } from './catalogue.ts'
import { fingerprintCollector, type Fingerprint } from './fingerprint.ts'
import { findCorners, SIDE } from './keypoints.ts'
import { compare, findMatches } from './match.ts'
import { printOf, voice } from './sound.test-support.ts'

type Picture = (x: number, y: number, time: number) => number

/** Blotches of several sizes, [512 × 512], 0..1. */
function texture(random: () => number): Float32Array {
  const out = new Float32Array(512 * 512)
  for (const [cells, weight] of [
    [12, 0.5],
    [40, 0.3],
    [90, 0.2],
  ] as const) {
    const grid = Float32Array.from({ length: (cells + 1) ** 2 }, random)
    for (let y = 0; y < 512; y++)
      for (let x = 0; x < 512; x++) {
        const [u, v] = [(x / 512) * cells, (y / 512) * cells]
        const [i, j] = [Math.floor(u), Math.floor(v)]
        const at = (di: number, dj: number): number => grid[(j + dj) * (cells + 1) + i + di]!
        const [fu, fv] = [u - i, v - j]
        const row = (dj: number): number => at(0, dj) + fu * (at(1, dj) - at(0, dj))
        out[y * 512 + x]! += weight * (row(0) + fv * (row(1) - row(0)))
      }
  }
  return out.map((value) => Math.max(0, Math.min(1, 0.5 + 2.2 * (value - 0.5))))
}

/** A scene in front of which a disc moves by fits and starts. Coordinates and brightness 0..1. */
function scene(seed: number): Picture {
  const random = randomNumbers(seed)
  const [behind, before] = [texture(random), texture(random)]
  const course = Array.from({ length: 400 }, () => (random() < 0.5 ? 0 : random()))
  const way = course.map((_, i) => course.slice(0, i).reduce((a, b) => a + b, 0))
  const look = (picture: Float32Array, x: number, y: number): number =>
    picture[(Math.floor(y * 512) & 511) * 512 + (Math.floor(x * 512) & 511)]!
  return (x, y, time) => {
    const turn = 0.25 * Math.sin(way[Math.floor(time * 5)]!)
    const [dx, dy] = [x - 0.5 - turn, y - 0.5]
    return dx * dx + dy * dy < 0.04 ? look(before, dx + 0.5, dy + 0.5) : look(behind, x, y)
  }
}

/** A frame, each pixel the mean of four points. */
function draw(picture: Picture, time = 0): Uint8Array {
  const out = new Uint8Array(SIDE * SIDE)
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      let sum = 0
      for (const dy of [0.25, 0.75])
        for (const dx of [0.25, 0.75]) sum += picture((x + dx) / SIDE, (y + dy) / SIDE, time)
      out[y * SIDE + x] = Math.round((255 * sum) / 4)
    }
  return out
}

const inside = (u: number): boolean => u >= 0 && u < 1
/** The picture, so much larger and moved, on black. */
const shown =
  (picture: Picture, sx: number, sy: number, tx: number, ty: number): Picture =>
  (x, y, time) => {
    const [u, v] = [(x - tx) / sx, (y - ty) / sy]
    return inside(u) && inside(v) ? picture(u, v, time) : 0
  }
const mirror =
  (picture: Picture): Picture =>
  (x, y, time) =>
    picture(1 - x, y, time)

function film(picture: Picture, seconds: number, from = 0, speed = 1): Fingerprint {
  const collector = fingerprintCollector({ width: 1920, height: 1080 })
  for (let index = 0; index < seconds * 5; index++)
    collector.add({ index, time: index / 5, data: draw(picture, from + (speed * index) / 5) })
  return collector.finish()
}

describe('two frames', () => {
  test.each([
    ['the same', 1, 1, 0, 0],
    ['cropped', 1.2, 1.2, -0.05, -0.15],
    ['letterboxed', 1, 0.75, 0, 0.125],
    ['a picture inside the picture', 0.5, 0.5, 0.45, 0.45],
  ])('%s: the place is found to a few pixels', (_, sx, sy, tx, ty) => {
    const picture = scene(1)
    const placed = compare(findCorners(draw(shown(picture, sx, sy, tx, ty))), findCorners(draw(picture)))
    expect(placed).toBeDefined()
    const { placement } = placed!
    expect(Math.abs(placement.sx - sx)).toBeLessThan(0.04)
    expect(Math.abs(placement.sy - sy)).toBeLessThan(0.04)
    expect(Math.abs(placement.tx - tx * SIDE)).toBeLessThan(5)
    expect(Math.abs(placement.ty - ty * SIDE)).toBeLessThan(5)
  })

  test('of different scenes have no place in each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1e6 }), fc.integer({ min: 2, max: 1e6 }), (a, b) => {
        fc.pre(a !== b)
        expect(compare(findCorners(draw(scene(a))), findCorners(draw(scene(b))))).toBeUndefined()
      }),
      { numRuns: 20 },
    )
  })

  test('an empty frame has no corners, and is like nothing', () => {
    const empty = findCorners(new Uint8Array(SIDE * SIDE))
    expect(empty.count).toBe(0)
    expect(compare(empty, findCorners(draw(scene(1))))).toBeUndefined()
  })
})

describe('a video in the library', { timeout: 240_000 }, () => {
  const catalogue = new Catalogue()
  const [first, second] = [scene(11), scene(12)]
  let part: Fingerprint
  let stranger: Fingerprint
  beforeAll(() => {
    catalogue.add({ ...film(first, 16), sound: printOf(voice(21, 16)) })
    catalogue.add({ ...film(second, 12), sound: printOf(voice(22, 12)) })
    part = film(first, 8, 5)
    stranger = film(scene(13), 8)
  }, 240_000)

  test('is found with its time, to a fifth of a second', () => {
    const [match, ...others] = findMatches(part, catalogue)
    expect(others).toEqual([])
    expect(match).toMatchObject({ video: 0, mirrored: false, kind: 'footage' })
    expect(Math.abs(match!.stretch.knownFrom - 5 - match!.stretch.from)).toBeLessThan(0.21)
    expect(match!.byHash).toBeGreaterThan(6)
  })

  test('is found mirrored, cropped and under a ticker', () => {
    const ticker: Picture = (x, y, time) => (y > 0.85 ? 0.2 : shown(mirror(second), 1.1, 1.1, -0.05, -0.05)(x, y, time))
    const [match, ...others] = findMatches(film(ticker, 8, 2), catalogue)
    expect(others).toEqual([])
    expect(match).toMatchObject({ video: 1, mirrored: true, kind: 'footage' })
    expect(match!.placement!.sx).toBeCloseTo(1.1, 1)
    expect(Math.abs(match!.stretch.knownFrom - 2 - match!.stretch.from)).toBeLessThan(0.21)
  })

  test.each([0.8, 1.25])('is found at %f times its speed', (speed) => {
    const [match] = findMatches(film(first, 8, 3, speed), catalogue)
    expect(match).toMatchObject({ video: 0, kind: 'footage' })
    expect(match!.stretch.speed).toBeCloseTo(speed, 1)
  })

  test('is told in its parts where one still scene was cut and put together in another order', () => {
    const reordered: Picture = (x, y, time) => first(x, y, time < 4 ? 8 + time : time)
    const parts = findMatches(film(reordered, 8), catalogue).sort((a, b) => a.stretch.from - b.stretch.from)
    expect(parts).toHaveLength(2)
    for (const [i, { from, knownFrom }] of parts.map(({ stretch }) => stretch).entries()) {
      expect(parts[i]).toMatchObject({ video: 0, mirrored: false, kind: 'footage' })
      expect(Math.abs(from - 4 * i)).toBeLessThanOrEqual(0.6)
      expect(knownFrom - from).toBeCloseTo(i ? 0 : 8, 0)
    }
  })

  test('stays one stretch where its pictures are black for a while', () => {
    const fades: Picture = (x, y, time) => (time > 4 && time < 6 ? 0 : first(x, y, 3 + time))
    const [match, ...others] = findMatches(film(fades, 10), catalogue)
    expect(others).toEqual([])
    expect(match).toMatchObject({ video: 0, kind: 'footage' })
    expect([match!.stretch.from, match!.stretch.to]).toEqual([expect.closeTo(0, 0), expect.closeTo(9.6, 0)])
  })

  test('is not found in a video of something else', () => {
    expect(findMatches({ ...stranger, sound: printOf(voice(23, 8)) }, catalogue)).toEqual([])
  })

  test('sounds the same, and is told to have another sound where that was replaced', () => {
    const [same] = findMatches({ ...part, sound: printOf(voice(21, 8, 1, 5)) }, catalogue)
    expect(same).toMatchObject({ video: 0, kind: 'footage', soundAgrees: true })
    expect(same!.bySound).toBeGreaterThan(5)
    const [replaced, ...others] = findMatches({ ...part, sound: printOf(voice(24, 8)) }, catalogue)
    expect(replaced).toMatchObject({ video: 0, kind: 'footage', soundAgrees: false, bySound: 0 })
    expect(others).toEqual([])
    const [mute] = findMatches(part, catalogue)
    expect(mute).toMatchObject({ kind: 'footage', soundAgrees: null, sound: null })
  })

  test('is found by its sound alone under other pictures, higher and faster too', () => {
    const [match, ...others] = findMatches({ ...stranger, sound: printOf(voice(22, 8, 1.1, 2)) }, catalogue)
    expect(others).toEqual([])
    expect(match).toMatchObject({ video: 1, kind: 'sound', soundAgrees: true, byHash: 0, byCorners: 0, motion: null })
    expect(match!.stretch.speed).toBeCloseTo(1.1, 1)
    expect(Math.abs(match!.stretch.knownFrom - 2 - 1.1 * match!.stretch.from)).toBeLessThan(0.15)
  })

  test('is not linked by a test card that many videos show, but by pictures of its own', () => {
    const card = draw(scene(77))
    const shows = (own: Uint8Array | undefined): Fingerprint => {
      const collector = fingerprintCollector({ width: 1920, height: 1080 })
      for (let index = 0; index < 100; index++)
        collector.add({ index, time: index / 5, data: index < 40 || !own ? card : own })
      return collector.finish()
    }
    const cards = new Catalogue()
    const pictures = Array.from({ length: 6 }, (_, i) => draw(scene(80 + i)))
    for (const picture of pictures) cards.add(shows(picture))
    expect(findMatches(shows(draw(scene(99))), cards)).toEqual([])
    expect(findMatches(shows(pictures[3]), cards).map(({ video }) => video)).toEqual([3])
  })

  test('is found in all of its copies, however many', () => {
    const copies = new Catalogue()
    for (let i = 0; i < 6; i++) copies.add(part)
    expect(findMatches(part, copies).map(({ video }) => video)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('links nothing by a jingle that many videos have', () => {
    const jingles = new Catalogue()
    for (let i = 0; i < 8; i++) {
      const samples = new Float32Array(14 * 16_000)
      samples.set(voice(40, 6))
      samples.set(voice(41 + i, 8), 6 * 16_000)
      jingles.add({
        ...stranger,
        times: new Float32Array(0),
        hashes: new Uint8Array(0),
        keyFrames: [],
        sound: printOf(samples),
      })
    }
    const samples = new Float32Array(14 * 16_000)
    samples.set(voice(40, 6))
    samples.set(voice(60, 8), 6 * 16_000)
    expect(findMatches({ ...part, sound: printOf(samples) }, jingles)).toEqual([])
    // However often it is played.
    samples.set(voice(40, 6), 6 * 16_000)
    expect(findMatches({ ...part, sound: printOf(samples) }, jingles)).toEqual([])
    samples.set(voice(45, 8), 6 * 16_000)
    expect(findMatches({ ...part, sound: printOf(samples) }, jingles).map(({ video }) => video)).toEqual([4])
  })
})
