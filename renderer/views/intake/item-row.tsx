import { ActionIcon, Button, Checkbox } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { BoardRow } from '../../../main/contract/findings.ts'
import type { IntakeItem } from '../../../main/contract/intake.ts'
import { BandBadge } from '../../components/band-badge.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { Hash } from '../../components/hash.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { jobFraction, jobWords } from '../../text/job.ts'
import { bytes } from '../../text/format.ts'
import styles from './intake.module.css'
import { secondsLeft } from './pace.ts'
import { dismissUpload, retryUpload, type Upload } from './uploads.ts'

export type Line =
  | { readonly kind: 'upload'; readonly upload: Upload }
  | { readonly kind: 'item'; readonly item: IntakeItem; readonly row: BoardRow | undefined }

export const UploadRow = memo(function UploadRow({
  upload,
  index,
}: {
  readonly upload: Upload
  readonly index: number
}) {
  const { t } = useTranslation()
  const { id, name, size, sent, state, error } = upload
  return (
    <div role="row" aria-rowindex={index + 2} className={styles.item}>
      <div role="cell" />
      <div role="cell" className={styles.nameCell}>
        <bdi className={styles.name}>{name}</bdi>
      </div>
      <div role="cell" className={styles.num}>
        {bytes(size)}
      </div>
      <div role="cell" />
      <div role="cell" className={styles.stateCell}>
        {state === 'failed' ? (
          <ErrorNotice error={error} compact />
        ) : (
          <ProgressLine
            fraction={state === 'waiting' ? 0 : sent / Math.max(1, size)}
            label={state === 'waiting' ? t('intake.states.waiting') : t('intake.sending')}
            secondsLeft={state === 'sending' ? secondsLeft(id, sent, size) : null}
          />
        )}
      </div>
      <div role="cell" className={styles.endCell}>
        {state === 'failed' ? (
          <Button variant="default" size="compact-xs" onClick={() => retryUpload(id)}>
            {t('common.retry')}
          </Button>
        ) : null}
        <ActionIcon size="sm" onClick={() => dismissUpload(id)} aria-label={t('intake.dismiss', { name })}>
          <IconX size={14} />
        </ActionIcon>
      </div>
    </div>
  )
})

interface Props {
  readonly item: IntakeItem
  /** The board's row of the item it became. */
  readonly row: BoardRow | undefined
  readonly index: number
  readonly selected: boolean
  readonly onSelect: (evidenceId: string, selected: boolean) => void
}

export const ItemRow = memo(function ItemRow({ item, row, index, selected, onSelect }: Props) {
  const { t } = useTranslation()
  const { evidenceId, state } = item
  return (
    <div role="row" aria-rowindex={index + 2} className={styles.item} data-selected={selected || undefined}>
      <div role="cell">
        {evidenceId ? (
          <Checkbox
            size="xs"
            checked={selected}
            onChange={(event) => onSelect(evidenceId, event.currentTarget.checked)}
            aria-label={t('intake.select', { name: item.name })}
          />
        ) : null}
      </div>
      <div role="cell" className={styles.nameCell}>
        {evidenceId ? (
          <Link href={`/evidence/${evidenceId}`} className={styles.name}>
            <bdi>{item.name}</bdi>
          </Link>
        ) : (
          <bdi className={styles.name}>{item.name}</bdi>
        )}
        <span className={styles.dimLine}>
          {row ? (
            <>
              {row.container} · <Hash value={row.sha256} />
            </>
          ) : (
            <bdi title={item.path}>{item.path}</bdi>
          )}
        </span>
      </div>
      <div role="cell" className={styles.num}>
        {item.size === null ? '' : bytes(item.size)}
      </div>
      {state === 'refused' ? null : <div role="cell">{row ? <TlpBadge tlp={row.tlp} /> : null}</div>}
      <div role="cell" className={styles.stateCell} data-wide={state === 'refused' || undefined}>
        {state === 'refused' && item.error ? <ErrorNotice error={item.error} compact /> : null}
        {state === 'waiting' ? <span className={styles.dim}>{t('intake.states.waiting')}</span> : null}
        {state === 'reading' ? (
          <ProgressLine
            fraction={item.size ? item.done / item.size : null}
            label={t('intake.states.reading')}
            secondsLeft={item.size ? secondsLeft(item.id, item.done, item.size) : null}
          />
        ) : null}
        {state === 'duplicate' ? (
          <span>
            {row && row.name !== item.name
              ? t('intake.duplicateOf', { name: row.name })
              : t('intake.duplicate', { count: row?.acquisitions ?? 2 })}
          </span>
        ) : null}
        {state === 'admitted' && row ? <After row={row} /> : null}
        {state === 'admitted' && !row ? t('intake.states.admitted') : null}
      </div>
      <div role="cell" className={styles.endCell} hidden={state === 'refused'}>
        {row?.priority ? <BandBadge band={row.priority.band} words={row.priority.words} /> : null}
      </div>
    </div>
  )
})

/** What happens after admission: the triage of the item. */
function After({ row }: { readonly row: BoardRow }) {
  const { t } = useTranslation()
  const { job } = row
  const { best } = row.footage
  if (best?.nearDuplicate)
    return (
      <Link href={`/match/${best.matchId}`} className={styles.name}>
        <bdi>{t('footage.nearDuplicate', { name: best.otherName })}</bdi>
      </Link>
    )
  if (!job || job.state === 'succeeded') return <span className={styles.dim}>{t('intake.states.triaged')}</span>
  if (job.state === 'queued') return <span className={styles.dim}>{t('intake.states.queued')}</span>
  if (job.error) return <ErrorNotice error={job.error} compact />
  return <ProgressLine fraction={jobFraction(job)} label={jobWords(job, t)} secondsLeft={job.secondsLeft} />
}
