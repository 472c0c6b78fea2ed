import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import styles from './hash.module.css'

interface Props {
  /** Lower-case hex. */
  readonly value: string
  readonly algorithm?: 'SHA-256' | 'BLAKE3'
  /** Characters shown; the whole value is copied and told to screen readers. 0 shows all. */
  readonly length?: number
}

/** A digest, shortened for the eye; one click copies all of it. */
export function Hash({ value, algorithm = 'SHA-256', length = 12 }: Props) {
  const { t } = useTranslation()
  return (
    <span className={styles.hash}>
      <Tooltip label={`${algorithm} ${value}`}>
        <code className={styles.value}>{length && length < value.length ? `${value.slice(0, length)}…` : value}</code>
      </Tooltip>
      <CopyButton value={value} timeout={1500}>
        {({ copied, copy }) => (
          <ActionIcon size={24} onClick={copy} aria-label={copied ? t('common.copied') : t('hash.copy', { algorithm })}>
            {copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  )
}
