import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding } from '../../../../main/contract/findings.ts'
import type { SignalInfo, Track } from '../../../../main/contract/signals.ts'
import { number } from '../../../text/format.ts'
import type { PlacedSegment } from '../region-overlay.tsx'
import type { Transport } from '../transport.ts'
import { useTransport } from '../use-transport.ts'
import styles from './axis.module.css'
import { CanvasLane } from './canvas-lane.tsx'
import { drawTrack } from './draw.ts'
import { Lane } from './lane.tsx'
import { SegmentLane } from './segment-lane.tsx'
import type { View } from './view.ts'

interface Props {
  readonly findings: readonly Finding[]
  readonly signals: readonly SignalInfo[]
  readonly segments: readonly PlacedSegment[]
  readonly view: View
  readonly transport: Transport
}

/** Each signal that measured over time: its segments, then its curves. One that abstained says why in its place. */
export function SignalLanes({ findings, signals, segments, view, transport }: Props) {
  const { t } = useTranslation()
  return findings.map(({ id, output }) => {
    const title = signals.find((signal) => signal.id === output.id)?.title ?? output.id
    const own = segments.filter((segment) => segment.signal === output.id)
    if (output.applicability.state !== 'ran')
      return (
        <Lane key={id} label={title}>
          <p className={styles.abstained}>
            {t(output.applicability.state === 'failed' ? 'axis.failed' : 'axis.abstained', {
              reason: output.applicability.reason,
            })}
          </p>
        </Lane>
      )
    return (
      <div key={id} role="group" aria-label={title}>
        {own.length || output.tracks.length ? (
          <Lane label={title}>
            {own.length ? (
              <SegmentLane segments={own} view={view} transport={transport} />
            ) : (
              <p className={styles.quiet}>{t('axis.noSegments')}</p>
            )}
          </Lane>
        ) : null}
        {output.tracks.map((track) => (
          <TrackLane key={track.label} signal={title} track={track} view={view} transport={transport} />
        ))}
      </div>
    )
  })
}

interface TrackProps {
  readonly signal: string
  readonly track: Track
  readonly view: View
  readonly transport: Transport
}

function TrackLane({ signal, track, view, transport }: TrackProps) {
  const { t } = useTranslation()
  const { values, start, step, unit, label } = track
  const range = useMemo(() => {
    const known = values.filter((value) => value !== null)
    const high = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const low = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    return known.length ? { low, high, mean: known.reduce((a, b) => a + b, 0) / known.length } : null
  }, [values])
  const digits = (range?.high ?? 0) < 10 ? 2 : 0
  const draw = useMemo(
    () =>
      drawTrack(
        values,
        start,
        step,
        Math.min(0, range?.low ?? 0),
        Math.max(range?.high ?? 1, 1e-9),
        number(range?.high ?? 0, digits),
      ),
    [values, start, step, range, digits],
  )
  const value = useTransport(transport, (now) => values[Math.floor((now.time - start) / step + 1e-6)] ?? null)
  if (!range) return null
  const alt = t('axis.trackAlt', {
    signal,
    label,
    unit,
    low: number(range.low, digits),
    high: number(range.high, digits),
    mean: number(range.mean, digits),
  })
  return (
    <Lane
      label={label}
      note={
        value === null
          ? unit
          : t(/^\d/.test(unit) ? 'axis.valueOnScale' : 'axis.value', { value: number(value, digits), unit })
      }
      inner
    >
      <CanvasLane draw={draw} view={view} height={40} alt={alt} />
    </Lane>
  )
}
