import { useTranslation } from 'react-i18next'
import type { SealInput } from '../../../main/contract/bundles.ts'
import type { ExportedReport } from '../../../main/contract/reports.ts'
import { Hash } from '../../components/hash.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { bytes } from '../../text/format.ts'
import styles from './report.module.css'

interface Props {
  readonly made: ExportedReport
  /** Without its passphrases. */
  readonly input: SealInput
  readonly fingerprint: string | null
}

/** What was sealed, what it does not hold, and what remains to be done. */
export function SealResult({ made, input, fingerprint }: Props) {
  const { t } = useTranslation()
  const originals = input.evidence === 'all' ? 'All' : input.evidence === 'hashes' ? 'None' : ('Some' as const)
  return (
    <div className={styles.outcome}>
      <p className={styles.exportHead} data-state="whole">
        {t('reporting.sealing.sealed')} <TlpBadge tlp={made.tlp} />
      </p>
      <p>
        {made.url ? (
          <a href={made.url} download={made.file}>
            {t('reporting.sealing.download', { size: bytes(made.bytes) })}
          </a>
        ) : (
          made.file
        )}
      </p>
      <p className={styles.dim}>
        {t(`reporting.sealing.result${originals}`, {
          count: Array.isArray(input.evidence) ? input.evidence.length : 0,
        })}
      </p>
      <p className={styles.dim}>
        {t(`reporting.sealing.${input.encrypt === null ? 'resultOpen' : 'resultEncrypted'}`)}
      </p>
      <p className={styles.dim}>
        {t('reporting.sealing.resultSeal')} <Hash value={made.sha256} length={16} />
      </p>
      {fingerprint ? (
        <p className={styles.dim}>
          {t('reporting.sealing.resultKey')} <Hash value={fingerprint} length={16} />
        </p>
      ) : null}
    </div>
  )
}
