import { Tooltip } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AchMatrix } from '../../../main/contract/tradecraft.ts'
import { CONSISTENCY, type Consistency } from '../../../main/contract/values.ts'
import { api } from '../../client.ts'
import { notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { number } from '../../text/format.ts'
import { ScrollRegion } from '../models/scroll-region.tsx'
import { recordsChanged } from '../records/changed.tsx'
import { statementAddress } from '../records/links-panel.tsx'
import { AddItem, type Item } from './add-item.tsx'
import styles from './hypotheses.module.css'

type Row = Pick<
  AchMatrix['rows'][number],
  'of' | 'ref' | 'name' | 'about' | 'grade' | 'cells' | 'diagnosticity' | 'sourceName'
>

/** Analysis of competing hypotheses: what counts is what speaks against each, weighted by how far it is trusted. */
export function AchTable({ matrix, caseId, action }: { matrix: AchMatrix; caseId: string; action: ReactNode }) {
  const { t } = useTranslation()
  /** Items put up for weighing that nobody has rated yet. */
  const [added, setAdded] = useState<readonly Item[]>([])
  const rate = useMutation(api.tradecraft.rate.mutationOptions({ onSuccess: recordsChanged, onError: notifyFailure }))
  const rows: Row[] = [
    ...matrix.rows,
    ...added
      .filter((item) => !matrix.rows.some(({ ref }) => ref === item.ref))
      .map((item) => ({
        ...item,
        grade: '',
        sourceName: '',
        cells: {},
        diagnosticity: null,
      })),
  ]
  const open = matrix.hypotheses.filter(({ state }) => state === 'open')
  const columns = [
    ...open.sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99)),
    ...matrix.hypotheses.filter(({ state }) => state !== 'open'),
  ]
  const worst = Math.max(1e-9, ...open.map(({ inconsistency }) => inconsistency))
  return (
    <Panel title={<bdi>{matrix.question || t('ach.title')}</bdi>} actions={action}>
      <ScrollRegion label={t('ach.matrix')}>
        <table className={styles.ach}>
          <caption className={styles.caption}>{t('ach.help')}</caption>
          <thead>
            <tr>
              <th scope="col" className={styles.item}>
                {t('ach.item')}
              </th>
              {columns.map((hypothesis) => (
                <th
                  key={hypothesis.id}
                  scope="col"
                  data-leader={matrix.leaders.includes(hypothesis.id) || undefined}
                  data-aside={hypothesis.state !== 'open' || undefined}
                >
                  <Link href={`/records/${hypothesis.id}`}>
                    <bdi>{hypothesis.name}</bdi>
                  </Link>
                  {hypothesis.state === 'open' ? null : <span className={styles.dim}>{t('ach.aside')}</span>}
                </th>
              ))}
              <th scope="col">
                <Tooltip label={t('ach.diagnosticityHelp')}>
                  <span>{t('ach.diagnosticity')}</span>
                </Tooltip>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.of} ${row.ref}`}>
                <th scope="row" className={styles.item}>
                  <Link
                    href={statementAddress(
                      row.about,
                      row.of === 'assertion' || row.of === 'relation' ? { assertionId: row.ref } : null,
                    )}
                  >
                    <bdi>{row.name}</bdi>
                  </Link>
                  <span className={styles.dim}>
                    {row.grade} {row.sourceName === row.name ? null : <bdi>{row.sourceName}</bdi>}
                  </span>
                </th>
                {columns.map((hypothesis) => {
                  const cell = row.cells[hypothesis.id]
                  return (
                    <td key={hypothesis.id} data-rating={cell?.rating}>
                      <select
                        className={styles.rating}
                        aria-label={t('ach.rate', { item: row.name, hypothesis: hypothesis.name })}
                        title={cell ? `${t(`ach.rating.${cell.rating}`)} ${cell.note}` : t('ach.unrated')}
                        value={cell?.rating ?? ''}
                        disabled={rate.isPending}
                        onChange={(event) =>
                          rate.mutate({
                            hypothesisId: hypothesis.id,
                            of: row.of,
                            ref: row.ref,
                            rating: (event.currentTarget.value || null) as Consistency | null,
                            note: cell?.note ?? '',
                          })
                        }
                      >
                        <option value="">–</option>
                        {CONSISTENCY.map((rating) => (
                          <option key={rating} value={rating}>
                            {rating}
                          </option>
                        ))}
                      </select>
                      {cell?.conflict ? <span className={styles.conflict}>{t('ach.conflict')}</span> : null}
                    </td>
                  )
                })}
                <td>
                  <Meter value={row.diagnosticity} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" className={styles.item}>
                {t('ach.inconsistency')}
              </th>
              {columns.map(({ id, state, inconsistency, rank }) => (
                <td key={id} data-leader={matrix.leaders.includes(id) || undefined}>
                  {state === 'open' ? (
                    <>
                      <span className={styles.score}>{number(inconsistency, 2)}</span>
                      <span className={styles.bar}>
                        <span style={{ inlineSize: `${(100 * inconsistency) / worst}%` }} />
                      </span>
                      {rank === null ? null : <span className={styles.dim}>{t('ach.rank', { rank })}</span>}
                    </>
                  ) : null}
                </td>
              ))}
              <td />
            </tr>
          </tfoot>
        </table>
      </ScrollRegion>
      <ul className={styles.scale} aria-label={t('ach.scale')}>
        {CONSISTENCY.map((rating) => (
          <li key={rating} data-rating={rating}>
            <b>{rating}</b> {t(`ach.rating.${rating}`)}
          </li>
        ))}
      </ul>
      <div className={styles.addRow}>
        <AddItem
          caseId={caseId}
          exclude={rows.map(({ ref }) => ref)}
          onAdd={(item) => setAdded((known) => [...known, item])}
        />
      </div>
      {matrix.sensitivity.length ? (
        <div className={styles.sensitivity}>
          <h3>{t('ach.sensitivity')}</h3>
          <ul>
            {matrix.sensitivity.map(({ words }) => (
              <li key={words} dir="auto">
                {words}
              </li>
            ))}
          </ul>
        </div>
      ) : rows.length && matrix.leaders.length ? (
        <p className={styles.dim}>{t('ach.robust')}</p>
      ) : null}
      <p className={styles.method}>{matrix.method}</p>
    </Panel>
  )
}

function Meter({ value }: { readonly value: number | null }) {
  const { t } = useTranslation()
  if (value === null) return <span className={styles.dim}>–</span>
  return (
    <span className={styles.meter} role="img" aria-label={t('ach.diagnosticityIs', { value: number(value, 2) })}>
      <span style={{ inlineSize: `${value * 100}%` }} />
    </span>
  )
}
