import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Priority } from '../../../main/contract/findings.ts'
import { BandBadge } from '../../components/band-badge.tsx'
import { Panel } from '../../components/panel.tsx'
import styles from './filing.module.css'

interface Props {
  readonly priority: Priority | null
  /** False until the analyst has stated a likelihood or asked to see. */
  readonly shown: boolean
  readonly onReveal: () => void
  readonly disagrees: boolean
}

/** What the signals add up to, kept back until the analyst has an opinion. */
export function Indicators({ priority, shown, onReveal, disagrees }: Props) {
  const { t } = useTranslation()
  return (
    <Panel title={t('filing.indicators')}>
      {!priority ? (
        <p className={styles.help}>{t('filing.noFindings')}</p>
      ) : !shown ? (
        <div className={styles.hidden}>
          <p className={styles.help}>{t('filing.indicatorsHidden')}</p>
          <Button variant="default" onClick={onReveal}>
            {t('filing.reveal')}
          </Button>
        </div>
      ) : (
        <div className={styles.indicators}>
          <p className={styles.words}>
            <BandBadge band={priority.band} /> {priority.words}
          </p>
          {disagrees ? (
            <p className={styles.disagrees} role="status">
              {t('filing.disagrees')}
            </p>
          ) : null}
          {priority.reasons.length ? (
            <ul className={styles.reasons}>
              {priority.reasons.map((reason) => (
                <li key={`${reason.signal} ${reason.text}`}>
                  <strong>{reason.signal}</strong> <span className="untrusted">{reason.text}</span>
                </li>
              ))}
            </ul>
          ) : null}
          {priority.notCounted.length ? (
            <>
              <h3 className={styles.legend}>{t('filing.notCounted')}</h3>
              <ul className={styles.reasons}>
                {priority.notCounted.map((entry) => (
                  <li key={entry.signal}>
                    <strong>{entry.signal}</strong> {entry.reason}
                  </li>
                ))}
              </ul>
            </>
          ) : null}
        </div>
      )}
    </Panel>
  )
}
