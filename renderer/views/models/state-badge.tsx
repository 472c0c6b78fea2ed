import { Loader } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ModelInfo } from '../../../main/contract/models.ts'
import styles from './models.module.css'

/** Whether a model is what it should be; told by shape and word, not by colour alone. */
export function StateBadge({ state }: Pick<ModelInfo, 'state'>) {
  const { t } = useTranslation()
  return (
    <span className={styles.state} data-state={state}>
      {state === 'verified' ? <IconCheck size={14} aria-hidden="true" /> : null}
      {state === 'refused' ? <IconAlertTriangle size={14} aria-hidden="true" /> : null}
      {state === 'checking' ? <Loader size={12} color="var(--accent)" aria-hidden="true" /> : null}
      {t(`models.states.${state}`)}
    </span>
  )
}
