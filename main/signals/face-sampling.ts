/** Which faces of which frames are looked at: enough for a steady reading, and no more. */
import type { Face } from './faces/face.ts'

export const SAMPLING = {
  /** Videos up to this many seconds are looked at in every frame of the stream. */
  shortVideo: 20,
  /** Longer ones in every second frame at most, and about so many frames in all. */
  frames: 120,
  /** Mean logit of one batch from which the next frames are all looked at, and how many. */
  closerFrom: 1,
  closerFrames: 8,
  /** Faces per frame, the largest first. */
  faces: 2,
  /** Shorter side of the box, pixels of the frame; detector confidence; how far turned; see FaceQuality. */
  leastSize: 48,
  leastScore: 0.6,
  mostTurned: 0.75,
  leastSharpness: 4,
} as const

/** Why a face is not looked at, or null where it is. */
export function leftOut({ quality, score }: Face): 'small' | 'unsure' | 'turned' | 'blurred' | null {
  if (quality.size < SAMPLING.leastSize) return 'small'
  if (score < SAMPLING.leastScore) return 'unsure'
  if (Math.abs(quality.yaw) > SAMPLING.mostTurned) return 'turned'
  if (quality.sharpness < SAMPLING.leastSharpness) return 'blurred'
  return null
}

/** Of the faces of one frame those that are looked at: the largest. */
export const largest = (faces: readonly Face[]): Face[] =>
  [...faces].sort((a, b) => b.quality.size - a.quality.size || a.track - b.track).slice(0, SAMPLING.faces)

/** Frames from one that is looked at to the next, by the length of the video (null where it is unknown). */
export function frameStep(duration: number | null, rate: number): number {
  if (duration !== null && duration <= SAMPLING.shortVideo) return 1
  return Math.max(2, Math.floor(((duration ?? 0) * rate) / SAMPLING.frames))
}

/**
 * True for the frames in which moments of a face are compared with moments seconds before: every `step`-th, or where these lie
 * further apart than two frames, three in a row two frames apart and then a rest, so that no more are looked at.
 */
export const burst = (index: number, step: number): boolean =>
  step <= 2 ? index % step === 0 : [0, 2, 4].includes(index % (3 * step))
