import { describe, expect, test } from 'vitest'
import { dropParts, overlap, readCandidates, suppress, type Detection } from './candidates.ts'

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height })
const found = (x: number, score: number): Detection => ({
  box: box(x, 0, 10, 10),
  landmarks: new Float32Array(10),
  score,
})

describe('candidates', () => {
  test('overlap is the shared share of both areas', () => {
    expect(overlap(box(0, 0, 10, 10), box(5, 0, 10, 10))).toBeCloseTo(1 / 3)
    expect(overlap(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0)
    expect(overlap(box(0, 0, 10, 10), box(0, 0, 10, 10))).toBe(1)
  })

  test('of overlapping finds the better one stays, and neighbours stay', () => {
    const kept = suppress([found(0, 0.6), found(1, 0.9), found(30, 0.5)], 0.4)
    expect(kept.map((d) => d.score)).toEqual([0.9, 0.5])
  })

  test('a part of a face is dropped, a better small face in front of a doubtful large one stays', () => {
    const large = (score: number) => ({ ...found(0, score), box: box(0, 0, 100, 100) })
    const small = (score: number) => ({ ...found(0, score), box: box(40, 40, 30, 30) })
    const beside = { ...found(0, 0.6), box: box(90, 40, 30, 30) }
    expect(dropParts([large(0.7), small(0.8), beside], 0.6)).toEqual([large(0.7), beside])
    expect(dropParts([large(0.5), small(0.95)], 0.6)).toHaveLength(2)
  })

  test('rows become boxes and points of the frame, those below the score are dropped', () => {
    const row = (score: number) => [score, 10, 20, 30, 40, ...Array.from({ length: 10 }, (_, i) => i)]
    const look = { offsetX: 100, offsetY: 50, scale: 0.5 }
    const [only, ...others] = readCandidates(Float32Array.from([...row(0.4), ...row(0.75)]), look, 0.5)
    expect(others).toEqual([])
    expect(only).toMatchObject({ score: 0.75, box: { x: 220, y: 140, width: 60, height: 80 } })
    expect([...only!.landmarks].slice(0, 4)).toEqual([200, 102, 204, 106])
  })
})
