import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { earlierEncoding } from './earlier-encoding.ts'
import { framesInDisplayOrder } from './frame-types.ts'
import { gopStructure } from './gop.ts'
import { findPeriodicity, isFound, logBinomialTail, WINDOW } from './periodicity.ts'
import { generator, packetsOf, type Sketch } from './sketch.test-support.ts'

const detect = (sketch: Partial<Sketch>, codec = 'h264') => {
  const frames = framesInDisplayOrder(packetsOf(sketch))
  return earlierEncoding(codec, frames, gopStructure(frames), null)
}

describe('binomial tail', () => {
  it('agrees with exact values', () => {
    // P(X ≥ 3 | 5, 1/2) = 16/32, P(X ≥ 10 | 10, 1/7) = 7^-10
    expect(10 ** logBinomialTail(5, 3, 0.5)).toBeCloseTo(0.5, 10)
    expect(logBinomialTail(10, 10, 1 / 7)).toBeCloseTo(-10 * Math.log10(7), 10)
    expect(logBinomialTail(10, 0, 1 / 7)).toBe(0)
  })

  it('falls with every further success', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.01, max: 0.9, noNaN: true }), (n, p) => {
        for (let k = 1; k < n; k += Math.ceil(n / 10))
          expect(logBinomialTail(n, k + 1, p)).toBeLessThanOrEqual(logBinomialTail(n, k, p) + 1e-9)
      }),
    )
  })
})

describe('traces of an earlier encoding in frame sizes', () => {
  it.each([12, 15, 30, 33, 48])('finds the row that an earlier key frame every %i frames leaves', (period) => {
    const found = detect({ frames: 900, raise: (n) => (n % period === 3 ? 1.5 : 1) })
    expect(found).toMatchObject({ state: 'found', row: { period, offset: 3 } })
  })

  it('finds it among B pictures, told by the P picture after it', () => {
    const found = detect({ frames: 900, bframes: 2, raise: (n) => (n % 24 === 0 ? 1.6 : 1) })
    expect(found).toMatchObject({ state: 'found', row: { period: 24 } })
  })

  it('finds it where only a part of a long recording has it, and says which', () => {
    const found = detect({ frames: 3 * WINDOW, raise: (n) => (n < WINDOW && n % 15 === 0 ? 1.5 : 1) })
    expect(found).toMatchObject({ state: 'found', row: { period: 15, from: 0, to: WINDOW } })
    expect(found.state === 'found' && found.found.length).toBe(1)
  })

  it('reports no row in sizes without one: at most 1 of 200 streams', () => {
    let fired = 0
    for (let seed = 1; seed <= 200; seed += 1)
      if (detect({ frames: 450, seed, bframes: seed % 4 }).state === 'found') fired += 1
    expect(fired).toBeLessThanOrEqual(1)
  })

  it("does not take the stream's own key frame distance for an earlier one", () => {
    const found = detect({ frames: 900, gop: 30, raise: (n) => (n % 30 === 5 ? 2 : 1) })
    expect(found.state).toBe('none')
  })

  it('does not take unmarked intra pictures for an earlier encoding', () => {
    const found = detect({ frames: 900, gop: 100, raise: (n) => (n % 25 === 0 ? 8 : 1) })
    expect(found.state).toBe('unmarked-intra')
  })

  it.each([
    [{ frames: 900, gop: 1 }, 'h264', 'every frame is a key frame'],
    [{ frames: 900 }, 'vp9', 'vp9 places large predicted frames at a steady distance by design'],
    [{ frames: 40 }, 'h264', 'only 39 predicted frames, at least 60 are needed'],
    [{ frames: 900, constant: true }, 'h264', 'frames are padded to a constant size'],
    [{ frames: 900, untimed: true }, 'h264', 'the container does not say in which order pictures are shown'],
  ] as const)('says why it cannot test %j in %s', (sketch, codec, reason) => {
    expect(detect(sketch, codec)).toEqual({ state: 'not-tested', reason })
  })

  it('gives the same answer every time', () => {
    const frames = framesInDisplayOrder(packetsOf({ frames: 600, raise: (n) => (n % 12 === 0 ? 1.3 : 1) }))
    expect(findPeriodicity(frames, () => false)).toEqual(findPeriodicity(frames, () => false))
  })

  it('never throws, whatever the packets', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 1e6 }), (frames, seed) => {
        const random = generator(seed)
        const packets = packetsOf({ frames })
        for (let i = 0; i < frames; i += 1) {
          packets.pts[i] = random() < 0.1 ? NaN : (random() - 0.5) * 10 ** (random() * 20)
          packets.size[i] = random() * 1e6
          packets.key[i] = random() < 0.1 ? 1 : 0
        }
        const ordered = framesInDisplayOrder(packets)
        expect(ordered.size).toHaveLength(frames)
        expect(
          findPeriodicity(ordered, () => false).pieces.every(
            (row) => row.logNfa <= 10 && typeof isFound(row) === 'boolean',
          ),
        ).toBe(true)
      }),
    )
  })
})
