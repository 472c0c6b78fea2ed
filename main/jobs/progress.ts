/** How far a job is: weighted steps in, one number that never goes back and an honest time left out. */
import type { Job } from '../contract/jobs.ts'
import type { StepName } from './protocol.ts'

/** Work seen before a time left may be told: below this a rate says nothing. */
const MIN_SHARE = 0.03
const MIN_SECONDS = 1.5

export interface ProgressMeter {
  /** Takes the relative cost of the steps; unknown steps keep the weight they had. */
  weigh(weights: readonly { step: StepName; weight: number }[]): void
  /** A new attempt starts with these steps done: the rate is measured from here. */
  begin(done: readonly string[], now: number): void
  /** @param fraction 0 to 1 of the step */
  advance(step: StepName, fraction: number): void
  /** What to show at `now` (milliseconds): per cent, and seconds left, or null while it cannot be told. */
  read(now: number): { progress: NonNullable<Job['progress']>; secondsLeft: number | null }
}

export function progressMeter(steps: readonly StepName[]): ProgressMeter {
  const weights = new Map(steps.map((step) => [step, 1]))
  const fractions = new Map(steps.map((step) => [step, 0]))
  let highest = 0
  let startedAt = 0
  let startedWith = new Set<string>()

  /** Share of the whole that is done, and share that was already done when this attempt began. */
  function shares(): { done: number; before: number } {
    let total = 0
    let done = 0
    let before = 0
    for (const [step, weight] of weights) {
      total += weight
      done += weight * fractions.get(step)!
      if (startedWith.has(step)) before += weight
    }
    return { done: done / total, before: before / total }
  }

  return {
    weigh(given) {
      for (const { step, weight } of given) if (weights.has(step)) weights.set(step, weight)
    },
    begin(done, now) {
      startedAt = now
      startedWith = new Set(done)
      for (const step of steps) fractions.set(step, startedWith.has(step) ? 1 : 0)
    },
    advance(step, fraction) {
      const before = fractions.get(step)
      if (before !== undefined) fractions.set(step, Math.min(1, Math.max(before, fraction)))
    },
    read(now) {
      const { done, before } = shares()
      highest = Math.max(highest, done)
      const seconds = (now - startedAt) / 1000
      const gained = done - before
      const known = gained >= MIN_SHARE && seconds >= MIN_SECONDS
      return {
        progress: { done: Math.min(100, Math.floor(highest * 1000) / 10), total: 100, unit: '%' },
        secondsLeft: known ? Math.round((Math.max(0, 1 - done) * seconds) / gained) : null,
      }
    },
  }
}

/** Lets at most one call through per `ms`; the last state is always told, late rather than never. */
export function throttled(tell: () => void, ms: number): { call(): void; flush(): void; stop(): void } {
  let timer: NodeJS.Timeout | null = null
  let last = -Infinity
  const stop = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
  }
  const flush = (): void => {
    stop()
    last = performance.now()
    tell()
  }
  return {
    call() {
      const wait = last + ms - performance.now()
      if (wait <= 0) flush()
      else timer ??= setTimeout(flush, wait)
    },
    flush,
    stop,
  }
}
