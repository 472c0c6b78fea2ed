/**
 * The player's state, outside of React: the playhead moves up to sixty times a second, and only what follows it may be
 * drawn again. Times are seconds of media time from the first frame shown.
 */
export interface Range {
  readonly start: number
  readonly end: number
}

export const RATES = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4] as const

export class Transport {
  /** Presentation times of all frames in order, where they are all known; otherwise empty. */
  frameTimes: readonly number[] = []
  /** Frames a second, for stepping where single frame times are not known. */
  frameRate = 25
  duration = 0
  time = 0
  playing = false
  rate = 1
  muted = false
  loop: Range | null = null

  #video: HTMLVideoElement | null = null
  #listeners = new Set<() => void>()
  #callback = 0
  /** Where to go once the picture is there. */
  #wanted: number | null = null
  /** Where the last seek goes, until its frame is shown. */
  #target: number | null = null

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  get video(): HTMLVideoElement | null {
    return this.#video
  }

  attach = (video: HTMLVideoElement | null): void => {
    if (this.#video) this.#video.cancelVideoFrameCallback?.(this.#callback)
    this.#video = video
    this.playing = false
    if (!video) return
    video.playbackRate = this.rate
    video.muted = this.muted
    const shown = (_now: number, frame: VideoFrameCallbackMetadata): void => {
      if (this.#arrived(video, frame.mediaTime)) this.#at(frame.mediaTime)
      this.#callback = video.requestVideoFrameCallback(shown)
    }
    this.#callback = video.requestVideoFrameCallback(shown)
  }

  /** What the container says; the length that the element itself finds takes precedence. */
  learn({ frameRate, frameTimes, duration }: Pick<Transport, 'frameRate' | 'frameTimes' | 'duration'>): void {
    this.frameRate = frameRate
    this.frameTimes = frameTimes
    if (!this.duration) this.duration = duration
    this.#tell()
  }

  /** Events of the video element that its owner passes on. */
  loaded = (): void => {
    if (!this.#video) return
    if (Number.isFinite(this.#video.duration)) this.duration = this.#video.duration
    this.#video.playbackRate = this.rate
    if (this.#wanted !== null) this.seek(this.#wanted)
    this.#tell()
  }
  played = (): void => {
    this.playing = true
    this.#tell()
  }
  paused = (): void => {
    this.playing = false
    this.#tell()
  }
  /** The element's own clock: all there is for sound without a picture. */
  ticked = (): void => {
    if (this.#video && !this.#video.videoWidth) this.#at(this.#video.currentTime)
  }

  toggle = (): void => {
    if (!this.#video) return
    if (this.#video.paused) void this.#video.play().catch(() => this.paused())
    else this.#video.pause()
  }

  seek = (seconds: number): void => {
    const to = Math.min(Math.max(0, seconds), this.duration || Number.POSITIVE_INFINITY)
    if (!this.#video || this.#video.readyState === 0) {
      this.#wanted = to
      this.time = to
      this.#tell()
      return
    }
    this.#wanted = null
    this.#target = to
    this.#video.currentTime = to
    // Shown at once: the frame callback corrects it to the exact frame when that is there.
    this.time = to
    this.#tell()
  }

  /** Goes `count` frames on (or back), exactly, and stops there. */
  step = (count: number): void => {
    this.#video?.pause()
    this.seek(frameAfter(this.time, count, this.frameTimes, this.frameRate))
  }

  setRate = (rate: number): void => {
    this.rate = rate
    if (this.#video) this.#video.playbackRate = rate
    this.#tell()
  }

  faster = (by: 1 | -1): void => {
    const at = RATES.indexOf(this.rate as (typeof RATES)[number])
    this.setRate(RATES[Math.min(RATES.length - 1, Math.max(0, at + by))] ?? 1)
  }

  setMuted = (muted: boolean): void => {
    this.muted = muted
    if (this.#video) this.#video.muted = muted
    this.#tell()
  }

  setLoop = (range: Range | null): void => {
    this.loop = range
    if (range && (this.time < range.start || this.time >= range.end)) this.seek(range.start)
    this.#tell()
  }

  /** Number of the frame shown, from 0. */
  frameNumber(): number {
    return this.frameTimes.length ? indexAt(this.time, this.frameTimes) : Math.round(this.time * this.frameRate)
  }

  /**
   * False for a frame that was on its way before the last seek: taken as the playhead it would undo that seek, and a key
   * pressed quickly several times would step fewer frames than it was pressed.
   */
  #arrived(video: HTMLVideoElement, time: number): boolean {
    if (video.seeking) return false
    if (this.#target === null) return true
    const there = this.frameTimes.length
      ? indexAt(time, this.frameTimes) === indexAt(this.#target, this.frameTimes)
      : Math.abs(time - this.#target) <= 1.5 / this.frameRate
    if (!there && !(this.playing && time > this.#target)) return false
    this.#target = null
    return true
  }

  #at(time: number): void {
    this.time = time
    if (this.loop && this.playing && (time >= this.loop.end - 0.01 || time < this.loop.start - 0.5))
      this.seek(this.loop.start)
    else this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** Index of the frame shown at `time`: the last one that starts no later (half a millisecond of slack for rounding). */
export function indexAt(time: number, times: readonly number[]): number {
  let low = 0
  let high = times.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (times[middle]! <= time + 0.0005) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * A time inside the frame `count` frames after the one shown at `time`. The answer lies a little after the frame's own
 * start, because decoders round a seek to the exact start down to the frame before.
 */
export function frameAfter(time: number, count: number, times: readonly number[], rate: number): number {
  if (!times.length) return Math.max(0, (Math.floor(time * rate + 0.01) + count + 0.25) / rate)
  const to = Math.min(times.length - 1, Math.max(0, indexAt(time, times) + count))
  const start = times[to]!
  const next = times[to + 1] ?? start + 1 / rate
  return start + Math.min(0.001, (next - start) / 4)
}
