import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cropTransform, cutFace, FACE_CONTEXT } from './align.ts'

interface Table {
  width: number
  height: number
  size: number
  cases: { name: string; context: number; landmarks: number[]; transform: number[]; crop: number[] }[]
}
const table = JSON.parse(readFileSync(new URL('align-table.json', import.meta.url), 'utf8')) as Table

/** The picture of scripts/train/common/align_table.py. */
function picture() {
  const { width, height } = table
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      data[p++] = Math.floor(127.5 + 100 * Math.sin(x / 17 + y / 29) + 0.5)
      data[p++] = Math.floor(127.5 + 100 * Math.cos(x / 23) + 0.5)
      data[p++] = Math.floor(127.5 + 100 * Math.sin(y / 19) + 0.5)
    }
  return { data, width, height }
}

/** Where a point of the crop lies in the frame. */
const apply = ([a, b, tx, c, d, ty]: readonly number[], x: number, y: number) => [
  a! * x + b! * y + tx!,
  c! * x + d! * y + ty!,
]

describe('the aligned crop', () => {
  test('sends template points back onto landmarks that are a turned, scaled and moved template', () => {
    const first = [38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041]
    const [angle, scale] = [0.4, 2.5]
    const landmarks = Array.from({ length: 5 }, (_, i) => {
      const [x, y] = [first[2 * i]!, first[2 * i + 1]!]
      return [
        scale * (x * Math.cos(angle) - y * Math.sin(angle)) + 300,
        scale * (x * Math.sin(angle) + y * Math.cos(angle)) - 20,
      ]
    }).flat()
    const size = 112
    const matrix = cropTransform(landmarks, size)
    for (let i = 0; i < 5; i++) {
      const x = (first[2 * i]! - 56) / FACE_CONTEXT + size / 2
      const y = (first[2 * i + 1]! - 62) / FACE_CONTEXT + size / 2
      const [fx, fy] = apply(matrix, x, y)
      expect(fx).toBeCloseTo(landmarks[2 * i]!, 3)
      expect(fy).toBeCloseTo(landmarks[2 * i + 1]!, 3)
    }
  })

  test.each(table.cases)(
    'is that of the trainers: $name, context $context',
    ({ landmarks, context, transform, crop }) => {
      const matrix = cropTransform(landmarks, table.size, context)
      matrix.forEach((value, i) => expect(value).toBeCloseTo(transform[i]!, 3))
      const cut = cutFace(picture(), { landmarks: Float32Array.from(landmarks) }, table.size, context)
      const differences = Array.from(cut, (value, i) => Math.abs(value - crop[i]!))
      // OpenCV interpolates in steps of 1/32 pixel.
      expect(Math.max(...differences)).toBeLessThanOrEqual(4)
      expect(differences.reduce((a, b) => a + b, 0) / differences.length).toBeLessThan(0.8)
    },
  )
})
