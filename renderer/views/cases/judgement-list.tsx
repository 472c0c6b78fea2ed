import { IconScale } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail } from '../../../main/contract/cases.ts'
import { LIKELIHOODS } from '../../../main/contract/common.ts'
import type { Judgement } from '../../../main/contract/findings.ts'
import { BandBadge } from '../../components/band-badge.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Panel } from '../../components/panel.tsx'
import { instant } from '../../text/format.ts'
import styles from './cases.module.css'

/** What analysts concluded, newest first; each with the indicators as they stood then. */
export function JudgementList({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  if (!detail.judgements.length)
    return (
      <EmptyState icon={<IconScale size={40} stroke={1.3} />} title={t('cases.noJudgements')}>
        {t('cases.noJudgementsText')}
      </EmptyState>
    )
  return (
    <div className={styles.stack}>
      {detail.judgements.map((judgement) => (
        <Panel key={judgement.id}>
          <JudgementCard judgement={judgement} evidence={detail.evidence} />
        </Panel>
      ))}
    </div>
  )
}

interface Props {
  readonly judgement: Judgement
  /** Names the video where it is known; leave out where only one is meant. */
  readonly evidence?: CaseDetail['evidence']
}

export function JudgementCard({ judgement, evidence }: Props) {
  const { t } = useTranslation()
  const about = evidence?.find((entry) => entry.evidence.id === judgement.evidenceId)?.evidence
  const term = LIKELIHOODS.find((known) => known.id === judgement.likelihood)
  return (
    <article className={styles.judgement}>
      {about ? (
        <Link href={`/evidence/${about.id}`} className={styles.about}>
          <bdi className="untrusted">{about.name}</bdi>
        </Link>
      ) : null}
      <p className={styles.statement} dir="auto">
        {judgement.statement}
      </p>
      <p className={styles.meta}>
        {term ? <span>{t('cases.likelihoodIs', { value: term.label })}</span> : null}
        {judgement.confidence ? <span>{t('cases.confidenceIs', { value: judgement.confidence })}</span> : null}
        {judgement.findingIds.length ? <span>{t('cases.cites', { count: judgement.findingIds.length })}</span> : null}
      </p>
      {judgement.reasoning ? (
        <p className={styles.prose} dir="auto">
          {judgement.reasoning}
        </p>
      ) : null}
      <p className={styles.meta}>
        <span>{t('cases.by', { author: judgement.author, when: instant(judgement.at) })}</span>
        <span className={styles.machine}>
          {t('cases.machineAtTheTime')} <BandBadge band={judgement.machineBand} />
        </span>
        {judgement.disagrees ? <span className={styles.disagreed}>{t('cases.disagreed')}</span> : null}
      </p>
    </article>
  )
}
