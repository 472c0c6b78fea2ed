import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Waiting } from '../../components/loaded.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { WithLibrary } from '../../components/with-library.tsx'
import NotFound from '../not-found.tsx'
import styles from './search.module.css'

const Timeline = lazy(() => import('../timeline/timeline.tsx'))
const Trends = lazy(() => import('../trends/trends.tsx'))
const WorldMap = lazy(() => import('../map/map.tsx'))
const Techniques = lazy(() => import('../techniques/techniques.tsx'))

const PARTS = ['timeline', 'trends', 'map', 'techniques'] as const

/** The same views as in a case, over every record of the library. */
export default function LibraryPart({ part }: { readonly part: string }) {
  const { t } = useTranslation()
  const known = PARTS.find((name) => name === part)
  if (!known) return <NotFound />
  const title = t('search.ofLibrary', { part: t(`cases.tabs.${known}`) })
  return (
    <WithLibrary title={title}>
      <PageHeader title={title} />
      <div className={styles.page}>
        <Suspense fallback={<Waiting label={t('common.loading')} />}>
          {known === 'timeline' ? <Timeline title={title} /> : null}
          {known === 'trends' ? <Trends /> : null}
          {known === 'map' ? <WorldMap title={title} /> : null}
          {known === 'techniques' ? <Techniques title={title} /> : null}
        </Suspense>
      </div>
    </WithLibrary>
  )
}
