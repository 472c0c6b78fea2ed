import { describe, expect, test } from 'vitest'
import type { Face } from './face.ts'
import { bestSightings, TrackBook } from './track-summary.ts'

const face = (track: number, size: number, yaw = 0, sharpness = 50): Face => ({
  track,
  box: { x: 0, y: 0, width: size, height: size },
  landmarks: new Float32Array(10),
  score: 0.9,
  quality: { size, sharpness, yaw },
})

describe('track summaries', () => {
  test('list tracks by how often they were seen, with their time and middle size', () => {
    const book = new TrackBook()
    book.add(0, [face(0, 100)])
    book.add(0.5, [face(0, 110), face(1, 40)])
    book.add(1, [face(1, 60)])
    book.add(1.5, [face(1, 50)])
    const [first, second] = book.summaries()
    expect(first).toMatchObject({ track: 1, start: 0.5, end: 1.5, medianSize: 50 })
    expect(second).toMatchObject({ track: 0, start: 0, end: 0.5, medianSize: 100 })
  })

  test('the best sightings are spread over the track and prefer large, sharp, frontal faces', () => {
    const book = new TrackBook()
    book.add(0, [face(0, 50)])
    book.add(1, [face(0, 100)])
    book.add(2, [face(0, 100, 0.9)])
    book.add(3, [face(0, 90)])
    book.add(4, [face(0, 90, 0, 2)])
    const [track] = book.summaries()
    expect(bestSightings(track!, 2).map((s) => s.time)).toEqual([1, 3])
    expect(bestSightings(track!, 1).map((s) => s.time)).toEqual([1])
  })
})
