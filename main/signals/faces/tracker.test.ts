import { describe, expect, test } from 'vitest'
import type { Detection } from './candidates.ts'
import { Tracker } from './tracker.ts'

const face = (x: number, y: number, size = 100): Detection => ({
  box: { x, y, width: size, height: size },
  landmarks: new Float32Array(10),
  score: 0.9,
})

describe('tracks', () => {
  test('a face that moves a little keeps its number; one far away gets another', () => {
    const tracker = new Tracker()
    expect(tracker.assign([face(100, 100)], 0)).toEqual([0])
    expect(tracker.assign([face(600, 100), face(130, 110)], 0.5)).toEqual([1, 0])
  })

  test('two faces that pass the list in another order keep their numbers', () => {
    const tracker = new Tracker()
    expect(tracker.assign([face(0, 0), face(300, 0)], 0)).toEqual([0, 1])
    expect(tracker.assign([face(290, 5), face(12, 5)], 0.5)).toEqual([1, 0])
  })

  test('a short gap is bridged, a long one is not', () => {
    const tracker = new Tracker()
    tracker.assign([face(0, 0)], 0)
    tracker.assign([], 0.5)
    expect(tracker.assign([face(10, 0)], 1)).toEqual([0])
    tracker.assign([], 1.5)
    expect(tracker.assign([face(10, 0)], 4)).toEqual([1])
  })

  test('a cut ends every track, even where the next face stands in the same place', () => {
    const tracker = new Tracker()
    tracker.assign([face(0, 0)], 0)
    tracker.cut()
    expect(tracker.expected(0.5)).toEqual([])
    expect(tracker.assign([face(0, 0)], 0.5)).toEqual([1])
  })

  test('a face of quite another size in the same place is another face', () => {
    const tracker = new Tracker()
    tracker.assign([face(0, 0, 50)], 0)
    expect(tracker.assign([face(-25, -25, 100)], 0.5)).toEqual([1])
  })

  test('says where faces were, as long as they may come back', () => {
    const tracker = new Tracker()
    tracker.assign([face(0, 0)], 0)
    expect(tracker.expected(0.5)).toHaveLength(1)
    expect(tracker.expected(3)).toEqual([])
  })
})
