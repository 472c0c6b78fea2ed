import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../client.ts'

interface Props {
  readonly onPick: (technique: { readonly name: string; readonly attributes: Record<string, unknown> }) => void
}

/** Finds a DISARM technique by id or name and fills the form with it: ids, names and tactics only. */
export function DisarmField({ onPick }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), 150)
  const [chosen, setChosen] = useState<string | null>(null)
  const found = useQuery({
    ...api.disarm.techniques.queryOptions({ input: { text, limit: 50 } }),
    placeholderData: keepPreviousData,
  }).data
  const framework = useQuery(api.disarm.tactics.queryOptions()).data
  return (
    <Select
      label={t('records.disarm')}
      description={t('records.disarmHelp', { attribution: framework?.attribution ?? '' })}
      data={(found ?? []).map(({ id, name }) => ({ value: id, label: `${id} ${name}` }))}
      filter={({ options }) => options}
      value={chosen}
      onChange={(id) => {
        setChosen(id)
        const technique = found?.find((known) => known.id === id)
        if (technique)
          onPick({
            name: technique.name,
            attributes: { framework: 'DISARM', techniqueId: technique.id, tactics: technique.tactics },
          })
      }}
      onSearchChange={setTyped}
      nothingFoundMessage={t('records.nothingFound')}
      searchable
      clearable
    />
  )
}
