import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityKind, NodeKind } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { recordsChanged } from './changed.tsx'
import { startingSourcing } from './sourcing.ts'

export interface Chosen {
  readonly id: string
  readonly kind: NodeKind
  readonly name: string
  readonly attributes?: Readonly<Record<string, unknown>>
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
  const [text] = useDebouncedValue(typed.trim(), 150)
  const records = kinds?.filter((kind) => kind !== 'evidence')
  const only = kinds?.length === 1 && records?.length === 1 ? records[0] : undefined
  const infos = useQuery(api.cases.kinds.queryOptions()).data?.kinds ?? []
  const found = useQuery({
    ...api.cases.entities.queryOptions({ input: { kind: only, text: '', limit: 5000 } }),
    placeholderData: keepPreviousData,
  })
  const withVideos = kinds?.includes('evidence') ?? false
  const videos = useQuery({ ...api.findings.board.queryOptions(), enabled: withVideos }).data
  const create = useMutation(
    api.cases.createEntity.mutationOptions({
      async onSuccess(made) {
        await recordsChanged()
        onChange(made.id, made)
      },
      onError: notifyFailure,
    }),
  )
  const everything: readonly Chosen[] = [
    ...(withVideos ? (videos ?? []) : []).map(({ evidenceId, name }) => ({
      id: evidenceId,
      kind: 'evidence' as const,
      name,
    })),
    ...(found.data ?? []),
  ]
  const allowed = everything.filter(({ id, kind }) => (!kinds || kinds.includes(kind)) && !exclude?.includes(id))
  const kindLabel = (kind: string): string =>
    kind === 'evidence' ? t('records.aVideo') : (infos.find((info) => info.kind === kind)?.label ?? kind)
  const search = text.toLowerCase()
  // What begins with the words comes before what only has them somewhere.
  const begins = (name: string): number => (search && name.toLowerCase().startsWith(search) ? 0 : 1)
  const matches = allowed
    .filter(({ id, name }) => id === value || !search || name.toLowerCase().includes(search))
    .sort((a, b) => begins(a.name) - begins(b.name) || a.name.length - b.name.length)
    .slice(0, 200)
  const isNew = text !== '' && !allowed.some(({ name }) => name.toLowerCase() === search)
  const offers = isNew ? (records ?? infos.map((info) => info.kind)) : []
  const kindOf = new Map<string, string>([
    ...matches.map(({ id, kind }) => [id, kind] as const),
    ...offers.map((kind) => [CREATE + kind, kind] as const),
  ])
  return (
    <Select
      label={label}
      description={description}
      placeholder={placeholder ?? t('records.pick')}
      data={[
        ...matches.map(({ id, name, kind }) => ({
          value: id,
          label: only ? name : `${name} (${kindLabel(kind).toLowerCase()})`,
        })),
        ...offers.map((kind) => ({
          value: CREATE + kind,
          label: t('records.createNamed', { kind: kindLabel(kind).toLowerCase(), name: text }),
        })),
      ]}
      // The list is narrowed above; Mantine's own filter would drop the offers to create.
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
        else onChange(next, allowed.find(({ id }) => id === next) ?? null)
      }}
      onSearchChange={setTyped}
      renderOption={({ option }) => (
        <span style={{ display: 'inline-flex', alignItems: 'center', gap: '0.5rem' }}>
          <KindMark kind={kindOf.get(option.value) ?? ''} />
          <bdi>{option.label}</bdi>
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
