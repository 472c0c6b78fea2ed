import { describe, expect, test } from 'vitest'
import { ShotChange } from './shot-change.ts'

const picture = (paint: (x: number, y: number) => [number, number, number]) => {
  const [width, height] = [160, 90]
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(paint(x, y), (y * width + x) * 3)
  return { data, width, height }
}
const studio = (shift: number) =>
  picture((x, y) => (Math.hypot(x - 80 - shift, y - 45) < 30 ? [200, 150, 120] : [40, 60 + y, 120]))
const street = picture((x, y) => ((x >> 4) % 2 ? [210, 200, 190] : [90, 80 + (y >> 1), 60]))

describe('cuts', () => {
  test('a person who moves is no cut; another place is one', () => {
    const shots = new ShotChange()
    expect(shots.next(studio(0))).toBe(false)
    expect(shots.next(studio(12))).toBe(false)
    expect(shots.next(street)).toBe(true)
    expect(shots.next(street)).toBe(false)
  })

  test('a little more or less light is no cut', () => {
    const shots = new ShotChange()
    shots.next(studio(0))
    const lit = studio(0)
    expect(shots.next({ ...lit, data: lit.data.map((v) => Math.min(255, v + 10)) })).toBe(false)
  })
})
