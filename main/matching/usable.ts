/** How much of a fingerprint can be told apart from others. */
import type { Fingerprint } from './fingerprint.ts'
import { LEAST_QUALITY } from './pdq.ts'
import { SOUND_PRINT } from './sound-print.ts'

/** Frames (one a second) that show enough to be told apart, or seconds of sound that do, whichever is more. */
export function usableSeconds({ quality, sound }: Fingerprint): number {
  const heard = sound.flat.length - sound.flat.reduce((sum, flat) => sum + flat, 0)
  return Math.max(quality.filter((value) => value >= LEAST_QUALITY).length, Math.floor(heard * SOUND_PRINT.step))
}
