import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Plane } from './planes.ts'
import { pyramid, register } from './register.ts'
import { apart, laid, placementOf, warpOf, WHOLE, type Warp } from './warp.ts'

/** A scene that can be drawn at any place, size and shift: sums of waves and soft discs. */
function scene(width: number, height: number, at: (x: number, y: number) => [number, number]): Plane {
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = at(x + 0.5, y + 0.5)
      const disc = (cx: number, cy: number, r: number): number => 1 / (1 + Math.exp(Math.hypot(u - cx, v - cy) - r))
      data[y * width + x] =
        110 +
        30 * Math.sin(u / 17 + v / 31) +
        22 * Math.cos(u / 41 - v / 13) +
        70 * disc(120, 60, 30) -
        60 * disc(210, 130, 24) +
        45 * disc(60, 140, 12)
    }
  return { width, height, data }
}

const SIZE = { width: 288, height: 176 }
const known = scene(SIZE.width, SIZE.height, (x, y) => [x, y])
const shown = (warp: Warp): Plane =>
  scene(SIZE.width, SIZE.height, (x, y) => [warp.xx * x + warp.xy * y + warp.x0, warp.yx * x + warp.yy * y + warp.y0])
const start = warpOf(WHOLE, SIZE, SIZE)
const warps = fc
  .record({
    xx: fc.double({ min: 0.96, max: 1.04, noNaN: true }),
    yy: fc.double({ min: 0.96, max: 1.04, noNaN: true }),
    turn: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
    x0: fc.double({ min: -8, max: 8, noNaN: true }),
    y0: fc.double({ min: -6, max: 6, noNaN: true }),
  })
  .map(({ xx, yy, turn, x0, y0 }): Warp => ({ xx, yy, xy: turn, yx: -turn, x0, y0 }))

describe('registering', () => {
  test('recovers shift, size and a slight turn to a fifth of a pixel', () => {
    fc.assert(
      fc.property(warps, (warp) => {
        const found = register(pyramid(shown(warp)), pyramid(known), start)
        expect(found).not.toBeNull()
        expect(apart(found!.warp, warp, SIZE)).toBeLessThan(0.2)
        expect(found!.correlation).toBeGreaterThan(0.99)
      }),
      { numRuns: 10 },
    )
  })

  test('is not pulled by a region that shows something else, nor by other light', () => {
    fc.assert(
      fc.property(
        warps,
        fc.integer({ min: 0, max: 180 }),
        fc.double({ min: 0.7, max: 1.3, noNaN: true }),
        fc.double({ min: -25, max: 25, noNaN: true }),
        (warp, left, gain, offset) => {
          const { data } = shown(warp)
          for (let i = 0; i < data.length; i++) data[i] = gain * data[i]! + offset
          // A quarter of the picture shows stripes.
          for (let y = 40; y < 150; y++)
            for (let x = left; x < left + 100; x++) data[y * SIZE.width + x] = (x >> 3) % 2 ? 230 : 20
          const found = register(pyramid({ ...SIZE, data }), pyramid(known), start)
          expect(apart(found!.warp, warp, SIZE)).toBeLessThan(0.2)
        },
      ),
      { numRuns: 10 },
    )
  })

  test('finds nothing where nothing has an edge', () => {
    const flat: Plane = { ...SIZE, data: new Float32Array(SIZE.width * SIZE.height).fill(90) }
    expect(register(pyramid(flat), pyramid(flat), start)).toBeNull()
  })

  test('a placement survives the way to a warp and back', () => {
    const placement = { sx: 0.5, tx: 0.35, sy: 0.52, ty: 0.27 }
    const other = { width: 320, height: 180 }
    const back = placementOf(warpOf(placement, SIZE, other), SIZE, other)
    for (const key of ['sx', 'tx', 'sy', 'ty'] as const) expect(back[key]).toBeCloseTo(placement[key], 6)
    // The known picture fills half of the new one, from 0.35 on.
    const under = laid(known, warpOf(placement, SIZE, SIZE), SIZE)
    expect(under.data[88 * SIZE.width + 50]).toBeNaN()
    expect(under.data[88 * SIZE.width + 170]).toBeGreaterThan(0)
  })
})
