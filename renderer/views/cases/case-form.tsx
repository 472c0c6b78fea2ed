import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Case } from '../../../main/contract/cases.ts'
import { TLP_LEVELS, type Tlp } from '../../../main/contract/common.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import styles from './cases.module.css'

export type CaseValues = Pick<Case, 'title' | 'question' | 'status' | 'owner' | 'tlp' | 'summary'>

const EMPTY: CaseValues = { title: '', question: '', status: 'open', owner: '', tlp: 'AMBER', summary: '' }
const STATUSES = ['open', 'watching', 'closed'] as const

interface Props {
  readonly initial?: CaseValues
  readonly action: string
  readonly busy: boolean
  readonly error: unknown
  readonly onSubmit: (fields: CaseValues) => void
  readonly onCancel: () => void
}

/** The fields of a case, for making one and for editing one. */
export function CaseForm({ initial = EMPTY, action, busy, error, onSubmit, onCancel }: Props) {
  const { t } = useTranslation()
  const [fields, setFields] = useState(initial)
  const set = (change: Partial<CaseValues>): void => setFields((known) => ({ ...known, ...change }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit(fields)
  }
  return (
    <form onSubmit={submit} className={styles.form}>
      <TextInput
        label={t('cases.field.title')}
        value={fields.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        maxLength={300}
        dir="auto"
        required
        data-autofocus
      />
      <Textarea
        label={t('cases.field.question')}
        description={t('cases.field.questionHelp')}
        value={fields.question}
        onChange={(event) => set({ question: event.currentTarget.value })}
        autosize
        minRows={1}
        maxRows={4}
        dir="auto"
      />
      <Textarea
        label={t('cases.field.summary')}
        description={t('cases.field.summaryHelp')}
        value={fields.summary}
        onChange={(event) => set({ summary: event.currentTarget.value })}
        autosize
        minRows={3}
        maxRows={12}
        maxLength={20_000}
        dir="auto"
      />
      <div className={styles.three}>
        <Select
          label={t('cases.field.status')}
          data={STATUSES.map((value) => ({ value, label: t(`cases.status.${value}`) }))}
          value={fields.status}
          onChange={(status) => set({ status: status as CaseValues['status'] })}
          allowDeselect={false}
        />
        <Select
          label={t('cases.field.tlp')}
          data={TLP_LEVELS.map((value) => ({ value, label: `TLP:${value}` }))}
          value={fields.tlp}
          onChange={(tlp) => set({ tlp: tlp as Tlp })}
          allowDeselect={false}
        />
        <TextInput
          label={t('cases.field.owner')}
          value={fields.owner}
          onChange={(event) => set({ owner: event.currentTarget.value })}
          maxLength={500}
          dir="auto"
        />
      </div>
      {error ? <ErrorNotice error={error} /> : null}
      <div className={styles.formEnd}>
        <Button variant="default" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={busy} disabled={!fields.title.trim()}>
          {action}
        </Button>
      </div>
    </form>
  )
}
