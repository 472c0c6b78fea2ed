import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowsExchange, IconFolders, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { WithLibrary } from '../../components/with-library.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { ago } from '../../text/format.ts'
import { CaseForm } from './case-form.tsx'
import styles from './cases.module.css'

/** All cases of the library, the latest changed first. */
export default function Cases() {
  const { t } = useTranslation()
  return (
    <WithLibrary title={t('cases.title')}>
      <OpenCases />
    </WithLibrary>
  )
}

function OpenCases() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [making, { open, close }] = useDisclosure(false)
  const cases = useQuery(api.cases.list.queryOptions())
  const create = useMutation(
    api.cases.create.mutationOptions({
      onSuccess: (made) => navigate(`/cases/${made.id}`),
    }),
  )
  const newCase = (
    <Button leftSection={<IconPlus size={14} />} onClick={open}>
      {t('cases.create')}
    </Button>
  )
  const actions = (
    <>
      <Button component={Link} href="/exchange" variant="default" leftSection={<IconArrowsExchange size={14} />}>
        {t('exchange.open')}
      </Button>
      {newCase}
    </>
  )
  return (
    <>
      <PageHeader title={t('cases.title')} lead={t('cases.lead')} actions={actions} />
      <Loaded query={cases}>
        {(known) =>
          known.length === 0 ? (
            <EmptyState icon={<IconFolders size={40} stroke={1.3} />} title={t('cases.emptyTitle')} action={newCase}>
              {t('cases.emptyText')}
            </EmptyState>
          ) : (
            <ul className={styles.grid}>
              {known.map((entry) => (
                <li key={entry.id} className={styles.card}>
                  <div className={styles.cardHead}>
                    <Link href={`/cases/${entry.id}`} className={styles.cardTitle}>
                      <bdi>{entry.title}</bdi>
                    </Link>
                    <TlpBadge tlp={entry.tlp} />
                  </div>
                  {entry.question ? (
                    <p className={styles.question} dir="auto">
                      {entry.question}
                    </p>
                  ) : null}
                  <p className={styles.meta}>
                    <span>{t(`cases.status.${entry.status}`)}</span>
                    <span>{t('cases.evidenceCount', { count: entry.counts.evidence })}</span>
                    <span>{t('cases.recordCount', { count: entry.counts.entities })}</span>
                    <span>{t('cases.judgementCount', { count: entry.counts.judgements })}</span>
                    <span>{t('cases.updated', { when: ago(entry.updatedAt) })}</span>
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Modal opened={making} onClose={close} title={t('cases.create')} size="lg">
        <CaseForm
          action={t('cases.createAction')}
          busy={create.isPending}
          error={create.error}
          onSubmit={(fields) => create.mutate(fields)}
          onCancel={close}
        />
      </Modal>
    </>
  )
}
