import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { LibraryInfo } from '../../../main/contract/library.ts'
import { api, queryClient } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Hash } from '../../components/hash.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { Panel } from '../../components/panel.tsx'
import { bytes, number } from '../../text/format.ts'
import styles from './start.module.css'

/** The open library in numbers; checks every original and the audit chain on request. */
export function OpenedPanel({ library }: { readonly library: LibraryInfo }) {
  const { t } = useTranslation()
  const close = useMutation(
    api.library.close.mutationOptions({ onSuccess: () => queryClient.invalidateQueries(), onError: notifyFailure }),
  )
  const verify = useMutation(api.library.verify.mutationOptions())
  const { counts } = library
  return (
    <Panel
      title={t('start.thisLibrary')}
      actions={
        <div className={styles.formEnd}>
          <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
            {t('start.verify')}
          </Button>
          <Button variant="default" loading={close.isPending} onClick={() => close.mutate(undefined)}>
            {t('start.close')}
          </Button>
        </div>
      }
    >
      <div className={styles.counts}>
        <div className={styles.count}>
          <strong>{number(counts.evidence)}</strong>
          <span>{t('start.evidence', { count: counts.evidence })}</span>
        </div>
        <div className={styles.count}>
          <strong>{number(counts.cases)}</strong>
          <span>{t('start.cases', { count: counts.cases })}</span>
        </div>
        <div className={styles.count}>
          <strong>{number(counts.jobsPending)}</strong>
          <span>{t('start.pending', { count: counts.jobsPending })}</span>
        </div>
      </div>
      {verify.isError ? <ErrorNotice error={verify.error} /> : null}
      {verify.data ? (
        <div role="status" style={{ marginBlockStart: '0.8rem' }}>
          <p>
            {verify.data.ok ? t('start.verified') : t('start.notVerified', { count: verify.data.problems.length })}{' '}
            {t('start.verifyScope', {
              count: verify.data.evidenceChecked,
              bytes: bytes(verify.data.bytesChecked),
              links: number(verify.data.audit.length),
            })}
          </p>
          {verify.data.audit.head ? (
            <p>
              {t('start.auditHead')} <Hash value={verify.data.audit.head} length={24} />
            </p>
          ) : null}
          <ul className={styles.problems}>
            {verify.data.problems.map((problem) => (
              <li key={`${problem.kind} ${problem.subject}`}>
                <code>{problem.subject}</code> {problem.message}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </Panel>
  )
}
