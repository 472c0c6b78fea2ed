import { Button } from '@mantine/core'
import { IconInbox, IconListSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { CreateLibrary } from './create-library.tsx'
import { HashListsPanel } from './hash-lists.tsx'
import { HealthPanel } from './health-panel.tsx'
import { OpenLibrary } from './open-library.tsx'
import { OpenedPanel } from './opened-panel.tsx'
import { RecentCases } from './recent-cases.tsx'
import styles from './start.module.css'

/** Where a day begins: the library, the cases worked on last, and whether this machine can do its work. */
export default function Start() {
  const { t } = useTranslation()
  const state = useQuery(api.library.state.queryOptions())
  return (
    <Loaded query={state}>
      {({ open, recent, suggestedFolder }) => (
        <>
          <PageHeader
            title={open ? open.name : t('start.welcome')}
            lead={open ? <span className="untrusted">{open.folder}</span> : t('start.lead')}
            actions={
              open ? (
                <>
                  <Button variant="default" component={Link} href="/intake" leftSection={<IconInbox size={15} />}>
                    {t('start.addVideos')}
                  </Button>
                  <Button component={Link} href="/triage" leftSection={<IconListSearch size={15} />}>
                    {t('start.toBoard')}
                  </Button>
                </>
              ) : null
            }
          />
          <div className={styles.page}>
            {open ? null : (
              <ol className={styles.steps}>
                {(['drop', 'look', 'file'] as const).map((step) => (
                  <li key={step}>
                    <h2>{t(`start.steps.${step}.title`)}</h2>
                    <p>{t(`start.steps.${step}.text`)}</p>
                  </li>
                ))}
              </ol>
            )}
            <div className={styles.columns}>
              <div className={styles.column}>
                {open ? (
                  <>
                    <OpenedPanel library={open} />
                    <RecentCases />
                    <HashListsPanel />
                  </>
                ) : (
                  <CreateLibrary suggestedFolder={suggestedFolder} />
                )}
              </div>
              <div className={styles.column}>
                <OpenLibrary recent={recent} openFolder={open?.folder ?? null} />
                {open ? <CreateLibrary suggestedFolder={suggestedFolder} collapsed /> : null}
                <HealthPanel />
              </div>
            </div>
          </div>
        </>
      )}
    </Loaded>
  )
}
