import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../client.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { WithLibrary } from '../../components/with-library.tsx'
import styles from './exchange.module.css'
import { ExportPanel } from './export-panel.tsx'
import { ImportPanel } from './import-panel.tsx'

/** Records in from a file, and out to one: of a case, or of the whole library. */
export default function Exchange({ caseId = null }: { readonly caseId?: string | null }) {
  const { t } = useTranslation()
  return (
    <WithLibrary title={t('exchange.title')}>
      <Page caseId={caseId} />
    </WithLibrary>
  )
}

function Page({ caseId }: { readonly caseId: string | null }) {
  const { t } = useTranslation()
  const detail = useQuery({ ...api.cases.get.queryOptions({ input: { id: caseId ?? '' } }), enabled: caseId !== null })
  return (
    <>
      <PageHeader
        title={t('exchange.title')}
        lead={caseId ? <bdi>{detail.data?.case.title ?? ''}</bdi> : t('exchange.lead')}
        actions={
          caseId ? (
            <Button component={Link} href={`/cases/${caseId}`} variant="default">
              {t('exchange.back')}
            </Button>
          ) : null
        }
      />
      <div className={styles.page}>
        <div className={styles.main}>
          <ImportPanel caseId={caseId} />
        </div>
        <div className={styles.side}>
          <ExportPanel caseId={caseId} />
        </div>
      </div>
    </>
  )
}
