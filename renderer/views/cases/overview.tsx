import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail, CaseFields } from '../../../main/contract/cases.ts'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { offerUndoOf } from '../records/changed.tsx'
import { RestingList } from '../records/resting.tsx'
import { EvidenceRow } from './evidence-list.tsx'
import { JudgementCard } from './judgement-list.tsx'
import styles from './cases.module.css'

const SECTIONS = ['actor', 'behaviour', 'content', 'degree', 'effect'] as const
type Abcde = CaseFields['abcde']

/** The case on one page: what is asked, what is known in the ABCDE frame, and what stands behind it. */
export function Overview({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const record = detail.case
  const [latest] = detail.judgements
  const kinds = useQuery(api.cases.kinds.queryOptions()).data?.kinds ?? []
  const outdated = useQuery(api.records.outdated.queryOptions({ input: { caseId: record.id } })).data
  return (
    <div className={styles.overview}>
      <div className={styles.stack}>
        <Panel title={t('cases.field.question')}>
          <p className={record.question ? styles.prose : styles.absent} dir="auto">
            {record.question || t('cases.noQuestion')}
          </p>
        </Panel>
        <Panel title={t('cases.field.summary')}>
          <p className={record.summary ? styles.prose : styles.absent} dir="auto">
            {record.summary || t('cases.noSummary')}
          </p>
        </Panel>
        <Panel title={t('cases.abcde.title')} flush>
          <dl>
            {SECTIONS.map((section) => (
              <Section key={section} section={section} detail={detail} />
            ))}
          </dl>
        </Panel>
        {latest ? (
          <Panel
            title={t('cases.tabs.judgements')}
            actions={<More to={`/cases/${record.id}/judgements`} count={detail.judgements.length} />}
          >
            <JudgementCard judgement={latest} evidence={detail.evidence} />
          </Panel>
        ) : null}
      </div>
      <div className={styles.stack}>
        {outdated?.length ? (
          <Panel title={t('cases.outdated')}>
            <RestingList list={outdated} />
          </Panel>
        ) : null}
        <Panel
          title={t('cases.tabs.records')}
          actions={<More to={`/cases/${record.id}/records`} count={detail.entities.length} />}
        >
          {detail.entities.length ? (
            <ul className={styles.tally}>
              {kinds.map(({ kind, plural }) => {
                const count = detail.entities.filter((entity) => entity.kind === kind).length
                return count ? (
                  <li key={kind}>
                    <KindMark kind={kind} /> {plural} <b>{count}</b>
                  </li>
                ) : null
              })}
            </ul>
          ) : (
            <p className={styles.absent}>{t('cases.noRecordsText')}</p>
          )}
        </Panel>
        <Panel
          title={t('cases.tabs.evidence')}
          actions={<More to={`/cases/${record.id}/evidence`} count={detail.evidence.length} />}
          flush
        >
          {detail.evidence.length ? (
            <ul>
              {detail.evidence.slice(0, 5).map((entry) => (
                <EvidenceRow key={entry.evidence.id} entry={entry} />
              ))}
            </ul>
          ) : (
            <p className={`${styles.absent} ${styles.padded}`}>{t('cases.noEvidenceText')}</p>
          )}
        </Panel>
      </div>
    </div>
  )
}

/** One section of the ABCDE frame, written where it is read. */
function Section({ section, detail }: { readonly section: keyof Abcde; readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<string | null>(null)
  const record = detail.case
  const text = record.abcde[section]
  const save = useMutation(
    api.cases.update.mutationOptions({
      async onSuccess() {
        setDraft(null)
        await offerUndoOf(record.id, t('cases.saved'))
      },
      onError: notifyFailure,
    }),
  )
  const label = t(`cases.abcde.${section}`)
  return (
    <div className={styles.section}>
      <dt>
        <b>{label}</b>
        <span className={styles.dim}>{t(`cases.abcde.${section}Help`)}</span>
      </dt>
      <dd>
        {draft === null ? (
          <>
            {text ? (
              <p className={styles.prose} dir="auto">
                {text}
              </p>
            ) : null}
            <Button
              variant="subtle"
              size="compact-xs"
              aria-label={t(text ? 'cases.abcde.editNamed' : 'cases.abcde.writeNamed', { section: label })}
              onClick={() => setDraft(text)}
            >
              {t(text ? 'cases.abcde.edit' : 'cases.abcde.write')}
            </Button>
          </>
        ) : (
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault()
              save.mutate({
                id: record.id,
                revision: record.revision,
                fields: { abcde: { ...record.abcde, [section]: draft } },
              })
            }}
          >
            <Textarea
              aria-label={label}
              value={draft}
              onChange={(event) => setDraft(event.currentTarget.value)}
              autosize
              minRows={3}
              maxLength={20_000}
              dir="auto"
              data-autofocus
            />
            <div className={styles.formEnd}>
              <Button variant="default" onClick={() => setDraft(null)}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {t('cases.save')}
              </Button>
            </div>
          </form>
        )}
      </dd>
    </div>
  )
}

function More({ to, count }: { readonly to: string; readonly count: number }) {
  const { t } = useTranslation()
  return count ? (
    <Link href={to} className={styles.moreLink}>
      {t('cases.all', { count })}
    </Link>
  ) : null
}
