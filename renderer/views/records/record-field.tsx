import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityKind, NodeKind } from '../../../main/contract/cases.ts'
import type { Picked } from '../../../main/contract/records.ts'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { recordsChanged } from './changed.tsx'
import styles from './records.module.css'
import { startingSourcing } from './sourcing.ts'

export interface Chosen {
  readonly id: string
  readonly kind: NodeKind
  readonly name: string
  /** Of a source: its grade. */
  readonly reliability?: string | null
}

interface Props {
  readonly label: string
  readonly description?: string
  readonly placeholder?: string
  /** Kinds that may be chosen, `evidence` among them; every kind of record where left out. */
  readonly kinds?: readonly NodeKind[]
  readonly value: string | null
  readonly onChange: (id: string | null, chosen: Chosen | null) => void
  /** A new record joins this case. */
  readonly caseId?: string | null
  readonly exclude?: readonly string[]
  readonly required?: boolean
}

const CREATE = 'create:'

/** Finds a record by its name in any script; one that does not exist yet is made on the spot. */
export function RecordField({
  label,
  description,
  placeholder,
  kinds,
  value,
  onChange,
  caseId,
  exclude,
  required,
}: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [settled] = useDebouncedValue(typed.trim(), 120)
  const infos = useQuery(api.cases.kinds.queryOptions()).data?.kinds ?? []
  const records = kinds?.filter((kind) => kind !== 'evidence') ?? infos.map((info) => info.kind)
  const wanted: readonly NodeKind[] = kinds ?? records
  const only = wanted.length === 1 && records.length === 1
  const kindLabel = (kind: string): string =>
    kind === 'evidence' ? t('records.aVideo') : (infos.find((info) => info.kind === kind)?.label ?? kind)
  const labelOf = ({ name, kind }: Picked): string => (only ? name : `${name} (${kindLabel(kind).toLowerCase()})`)
  /** Once chosen, the field holds the words of the choice, which are no question. */
  const [chosenLabel, setChosenLabel] = useState('')
  const text = settled === chosenLabel ? '' : settled
  const found = useQuery({
    ...api.records.pick.queryOptions({ input: { text, kinds: [...wanted], chosen: value } }),
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
  })
  const create = useMutation(
    api.cases.createEntity.mutationOptions({
      async onSuccess(made) {
        await recordsChanged()
        onChange(made.id, made)
      },
      onError: notifyFailure,
    }),
  )
  const matches = (found.data ?? []).filter(({ id }) => !exclude?.includes(id))
  const chosen = matches.find(({ id }) => id === value)
  if (chosen && labelOf(chosen) !== chosenLabel) setChosenLabel(labelOf(chosen))
  const asked = text.toLowerCase()
  const isNew = text !== '' && !found.isFetching && !matches.some(({ name }) => name.toLowerCase() === asked)
  const offers = isNew ? records : []
  const details = new Map<string, { kind: string; detail: string }>([
    ...matches.map((one) => [one.id, one] as const),
    ...offers.map((kind) => [CREATE + kind, { kind, detail: '' }] as const),
  ])
  return (
    <Select
      label={label}
      description={description}
      placeholder={placeholder ?? t('records.pick')}
      data={[
        ...matches.map((one) => ({ value: one.id, label: labelOf(one) })),
        ...offers.map((kind) => ({
          value: CREATE + kind,
          label: t('records.createNamed', { kind: kindLabel(kind).toLowerCase(), name: text }),
        })),
      ]}
      // The index has narrowed the list; Mantine's own filter knows neither other names nor other scripts.
      filter={({ options }) => options}
      value={value}
      onChange={(next) => {
        if (next?.startsWith(CREATE))
          create.mutate({
            kind: next.slice(CREATE.length) as EntityKind,
            name: text,
            caseId: caseId ?? null,
            sourcing: startingSourcing(),
          })
        else onChange(next, matches.find(({ id }) => id === next) ?? null)
      }}
      onSearchChange={setTyped}
      renderOption={({ option }) => (
        <span className={styles.option}>
          <KindMark kind={details.get(option.value)?.kind ?? ''} />
          <span className={styles.optionWords}>
            <bdi>{option.label}</bdi>
            <bdi className={styles.optionDetail}>{details.get(option.value)?.detail}</bdi>
          </span>
        </span>
      )}
      searchable
      clearable
      required={required}
      disabled={create.isPending}
      nothingFoundMessage={t('records.nothingFound')}
      maxDropdownHeight={320}
    />
  )
}
