import { useTranslation } from 'react-i18next'
import { percent, span } from '../text/format.ts'
import styles from './progress-line.module.css'

interface Props {
  /** 0 to 1; null while it cannot be told. */
  readonly fraction: number | null
  /** What is being done, in words. */
  readonly label: string
  readonly secondsLeft?: number | null
  /** Hides the words and keeps the bar (they stay for screen readers). */
  readonly barOnly?: boolean
}

/** How far long work has come, with an honest time left or none. */
export function ProgressLine({ fraction, label, secondsLeft = null, barOnly = false }: Props) {
  const { t } = useTranslation()
  const done = fraction === null ? null : Math.min(1, Math.max(0, fraction))
  return (
    <div className={styles.line}>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={done === null ? undefined : Math.round(done * 100)}
        data-unknown={done === null || undefined}
      >
        <div className={styles.fill} style={{ inlineSize: done === null ? '30%' : `${done * 100}%` }} />
      </div>
      {barOnly ? null : (
        <div className={styles.words}>
          <span className={styles.label}>{label}</span>
          <span>
            {done === null ? '' : percent(done)}
            {secondsLeft === null ? '' : ` · ${t('progress.left', { time: span(secondsLeft) })}`}
          </span>
        </div>
      )}
    </div>
  )
}
