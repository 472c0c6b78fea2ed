import { Button, Modal, Select, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, FieldInfo } from '../../../main/contract/cases.ts'
import type { DatedValue, Sourcing } from '../../../main/contract/common.ts'
import type { Assertion } from '../../../main/contract/records.ts'
import { api } from '../../client.ts'
import { DatedField } from '../../components/dated-field.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { offerUndoOf } from './changed.tsx'
import styles from './records.module.css'
import { SourcingFields } from './sourcing-fields.tsx'
import { rememberSource, startingSourcing } from './sourcing.ts'
import { completeSupports } from './supports-editor.tsx'
import { isComplete, ValueField } from './value-field.tsx'

interface Props {
  readonly entity: Entity
  readonly fields: readonly FieldInfo[]
  /** The field to begin with; null lets the person choose. */
  readonly field: FieldInfo | null
  /** The assertion to correct; null states another value beside those that stand. */
  readonly corrects: Assertion | null
  readonly onClose: () => void
}

/** States one value of one field with who says so; what others say keeps standing beside it. */
export function ValueForm({ entity, fields, field: given, corrects, onClose }: Props) {
  const { t } = useTranslation()
  const [field, setField] = useState(given)
  const [value, setValue] = useState<unknown>(corrects?.value)
  const [sourcing, setSourcing] = useState<Sourcing>(corrects?.sourcing ?? startingSourcing())
  const [validFrom, setValidFrom] = useState<DatedValue | null>(corrects?.validFrom ?? null)
  const [validUntil, setValidUntil] = useState<DatedValue | null>(corrects?.validUntil ?? null)
  const [note, setNote] = useState(corrects?.note ?? '')
  const assert = useMutation(
    api.records.assert.mutationOptions({
      async onSuccess() {
        rememberSource(sourcing)
        onClose()
        await offerUndoOf(entity.id, t(corrects ? 'records.corrected' : 'records.valueAdded'))
      },
    }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // A form inside a form's dialogue must not send the outer one.
    event.stopPropagation()
    if (!field) return
    assert.mutate({
      entityId: entity.id,
      revision: entity.revision,
      assertion: {
        field: field.name,
        value,
        sourcing: { ...sourcing, supports: completeSupports(sourcing.supports) },
        validFrom,
        validUntil,
        note,
      },
      supersedes: corrects?.id ?? null,
    })
  }
  const title = corrects
    ? t('records.correctTitle', { field: field?.label ?? '' })
    : t('records.addValueTitle', { name: entity.name })
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit} className={styles.form}>
        {given ? null : (
          <Select
            label={t('records.field')}
            data={fields.filter(({ type }) => type !== 'cell').map(({ name, label }) => ({ value: name, label }))}
            value={field?.name ?? null}
            onChange={(next) => {
              setField(fields.find(({ name }) => name === next) ?? null)
              setValue(undefined)
            }}
            searchable
            allowDeselect={false}
            data-autofocus
          />
        )}
        {field ? <ValueField field={field} value={value} onChange={setValue} /> : null}
        <SourcingFields value={sourcing} onChange={setSourcing} exclude={[entity.id]} />
        <details className={styles.more} open={Boolean(validFrom || validUntil || note)}>
          <summary>{t('records.validity')}</summary>
          <div className={styles.stack}>
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
          </div>
        </details>
        {assert.error ? <ErrorNotice error={assert.error} /> : null}
        <div className={styles.formEnd}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={assert.isPending} disabled={!field || !isComplete(field, value)}>
            {t(corrects ? 'records.correctAction' : 'records.addValueAction')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
