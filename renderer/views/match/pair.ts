/** Two players in step: the new item leads, and the known one follows along the segment at the playhead. */
import { Transport } from '../bench/transport.ts'

/** A stretch of the new item and the line along which the known one runs. Seconds. */
export interface Along {
  readonly from: number
  readonly to: number
  readonly knownFrom: number
  readonly speed: number
}

/** Seconds by which the follower may be beside its place: corrected by its speed, or by a jump. */
export const STEP = { drift: 0.02, jump: 0.3, still: 0.012 } as const

/** The segment shown at a time: the one it lies in, with a frame of slack at either end. */
export const segmentAt = <T extends Along>(segments: readonly T[], time: number): T | undefined =>
  segments.find(({ from, to }) => time >= from - 0.05 && time <= to + 0.05)

export const knownTime = ({ from, knownFrom, speed }: Along, time: number): number =>
  Math.max(0, knownFrom + speed * (time - from))

/**
 * How the follower must play: the speed that makes up its drift within half a second, or the place to jump to.
 * @param rate of the leader
 */
export function correction(
  { speed }: Along,
  wanted: number,
  at: number,
  rate: number,
): { readonly rate: number; readonly seek: boolean } {
  const behind = wanted - at
  if (Math.abs(behind) > STEP.jump) return { rate: speed * rate, seek: true }
  const by = Math.abs(behind) > STEP.drift ? Math.max(-0.25, Math.min(0.25, behind / 0.5)) : 0
  return { rate: Math.max(0.0625, Math.min(16, speed * rate * (1 + by))), seek: false }
}

export class PairTransport extends Transport {
  #follower: HTMLVideoElement | null = null
  #segments: readonly Along[] = []

  constructor() {
    super()
    this.subscribe(() => this.#keepInStep())
  }

  /** The segments to follow; they may be refined once the comparison is there. */
  follow(segments: readonly Along[]): void {
    this.#segments = segments
    this.#keepInStep()
  }

  attachFollower = (video: HTMLVideoElement | null): void => {
    this.#follower = video
    if (!video) return
    // Its own sound would be the same words twice, a little apart.
    video.muted = true
    this.#keepInStep()
  }

  get follower(): HTMLVideoElement | null {
    return this.#follower
  }

  /** The follower has its picture: it goes where it belongs. */
  followerLoaded = (): void => this.#keepInStep()

  #keepInStep(): void {
    const video = this.#follower
    if (!video || video.readyState === 0) return
    const along = segmentAt(this.#segments, this.time)
    if (!along) {
      if (!video.paused) video.pause()
      return
    }
    const wanted = knownTime(along, this.time)
    if (!this.playing) {
      if (!video.paused) video.pause()
      // A hair inside the frame: a seek to its exact start may show the one before.
      if (Math.abs(video.currentTime - wanted - 0.001) > STEP.still && !video.seeking)
        video.currentTime = wanted + 0.001
      return
    }
    const { rate, seek } = correction(along, wanted, video.currentTime, this.rate)
    if (seek && !video.seeking) video.currentTime = wanted
    if (Math.abs(video.playbackRate - rate) > 0.005) video.playbackRate = rate
    if (video.paused) void video.play().catch(() => {})
  }
}
