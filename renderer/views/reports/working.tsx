import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Progress } from '../../../main/contract/progress.ts'
import { ProgressLine } from '../../components/progress-line.tsx'
import { bytes } from '../../text/format.ts'
import styles from './report.module.css'

interface Props {
  readonly progress: Progress | null
  /** `bytes` where what is counted are bytes once the total is known. */
  readonly unit?: 'bytes'
  readonly onCancel: () => void
}

/** Work that is waited for: what it does, how far it is, and the way to stop it. */
export function Working({ progress, unit, onCancel }: Props) {
  const { t } = useTranslation()
  const known = progress !== null && progress.total > 0
  const label = progress?.words ?? t('reporting.working')
  return (
    <div className={styles.working}>
      <ProgressLine
        fraction={known ? progress.done / progress.total : null}
        label={
          known && unit === 'bytes' && progress.total > 1000
            ? `${label}: ${bytes(progress.done)} / ${bytes(progress.total)}`
            : label
        }
      />
      <Button variant="default" size="compact-sm" onClick={onCancel}>
        {t('common.cancel')}
      </Button>
    </div>
  )
}
