import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { LIKELIHOODS, type Sourcing } from '../../../main/contract/common.ts'
import { percent } from '../../text/format.ts'
import styles from './records.module.css'

/** An Admiralty grade such as B2; what it means stands in its tooltip. */
export function Grade({ reliability, credibility }: Pick<Sourcing, 'reliability' | 'credibility'>) {
  const { t } = useTranslation()
  const words = `${t(`records.reliability.${reliability}`)} ${t(`records.credibility.${credibility}`)}`
  return (
    <Tooltip label={words}>
      <abbr className={styles.grade} aria-label={`${reliability}${credibility}: ${words}`}>
        {reliability}
        {credibility}
      </abbr>
    </Tooltip>
  )
}

/** Who says so, and how far that is trusted. Likelihood and confidence are two statements, never one. */
export function SourceLine({
  sourcing,
  names,
}: {
  readonly sourcing: Sourcing
  readonly names: Readonly<Record<string, string>>
}) {
  const { t } = useTranslation()
  const band = LIKELIHOODS.find(({ id }) => id === sourcing.likelihood)
  return (
    <span className={styles.source}>
      <Grade reliability={sourcing.reliability} credibility={sourcing.credibility} />
      {sourcing.sourceId ? (
        <Link href={`/records/${sourcing.sourceId}`}>
          <bdi>{names[sourcing.sourceId] ?? t('records.unnamed')}</bdi>
        </Link>
      ) : (
        <span>{t('records.analyst')}</span>
      )}
      {band ? (
        <Tooltip label={t('records.bandHelp', { low: percent(band.low), high: percent(band.high) })}>
          <span>{t('records.likelihoodIs', { value: band.label })}</span>
        </Tooltip>
      ) : null}
      {sourcing.confidence ? (
        <Tooltip label={t(`records.confidenceHelp.${sourcing.confidence}`)}>
          <span>{t('records.confidenceIs', { value: t(`records.confidence.${sourcing.confidence}`) })}</span>
        </Tooltip>
      ) : null}
    </span>
  )
}
