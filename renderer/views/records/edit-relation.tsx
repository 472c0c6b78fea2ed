import { Button, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Relation } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { offerUndoOf } from './changed.tsx'
import styles from './records.module.css'
import { rememberSource } from './sourcing.ts'
import { completed, StatementFields, type Statement } from './statement-fields.tsx'

/** Brings a link up to date: who says so, since when, what bears it. Its ends and its verb stay; another is another link. */
export function EditRelation({ relation, title, onClose }: { relation: Relation; title: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [statement, setStatement] = useState<Statement>(relation)
  const edit = useMutation(
    api.records.editRelation.mutationOptions({
      async onSuccess() {
        rememberSource(statement.sourcing)
        onClose()
        await offerUndoOf(relation.id, t('records.linkChanged'))
      },
    }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    event.stopPropagation()
    const { sourcing, validFrom, validUntil, note } = completed(statement)
    edit.mutate({ id: relation.id, fields: { sourcing, validFrom, validUntil, note } })
  }
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit} className={styles.form}>
        <StatementFields value={statement} onChange={setStatement} />
        {edit.error ? <ErrorNotice error={edit.error} /> : null}
        <div className={styles.formEnd}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={edit.isPending}>
            {t('records.save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
