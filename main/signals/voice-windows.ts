/** Picks stretches of 4 s that hold speech while the sound comes in, and keeps their samples until the model reads them. */
import { SOUND_RATE } from '../media/types.ts'
import { FRAME_RATE, type VoiceFrames } from './voice-frames.ts'
import { gateFeatures, kindOf, type GateFeatures, type SoundKind } from './voice-gate.ts'

export const WINDOWS = {
  /** Samples of the model's input: 4 s. */
  size: 64_000,
  /** Seconds from window to window, at least; half of it in sound that is shorter than `short` seconds. */
  step: 4,
  short: 16,
  /** Windows at most, spread over the whole length. */
  most: 40,
  /** Seconds of sounding frames that a window of speech has at least. */
  leastActive: 1.5,
  /** A sound of at least this many seconds but under 4 s is repeated to fill one window. */
  shortest: 3,
} as const

export interface StretchOfSound {
  /** Seconds of the first sample. */
  readonly time: number
  readonly kind: SoundKind
  readonly features: GateFeatures
}

export class WindowPicker {
  /** Every stretch that was looked at, in time order. */
  readonly stretches: StretchOfSound[] = []
  readonly #frames: VoiceFrames
  readonly #step: number
  #recent = new Float32Array(0)
  /** Sample number of the first of `#recent`. */
  #first = 0
  #next = 0
  #picked = 0

  /** @param duration of the whole sound in seconds, as far as it is known beforehand */
  constructor(frames: VoiceFrames, duration: number) {
    this.#frames = frames
    const step = duration && duration < WINDOWS.short ? WINDOWS.step / 2 : WINDOWS.step
    // Whole half seconds, so that windows of one file and of its longer copy lie at the same places.
    this.#step = Math.max(step, Math.ceil((2 * duration) / WINDOWS.most) / 2) * SOUND_RATE
  }

  /** The windows that this block completes. `frames` must have had the block already. */
  add(samples: Float32Array): { time: number; samples: Float32Array }[] {
    const joined = new Float32Array(this.#recent.length + samples.length)
    joined.set(this.#recent)
    joined.set(samples, this.#recent.length)
    const end = this.#first + joined.length
    const windows: { time: number; samples: Float32Array }[] = []
    // The frames lag behind by less than a tenth of a second.
    while (this.#next + WINDOWS.size + SOUND_RATE / 10 <= end && this.#picked < WINDOWS.most) {
      const at = this.#next - this.#first
      if (this.#look(this.#next, WINDOWS.size)) {
        windows.push({ time: this.#next / SOUND_RATE, samples: joined.slice(at, at + WINDOWS.size) })
        this.#picked++
        this.#next += this.#step
      } else this.#next += Math.min(this.#step, SOUND_RATE * 2)
    }
    const keep = Math.max(0, Math.min(joined.length, this.#next - this.#first))
    this.#recent = joined.slice(keep)
    this.#first += keep
    return windows
  }

  /** A last window for sound that was too short or ends with a window's worth of speech; null where there is none. */
  finish(): { time: number; samples: Float32Array } | null {
    const length = this.#recent.length
    if (this.#picked || length < WINDOWS.shortest * SOUND_RATE || !this.#look(this.#first, length)) return null
    const samples = new Float32Array(WINDOWS.size)
    for (let i = 0; i < samples.length; i++) samples[i] = this.#recent[i % length]!
    this.#picked++
    return { time: this.#first / SOUND_RATE, samples }
  }

  #look(first: number, length: number): boolean {
    const from = Math.floor((first / SOUND_RATE) * FRAME_RATE)
    const to = Math.min(this.#frames.count, Math.floor(((first + length) / SOUND_RATE) * FRAME_RATE))
    if (to - from < FRAME_RATE) return false
    const features = gateFeatures(this.#frames, from, to)
    const kind = kindOf(features)
    this.stretches.push({ time: first / SOUND_RATE, kind, features })
    return kind === 'speech' && features.active >= WINDOWS.leastActive
  }
}
