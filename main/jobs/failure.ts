/** What the end of a run means for its job: done, once more, or failed with a code that the user can act on. */
import { Failure, FAILURES, report, type FailureCode, type FailureReport } from '../errors.ts'
import type { Ending } from './run.ts'

/** Null: it succeeded, was cancelled, or (with `again`) gets its second attempt. */
export interface Verdict {
  readonly state: 'succeeded' | 'failed' | 'cancelled' | 'again'
  readonly error: FailureReport | null
}

const failed = (code: FailureCode, detail?: string): Verdict => ({
  state: 'failed',
  error: report(new Failure(code, detail)),
})

/**
 * @param attempt 1 for the first run since the job was queued
 * @param withAdded true where models of the user's ran: they may be why it hung or swelled, and are left out of the second
 */
export function verdict(ending: Ending, attempt: number, withAdded = false): Verdict {
  const again = attempt === 1
  switch (ending.how) {
    case 'completed':
      return { state: 'succeeded', error: null }
    case 'cancelled':
      return { state: 'cancelled', error: null }
    case 'failed': {
      const error = ourReport(ending.untrustedError)
      return { state: error.retryable && again ? 'again' : 'failed', error }
    }
    case 'crashed':
      return again ? { state: 'again', error: null } : failed('worker.crashed', ending.detail)
    case 'out-of-memory':
      if (again && withAdded) return { state: 'again', error: null }
      return failed('media.limit', `The analysis process used too much memory (${ending.detail}).`)
    case 'silent':
      if (again && withAdded) return { state: 'again', error: null }
      return failed('media.timeout', 'The analysis process stopped reporting.')
    case 'not-stored':
      return { state: 'failed', error: report(ending.failure) }
    case 'unkillable':
      return failed(
        'worker.crashed',
        `It does not end (process ${ending.pids.join(', ') || 'unknown'}); restart the machine.`,
      )
  }
}

/**
 * Only the code crosses from a worker, with a short plain detail: sentences and remedies are ours. Control and format
 * characters (line breaks, direction marks) go, so that no file name can dress up a message.
 */
function ourReport(untrusted: { code: string; detail?: string | undefined }): FailureReport {
  const detail = untrusted.detail?.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 500)
  if (!Object.hasOwn(FAILURES, untrusted.code)) return report(undefined)
  return report(new Failure(untrusted.code as FailureCode, detail))
}
