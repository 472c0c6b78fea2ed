import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { EntityKind } from '../../../main/contract/cases.ts'
import type { ImportPreview, TableMapping } from '../../../main/contract/exchange.ts'
import { api } from '../../client.ts'
import { Panel } from '../../components/panel.tsx'
import styles from './exchange.module.css'
import { look } from './importing.ts'

/** Rows shown under their columns. */
const ROWS = 8

/** What each column of a table says, over its first rows. Every choice asks for the preview anew. */
export function Mapping({ table: { mapping, rows, fields } }: { readonly table: NonNullable<ImportPreview['table']> }) {
  const { t } = useTranslation()
  const kinds = useQuery(api.cases.kinds.queryOptions()).data?.kinds ?? []
  const choose = (column: string, field: string | null): void => {
    // A field is said by one column: it moves from the one that had it.
    const columns = mapping.columns.map((one) =>
      one.column === column ? { ...one, field } : field && one.field === field ? { ...one, field: null } : one,
    )
    void look({ ...mapping, columns } satisfies TableMapping)
  }
  /** Of another kind only what every kind has, and fields of the same name, can still be meant. */
  const chooseKind = (kind: EntityKind): void => {
    const own = new Set(kinds.find((info) => info.kind === kind)?.fields.map(({ name }) => name))
    const lost = new Set(kinds.find((info) => info.kind === mapping.kind)?.fields.map(({ name }) => name))
    const columns = mapping.columns.map((one) => ({
      ...one,
      field: one.field && (own.has(one.field) || !(lost.has(one.field) || one.field === 'subject')) ? one.field : null,
    }))
    void look({ kind, columns })
  }
  return (
    <Panel title={t('exchange.mapping.title')} flush>
      <div className={styles.mappingHead}>
        <p className={styles.dim}>{t('exchange.mapping.help')}</p>
        <Select
          label={t('exchange.mapping.kind')}
          data={kinds.map(({ kind, label }) => ({ value: kind, label }))}
          value={mapping.kind}
          onChange={(kind) => kind && chooseKind(kind as EntityKind)}
          allowDeselect={false}
          searchable
        />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('exchange.mapping.title')}>
        <table className={styles.mapping}>
          <caption className="visually-hidden">
            {t('exchange.mapping.shown', { count: Math.min(rows.length, ROWS) })}
          </caption>
          <thead>
            <tr>
              {mapping.columns.map(({ column, field }, place) => (
                // oxlint-disable-next-line react/no-array-index-key -- two columns may have one heading
                <th key={place} scope="col" data-left-out={field === null || undefined}>
                  <bdi className={`${styles.heading} untrusted`}>{column}</bdi>
                  <Select
                    aria-label={t('exchange.mapping.column', { name: column })}
                    data={fields.map((one) => ({ value: one.field, label: one.label }))}
                    value={field}
                    onChange={(next) => choose(column, next)}
                    placeholder={t('exchange.mapping.leftOut')}
                    clearable
                    searchable
                    size="xs"
                    comboboxProps={{ width: 240, position: 'bottom-start' }}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, ROWS).map((row, place) => (
              // oxlint-disable-next-line react/no-array-index-key -- rows of a file have nothing else
              <tr key={place}>
                {mapping.columns.map(({ field }, column) => (
                  // oxlint-disable-next-line react/no-array-index-key -- as above
                  <td key={column} data-left-out={field === null || undefined}>
                    <bdi className="untrusted">{row[column]}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
