import { Button, Modal, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileText, IconPencil } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail } from '../../../main/contract/cases.ts'
import { api, queryClient } from '../../client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { notifyDone } from '../../components/notify.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { Activity } from './activity.tsx'
import { CaseForm } from './case-form.tsx'
import { EvidenceList } from './evidence-list.tsx'
import { JudgementList } from './judgement-list.tsx'
import { Overview } from './overview.tsx'
import { Records } from './records.tsx'
import styles from './cases.module.css'

const TABS = ['overview', 'evidence', 'records', 'judgements', 'activity'] as const

export default function CasePage({ id }: { readonly id: string }) {
  const detail = useQuery(api.cases.get.queryOptions({ input: { id } }))
  return <Loaded query={detail}>{(data) => <CaseView detail={data} />}</Loaded>
}

function CaseView({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const [tab, setTab] = useState<string | null>('overview')
  const [editing, { open, close }] = useDisclosure(false)
  const record = detail.case
  const update = useMutation(
    api.cases.update.mutationOptions({
      async onSuccess() {
        await queryClient.invalidateQueries({ queryKey: api.cases.key() })
        notifyDone(t('cases.saved'))
        close()
      },
    }),
  )
  const counts: Partial<Record<(typeof TABS)[number], number>> = {
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
            <Button component={Link} href={`/cases/${record.id}/report`} leftSection={<IconFileText size={14} />}>
              {t('cases.report')}
            </Button>
          </>
        }
      />
      <Tabs value={tab} onChange={setTab} className={styles.tabs}>
        <Tabs.List className={styles.tabList}>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`cases.tabs.${name}`)}
              {counts[name] ? <span className={styles.tabCount}>{counts[name]}</span> : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview" className={styles.tabPanel}>
          <Overview detail={detail} onGo={setTab} />
        </Tabs.Panel>
        <Tabs.Panel value="evidence" className={styles.tabPanel}>
          <EvidenceList detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="records" className={styles.tabPanel}>
          <Records detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="judgements" className={styles.tabPanel}>
          <JudgementList detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="activity" className={styles.tabPanel}>
          <Activity caseId={record.id} />
        </Tabs.Panel>
      </Tabs>
      <Modal opened={editing} onClose={close} title={t('cases.edit')} size="lg">
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
