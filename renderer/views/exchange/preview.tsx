import { Button, Checkbox, Loader } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ImportPreview } from '../../../main/contract/exchange.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { Panel } from '../../components/panel.tsx'
import { bytes, number } from '../../text/format.ts'
import { useKindLabel } from '../search/use-kind-label.ts'
import { Conflicts } from './conflicts.tsx'
import styles from './exchange.module.css'
import { importIt, startOver, type Importing } from './importing.ts'
import { Mapping } from './mapping.tsx'

interface Props {
  readonly preview: ImportPreview
  readonly busy: Importing['busy']
  readonly caseId: string | null
}

/** What importing a file would do, and the one button that does it. */
export function Preview({ preview, busy, caseId }: Props) {
  const { t } = useTranslation()
  const [into, setInto] = useState(true)
  const [onConflict, setOnConflict] = useState<'ours' | 'theirs'>('ours')
  const { counts, kept, conflicts, duplicates, troubles, table } = preview
  const total = (column: 'added' | 'differs'): number => counts.reduce((sum, count) => sum + count[column], 0)
  const differs = total('differs')
  const joins = caseId !== null && into
  const writes = total('added') + kept > 0 || (differs > 0 && onConflict === 'theirs') || (joins && counts.length > 0)
  return (
    <>
      <Panel
        title={t('exchange.preview.title')}
        actions={busy?.what === 'looking' ? <Loader size={14} color="var(--accent)" aria-hidden="true" /> : null}
      >
        <div className={styles.stack} data-stale={busy?.what === 'looking' || undefined}>
          <p>
            <bdi className={styles.fileName}>{preview.name}</bdi>{' '}
            <span className={styles.dim}>
              {t('exchange.preview.file', {
                format: t(`exchange.preview.format.${preview.format}`),
                size: bytes(preview.bytes),
                objects: t(table ? 'exchange.preview.rows' : 'exchange.preview.objects', {
                  count: preview.size,
                }),
              })}
            </span>
          </p>
          <Counts preview={preview} />
          {kept ? <p className={styles.dim}>{t('exchange.preview.kept', { count: kept })}</p> : null}
          <div className={styles.decide}>
            {caseId ? (
              <Checkbox
                label={t('exchange.preview.intoCase')}
                checked={into}
                onChange={(event) => setInto(event.currentTarget.checked)}
              />
            ) : null}
            <p className={styles.dim}>{t('exchange.preview.oneStep')}</p>
            <div className={styles.row}>
              <Button variant="default" disabled={busy !== null} onClick={startOver}>
                {t('exchange.import.discard')}
              </Button>
              <Button
                disabled={!writes || busy !== null}
                onClick={() => void importIt(joins ? caseId : null, onConflict)}
              >
                {t('exchange.preview.action')}
              </Button>
            </div>
          </div>
        </div>
      </Panel>
      {table ? <Mapping table={table} /> : null}
      {differs ? (
        <Conflicts conflicts={conflicts} count={differs} onConflict={onConflict} onChange={setOnConflict} />
      ) : null}
      {duplicates.length ? <Duplicates duplicates={duplicates} /> : null}
      {troubles.length ? (
        <Panel title={t('exchange.troubles.title')} flush>
          <ul className={styles.list}>
            {troubles.map(({ code, text, count, example }) => (
              <li key={`${code} ${text}`} className={styles.trouble}>
                <span className={styles.times}>{t('exchange.troubles.times', { count })}</span>
                <span>
                  <bdi className="untrusted">{text}</bdi>{' '}
                  {example ? (
                    <bdi className={`${styles.dim} untrusted`}>
                      {t('exchange.troubles.example', { value: example })}
                    </bdi>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </>
  )
}

function Counts({ preview: { counts, kept } }: { readonly preview: ImportPreview }) {
  const { t } = useTranslation()
  const kindLabel = useKindLabel()
  if (!counts.length) return kept ? null : <p>{t('exchange.preview.empty')}</p>
  const changes = counts.some(({ added, differs }) => added || differs)
  return (
    <>
      {changes ? null : <p>{t('exchange.preview.nothing')}</p>}
      <table className={styles.counts}>
        <thead>
          <tr>
            <th scope="col">{t('exchange.preview.kind')}</th>
            <th scope="col">{t('exchange.preview.added')}</th>
            <th scope="col">{t('exchange.preview.same')}</th>
            <th scope="col">{t('exchange.preview.differs')}</th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ kind, added, same, differs }) => (
            <tr key={kind}>
              <th scope="row">
                <span className={styles.kind}>
                  <KindMark kind={kind} />
                  {kindLabel(kind)}
                </span>
              </th>
              {[added, same, differs].map((count, column) => (
                // oxlint-disable-next-line react/no-array-index-key -- three columns, always the same
                <td key={column} data-none={count === 0 || undefined}>
                  {number(count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Duplicates({ duplicates }: { readonly duplicates: ImportPreview['duplicates'] }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('exchange.duplicates.title', { count: duplicates.length })} flush>
      <p className={styles.help}>{t('exchange.duplicates.help')}</p>
      <ul className={styles.list}>
        {duplicates.map(({ kind, name, of, reason }) => (
          <li key={`${kind} ${name} ${of.id}`} className={styles.duplicate}>
            <KindMark kind={kind} />
            <span className="untrusted">
              {t(reason === 'same handle' ? 'exchange.duplicates.handle' : 'exchange.duplicates.name', { name })}
            </span>
            <Link href={`/records/${of.id}`}>
              <bdi>{of.name}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
