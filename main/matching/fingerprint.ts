/**
 * What is kept of a video to know it again: hashes of whole frames, corners of key frames, how much changes from frame to
 * frame, and a fingerprint of the sound. All of it comes from the `thumb` stream and the sound that triage decodes anyway.
 */
import type { Frame, Sound } from '../media/types.ts'
import { findCorners, SIDE, type Corners } from './keypoints.ts'
import { HASH_BYTES, PdqHasher } from './pdq.ts'
import { SOUND_PRINT, soundPrintCollector, type SoundPrint } from './sound-print.ts'

export interface KeyFrame {
  /** Seconds. */
  readonly time: number
  readonly corners: Corners
}

export interface Fingerprint {
  /** Seconds from the start of the first frame to the end of the last; of the sound where there is no picture. */
  readonly duration: number
  /** Of every second `thumb` frame: seconds, hash [32], hash of the mirrored frame [32], quality 0..100. */
  readonly times: Float32Array
  readonly hashes: Uint8Array
  readonly mirrored: Uint8Array
  readonly quality: Uint8Array
  /** [32 each] The hashes that the reference would make of the frames at full size, for lists shared with others. */
  readonly published: Uint8Array
  readonly keyFrames: readonly KeyFrame[]
  /** Mean absolute change from the frame before, grey levels, per `thumb` frame; the first is 0. */
  readonly motion: Float32Array
  /** Empty for a video without sound. */
  readonly sound: SoundPrint
}

export const FINGERPRINT = {
  /** Frames of `thumb` a second; every `hashStep`th is hashed. */
  rate: 5,
  hashStep: 2,
  /**
   * Every `step`th gives corners, up to the frame `until`: often at the start, so that short videos have enough of them,
   * and seldom in long ones.
   */
  keys: [
    { until: 50, step: 2 },
    { until: 3000, step: 5 },
    { until: Infinity, step: 10 },
  ],
  /** Four hours: what lies behind is not fingerprinted. */
  mostFrames: 72_000,
} as const

export interface FingerprintCollector {
  /** A frame of the `thumb` stream; its bytes are not kept. */
  add(frame: Pick<Frame, 'index' | 'time' | 'data'>): void
  /** The next stretch of the sound; its samples are not kept. */
  sound(chunk: Pick<Sound, 'samples'>): void
  finish(): Fingerprint
}

/** @param original size of the picture before ffmpeg made it a `thumb`, pixels */
export function fingerprintCollector(original: { width: number; height: number }): FingerprintCollector {
  // One hash that changes least with the size of the picture, for our own comparing; one that others would have made.
  const hasher = new PdqHasher()
  const reference = new PdqHasher(original)
  const times: number[] = []
  const quality: number[] = []
  const hashes: Uint8Array[] = []
  const mirrored: Uint8Array[] = []
  const published: Uint8Array[] = []
  const keyFrames: KeyFrame[] = []
  const motion: number[] = []
  const before = new Uint8Array(SIDE * SIDE)
  const listener = soundPrintCollector()
  return {
    sound: (chunk) => listener.sound(chunk),
    add({ index, time, data }) {
      if (index >= FINGERPRINT.mostFrames) return
      motion.push(index ? change(before, data) : 0)
      before.set(data)
      if (index % FINGERPRINT.hashStep === 0) {
        const made = hasher.hash(data, SIDE, SIDE)
        times.push(time)
        hashes.push(made.hash)
        mirrored.push(made.mirrored)
        published.push(reference.hash(data, SIDE, SIDE).hash)
        quality.push(made.quality)
      }
      if (isKey(index)) keyFrames.push({ time, corners: findCorners(data) })
    },
    finish() {
      const sound = listener.finish()
      return {
        duration: motion.length ? motion.length / FINGERPRINT.rate : sound.words.length * SOUND_PRINT.step,
        times: Float32Array.from(times),
        hashes: joined(hashes),
        mirrored: joined(mirrored),
        quality: Uint8Array.from(quality),
        published: joined(published),
        keyFrames,
        motion: Float32Array.from(motion),
        sound,
      }
    },
  }
}

const isKey = (index: number): boolean => index % FINGERPRINT.keys.find(({ until }) => index < until)!.step === 0

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.length * HASH_BYTES)
  parts.forEach((part, i) => out.set(part, i * HASH_BYTES))
  return out
}

/** Every third pixel: enough for a mean. */
function change(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 3) sum += Math.abs(a[i]! - b[i]!)
  return (3 * sum) / a.length
}
