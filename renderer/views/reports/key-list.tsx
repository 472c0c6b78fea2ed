import { useTranslation } from 'react-i18next'
import type { DeskKey } from '../../../main/contract/bundles.ts'
import { Hash } from '../../components/hash.tsx'
import { instant } from '../../text/format.ts'
import styles from './report.module.css'

/** The library's keys: what to give to those who check its bundles. */
export function KeyList({ keys }: { readonly keys: readonly DeskKey[] }) {
  const { t } = useTranslation()
  if (!keys.length) return null
  return (
    <div className={styles.keys}>
      <p className={styles.exportHead}>{t('reporting.sealing.keys')}</p>
      <ul className={styles.exports}>
        {keys.map(({ fingerprint, pem, createdAt, retiredAt }) => (
          <li key={fingerprint}>
            <Hash value={fingerprint} length={20} />
            <p className={styles.dim}>
              {retiredAt
                ? t('reporting.sealing.keyRetired', { from: instant(createdAt), to: instant(retiredAt) })
                : t('reporting.sealing.keyInUse', { from: instant(createdAt) })}{' '}
              <a
                href={`data:application/x-pem-file;charset=utf-8,${encodeURIComponent(pem)}`}
                download={`assay-key-${fingerprint.slice(0, 16)}.pem`}
              >
                {t('reporting.sealing.keyExport')}
              </a>
            </p>
          </li>
        ))}
      </ul>
      <p className={styles.dim}>{t('reporting.sealing.keyHelp')}</p>
    </div>
  )
}
