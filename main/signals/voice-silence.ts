/** Runs of samples that are exactly zero inside a sound: a recording has noise there, an edit or a generator may not. */
import { FRAME_RATE, type VoiceFrames } from './voice-frames.ts'

export const SILENCE = {
  /** Shortest run, seconds: encoders leave shorter ones. */
  shortest: 0.1,
  /** Seconds at both ends that are left out: fades and padding. */
  ends: 0.5,
  /** Within these seconds on both sides there must be sound above `sounding` dB. */
  around: 2,
  sounding: -55,
} as const

export interface Span {
  /** Seconds. */
  readonly start: number
  readonly end: number
}

export function findDigitalSilence(frames: VoiceFrames): Span[] {
  const spans: Span[] = []
  const least = SILENCE.shortest * FRAME_RATE
  const ends = SILENCE.ends * FRAME_RATE
  for (let i = 0; i < frames.count; i++) {
    if (frames.zeros[i]! < 1) continue
    let end = i
    while (end < frames.count && frames.zeros[end]! >= 1) end++
    if (end - i >= least && i > ends && end < frames.count - ends && sounds(frames, i, -1) && sounds(frames, end, 1))
      spans.push({ start: i / FRAME_RATE, end: end / FRAME_RATE })
    i = end
  }
  return spans
}

function sounds(frames: VoiceFrames, at: number, direction: 1 | -1): boolean {
  for (let k = 0; k < SILENCE.around * FRAME_RATE; k++)
    if ((frames.level[at + direction * k] ?? -200) > SILENCE.sounding) return true
  return false
}
