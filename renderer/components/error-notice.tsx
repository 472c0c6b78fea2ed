import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { shown } from '../failure.ts'
import styles from './error-notice.module.css'

interface Props {
  /** Anything thrown by an operation, or a failure report that came with a record. */
  readonly error: unknown
  readonly onRetry?: () => void
  /** One line, for rows of a list. */
  readonly compact?: boolean
}

/** What happened, what to do, and the code to quote. */
export function ErrorNotice({ error, onRetry, compact = false }: Props) {
  const { t } = useTranslation()
  const { code, message, remedy, retryable, detail } = shown(error, t)
  return (
    <div className={styles.notice} role="alert" data-compact={compact || undefined}>
      <IconAlertTriangle size={compact ? 15 : 18} aria-hidden="true" className={styles.icon} />
      <div className={styles.words}>
        <strong className={styles.message}>{message}</strong>
        {detail ? <span className={`${styles.detail} untrusted`}>{detail}</span> : null}
        <span className={styles.remedy}>{remedy}</span>
        <code className={styles.code}>{code}</code>
      </div>
      {onRetry && retryable ? (
        <Button variant="default" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      ) : null}
    </div>
  )
}
