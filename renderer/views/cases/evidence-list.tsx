import { ActionIcon, Button } from '@mantine/core'
import { IconMovie, IconX } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { BandBadge } from '../../components/band-badge.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Hash } from '../../components/hash.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { ago } from '../../text/format.ts'
import styles from './cases.module.css'

type Entry = CaseDetail['evidence'][number]

/** The videos of a case, with what the indicators say and where each came from. */
export function EvidenceList({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const [leaving, setLeaving] = useState<string | null>(null)
  const remove = useMutation(
    api.cases.removeEvidence.mutationOptions({ onSettled: () => setLeaving(null), onError: notifyFailure }),
  )
  if (!detail.evidence.length)
    return (
      <EmptyState
        icon={<IconMovie size={40} stroke={1.3} />}
        title={t('cases.noEvidence')}
        action={
          <Button component={Link} href="/triage">
            {t('cases.toBoard')}
          </Button>
        }
      >
        {t('cases.noEvidenceText')}
      </EmptyState>
    )
  return (
    <Panel flush>
      <ul>
        {detail.evidence.map((entry) => (
          <EvidenceRow key={entry.evidence.id} entry={entry} onRemove={() => setLeaving(entry.evidence.id)} />
        ))}
      </ul>
      <Confirm
        opened={leaving !== null}
        title={t('cases.takeOutTitle')}
        action={t('cases.takeOut')}
        busy={remove.isPending}
        onConfirm={() => leaving && remove.mutate({ caseId: detail.case.id, evidenceId: leaving })}
        onClose={() => setLeaving(null)}
      >
        {t('cases.takeOutText')}
      </Confirm>
    </Panel>
  )
}

export function EvidenceRow({ entry, onRemove }: { readonly entry: Entry; readonly onRemove?: () => void }) {
  const { t } = useTranslation()
  const { evidence, priority, note, filedAt } = entry
  const strip = useQuery(api.media.filmstrip.queryOptions({ input: { evidenceId: evidence.id } }))
  return (
    <li className={styles.evidence}>
      <div className={styles.strip}>{strip.data ? <img src={strip.data.url} alt="" loading="lazy" /> : null}</div>
      <div className={styles.evidenceWords}>
        <Link href={`/evidence/${evidence.id}`} className={styles.evidenceName}>
          <bdi className="untrusted">{evidence.name}</bdi>
        </Link>
        <p className={styles.meta}>
          {priority ? <BandBadge band={priority.band} words={priority.words} /> : null}
          <TlpBadge tlp={evidence.tlp} />
          <Hash value={evidence.sha256} />
          <span>{t('cases.filedAt', { when: ago(filedAt) })}</span>
        </p>
        {note ? (
          <p className={styles.note} dir="auto">
            {note}
          </p>
        ) : null}
      </div>
      {onRemove ? (
        <ActionIcon aria-label={`${t('cases.takeOut')}: ${evidence.name}`} onClick={onRemove}>
          <IconX size={15} />
        </ActionIcon>
      ) : null}
    </li>
  )
}
