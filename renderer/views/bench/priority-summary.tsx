import { useTranslation } from 'react-i18next'
import type { Priority } from '../../../main/contract/findings.ts'
import type { SignalInfo } from '../../../main/contract/signals.ts'
import { BandBadge } from '../../components/band-badge.tsx'
import { number } from '../../text/format.ts'
import styles from './findings.module.css'
import { PredictiveValue } from './predictive-value.tsx'

interface Props {
  readonly priority: Priority
  readonly signals: readonly SignalInfo[]
}

/** Why the item stands where it stands in the queue, what did not count, and what would change it. */
export function PrioritySummary({ priority, signals }: Props) {
  const { t } = useTranslation()
  const titleOf = (id: string): string => signals.find((signal) => signal.id === id)?.title ?? id
  return (
    <section className={styles.priority} aria-label={t('priority.title')}>
      <div className={styles.priorityHead}>
        <BandBadge band={priority.band} />
        <span className={styles.dim}>{t('priority.score', { score: number(priority.score, 2) })}</span>
      </div>
      <p className={styles.words}>{priority.words}</p>
      {priority.reasons.length ? (
        <ul className={styles.reasons}>
          {priority.reasons.map((reason) => (
            <li key={reason.signal + reason.text}>
              <strong>{titleOf(reason.signal)}</strong> {reason.text}
            </li>
          ))}
        </ul>
      ) : null}
      {priority.likelihood ? <PredictiveValue likelihood={priority.likelihood} signals={signals} /> : null}
      {priority.notCounted.length || priority.wouldChange.length ? (
        <details className={styles.more}>
          <summary>{t('priority.more')}</summary>
          {priority.notCounted.length ? (
            <>
              <h4 className={styles.part}>{t('priority.notCounted')}</h4>
              <ul className={styles.reasons}>
                {priority.notCounted.map((entry) => (
                  <li key={entry.signal}>
                    <strong>{titleOf(entry.signal)}</strong> {entry.reason}
                  </li>
                ))}
              </ul>
            </>
          ) : null}
          {priority.wouldChange.length ? (
            <>
              <h4 className={styles.part}>{t('priority.wouldChange')}</h4>
              <ul className={styles.reasons}>
                {priority.wouldChange.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </>
          ) : null}
        </details>
      ) : null}
    </section>
  )
}
