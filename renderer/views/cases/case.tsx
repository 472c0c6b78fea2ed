import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowsExchange, IconFileText, IconPencil } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { Loaded, Waiting } from '../../components/loaded.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { offerUndoOf } from '../records/changed.tsx'
import { History } from '../records/history.tsx'
import { Activity } from './activity.tsx'
import { CaseForm } from './case-form.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { JudgementList } from './judgement-list.tsx'
import { Overview } from './overview.tsx'
import { Records } from './records.tsx'
import styles from './cases.module.css'

const Graph = lazy(() => import('../graph/graph.tsx'))
const Timeline = lazy(() => import('../timeline/timeline.tsx'))
const Trends = lazy(() => import('../trends/trends.tsx'))
const WorldMap = lazy(() => import('../map/map.tsx'))
const Techniques = lazy(() => import('../techniques/techniques.tsx'))
const Hypotheses = lazy(() => import('../hypotheses/hypotheses.tsx'))

export const CASE_TABS = [
  'overview',
  'evidence',
  'records',
  'graph',
  'timeline',
  'trends',
  'map',
  'techniques',
  'hypotheses',
  'judgements',
  'activity',
] as const
export type CaseTab = (typeof CASE_TABS)[number]

/** One case; each of its parts has an address, so that it can be linked to and come back to. */
export default function CasePage({ id, tab }: { readonly id: string; readonly tab?: string }) {
  const detail = useQuery(api.cases.get.queryOptions({ input: { id } }))
  const known = CASE_TABS.find((name) => name === tab) ?? 'overview'
  return <Loaded query={detail}>{(data) => <CaseView detail={data} tab={known} />}</Loaded>
}

function CaseView({ detail, tab }: { readonly detail: CaseDetail; readonly tab: CaseTab }) {
  const { t } = useTranslation()
  const [editing, { open, close }] = useDisclosure(false)
  const record = detail.case
  const update = useMutation(
    api.cases.update.mutationOptions({
      async onSuccess() {
        close()
        await offerUndoOf(record.id, t('cases.saved'))
      },
    }),
  )
  const counts: Partial<Record<CaseTab, number>> = {
    evidence: detail.evidence.length,
    records: detail.entities.length,
    judgements: detail.judgements.length,
  }
  return (
    <>
      <PageHeader
        title={<bdi>{record.title}</bdi>}
        documentTitle={record.title}
        lead={
          <span className={styles.lead}>
            <TlpBadge tlp={record.tlp} />
            <span>{t(`cases.status.${record.status}`)}</span>
            {record.owner ? <bdi>{record.owner}</bdi> : null}
          </span>
        }
        actions={
          <>
            <Button variant="default" leftSection={<IconPencil size={14} />} onClick={open}>
              {t('cases.edit')}
            </Button>
            <Button
              component={Link}
              href={`/cases/${record.id}/exchange`}
              variant="default"
              leftSection={<IconArrowsExchange size={14} />}
            >
              {t('exchange.open')}
            </Button>
            <Button component={Link} href={`/cases/${record.id}/report`} leftSection={<IconFileText size={14} />}>
              {t('cases.report')}
            </Button>
          </>
        }
      />
      <nav className={styles.parts} aria-label={t('cases.parts')}>
        <ul>
          {CASE_TABS.map((name) => (
            <li key={name}>
              <Link
                href={name === 'overview' ? `/cases/${record.id}` : `/cases/${record.id}/${name}`}
                aria-current={name === tab ? 'page' : undefined}
                className={styles.part}
              >
                {t(`cases.tabs.${name}`)}
                {counts[name] ? <span className={styles.tabCount}>{counts[name]}</span> : null}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.tabPanel} data-tab={tab}>
        <Suspense fallback={<Waiting label={t('common.loading')} />}>
          <Part detail={detail} tab={tab} />
        </Suspense>
      </div>
      <Modal
        opened={editing}
        onClose={close}
        title={t('cases.edit')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <CaseForm
          initial={record}
          action={t('cases.save')}
          busy={update.isPending}
          error={update.error}
          onSubmit={({ title, question, status, owner, tlp, summary }) =>
            update.mutate({
              id: record.id,
              revision: record.revision,
              fields: { title, question, status, owner, tlp, summary },
            })
          }
          onCancel={close}
        />
      </Modal>
    </>
  )
}

function Part({ detail, tab }: { readonly detail: CaseDetail; readonly tab: CaseTab }) {
  const { id, title } = detail.case
  switch (tab) {
    case 'overview':
      return <Overview detail={detail} />
    case 'evidence':
      return <EvidenceList detail={detail} />
    case 'records':
      return <Records detail={detail} />
    case 'graph':
      return <Graph start={{ caseId: id }} title={title} />
    case 'timeline':
      return <Timeline caseId={id} title={title} />
    case 'trends':
      return <Trends caseId={id} />
    case 'map':
      return <WorldMap caseId={id} title={title} />
    case 'techniques':
      return <Techniques caseId={id} title={title} />
    case 'hypotheses':
      return <Hypotheses caseId={id} />
    case 'judgements':
      return <JudgementList detail={detail} />
    case 'activity':
      return (
        <div className={styles.stack}>
          <History subject={id} />
          <Activity caseId={id} />
        </div>
      )
  }
}
