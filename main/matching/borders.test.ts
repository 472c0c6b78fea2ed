import { describe, expect, it } from 'vitest'
import { BorderFinder } from './borders.ts'
import type { Region } from './pdq.ts'

const SIDE = 256
const WHOLE = { x: 0, y: 0, width: SIDE, height: SIDE }

/** A scene that moves: waves of several lengths, and a fine grain. */
function scene(x: number, y: number, time: number): number {
  const wave = Math.sin((x + 5 * time) / 17) + Math.sin((y - 3 * time) / 11) + Math.sin((x + y + 9 * time) / 29)
  return 120 + 35 * wave + ((x * 7 + y * 13 + time * 31) % 5)
}

type Painter = (x: number, y: number, time: number) => number

function find(paint: Painter, frames = 40): Region {
  const finder = new BorderFinder()
  for (let time = 0; time < frames; time++)
    finder.add(Uint8Array.from({ length: SIDE * SIDE }, (_, at) => paint(at % SIDE, Math.floor(at / SIDE), time)))
  return finder.region()
}

const boxed =
  (region: Region, colour: Painter, inside: Painter = scene): Painter =>
  (x, y, time) =>
    x >= region.x && x < region.x + region.width && y >= region.y && y < region.y + region.height
      ? inside(x, y, time)
      : colour(x, y, time)

const black: Painter = (x, y, time) => (x * 3 + y * 5 + time) % 3

describe('borders of a video', () => {
  it.each([
    ['letterbox', { x: 0, y: 32, width: 256, height: 192 }],
    ['pillarbox', { x: 86, y: 0, width: 84, height: 256 }],
    ['windowbox', { x: 30, y: 41, width: 190, height: 170 }],
    ['one bar', { x: 0, y: 0, width: 256, height: 230 }],
    ['2.4 %', { x: 0, y: 6, width: 256, height: 244 }],
  ])('are found: %s', (_, region) => {
    expect(find(boxed(region, black))).toEqual(region)
  })

  it.each([15, 22, 128, 236])('may have any grey that stays: %i', (grey) => {
    const region = { x: 20, y: 0, width: 216, height: 256 }
    expect(find(boxed(region, (x, y) => grey + ((x + y) % 2)))).toEqual(region)
  })

  it('are none in a full picture, in too few frames, in black and in narrow rims', () => {
    expect(find(scene)).toEqual(WHOLE)
    expect(find(boxed({ x: 0, y: 32, width: 256, height: 192 }, black), 4)).toEqual(WHOLE)
    expect(find(() => 3)).toEqual(WHOLE)
    expect(find(boxed({ x: 0, y: 4, width: 256, height: 248 }, black))).toEqual(WHOLE)
    expect(new BorderFinder().region()).toEqual(WHOLE)
  })

  it('are not the darkness of a scene, however long it lasts', () => {
    const lamp: Painter = (x, y, time) => {
      const distance = Math.hypot(x - 128 - 10 * Math.sin(time / 5), y - 140)
      return distance < 60 ? scene(x, y, time) : 2
    }
    expect(find(lamp)).toEqual(WHOLE)
    const evening: Painter = (x, y, time) => Math.max(0, (y - 60) / 2) * (0.6 + scene(x, y, time) / 300)
    expect(find(evening)).toEqual(WHOLE)
  })

  it('are found where half of the video is too dark to tell', () => {
    const region = { x: 0, y: 32, width: 256, height: 192 }
    expect(find(boxed(region, black, (x, y, time) => (time % 2 ? 1 : scene(x, y, time))))).toEqual(region)
  })

  it('are found under a logo in one bar and subtitles in the other', () => {
    const region = { x: 0, y: 40, width: 256, height: 170 }
    const bars: Painter = (x, y, time) => {
      if (x >= 225 && x < 248 && y >= 8 && y < 28) return 200
      const spoken = time % 4 !== 0
      const letters = x > 50 && x < 206 && y >= 222 && y < 240 && (x * x + y * y + 97 * (time >> 2)) % 5 < 2
      return spoken && letters ? 235 : black(x, y, time)
    }
    expect(find(boxed(region, bars))).toEqual(region)
  })

  it('never leave less than a quarter of the picture', () => {
    expect(find(boxed({ x: 110, y: 110, width: 36, height: 36 }, black))).toEqual(WHOLE)
  })

  it('refuse a frame of another size', () => {
    expect(() => new BorderFinder().add(new Uint8Array(100))).toThrow(RangeError)
  })
})
