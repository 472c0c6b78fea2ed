import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../client.ts'
import { Hash } from '../../components/hash.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { instant } from '../../text/format.ts'
import styles from './cases.module.css'

/** What happened to the case, from the audit chain. */
export function Activity({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const activity = useQuery(api.library.activity.queryOptions({ input: { limit: 500, subject: caseId } }))
  return (
    <Panel flush>
      <p className={`${styles.absent} ${styles.padded}`}>{t('cases.activityText')}</p>
      <Loaded query={activity}>
        {(entries) => (
          <ol className={styles.activity}>
            {entries.map((entry) => (
              <li key={entry.seq}>
                <time dateTime={entry.at}>{instant(entry.at, true)}</time>
                <span>{entry.action}</span>
                <span className={styles.dim}>{entry.actor}</span>
                <Hash value={entry.hash} />
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </Panel>
  )
}
