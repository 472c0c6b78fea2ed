import { Select } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, queryClient } from '../client.ts'
import { notifyFailure } from './notify.ts'

interface Props {
  readonly label: string
  readonly value: string | null
  readonly onChange: (caseId: string | null) => void
  readonly placeholder?: string
  readonly description?: string
}

const CREATE = 'create'

/** Chooses a case by its title; a title that does not exist yet can be made on the spot. */
export function CaseField({ label, value, onChange, placeholder, description }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const cases = useQuery(api.cases.list.queryOptions())
  const create = useMutation(
    api.cases.create.mutationOptions({
      async onSuccess(made) {
        await queryClient.invalidateQueries({ queryKey: api.cases.list.key() })
        onChange(made.id)
      },
      onError: notifyFailure,
    }),
  )
  const list = cases.data ?? []
  const title = typed.trim()
  const isNew = title !== '' && !list.some((known) => known.title.toLowerCase() === title.toLowerCase())
  return (
    <Select
      label={label}
      description={description}
      placeholder={placeholder}
      data={[
        ...list.map((known) => ({ value: known.id, label: known.title })),
        ...(isNew ? [{ value: CREATE, label: t('caseField.create', { title }) }] : []),
      ]}
      filter={({ options, search }) =>
        options.filter(
          (option) =>
            'value' in option &&
            (option.value === CREATE || option.label.toLowerCase().includes(search.trim().toLowerCase())),
        )
      }
      value={value}
      onChange={(next) => (next === CREATE ? create.mutate({ title }) : onChange(next))}
      onSearchChange={setTyped}
      searchable
      clearable
      disabled={create.isPending}
      nothingFoundMessage={t('caseField.empty')}
    />
  )
}
