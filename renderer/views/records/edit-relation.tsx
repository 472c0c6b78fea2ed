import { Button, Modal, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Relation } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { DatedField } from '../../components/dated-field.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { offerUndoOf } from './changed.tsx'
import styles from './records.module.css'
import { SourcingFields } from './sourcing-fields.tsx'
import { rememberSource } from './sourcing.ts'
import { completeSupports } from './supports-editor.tsx'

/** Brings a link up to date: who says so, since when, what bears it. Its ends and its verb stay; another is another link. */
export function EditRelation({ relation, title, onClose }: { relation: Relation; title: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [sourcing, setSourcing] = useState(relation.sourcing)
  const [validFrom, setValidFrom] = useState(relation.validFrom)
  const [validUntil, setValidUntil] = useState(relation.validUntil)
  const [note, setNote] = useState(relation.note)
  const edit = useMutation(
    api.records.editRelation.mutationOptions({
      async onSuccess() {
        rememberSource(sourcing)
        onClose()
        await offerUndoOf(relation.id, t('records.linkChanged'))
      },
    }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    event.stopPropagation()
    edit.mutate({
      id: relation.id,
      fields: { sourcing: { ...sourcing, supports: completeSupports(sourcing.supports) }, validFrom, validUntil, note },
    })
  }
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit} className={styles.form}>
        <SourcingFields value={sourcing} onChange={setSourcing} />
        <div className={styles.two}>
          <DatedField label={t('records.validFrom')} value={validFrom} onChange={setValidFrom} />
          <DatedField label={t('records.validUntil')} value={validUntil} onChange={setValidUntil} />
        </div>
        <Textarea
          label={t('records.note')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={500}
          autosize
          dir="auto"
        />
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
