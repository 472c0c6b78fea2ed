import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Band } from '../../main/contract/findings.ts'
import styles from './band-badge.module.css'

export type BandName = (typeof Band.options)[number]

/** The shape that stands for a band, so that it is never told by colour alone. */
export function BandMark({ band, size = 12 }: { readonly band: BandName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" className={styles.mark} data-band={band}>
      {band === 'strong' && <path d="M6 0.6 11.4 6 6 11.4 0.6 6Z" fill="currentColor" />}
      {band === 'some' && (
        <>
          <path d="M6 1.2 10.8 6 6 10.8 1.2 6Z" fill="none" stroke="currentColor" strokeWidth="1.3" />
          <path d="M1.2 6h9.6L6 10.8Z" fill="currentColor" />
        </>
      )}
      {band === 'none' && <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.4" />}
      {band === 'inconclusive' && (
        <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="1.8 1.7" />
      )}
    </svg>
  )
}

interface Props {
  readonly band: BandName
  /** The band in full words, shown when hovered; the badge itself carries the short form. */
  readonly words?: string
}

/** What the machine's indicators add up to: a place in the queue, never a verdict. */
export function BandBadge({ band, words }: Props) {
  const { t } = useTranslation()
  const badge = (
    <span className={styles.badge} data-band={band}>
      <BandMark band={band} />
      {t(`band.${band}`)}
    </span>
  )
  return words ? <Tooltip label={words}>{badge}</Tooltip> : badge
}
