import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { LIKELIHOODS } from '../../../main/contract/common.ts'
import type { Judgement } from '../../../main/contract/findings.ts'
import { BandBadge } from '../../components/band-badge.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { instant } from '../../text/format.ts'
import { RestingOn } from '../records/resting.tsx'
import styles from './findings.module.css'

interface Props {
  readonly evidenceId: string
  readonly judgements: readonly Judgement[]
}

/** What analysts concluded about this item, newest first. */
export function JudgementsTab({ evidenceId, judgements }: Props) {
  const { t } = useTranslation()
  return (
    <div className={styles.tab}>
      {judgements.length ? null : (
        <EmptyState
          title={t('judgement.empty')}
          action={
            <Button component={Link} href={`/evidence/${evidenceId}/file`}>
              {t('bench.file')}
            </Button>
          }
        >
          {t('judgement.emptyHelp')}
        </EmptyState>
      )}
      {judgements.map((judgement) => (
        <article key={judgement.id} className={styles.card}>
          <h3 className={styles.cardTitle} dir="auto">
            {judgement.statement}
          </h3>
          <p>
            {judgement.likelihood
              ? t('judgement.likelihood', {
                  likelihood:
                    LIKELIHOODS.find((term) => term.id === judgement.likelihood)?.label ?? judgement.likelihood,
                })
              : t('judgement.noLikelihood')}
          </p>
          {judgement.confidence ? (
            <p>
              {t('judgement.confidence', { confidence: t(`judgement.confidences.${judgement.confidence as 'low'}`) })}
            </p>
          ) : null}
          {judgement.reasoning ? (
            <p className={styles.quote} dir="auto">
              {judgement.reasoning}
            </p>
          ) : null}
          <p>
            {t('judgement.machine')} <BandBadge band={judgement.machineBand} />{' '}
            {judgement.disagrees ? <strong>{t('judgement.disagrees')}</strong> : null}
          </p>
          <p className={styles.dim}>
            {judgement.author} · {instant(judgement.at)}
            {judgement.caseId ? (
              <>
                {' '}
                · <Link href={`/cases/${judgement.caseId}`}>{t('judgement.toCase')}</Link>
              </>
            ) : null}
          </p>
        </article>
      ))}
      <section className={styles.card}>
        <h3 className={styles.cardTitle}>{t('records.restingTitle')}</h3>
        <RestingOn evidenceId={evidenceId} />
      </section>
    </div>
  )
}
