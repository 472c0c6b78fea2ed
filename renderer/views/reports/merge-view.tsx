import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Merged, MergePreview } from '../../../main/contract/bundle-merge.ts'
import { client } from '../../client.ts'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Hash } from '../../components/hash.tsx'
import { notifyFailure } from '../../components/notify.ts'
import { bytes, instant, number } from '../../text/format.ts'
import { useTold } from '../../told.ts'
import { ScrollRegion } from '../models/scroll-region.tsx'
import type { GivenBundle } from './given-bundle.ts'
import styles from './report.module.css'
import { Working } from './working.tsx'

interface Props {
  readonly given: GivenBundle
  readonly onClose: () => void
}

/** A colleague's bundle before it is taken in: what is new, what differs, side by side. Then one step. */
export function MergeView({ given, onClose }: Props) {
  const { t } = useTranslation()
  const look = useTold<GivenBundle, MergePreview>((input, signal) => client.bundles.previewMerge(input, { signal }))
  const merge = useTold<GivenBundle & { seal: string }, Merged>((input, signal) =>
    client.bundles.merge(input, { signal }),
  )
  const preview = look.result
  const running = [look, merge].find(({ state }) => state === 'running')
  const failed = [look, merge].find(({ state }) => state === 'failed')
  return (
    <div className={styles.outcome}>
      {running ? <Working progress={running.progress} unit="bytes" onCancel={running.cancel} /> : null}
      {failed ? <ErrorNotice error={failed.error} /> : null}
      {!preview && !running ? (
        <Button variant="default" onClick={() => look.start(given)}>
          {t('reporting.merging.look')}
        </Button>
      ) : null}
      {preview ? <Preview preview={preview} merged={merge.result !== null} /> : null}
      {preview && !merge.result && !running ? (
        <div className={styles.buttons}>
          <Button onClick={() => merge.start({ ...given, seal: preview.seal })}>{t('reporting.merging.merge')}</Button>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </div>
      ) : null}
      {merge.result ? <Result merged={merge.result} /> : null}
    </div>
  )
}

function Preview({ preview, merged }: { readonly preview: MergePreview; readonly merged: boolean }) {
  const { t } = useTranslation()
  const { title, tlp, libraryName, sealedAt, key, counts, conflicts, conflictCount, left } = preview
  return (
    <>
      <p>
        <bdi className="untrusted">{title}</bdi> (TLP:{tlp}){' '}
        <span className={styles.dim}>
          {t('reporting.merging.sealedBy', { at: instant(sealedAt) })} <bdi className="untrusted">{libraryName}</bdi>
        </span>
      </p>
      <p className={styles.dim} data-state={key.known === 'new' && !key.matches ? 'differs' : 'whole'}>
        {t(`reporting.merging.key.${key.matches ? 'given' : key.known}`)} <Hash value={key.fingerprint} length={16} />
      </p>
      <ScrollRegion className={styles.scroll} label={t('reporting.merging.counts')}>
        <table className={styles.table}>
          <caption className="visually-hidden">{t('reporting.merging.counts')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('reporting.merging.kind')}</th>
              <th scope="col">{t('reporting.merging.added')}</th>
              <th scope="col">{t('reporting.merging.same')}</th>
              <th scope="col">{t('reporting.merging.differs')}</th>
            </tr>
          </thead>
          <tbody>
            {counts.map(({ kind, added, same, differs }) => (
              <tr key={kind}>
                <th scope="row">{t(`reporting.merging.kinds.${kind}`, { defaultValue: kind })}</th>
                <td>{number(added)}</td>
                <td>{number(same)}</td>
                <td>{number(differs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {merged ? null : <p className={styles.dim}>{t('reporting.merging.bytes', { size: bytes(preview.bytes) })}</p>}
      {conflicts.length ? (
        <ScrollRegion className={styles.scroll} label={t('reporting.merging.conflicts')}>
          <table className={styles.table}>
            <caption>{t('reporting.merging.conflictCount', { count: conflictCount })}</caption>
            <thead>
              <tr>
                <th scope="col">{t('reporting.merging.what')}</th>
                <th scope="col">{t('reporting.merging.here')}</th>
                <th scope="col">{t('reporting.merging.there')}</th>
                <th scope="col">{t('reporting.merging.after')}</th>
              </tr>
            </thead>
            <tbody>
              {conflicts.map(({ kind, id, name, field, ours, theirs, outcome }) => (
                <tr key={`${kind} ${id} ${field} ${theirs}`}>
                  <th scope="row">
                    <bdi className="untrusted">{name}</bdi>
                    <br />
                    <span className={styles.dim}>{field}</span>
                  </th>
                  <td>
                    <bdi className="untrusted">{ours}</bdi>
                  </td>
                  <td>
                    <bdi className="untrusted">{theirs}</bdi>
                  </td>
                  <td className={styles.dim}>{outcome}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      ) : (
        <p className={styles.dim}>{t('reporting.merging.noConflicts')}</p>
      )}
      {merged ? null : <Left lines={left} />}
    </>
  )
}

function Result({ merged }: { readonly merged: Merged }) {
  const { t } = useTranslation()
  const [undone, setUndone] = useState(false)
  const [asked, setAsked] = useState(false)
  const { operation, evidenceIds, caseId, added, left } = merged
  if (!operation) return <p role="status">{t('reporting.merging.nothing')}</p>
  const takeBack = (): void => {
    client.records.undo({ operationId: operation.id }).then(() => setUndone(true), notifyFailure)
  }
  const triage = (): void => {
    setAsked(true)
    Promise.all(evidenceIds.map((evidenceId) => client.findings.rerun({ evidenceId }))).catch(notifyFailure)
  }
  return (
    <div role="status" className={styles.outcome}>
      <p className={styles.exportHead} data-state="whole">
        {undone ? t('reporting.merging.undone') : t('reporting.merging.done', { count: added })}
      </p>
      <Left lines={left} />
      {undone ? null : (
        <>
          {evidenceIds.length ? (
            <p className={styles.dim}>{t('reporting.merging.untriaged', { count: evidenceIds.length })}</p>
          ) : null}
          <div className={styles.buttons}>
            {caseId ? (
              <Button component={Link} href={`/cases/${caseId}`} variant="default">
                {t('reporting.merging.open')}
              </Button>
            ) : null}
            {evidenceIds.length ? (
              <Button variant="default" disabled={asked} onClick={triage}>
                {t('reporting.merging.triage')}
              </Button>
            ) : null}
            <Button variant="default" onClick={takeBack}>
              {t('reporting.merging.undo')}
            </Button>
          </div>
        </>
      )}
    </div>
  )
}

const Left = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.length ? (
    <ul className={styles.left}>
      {lines.map((line) => (
        <li key={line} className="untrusted" dir="auto">
          {line}
        </li>
      ))}
    </ul>
  ) : null
