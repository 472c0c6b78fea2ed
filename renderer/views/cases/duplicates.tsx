import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { DuplicateSuggestion } from '../../../main/contract/records.ts'
import { api } from '../../client.ts'
import { Panel } from '../../components/panel.tsx'
import { MergeRecords } from '../records/merge.tsx'
import styles from './cases.module.css'

/** Records that may be one, each with the reason. Nothing is merged unless somebody does it. */
export function Duplicates({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const [merging, setMerging] = useState<DuplicateSuggestion | null>(null)
  const found = useQuery(api.records.duplicates.queryOptions({ input: { caseId, limit: 20 } })).data
  const kinds = useQuery(api.cases.kinds.queryOptions()).data?.kinds
  const first = useQuery({
    ...api.records.get.queryOptions({ input: { id: merging?.a.id ?? '' } }),
    enabled: merging !== null,
  }).data
  const info = kinds?.find(({ kind }) => kind === merging?.a.kind)
  if (!found?.length) return null
  return (
    <Panel title={t('cases.duplicates', { count: found.length })} flush>
      <ul>
        {found.map((suggestion) => {
          const { a, b, reasons } = suggestion
          return (
            <li key={`${a.id} ${b.id}`} className={styles.record}>
              <div className={styles.recordWords}>
                <p className={styles.sentence}>
                  <Link href={`/records/${a.id}`}>
                    <bdi>{a.name}</bdi>
                  </Link>{' '}
                  {t('cases.mayBe')}{' '}
                  <Link href={`/records/${b.id}`}>
                    <bdi>{b.name}</bdi>
                  </Link>
                </p>
                <p className={styles.dim}>{reasons.map(({ text }) => text).join('; ')}</p>
              </div>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={t('cases.compareNamed', { a: a.name, b: b.name })}
                onClick={() => setMerging(suggestion)}
              >
                {t('cases.compare')}
              </Button>
            </li>
          )
        })}
      </ul>
      {merging && first && info ? (
        <MergeRecords detail={first} info={info} other={merging.b.id} onClose={() => setMerging(null)} />
      ) : null}
    </Panel>
  )
}
