import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { waveformCollector } from './waveform.ts'

const collect = (samples: number[], limit?: number, block = 7) => {
  const collector = waveformCollector(limit)
  for (let at = 0; at < samples.length; at += block)
    collector.sound({ time: at / 16_000, samples: Float32Array.from(samples.slice(at, at + block)) })
  return collector.finish()
}

describe('the waveform', () => {
  it('shows the peak of each 10 ms', () => {
    const second = Array.from({ length: 16_000 }, (_, i) => (i === 200 ? -0.75 : 0.1))
    const wave = collect(second)
    expect(wave?.bucketSeconds).toBe(0.01)
    expect(wave?.peaks).toHaveLength(100)
    expect(wave?.peaks.slice(0, 3)).toEqual([0.1, 0.75, 0.1])
  })

  it('folds its buckets by two when the sound is longer than they reach, and loses no peak', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 1, max: 8 }), fc.nat(), (n, limit, place) => {
        const at = place % n
        const samples = Array.from({ length: n }, (_, i) => (i === at ? 0.9 : 0.2))
        const wave = collect(samples, limit, 997)!
        expect(wave.peaks.length).toBeLessThanOrEqual(limit)
        expect(wave.peaks.length * wave.bucketSeconds).toBeGreaterThanOrEqual(n / 16_000)
        expect(wave.peaks.map((peak) => peak === 0.9).indexOf(true)).toBe(
          Math.floor(at / 16_000 / wave.bucketSeconds + 1e-9),
        )
      }),
    )
  })

  it('is none without sound, and never above full scale', () => {
    expect(collect([])).toBeNull()
    expect(collect([3])?.peaks).toEqual([1])
  })
})
