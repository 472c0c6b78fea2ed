import { ActionIcon, Button, Modal, Select, Tooltip } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { RelationType } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { offerUndoOf } from './changed.tsx'
import { RecordField, type Chosen } from './record-field.tsx'
import styles from './records.module.css'
import { rememberSource, startingSourcing } from './sourcing.ts'
import { completed, StatementFields, type Statement } from './statement-fields.tsx'

interface Props {
  /** Stands at the start of the sentence; null lets the person choose. */
  readonly from: Chosen | null
  readonly caseId: string | null
  readonly onClose: () => void
}

/** A link as one sentence: a record, what it does, another record. Only what fits is offered. */
export function LinkForm({ from: given, caseId, onClose }: Props) {
  const { t } = useTranslation()
  const [from, setFrom] = useState<Chosen | null>(given)
  const [to, setTo] = useState<Chosen | null>(null)
  const [type, setType] = useState<RelationType | null>(null)
  const [statement, setStatement] = useState<Statement>(() => ({
    sourcing: startingSourcing(),
    validFrom: null,
    validUntil: null,
    note: '',
  }))
  const rules = useQuery(api.cases.kinds.queryOptions()).data?.relations ?? []
  const fits = rules.filter((rule) => (!from || rule.from.includes(from.kind)) && (!to || rule.to.includes(to.kind)))
  const rule = fits.find((known) => known.type === type)
  const ends = (side: 'from' | 'to', other: Chosen | null) => {
    const against = side === 'from' ? 'to' : 'from'
    const open = rule ? [rule] : rules.filter((known) => !other || known[against].includes(other.kind))
    return [...new Set(open.flatMap((known) => known[side]))]
  }
  const relate = useMutation(
    api.cases.relate.mutationOptions({
      async onSuccess(made) {
        rememberSource(statement.sourcing)
        onClose()
        await offerUndoOf(made.id, t('records.linked'))
      },
    }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    event.stopPropagation()
    if (from && to && rule)
      relate.mutate({
        type: rule.type,
        from: { kind: from.kind, id: from.id },
        to: { kind: to.kind, id: to.id },
        ...completed(statement),
        caseId,
      })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('records.newLink')}
      size="48rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} className={styles.form}>
        <p className={styles.dim}>{t('records.linkHelp')}</p>
        <div className={styles.sentenceForm}>
          <RecordField
            label={t('records.linkFrom')}
            kinds={ends('from', to)}
            value={from?.id ?? null}
            onChange={(_, chosen) => setFrom(chosen)}
            caseId={caseId}
            exclude={to ? [to.id] : []}
          />
          <Select
            label={t('records.linkType')}
            placeholder={t('records.linkTypePick')}
            data={fits.map((known) => ({ value: known.type, label: known.label }))}
            value={rule ? rule.type : null}
            onChange={(next) => setType(next as RelationType | null)}
            nothingFoundMessage={t('records.linkNone')}
            searchable
            clearable
          />
          <RecordField
            label={t('records.linkTo')}
            kinds={ends('to', from)}
            value={to?.id ?? null}
            onChange={(_, chosen) => setTo(chosen)}
            caseId={caseId}
            exclude={from ? [from.id] : []}
          />
          <Tooltip label={t('records.swap')}>
            <ActionIcon
              aria-label={t('records.swap')}
              onClick={() => {
                setFrom(to)
                setTo(from)
              }}
            >
              <IconArrowsExchange size={16} />
            </ActionIcon>
          </Tooltip>
        </div>
        <p className={styles.sentencePreview} aria-live="polite">
          <bdi>{from?.name ?? '…'}</bdi> <em>{rule?.label ?? '…'}</em> <bdi>{to?.name ?? '…'}</bdi>
        </p>
        <StatementFields value={statement} onChange={setStatement} caseId={caseId} />
        {relate.error ? <ErrorNotice error={relate.error} /> : null}
        <div className={styles.formEnd}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={relate.isPending} disabled={!from || !to || !rule}>
            {t('records.linkAction')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
