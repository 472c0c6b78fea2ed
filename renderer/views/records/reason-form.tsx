import { Button, Modal, Textarea } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './records.module.css'

interface Props {
  readonly title: string
  readonly text: string
  readonly action: string
  /** Whether a reason must be given. */
  readonly required?: boolean
  readonly busy: boolean
  readonly onSubmit: (reason: string) => void
  readonly onClose: () => void
}

/** Asks why, before something is disputed or withdrawn. */
export function ReasonForm({ title, text, action, required = false, busy, onSubmit, onClose }: Props) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    event.stopPropagation()
    onSubmit(reason)
  }
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit} className={styles.form}>
        <p className={styles.dim}>{text}</p>
        <Textarea
          label={t('records.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={2}
          dir="auto"
          required={required}
          data-autofocus
        />
        <div className={styles.formEnd}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={required && !reason.trim()}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
