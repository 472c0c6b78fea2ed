import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { ago } from '../../text/format.ts'
import styles from './start.module.css'

export function RecentCases() {
  const { t } = useTranslation()
  const cases = useQuery(api.cases.list.queryOptions())
  return (
    <Panel title={t('start.recentCases')} flush>
      <Loaded query={cases}>
        {(list) =>
          list.length ? (
            <ul className={styles.rows}>
              {list
                .toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt))
                .slice(0, 8)
                .map((item) => (
                  <li key={item.id} className={styles.row}>
                    <div className={styles.rowWords}>
                      <Link href={`/cases/${item.id}`} className={styles.rowTitle}>
                        {item.title}
                      </Link>
                      <span className={styles.rowDim}>
                        {t('start.caseCounts', { count: item.counts.evidence, entities: item.counts.entities })} ·{' '}
                        {ago(item.updatedAt)}
                      </span>
                    </div>
                    <TlpBadge tlp={item.tlp} />
                  </li>
                ))}
            </ul>
          ) : (
            <EmptyState
              title={t('start.noCases')}
              action={
                <Button variant="default" component={Link} href="/intake">
                  {t('start.addVideos')}
                </Button>
              }
            >
              {t('start.noCasesHelp')}
            </EmptyState>
          )
        }
      </Loaded>
    </Panel>
  )
}
