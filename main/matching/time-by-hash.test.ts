import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../signals/random.ts'
import { fingerprintCollector, type Fingerprint } from './fingerprint.ts'
import { timeByHash } from './time-by-hash.ts'

const NOTHING = fingerprintCollector({ width: 16, height: 16 }).finish()

/** Hashes that drift: 16 bits of 256 are turned every tenth of a second, all over again in the same order. */
function drifting(seconds: number, timeOf: (t: number) => number = (t) => t): Fingerprint {
  const random = randomNumbers(4)
  const turned = Array.from({ length: 4000 }, () => Math.floor(256 * random()))
  const times = Float32Array.from({ length: Math.floor(seconds * 2.5) }, (_, i) => i / 2.5)
  const hashes = new Uint8Array(32 * times.length)
  times.forEach((time, i) => {
    for (const bit of turned.slice(0, Math.round(16 * timeOf(time)))) hashes[32 * i + (bit >> 3)]! ^= 1 << (bit & 7)
  })
  return {
    ...NOTHING,
    duration: seconds,
    times,
    hashes,
    mirrored: hashes,
    quality: new Uint8Array(times.length).fill(100),
  }
}

describe('the time of a short stretch', () => {
  const known = drifting(30)

  test.each([0.8, 1, 1.25])('is found with its speed of %f, though the votes were a second off', (speed) => {
    const fresh = drifting(5, (t) => 10 + speed * t)
    const found = timeByHash(fresh, known, false, { from: 0, to: 4.4, knownFrom: 11, speed: 1 })
    const end = found.knownFrom + 4.4 * found.speed
    expect(Math.abs(found.knownFrom - 10)).toBeLessThan(0.35)
    expect(Math.abs(end - 10 - 4.4 * speed)).toBeLessThan(0.35)
  })

  test('stays as it was where the hashes do not say, or the votes are enough', () => {
    const still: Fingerprint = { ...known, hashes: new Uint8Array(known.hashes.length) }
    const span = { from: 0, to: 4.4, knownFrom: 11, speed: 1 }
    expect(timeByHash(still, still, false, span)).toEqual({ knownFrom: 11, speed: 1 })
    const unlike: Fingerprint = { ...drifting(5), hashes: drifting(5).hashes.map((byte, i) => byte ^ (37 * i)) }
    expect(timeByHash(unlike, known, false, span)).toEqual({ knownFrom: 11, speed: 1 })
    expect(timeByHash(known, known, false, { from: 0, to: 20, knownFrom: 1, speed: 1 })).toEqual({
      knownFrom: 1,
      speed: 1,
    })
    expect(timeByHash(NOTHING, NOTHING, false, span)).toEqual({ knownFrom: 11, speed: 1 })
  })
})
