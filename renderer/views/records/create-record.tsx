import { ActionIcon, Button, Modal, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, FieldInfo, KindInfo } from '../../../main/contract/cases.ts'
import type { Tlp } from '../../../main/contract/common.ts'
import { api } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { KindMark } from '../../components/kind-mark.tsx'
import { TlpField } from '../../components/tlp-field.tsx'
import { offerUndoOf } from './changed.tsx'
import { DisarmField } from './disarm-field.tsx'
import styles from './records.module.css'
import { SourcingFields } from './sourcing-fields.tsx'
import { rememberSource, startingSourcing } from './sourcing.ts'
import { completeSupports } from './supports-editor.tsx'
import { isComplete, ValueField } from './value-field.tsx'

interface Props {
  readonly info: KindInfo
  readonly caseId: string | null
  readonly onClose: () => void
  readonly onMade?: (made: Entity) => void
}

/** A new record of any kind, drawn from the fields that the kind declares. All that is entered has one source. */
export function CreateRecord({ info, caseId, onClose, onMade }: Props) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [tlp, setTlp] = useState<Tlp>('AMBER')
  const [attributes, setAttributes] = useState<Record<string, unknown>>({})
  const [sourcing, setSourcing] = useState(startingSourcing)
  const create = useMutation(
    api.cases.createEntity.mutationOptions({
      async onSuccess(made) {
        rememberSource(sourcing)
        onClose()
        onMade?.(made)
        await offerUndoOf(made.id, t('records.created', { name: made.name }))
      },
    }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    event.stopPropagation()
    create.mutate({
      kind: info.kind,
      name,
      tlp,
      caseId,
      attributes: Object.fromEntries(info.fields.flatMap((field) => entered(field, attributes[field.name]))),
      sourcing: { ...sourcing, supports: completeSupports(sourcing.supports) },
    })
  }
  const set = (field: string) => (value: unknown) => setAttributes((known) => ({ ...known, [field]: value }))
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        <span className={styles.kindTitle}>
          <KindMark kind={info.kind} size={15} /> {t('records.newKind', { kind: info.label.toLowerCase() })}
        </span>
      }
      size="44rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} className={styles.form}>
        <p className={styles.dim}>{info.help}</p>
        {info.kind === 'technique' ? (
          <DisarmField
            onPick={(technique) => {
              setName(technique.name)
              setAttributes((known) => ({ ...known, ...technique.attributes }))
            }}
          />
        ) : null}
        <TextInput
          label={t('records.name')}
          description={t('records.nameHelp')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={300}
          dir="auto"
          required
          data-autofocus
        />
        <div className={styles.fields}>
          {info.fields
            .filter(({ type }) => type !== 'cell')
            .map((field) => (
              <div key={field.name} className={isWide(field) ? styles.wide : undefined}>
                {field.many ? (
                  <ManyField
                    field={field}
                    values={(attributes[field.name] as unknown[] | undefined) ?? [undefined]}
                    onChange={set(field.name)}
                    caseId={caseId}
                  />
                ) : (
                  <ValueField field={field} value={attributes[field.name]} onChange={set(field.name)} caseId={caseId} />
                )}
              </div>
            ))}
        </div>
        <SourcingFields value={sourcing} onChange={setSourcing} caseId={caseId} />
        <TlpField label={t('records.tlp')} value={tlp} onChange={setTlp} />
        {create.error ? <ErrorNotice error={create.error} /> : null}
        <div className={styles.formEnd}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!name.trim()}>
            {t('records.createAction')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

const isWide = ({ type }: FieldInfo): boolean => ['long-text', 'alias', 'observation'].includes(type)

/** What of a field is worth sending: complete values only. */
function entered(field: FieldInfo, value: unknown): [string, unknown][] {
  if (!field.many) return isComplete(field, value) ? [[field.name, value]] : []
  const values = ((value as unknown[] | undefined) ?? []).filter((one) => isComplete(field, one))
  return values.length ? [[field.name, values]] : []
}

interface ManyProps {
  readonly field: FieldInfo
  readonly values: readonly unknown[]
  readonly onChange: (values: unknown[]) => void
  readonly caseId: string | null
}

function ManyField({ field, values, onChange, caseId }: ManyProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.many}>
      {values.map((value, i) => (
        <div key={i} className={styles.manyRow}>
          <div>
            <ValueField
              field={field}
              value={value}
              onChange={(next) => onChange(values.with(i, next))}
              caseId={caseId}
              bare={i > 0}
            />
          </div>
          {values.length > 1 ? (
            <ActionIcon
              aria-label={t('records.removeValue', { field: field.label, n: i + 1 })}
              onClick={() => onChange(values.toSpliced(i, 1))}
            >
              <IconX size={14} />
            </ActionIcon>
          ) : null}
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<IconPlus size={12} />}
        onClick={() => onChange([...values, undefined])}
        aria-label={`${t('records.another')}: ${field.label}`}
      >
        {t('records.another')}
      </Button>
    </div>
  )
}
