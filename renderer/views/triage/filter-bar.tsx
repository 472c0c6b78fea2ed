import { Button, Select, TextInput } from '@mantine/core'
import { IconCopy, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Band, type BoardRow } from '../../../main/contract/findings.ts'
import { api } from '../../client.ts'
import { BandMark } from '../../components/band-badge.tsx'
import { useKept } from '../../kept.ts'
import { filters, hasFootage, NO_FILTERS, SORTS, STATES, UNFILED, type Sort, type State } from './filters.ts'
import styles from './triage.module.css'

interface Props {
  readonly rows: readonly BoardRow[]
  readonly text: RefObject<HTMLInputElement | null>
}

export function FilterBar({ rows, text }: Props) {
  const { t } = useTranslation()
  const [filter, setFilter] = useKept(filters)
  const cases = useQuery(api.cases.list.queryOptions())
  const set = (fields: Partial<typeof filter>): void => setFilter((before) => ({ ...before, ...fields }))
  const active = filter.text || filter.bands.length || filter.state || filter.caseId || filter.footage
  return (
    <div className={styles.filters} role="search" aria-label={t('board.filters')}>
      <TextInput
        ref={text}
        className={styles.text}
        aria-label={t('board.text')}
        placeholder={t('board.text')}
        leftSection={<IconSearch size={14} aria-hidden="true" />}
        value={filter.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <div className={styles.bands} role="group" aria-label={t('board.bands')}>
        {Band.options.map((band) => {
          const on = filter.bands.includes(band)
          const count = rows.filter((row) => row.priority?.band === band).length
          return (
            <button
              key={band}
              type="button"
              className={styles.bandChip}
              aria-pressed={on}
              onClick={() => set({ bands: on ? filter.bands.filter((b) => b !== band) : [...filter.bands, band] })}
            >
              <BandMark band={band} />
              {t(`band.${band}`)} <span className={styles.dim}>{count}</span>
            </button>
          )
        })}
        <button
          type="button"
          className={styles.bandChip}
          aria-pressed={filter.footage}
          onClick={() => set({ footage: !filter.footage })}
        >
          <IconCopy size={13} aria-hidden="true" />
          {t('footage.filter')} <span className={styles.dim}>{rows.filter(hasFootage).length}</span>
        </button>
      </div>
      <Select
        className={styles.select}
        aria-label={t('board.state')}
        placeholder={t('board.anyState')}
        data={STATES.map((value) => ({ value, label: t(`board.states.${value}`) }))}
        value={filter.state}
        onChange={(state) => set({ state: state as State | null })}
        clearable
      />
      <Select
        className={styles.select}
        aria-label={t('board.case')}
        placeholder={t('board.anyCase')}
        data={[
          { value: UNFILED, label: t('board.unfiled') },
          ...(cases.data ?? []).map((known) => ({ value: known.id, label: known.title })),
        ]}
        value={filter.caseId}
        onChange={(caseId) => set({ caseId })}
        clearable
      />
      {active ? (
        <Button variant="subtle" color="gray" onClick={() => setFilter({ ...NO_FILTERS, sort: filter.sort })}>
          {t('board.clearFilters')}
        </Button>
      ) : null}
      <Select
        className={styles.sort}
        aria-label={t('board.sort')}
        data={SORTS.map((value) => ({ value, label: t(`board.sorts.${value}`) }))}
        value={filter.sort}
        allowDeselect={false}
        onChange={(sort) => sort && set({ sort: sort as Sort })}
      />
    </div>
  )
}
