import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AchMatrix } from '../../../main/contract/tradecraft.ts'
import { valueText } from '../../../main/contract/values.ts'
import { api } from '../../client.ts'
import { RecordField, type Chosen } from '../records/record-field.tsx'

/** What a row of the matrix weighs. */
export type Item = Pick<AchMatrix['rows'][number], 'of' | 'ref' | 'name' | 'about'>

interface Props {
  readonly caseId: string
  readonly exclude: readonly string[]
  readonly onAdd: (item: Item) => void
}

/** What can speak for or against a hypothesis. */
const WEIGHED = [
  'evidence', 'claim', 'incident', 'source', 'metric', 'enforcement', 'narrative', 'account', 'operation', 'technique',
  'actor', 'identity', 'channel', 'designation',
] as const // prettier-ignore

/** Chooses an item for the matrix: a record or a video as a whole, or one value, link or finding of it. */
export function AddItem({ caseId, exclude, onAdd }: Props) {
  const { t } = useTranslation()
  const [of, setOf] = useState<Chosen | null>(null)
  const add = (item: Item): void => {
    setOf(null)
    onAdd(item)
  }
  return (
    <>
      <RecordField
        label={t('ach.addItem')}
        description={t('ach.addItemHelp')}
        kinds={WEIGHED}
        value={of?.id ?? null}
        onChange={(_, chosen) => setOf(chosen)}
        caseId={caseId}
      />
      {of ? <Part key={of.id} of={of} exclude={exclude} onAdd={add} /> : null}
    </>
  )
}

function Part({ of, exclude, onAdd }: Pick<Props, 'exclude' | 'onAdd'> & { readonly of: Chosen }) {
  const { t } = useTranslation()
  const isVideo = of.kind === 'evidence'
  const detail = useQuery({ ...api.records.get.queryOptions({ input: { id: of.id } }), enabled: !isVideo }).data
  const measured = useQuery({
    ...api.findings.forEvidence.queryOptions({ input: { evidenceId: of.id } }),
    enabled: isVideo,
  }).data
  const kinds = useQuery(api.cases.kinds.queryOptions()).data
  const signals = useQuery(api.signals.list.queryOptions()).data
  const titleOf = (signal: string): string => signals?.find(({ id }) => id === signal)?.title ?? signal
  const about = { kind: of.kind, id: of.id }
  const fields = kinds?.kinds.find(({ kind }) => kind === of.kind)?.fields ?? []
  const verbOf = (type: string): string => kinds?.relations.find((rule) => rule.type === type)?.label ?? type
  const items: Item[] = [
    { of: isVideo ? 'evidence' : 'entity', ref: of.id, name: of.name, about },
    ...(detail?.fields ?? []).flatMap(({ field, standing }) => {
      const info = fields.find(({ name }) => name === field)
      if (!info || info.type === 'cell') return []
      return standing.map((said) => ({
        of: 'assertion' as const,
        ref: said.id,
        name: `${info.label}: ${valueText(info.type, said.value, (id) => detail?.names[id])}`,
        about,
      }))
    }),
    ...(detail?.links ?? []).map(({ relation, direction, other }) => ({
      of: 'relation' as const,
      ref: relation.id,
      name:
        direction === 'from' ? `… ${verbOf(relation.type)} ${other.name}` : `${other.name} ${verbOf(relation.type)} …`,
      about,
    })),
    ...(measured?.findings ?? [])
      .filter(({ output }) => output.applicability.state === 'ran')
      .map(({ id, output }) => ({ of: 'finding' as const, ref: id, name: titleOf(output.id), about })),
  ]
  const open = items.filter(({ ref }) => !exclude.includes(ref))
  return (
    <Select
      label={t('ach.part')}
      description={t('ach.partHelp')}
      placeholder={t('ach.partPick')}
      data={open.map(({ ref, of: what, name }) => ({
        value: ref,
        label: what === 'entity' || what === 'evidence' ? t('ach.whole', { name }) : name,
      }))}
      value={null}
      onChange={(ref) => {
        const item = items.find((one) => one.ref === ref)
        if (item) onAdd(item.ref === of.id ? item : { ...item, name: `${of.name}: ${item.name}` })
      }}
      searchable
      nothingFoundMessage={t('records.nothingFound')}
      maxDropdownHeight={320}
    />
  )
}
