/** Collects the peak level of the sound while it is decoded, in a bounded number of equal buckets. */
import { SOUND_RATE, type Sound } from './types.ts'

export interface Waveform {
  readonly bucketSeconds: number
  /** Largest absolute sample of each bucket, 0 to 1, rounded to 1/1000. */
  readonly peaks: number[]
}

/** Most buckets. A lane on the screen is about that many pixels wide. */
const BUCKETS = 2000
/** Samples of the first buckets: 10 ms. */
const FIRST = SOUND_RATE / 100

// Decoders may go over full scale by rounding; damaged sound may be anything.
const level = (peak: number): number => Math.round(Math.min(1, peak) * 1000) / 1000

/**
 * A collector that needs no duration: when its buckets are full, neighbours are folded into one of twice the length.
 */
export function waveformCollector(limit = BUCKETS): { sound(sound: Sound): void; finish(): Waveform | null } {
  let peaks = new Float32Array(limit)
  let length = FIRST
  let samples = 0

  const fold = (): void => {
    const folded = new Float32Array(limit)
    for (let i = 0; i < limit; i += 1) folded[i >> 1] = Math.max(folded[i >> 1]!, peaks[i]!)
    peaks = folded
    length *= 2
  }

  return {
    sound({ samples: block }) {
      for (const sample of block) {
        let bucket = Math.floor(samples / length)
        if (bucket >= limit) {
          fold()
          bucket = Math.floor(samples / length)
        }
        const level = Math.abs(sample)
        if (level > peaks[bucket]!) peaks[bucket] = level
        samples += 1
      }
    },
    finish() {
      if (samples === 0) return null
      const used = peaks.subarray(0, Math.ceil(samples / length))
      return { bucketSeconds: length / SOUND_RATE, peaks: Array.from(used, level) }
    },
  }
}
