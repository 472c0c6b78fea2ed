import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Rerun } from '../../../main/contract/rerun.ts'
import { client } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { useTold } from '../../told.ts'
import { ScrollRegion } from '../models/scroll-region.tsx'
import type { GivenBundle } from './given-bundle.ts'
import styles from './report.module.css'
import { Working } from './working.tsx'

/** Repeats the findings of a bundle from the evidence, and says what came out otherwise. */
export function RerunView({ given }: { readonly given: GivenBundle }) {
  const { t } = useTranslation()
  const rerun = useTold<GivenBundle, Rerun>(({ source, passphrase }, signal) =>
    client.bundles.rerun({ source, passphrase, folder: null }, { signal }),
  )
  const { result } = rerun
  return (
    <div className={styles.outcome}>
      {rerun.state === 'running' ? (
        <Working progress={rerun.progress} onCancel={rerun.cancel} />
      ) : (
        <Button variant="default" onClick={() => rerun.start(given)}>
          {t(result ? 'reporting.rerunning.again' : 'reporting.rerunning.start')}
        </Button>
      )}
      {rerun.state === 'failed' ? <ErrorNotice error={rerun.error} /> : null}
      <div role="status" className={styles.outcome}>
        {rerun.state === 'cancelled' ? <p className={styles.dim}>{t('reporting.rerunning.cancelled')}</p> : null}
        {result ? (
          <>
            <p className={styles.exportHead} data-state={result.counts.differs ? 'differs' : 'whole'}>
              {t(`reporting.rerunning.${result.counts.differs ? 'differs' : result.counts.same ? 'same' : 'none'}`)}
            </p>
            <ScrollRegion className={styles.lines} label={t('reporting.rerunning.lines')}>
              <pre dir="auto">{result.lines.join('\n')}</pre>
            </ScrollRegion>
          </>
        ) : null}
      </div>
    </div>
  )
}
