import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Finding, Priority } from '../../../main/contract/findings.ts'
import type { Job } from '../../../main/contract/jobs.ts'
import type { SignalInfo } from '../../../main/contract/signals.ts'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { ProgressLine } from '../../components/progress-line.tsx'
import { jobFraction, jobWords } from '../../text/job.ts'
import { FindingCard } from './finding-card.tsx'
import styles from './findings.module.css'
import { PrioritySummary } from './priority-summary.tsx'

interface Props {
  readonly findings: readonly Finding[]
  readonly priority: Priority | null
  readonly signals: readonly SignalInfo[]
  /** The newest triage job of the item. */
  readonly job: Job | undefined
  readonly onSeek: (seconds: number) => void
}

/** What carried the review priority stands first, strongest first; the rest in the order of the signals. */
function carriedFirst(findings: readonly Finding[], priority: Priority | null): readonly Finding[] {
  const carried = priority?.reasons.map(({ signal }) => signal) ?? []
  const place = ({ output: { id } }: Finding): number => (carried.includes(id) ? carried.indexOf(id) : carried.length)
  return findings.toSorted((a, b) => place(a) - place(b))
}

export function FindingsTab({ findings, priority, signals, job, onSeek }: Props) {
  const { t } = useTranslation()
  const retry = useMutation(api.jobs.retry.mutationOptions({ onError: notifyFailure }))
  const working = job?.state === 'running' || job?.state === 'queued'
  const stopped = job?.state === 'failed' || job?.state === 'cancelled'
  return (
    <div className={styles.tab}>
      {job && working ? (
        <div className={styles.working}>
          <ProgressLine fraction={jobFraction(job)} label={jobWords(job, t)} secondsLeft={job.secondsLeft} />
        </div>
      ) : null}
      {job && stopped ? (
        <div className={styles.working}>
          {job.error ? (
            <ErrorNotice error={job.error} onRetry={() => retry.mutate({ ids: [job.id] })} />
          ) : (
            <Button variant="default" onClick={() => retry.mutate({ ids: [job.id] })}>
              {t('common.retry')}
            </Button>
          )}
        </div>
      ) : null}
      {priority ? <PrioritySummary priority={priority} signals={signals} /> : null}
      {carriedFirst(findings, priority).map((finding) => (
        <FindingCard
          key={finding.id}
          finding={finding}
          signal={signals.find((signal) => signal.id === finding.output.id)}
          onSeek={onSeek}
        />
      ))}
      {findings.length || working || stopped ? null : (
        <EmptyState title={t('finding.empty')}>{t('finding.emptyHelp')}</EmptyState>
      )}
    </div>
  )
}
