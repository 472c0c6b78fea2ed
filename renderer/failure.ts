/** Any error, as a person is shown it: what happened, what to do, whether trying again helps. */
import { ORPCError } from '@orpc/client'
import type { TFunction } from 'i18next'

export interface Shown {
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly retryable: boolean
  readonly detail?: string
}

/** Typed errors carry message and remedy; a lost connection and a bug get their own words. */
export function shown(error: unknown, t: TFunction): Shown {
  if (error instanceof ORPCError) {
    const data = (error.data ?? {}) as { remedy?: string; retryable?: boolean; detail?: string }
    if (data.remedy)
      return {
        code: String(error.code),
        message: error.message,
        remedy: data.remedy,
        retryable: data.retryable ?? false,
        detail: data.detail || undefined,
      }
    if (error.status === 401 || error.status === 403)
      return {
        code: 'request.denied',
        message: t('failure.denied'),
        remedy: t('failure.deniedRemedy'),
        retryable: false,
      }
    return { code: 'internal', message: t('failure.internal'), remedy: t('failure.internalRemedy'), retryable: true }
  }
  if (isReport(error)) return error
  if (error instanceof TypeError || error instanceof DOMException)
    return { code: 'host.lost', message: t('failure.lost'), remedy: t('failure.lostRemedy'), retryable: true }
  return { code: 'internal', message: t('failure.internal'), remedy: t('failure.internalRemedy'), retryable: true }
}

function isReport(error: unknown): error is Shown {
  return typeof error === 'object' && error !== null && 'code' in error && 'remedy' in error && 'message' in error
}
