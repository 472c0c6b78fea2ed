/** The worker's side of progress. */
import type { FromWorker, StepName } from './protocol.ts'

/** Sent at most this often, milliseconds. */
const TELL_MS = 100
/** And at least this often. */
const STILL_HERE_MS = 20_000

export interface ProgressSender {
  /** @param share 0 to 1 of the step that is done */
  tell(step: StepName, words: string, share: number): void
  stop(): void
}

/** Sends where the work is: not too often, and again while nothing moves, so that the host knows it has not hung. */
export function progressSender(send: (message: FromWorker) => void): ProgressSender {
  let last: (FromWorker & { type: 'progress' }) | null = null
  let sentAt = -Infinity
  const again = setInterval(() => last && send(last), STILL_HERE_MS)
  return {
    tell(step, words, share) {
      const now = performance.now()
      if (step === last?.step && words === last.words && now - sentAt < TELL_MS) return
      last = { type: 'progress', step, words, fraction: Math.min(1, Math.max(0, share)) }
      sentAt = now
      send(last)
    },
    stop: () => clearInterval(again),
  }
}
