import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../signals/random.ts'
import { decodeFingerprint, encodeFingerprint } from './fingerprint-bytes.ts'
import { fingerprintCollector, type Fingerprint } from './fingerprint.ts'

/** Noise in picture and sound: corners on every level, hashes of all kinds. */
function film(seed: number, frames: number, samples: number): Fingerprint {
  const random = randomNumbers(seed)
  const collector = fingerprintCollector({ width: 640, height: 360 })
  for (let index = 0; index < frames; index++) {
    const data = new Uint8Array(256 * 256)
    for (let y = 0; y < 256; y += 8)
      for (let x = 0; x < 256; x += 8) {
        const grey = 256 * random()
        for (let dy = 0; dy < 8; dy++) data.fill(grey, (y + dy) * 256 + x, (y + dy) * 256 + x + 8)
      }
    collector.add({ index, time: index / 5, data })
  }
  if (samples) collector.sound({ samples: Float32Array.from({ length: samples }, () => random() - 0.5) })
  return collector.finish()
}

const whole = film(1, 12, 40_000)
const bytes = encodeFingerprint(whole)

describe('a fingerprint as bytes', () => {
  test.each([
    ['with picture and sound', whole],
    ['without sound', film(2, 6, 0)],
    ['without picture', film(3, 0, 20_000)],
    ['of nothing', film(4, 0, 0)],
  ])('%s comes back as it was', (_, print) => {
    expect(decodeFingerprint(encodeFingerprint(print))).toEqual(print)
  })

  test('comes back from bytes that lie anywhere in a larger buffer', () => {
    const around = new Uint8Array(bytes.length + 3)
    around.set(bytes, 3)
    expect(decodeFingerprint(around.subarray(3))).toEqual(whole)
  })

  test('has corners and sound to lose', () => {
    expect(whole.keyFrames[0]!.corners.count).toBeGreaterThan(50)
    expect(whole.sound.words.length).toBeGreaterThan(30)
  })

  test('is refused when it is cut off, continued, or of another version', () => {
    fc.assert(fc.property(fc.nat(bytes.length - 1), (length) => decodeFingerprint(bytes.subarray(0, length)) === undefined)) // prettier-ignore
    expect(decodeFingerprint(new Uint8Array([...bytes, 0]))).toBeUndefined()
    const newer = bytes.slice()
    newer[4] = 200
    expect(decodeFingerprint(newer)).toBeUndefined()
  })

  test('any bytes, and any damage, give a fingerprint that is sound in itself or none', () => {
    const damaged = fc
      .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const copy = bytes.slice()
        for (const [at, value] of changes) copy[at] = value
        return copy
      })
    const headers = fc.uint8Array({ minLength: 40, maxLength: 40 }).map((header) => {
      const copy = bytes.slice()
      copy.set(header.subarray(16), 16)
      return copy
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged, headers), (input) => {
        const read = decodeFingerprint(input)
        if (!read) return
        expect(read.hashes.length).toBe(32 * read.times.length)
        expect(read.sound.flat.length).toBe(read.sound.words.length)
        expect(read.times.every((time) => Number.isFinite(time))).toBe(true)
        for (const { corners } of read.keyFrames) {
          expect(corners.descriptors.length).toBe(32 * corners.count)
          expect(corners.x.every((x) => x >= -0.5 && x < 256)).toBe(true)
        }
        // What was accepted is written as it was read.
        expect(Buffer.compare(encodeFingerprint(read), input)).toBe(0)
      }),
      { numRuns: 300 },
    )
  })
})
