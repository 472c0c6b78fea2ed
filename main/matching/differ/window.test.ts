import { describe, expect, test } from 'vitest'
import { BLOCK } from './blocks.ts'
import { findRegions, smoothed, type Grid } from './regions.ts'
import { compareWindow, type Footage } from './window.ts'
import { warpOf, WHOLE } from './warp.ts'

const [W, H] = [192, 112]

/** A scene in which a disc moves, drawn at a time; `noise` is what an encoder leaves, grey levels. */
function drawn(time: number, noise: number, seed: number, alter?: (luma: Float32Array) => void): Uint8Array {
  const luma = new Float32Array(W * H)
  for (let y = 0; y < H; y++)
    for (let x = 0; x < W; x++)
      luma[y * W + x] =
        120 +
        35 * Math.sin(x / 9 + y / 23) * Math.cos(y / 11) +
        (Math.hypot(x - 60 - 40 * Math.sin(time * 2.1), y - 70 - 15 * Math.cos(time * 3)) < 22 ? -70 : 0)
  alter?.(luma)
  const out = new Uint8Array((W * H * 3) / 2)
  let state = seed * 2654435761 + Math.round(time * 1000)
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  for (let i = 0; i < luma.length; i++) out[i] = Math.max(0, Math.min(255, luma[i]! + noise * 2 * random()))
  out.fill(128, W * H)
  return out
}

function footage(seconds: number, rate: number, start: number, draw: (time: number, n: number) => Uint8Array): Footage {
  const frames = Array.from({ length: Math.round(seconds * rate) }, (_, n) => draw(start + n / rate, n))
  return { width: W, height: H, start, rate, frames }
}

const grid: Grid = { columns: W / BLOCK, rows: H / BLOCK, step: 1 / 5, width: 1, height: 1 }
const known = footage(4.6, 25, 0, (time) => drawn(time, 4, 1))
const start = warpOf(WHOLE, { width: W, height: H }, { width: W, height: H })

function regionsOf(fresh: Footage, offset: number) {
  const result = compareWindow(fresh, known, { warp: start, time: (seconds) => seconds + offset })
  const maps = smoothed(result.samples, 1 / 5)
  return { result, regions: findRegions([{ samples: result.samples, maps }], grid) }
}

describe('comparing a window', () => {
  test('an unaltered copy with other noise has no region, and its time is found to the frame', () => {
    // The alignment is wrong by 0.4 s.
    const fresh = footage(2.6, 5, 0, (time) => drawn(time + 1.2, 6, 2))
    const { result, regions } = regionsOf(fresh, 0.8)
    expect(regions).toEqual([])
    expect(result.shift).toBeCloseTo(0.4, 5)
    for (const { time, known: at } of result.samples) expect(Math.abs(at - time - 1.2)).toBeLessThanOrEqual(0.04)
  })

  test('a rectangle that was put in is found in its place, and only there', () => {
    const fresh = footage(2.6, 5, 0, (time) =>
      drawn(time + 1.2, 6, 2, (luma) => {
        for (let y = 16; y < 40; y++) for (let x = 128; x < 184; x++) luma[y * W + x] = (x >> 2) % 2 ? 220 : 40
      }),
    )
    const { regions } = regionsOf(fresh, 1.2)
    expect(regions).toHaveLength(1)
    const [{ box, start: from, end }] = regions as [(typeof regions)[0]]
    expect(box.x * W).toBeCloseTo(128, -1.2)
    expect(box.y * H).toBeCloseTo(16, -1.2)
    expect((box.x + box.width) * W).toBeCloseTo(184, -1.2)
    expect((box.y + box.height) * H).toBeCloseTo(40, -1.2)
    expect(from).toBeCloseTo(0, 5)
    expect(end).toBeCloseTo(2.6, 5)
  })

  test('what lasts for a second only is found in that second', () => {
    const fresh = footage(3.2, 5, 0, (time) =>
      drawn(time + 1, 6, 2, (luma) => {
        if (time < 1.6 || time >= 2.6) return
        for (let y = 60; y < 100; y++) for (let x = 120; x < 170; x++) luma[y * W + x]! += 45
      }),
    )
    const { regions } = regionsOf(fresh, 1)
    expect(regions).toHaveLength(1)
    expect(regions[0]!.start).toBeGreaterThanOrEqual(1)
    expect(regions[0]!.end).toBeLessThanOrEqual(3.3)
  })

  test('dropped frames and another frame rate are followed', () => {
    // Every second frame of the copy is the one before it again.
    const fresh = footage(2.4, 12.5, 0, (time, n) => drawn(time - (n % 2 ? 0.08 : 0) + 1, 5, 3))
    const { result, regions } = regionsOf(fresh, 1)
    expect(regions).toEqual([])
    result.samples.forEach(({ time, known: at }, n) =>
      expect(Math.abs(at - (time - (n % 2 ? 0.08 : 0) + 1))).toBeLessThanOrEqual(0.041),
    )
  })
})
