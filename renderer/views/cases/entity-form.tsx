import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, FieldInfo, KindInfo } from '../../../main/contract/cases.ts'
import { TLP_LEVELS, type Tlp } from '../../../main/contract/common.ts'
import { api, queryClient } from '../../client.ts'
import { valueText } from '../../../main/contract/values.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { notifyDone } from '../../components/notify.ts'
import styles from './cases.module.css'

interface Props {
  readonly info: KindInfo
  /** Null: a new record. */
  readonly entity: Entity | null
  readonly caseId: string
  readonly onDone: () => void
}

const RELIABILITIES = ['A', 'B', 'C', 'D', 'E', 'F'] as const
const CREDIBILITIES = ['1', '2', '3', '4', '5', '6'] as const

/** What the form shows: every value as the line of text that its schema takes back; dates keep their precision and zone. */
function formValues(info: KindInfo, entity: Entity | null): Record<string, unknown> {
  const shown = (field: FieldInfo, value: unknown): unknown =>
    typeof value === 'number' ? value : valueText(field.type, value)
  return Object.fromEntries(
    info.fields.map((field) => {
      const value = entity?.attributes[field.name]
      return [field.name, Array.isArray(value) ? value.map((one) => shown(field, one)) : shown(field, value)]
    }),
  )
}

/** The form of any kind of record, drawn from the fields that the kind declares. */
export function EntityForm({ info, entity, caseId, onDone }: Props) {
  const { t } = useTranslation()
  const [name, setName] = useState(entity?.name ?? '')
  const [tlp, setTlp] = useState<Tlp>(entity?.tlp ?? 'AMBER')
  const [attributes, setAttributes] = useState(() => formValues(info, entity))
  const [sourceId, setSourceId] = useState<string | null>(entity?.sourcing.sourceId ?? null)
  const [reliability, setReliability] = useState(entity?.sourcing.reliability ?? 'F')
  const [credibility, setCredibility] = useState(entity?.sourcing.credibility ?? '6')
  const sources = useQuery(api.cases.entities.queryOptions({ input: { kind: 'source' } }))
  const done = {
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: api.cases.key() })
      notifyDone(t('cases.recordUpdated'))
      onDone()
    },
  }
  const create = useMutation(api.cases.createEntity.mutationOptions(done))
  const update = useMutation(api.cases.updateEntity.mutationOptions(done))

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const fields = {
      name,
      tlp,
      attributes,
      sourcing: { ...entity?.sourcing, sourceId, reliability, credibility },
    }
    if (entity) update.mutate({ id: entity.id, revision: entity.revision, fields })
    else create.mutate({ kind: info.kind, caseId, ...fields })
  }
  const set = (field: string, value: unknown): void => setAttributes((known) => ({ ...known, [field]: value }))

  return (
    <form onSubmit={submit} className={styles.form}>
      <p className={styles.absent}>{info.help}</p>
      <TextInput
        label={t('cases.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={300}
        dir="auto"
        required
        data-autofocus
      />
      {info.fields.map((field) => {
        const shared = { label: field.label, description: field.help, dir: 'auto' as const }
        const value = attributes[field.name]
        if (field.type === 'choice' && !field.many)
          return (
            <Select
              key={field.name}
              label={field.label}
              description={field.help}
              data={field.choices ?? []}
              value={typeof value === 'string' ? value : null}
              onChange={(chosen) => set(field.name, chosen ?? undefined)}
              clearable
            />
          )
        if (field.type === 'number')
          return (
            <NumberInput
              key={field.name}
              label={field.label}
              description={field.help}
              value={typeof value === 'number' ? value : ''}
              onChange={(next) => set(field.name, next === '' ? undefined : Number(next))}
            />
          )
        if (field.many || field.type === 'long-text')
          return (
            <Textarea
              key={field.name}
              {...shared}
              description={field.many ? `${field.help} ${t('cases.listHelp')}` : field.help}
              value={Array.isArray(value) ? value.join('\n') : typeof value === 'string' ? value : ''}
              onChange={(event) => {
                const text = event.currentTarget.value
                set(field.name, field.many ? text.split('\n') : text)
              }}
              autosize
              minRows={1}
              maxRows={8}
            />
          )
        return (
          <TextInput
            key={field.name}
            {...shared}
            value={typeof value === 'string' ? value : ''}
            onChange={(event) => set(field.name, event.currentTarget.value)}
          />
        )
      })}
      <fieldset className={styles.sourcing}>
        <legend>{t('cases.sourcing')}</legend>
        <div className={styles.three}>
          <Select
            label={t('cases.source')}
            placeholder={t('cases.sourceSelf')}
            data={(sources.data ?? [])
              .filter((source) => source.id !== entity?.id)
              .map((source) => ({ value: source.id, label: source.name }))}
            value={sourceId}
            onChange={setSourceId}
            searchable
            clearable
          />
          <Select
            label={t('cases.reliability')}
            data={RELIABILITIES.map((value) => ({ value, label: t(`cases.reliabilities.${value}`) }))}
            value={reliability}
            onChange={(value) => setReliability((value ?? 'F') as typeof reliability)}
            allowDeselect={false}
          />
          <Select
            label={t('cases.credibility')}
            data={CREDIBILITIES.map((value) => ({ value, label: t(`cases.credibilities.${value}`) }))}
            value={credibility}
            onChange={(value) => setCredibility((value ?? '6') as typeof credibility)}
            allowDeselect={false}
          />
        </div>
      </fieldset>
      <Select
        label={t('cases.field.tlp')}
        data={TLP_LEVELS.map((value) => ({ value, label: `TLP:${value}` }))}
        value={tlp}
        onChange={(value) => setTlp((value ?? 'AMBER') as Tlp)}
        allowDeselect={false}
        className={styles.narrow}
      />
      {create.error || update.error ? <ErrorNotice error={create.error ?? update.error} /> : null}
      <div className={styles.formEnd}>
        <Button variant="default" onClick={onDone}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={create.isPending || update.isPending} disabled={!name.trim()}>
          {t('cases.save')}
        </Button>
      </div>
    </form>
  )
}
