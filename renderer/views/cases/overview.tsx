import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CaseDetail } from '../../../main/contract/cases.ts'
import { Panel } from '../../components/panel.tsx'
import { EvidenceRow } from './evidence-list.tsx'
import { JudgementCard } from './judgement-list.tsx'
import { LinkSentence } from './link-sentence.tsx'
import styles from './cases.module.css'

/** The case on one page: what is asked, what is known, and the latest of each kind. */
export function Overview({ detail, onGo }: { readonly detail: CaseDetail; readonly onGo: (tab: string) => void }) {
  const { t } = useTranslation()
  const record = detail.case
  const [latest] = detail.judgements
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
        {latest ? (
          <Panel
            title={t('cases.tabs.judgements')}
            actions={<More onClick={() => onGo('judgements')} count={detail.judgements.length} />}
          >
            <JudgementCard judgement={latest} evidence={detail.evidence} />
          </Panel>
        ) : null}
      </div>
      <div className={styles.stack}>
        <Panel
          title={t('cases.tabs.evidence')}
          actions={<More onClick={() => onGo('evidence')} count={detail.evidence.length} />}
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
        <Panel
          title={t('cases.linksTitle')}
          actions={<More onClick={() => onGo('records')} count={detail.relations.length} />}
        >
          {detail.relations.length ? (
            <ul className={styles.sentences}>
              {detail.relations.slice(0, 8).map((relation) => (
                <li key={relation.id}>
                  <LinkSentence relation={relation} detail={detail} />
                </li>
              ))}
            </ul>
          ) : (
            <p className={styles.absent}>{t('cases.noLinks')}</p>
          )}
        </Panel>
      </div>
    </div>
  )
}

function More({ onClick, count }: { readonly onClick: () => void; readonly count: number }) {
  const { t } = useTranslation()
  return count ? (
    <Button variant="subtle" size="compact-xs" onClick={onClick}>
      {t('cases.all', { count })}
    </Button>
  ) : null
}
