import { ActionIcon, Checkbox } from '@mantine/core'
import { IconCopy, IconFolderCheck, IconPlayerStop, IconRefresh, IconSquareCheck } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { BoardRow as Row } from '../../../main/contract/findings.ts'
import type { SignalInfo } from '../../../main/contract/signals.ts'
import { BandBadge } from '../../components/band-badge.tsx'
import { ErrorNotice } from '../../components/error-notice.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { TlpBadge } from '../../components/tlp-badge.tsx'
import { bytes, number, timeCode } from '../../text/format.ts'
import { jobFraction, jobWords } from '../../text/job.ts'
import { LaneCell } from './lane-cell.tsx'
import styles from './triage.module.css'

interface Props {
  readonly row: Row
  readonly index: number
  readonly signals: readonly SignalInfo[]
  readonly active: boolean
  readonly selected: boolean
  readonly onActivate: (evidenceId: string) => void
  readonly onSelect: (evidenceId: string, selected: boolean) => void
  readonly onCancel: (jobId: string) => void
  readonly onRetry: (jobId: string) => void
}

export const BoardRow = memo(function BoardRow(props: Props) {
  const { row, index, signals, active, selected, onActivate, onSelect, onCancel, onRetry } = props
  const { t } = useTranslation()
  const { job, priority } = row
  const facts = [
    row.duration === null ? '' : timeCode(row.duration, 0),
    row.width && row.height ? `${row.width} × ${row.height}` : '',
    bytes(row.size),
    row.hasAudio === false ? t('board.silent') : '',
  ]
  return (
    <div
      role="row"
      id={`row-${row.evidenceId}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={active ? 0 : -1}
      className={styles.row}
      data-active={active || undefined}
      onFocus={() => onActivate(row.evidenceId)}
    >
      <div role="gridcell">
        <Checkbox
          size="xs"
          tabIndex={-1}
          checked={selected}
          onChange={(event) => onSelect(row.evidenceId, event.currentTarget.checked)}
          aria-label={t('board.select', { name: row.name })}
        />
      </div>
      <div role="gridcell" className={styles.item}>
        <div className={styles.strip}>
          {row.filmstripUrl ? <img src={row.filmstripUrl} alt="" loading="lazy" decoding="async" /> : null}
        </div>
        <div className={styles.itemWords}>
          <Link href={`/evidence/${row.evidenceId}`} className={styles.name} tabIndex={-1} title={row.name}>
            <bdi>{row.name}</bdi>
          </Link>
          <span className={styles.mediaFacts}>{facts.filter(Boolean).join(' · ')}</span>
          <span className={styles.facts}>
            <TlpBadge tlp={row.tlp} />
            {row.source ? <bdi>{row.source}</bdi> : null}
            {row.acquisitions > 1 ? <span>{t('board.arrivals', { count: row.acquisitions })}</span> : null}
            {row.caseIds.length ? (
              <span className={styles.mark}>
                <IconFolderCheck size={13} aria-hidden="true" /> {t('board.inCases', { count: row.caseIds.length })}
              </span>
            ) : null}
            {row.judged ? (
              <span className={styles.mark}>
                <IconSquareCheck size={13} aria-hidden="true" /> {t('board.judged')}
              </span>
            ) : null}
          </span>
          <FootageMark row={row} />
        </div>
      </div>
      {signals.map((signal) => {
        const lane = row.lanes.find((known) => known.signal === signal.id)
        return (
          <div role="gridcell" key={signal.id} className={styles.laneCell}>
            {lane ? (
              <LaneCell
                lane={lane}
                title={signal.title}
                {...(signal.context && { shared: row.footage.matches + row.footage.listed })}
              />
            ) : null}
          </div>
        )
      })}
      <div role="gridcell" className={styles.priority}>
        {priority ? (
          <>
            <span className={styles.priorityLine}>
              <BandBadge band={priority.band} words={priority.words} />
              <span className={styles.score} title={t('board.scoreHelp')}>
                {number(priority.score, 2)}
              </span>
            </span>
            <span className={styles.reason} title={priority.reasons.map((reason) => reason.text).join('\n')}>
              {priority.reasons[0]?.text ?? priority.words}
            </span>
          </>
        ) : null}
      </div>
      <div role="gridcell" className={styles.state}>
        <div className={styles.stateWords}>
          {job?.state === 'queued' ? <span className={styles.dim}>{t('job.queued')}</span> : null}
          {job?.state === 'running' ? (
            <ProgressLine fraction={jobFraction(job)} label={jobWords(job, t)} secondsLeft={job.secondsLeft} />
          ) : null}
          {job?.state === 'failed' && job.error ? <ErrorNotice error={job.error} compact /> : null}
          {job?.state === 'cancelled' ? <span className={styles.dim}>{t('job.cancelled')}</span> : null}
          {job?.state === 'succeeded' ? <span className={styles.dim}>{t('job.succeeded')}</span> : null}
        </div>
        {job?.state === 'running' || job?.state === 'queued' ? (
          <ActionIcon
            tabIndex={-1}
            size="sm"
            onClick={() => onCancel(job.id)}
            aria-label={t('board.cancel', { name: row.name })}
          >
            <IconPlayerStop size={15} />
          </ActionIcon>
        ) : null}
        {job?.state === 'failed' || job?.state === 'cancelled' ? (
          <ActionIcon
            tabIndex={-1}
            size="sm"
            onClick={() => onRetry(job.id)}
            aria-label={t('board.retry', { name: row.name })}
          >
            <IconRefresh size={15} />
          </ActionIcon>
        ) : null}
      </div>
    </div>
  )
})

const markOf = ({ kind, nearDuplicate }: NonNullable<Row['footage']['best']>) =>
  kind === 'sound' ? 'footage.sameSound' : nearDuplicate ? 'footage.nearDuplicate' : 'footage.same'

/** What is known of its footage: the best match, as a link to both side by side. */
function FootageMark({ row }: { readonly row: Row }) {
  const { t } = useTranslation()
  const { best, matches, listed } = row.footage
  if (best)
    return (
      <Link
        href={`/match/${best.matchId}`}
        className={styles.footageMark}
        tabIndex={-1}
        title={t('footage.mark', { name: best.otherName, words: best.words })}
      >
        <IconCopy size={13} aria-hidden="true" /> <bdi>{t(markOf(best), { name: best.otherName })}</bdi>
        {matches > 1 ? <span>{t('footage.more', { count: matches - 1 })}</span> : null}
      </Link>
    )
  return listed ? (
    <span className={styles.footageMark}>
      <IconCopy size={13} aria-hidden="true" /> {t('footage.listed', { count: listed })}
    </span>
  ) : null
}
