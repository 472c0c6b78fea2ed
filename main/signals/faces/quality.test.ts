import { describe, expect, test } from 'vitest'
import { faceQuality, yawOf } from './quality.ts'

const landmarks = Float32Array.from([80, 90, 120, 90, 100, 115, 84, 135, 116, 135])
const picture = (level: (x: number, y: number) => number) => {
  const data = new Uint8Array(200 * 200 * 3)
  for (let i = 0; i < 200 * 200; i++) data.fill(level(i % 200, Math.floor(i / 200)), i * 3, i * 3 + 3)
  return { data, width: 200, height: 200 }
}
const face = { box: { x: 60, y: 55, width: 80, height: 100 }, landmarks, score: 0.9 }

describe('face quality', () => {
  test('yaw is 0 where the nose is between the eyes and has the sign of the side it points to', () => {
    expect(yawOf(landmarks)).toBeCloseTo(0)
    expect(yawOf([80, 90, 120, 90, 88, 115])).toBeCloseTo(-0.6)
    expect(yawOf([80, 90, 120, 90, 112, 115])).toBeCloseTo(0.6)
    expect(yawOf([80, 90, 120, 90, 200, 115])).toBe(1)
    expect(yawOf([0, 0, 0, 0, 0, 0])).toBe(0)
  })

  test('yaw does not depend on how the head is tilted', () => {
    const tilted = [80, 90, 112, 114, 88.8, 116.6].map(Number)
    const [ex, ey] = [32, 24]
    const along = ((tilted[4]! - 80) * ex + (tilted[5]! - 90) * ey) / (ex * ex + ey * ey)
    expect(yawOf(tilted)).toBeCloseTo(2 * along - 1)
  })

  test('size is the shorter side; fine detail is sharper than a slow gradient, an even area has none', () => {
    const even = faceQuality(
      picture(() => 120),
      face,
    )
    const slow = faceQuality(
      picture((x) => x),
      face,
    )
    const fine = faceQuality(
      picture((x, y) => (((x >> 1) + (y >> 1)) % 2) * 200),
      face,
    )
    expect(even.size).toBe(80)
    expect(even.sharpness).toBe(0)
    expect(slow.sharpness).toBeLessThan(5)
    expect(fine.sharpness).toBeGreaterThan(100 * Math.max(1, slow.sharpness))
  })
})
