/** A job in words and as a fraction. */
import type { TFunction } from 'i18next'
import type { Job } from '../../main/contract/jobs.ts'

/** 0 to 1; null while it runs without a known end. */
export function jobFraction(job: Job): number | null {
  if (job.state === 'queued') return 0
  if (job.state === 'succeeded') return 1
  return job.progress ? job.progress.done / job.progress.total : null
}

export function jobWords(job: Job, t: TFunction): string {
  if (job.state === 'running') return job.step || t('job.running')
  return t(`job.${job.state}`)
}
