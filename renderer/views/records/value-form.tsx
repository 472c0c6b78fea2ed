import { Button, Modal, Select } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, FieldInfo } from '../../../main/contract/cases.ts'
import type { Assertion } from '../../../main/contract/records.ts'
import { api } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { offerUndoOf } from './changed.tsx'
import styles from './records.module.css'
import { rememberSource, startingSourcing } from './sourcing.ts'
import { completed, StatementFields, type Statement } from './statement-fields.tsx'
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
  const [statement, setStatement] = useState<Statement>(() => ({
    sourcing: corrects?.sourcing ?? startingSourcing(),
    validFrom: corrects?.validFrom ?? null,
    validUntil: corrects?.validUntil ?? null,
    note: corrects?.note ?? '',
  }))
  const assert = useMutation(
    api.records.assert.mutationOptions({
      async onSuccess() {
        rememberSource(statement.sourcing)
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
        ...completed(statement),
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
        <StatementFields value={statement} onChange={setStatement} exclude={[entity.id]} />
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
