import { Autocomplete, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FieldInfo } from '../../../main/contract/cases.ts'
import { LIKELIHOODS, type DatedValue } from '../../../main/contract/common.ts'
import { countryName, type Alias, type Observation, type Reference } from '../../../main/contract/values.ts'
import { COUNTRIES } from '../../charts/countries.ts'
import { DatedField } from '../../components/dated-field.tsx'
import { RecordField } from './record-field.tsx'
import styles from './records.module.css'

interface Props {
  readonly field: FieldInfo
  /** One value of the field, as its type has it; undefined while nothing is entered. */
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly caseId?: string | null
  /** Hides the help text, where it stands already. */
  readonly bare?: boolean
}

/** The control for one value of a field, by the field's type. */
export function ValueField({ field, value, onChange, caseId, bare = false }: Props) {
  const { t, i18n } = useTranslation()
  const shared = { label: field.label, description: bare ? undefined : field.help }
  const text = typeof value === 'string' ? value : ''
  switch (field.type) {
    case 'choice':
      return (
        <Select
          {...shared}
          data={(field.choices ?? []).map((choice) => ({ value: choice, label: choiceWords(choice) }))}
          value={text || null}
          onChange={(next) => onChange(next ?? undefined)}
          clearable
        />
      )
    case 'number':
      return (
        <NumberInput
          {...shared}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? undefined : Number(next))}
          thousandSeparator=" "
        />
      )
    case 'dated':
      return (
        <DatedField
          {...shared}
          value={(value as DatedValue | undefined) ?? null}
          onChange={(next) => onChange(next ?? undefined)}
        />
      )
    case 'country':
      return (
        <Autocomplete
          {...shared}
          size="xs"
          data={COUNTRIES.map(({ code }) => countryName(code, i18n.language)).sort((a, b) => a.localeCompare(b))}
          value={text ? countryName(text, i18n.language) : ''}
          onChange={(next) => onChange(next || undefined)}
          limit={60}
        />
      )
    case 'reference':
      return (
        <RecordField
          {...shared}
          kinds={field.kinds}
          value={(value as Reference | undefined)?.ref ?? null}
          onChange={(id) => onChange(id ? { ref: id } : undefined)}
          caseId={caseId}
        />
      )
    case 'alias': {
      const alias = (value as Alias | undefined) ?? { name: '', by: '' }
      const set = (next: Alias): void => onChange(next.name ? next : undefined)
      return (
        <div className={styles.pair}>
          <TextInput
            {...shared}
            value={alias.name}
            onChange={(event) => set({ ...alias, name: event.currentTarget.value })}
            dir="auto"
          />
          <TextInput
            label={t('records.usedBy')}
            description={bare ? undefined : t('records.usedByHelp')}
            value={alias.by}
            onChange={(event) => set({ ...alias, by: event.currentTarget.value })}
            disabled={!alias.name}
            dir="auto"
          />
        </div>
      )
    }
    case 'observation': {
      const seen = (value as Partial<Observation> | undefined) ?? {}
      return (
        <div className={styles.triple}>
          <NumberInput
            label={field.label}
            description={bare ? undefined : t('records.observationHelp')}
            value={seen.value ?? ''}
            onChange={(next) => onChange(next === '' ? undefined : { by: '', ...seen, value: Number(next) })}
            thousandSeparator=" "
          />
          <DatedField
            label={t('records.observedOn')}
            value={seen.at ?? null}
            onChange={(at) => onChange({ by: '', ...seen, at: at ?? undefined })}
          />
          <TextInput
            label={t('records.observedBy')}
            description={bare ? undefined : t('records.observedByHelp')}
            value={seen.by ?? ''}
            onChange={(event) => onChange({ ...seen, by: event.currentTarget.value })}
            dir="auto"
          />
        </div>
      )
    }
    case 'long-text':
      return (
        <Textarea
          {...shared}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
          autosize
          minRows={2}
          maxRows={8}
          dir="auto"
        />
      )
    default:
      return (
        <TextInput
          {...shared}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
          dir={field.type === 'url' || field.type === 'hash' ? 'ltr' : 'auto'}
        />
      )
  }
}

/** A choice in words: likelihood bands by their ICD 203 term, others as they are. */
export const choiceWords = (choice: string): string => LIKELIHOODS.find((term) => term.id === choice)?.label ?? choice

/** True where a value may be sent: an observation needs its date. */
export function isComplete(field: FieldInfo, value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  if (field.type !== 'observation') return true
  const { value: number, at } = value as Partial<Observation>
  return number !== undefined && Boolean(at)
}
