import { Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCopy } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Lane } from '../../../main/contract/findings.ts'
import { BandMark } from '../../components/band-badge.tsx'
import { number } from '../../text/format.ts'
import styles from './triage.module.css'

/** The lane in one sentence, for the tooltip and for screen readers. */
export function laneWords(lane: Lane, title: string, t: TFunction): string {
  if (lane.state === 'ran')
    return lane.band
      ? t('lane.ran', { signal: title, band: t(`band.${lane.band}`), reason: lane.reason })
      : t('lane.uncalibrated', { signal: title, score: number(lane.score ?? 0, 2), reason: lane.reason })
  return t(`lane.${lane.state}`, { signal: title, reason: lane.reason })
}

interface Props {
  readonly lane: Lane
  readonly title: string
  /** For a signal that gives context: how much it found. Such a lane has no score. */
  readonly shared?: number
}

/** One signal on one item: its band as a shape, or that it abstained and why. */
export function LaneCell({ lane, title, shared }: Props) {
  const { t } = useTranslation()
  const context = shared !== undefined && lane.state === 'ran' && !lane.band
  const words = context
    ? t(shared ? 'footage.lane.found' : 'footage.lane.none', { signal: title, count: shared, reason: lane.reason })
    : laneWords(lane, title, t)
  return (
    <Tooltip label={words}>
      <span className={styles.lane} data-state={lane.state} role="img" aria-label={words}>
        {lane.state === 'ran' && lane.band ? <BandMark band={lane.band} size={14} /> : null}
        {context && shared ? (
          <span className={styles.laneScore} aria-hidden="true">
            <IconCopy size={12} /> {shared}
          </span>
        ) : null}
        {context && !shared ? <span aria-hidden="true">0</span> : null}
        {lane.state === 'ran' && !lane.band && !context ? (
          <span className={styles.laneScore} aria-hidden="true">
            {number(lane.score ?? 0, 2)}
          </span>
        ) : null}
        {lane.state === 'abstained' ? <span aria-hidden="true">–</span> : null}
        {lane.state === 'waiting' ? <span aria-hidden="true">·</span> : null}
        {lane.state === 'failed' ? <IconAlertTriangle size={14} aria-hidden="true" /> : null}
      </span>
    </Tooltip>
  )
}
