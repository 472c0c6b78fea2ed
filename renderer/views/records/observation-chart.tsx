import { useTranslation } from 'react-i18next'
import type { Assertion } from '../../../main/contract/records.ts'
import type { Observation } from '../../../main/contract/values.ts'
import { spanOf, tickLabel, timeTicks } from '../../../main/reports/drawing/time.ts'
import { number } from '../../text/format.ts'
import styles from './records.module.css'

interface Props {
  readonly label: string
  readonly assertions: readonly Assertion[]
  readonly names: Readonly<Record<string, string>>
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [520, 130, 56, 20]

/** Observations over time as they were reported: a point for each, as wide as its date is uncertain. */
export function ObservationChart({ label, assertions, names }: Props) {
  const { t } = useTranslation()
  const points = assertions
    .map((assertion) => ({
      ...(assertion.value as Observation),
      sourceId: assertion.sourcing.sourceId,
      id: assertion.id,
    }))
    .map((point) => ({ ...point, span: spanOf(point.at) }))
    .filter((point) => point.span !== null)
    .sort((a, b) => a.span!.from - b.span!.from)
  if (points.length < 2) return null
  const [first, last] = [points[0]!.span!.from, Math.max(...points.map((point) => point.span!.to))]
  const most = Math.max(...points.map((point) => point.value), 1)
  const x = (at: number): number => LEFT + ((at - first) / Math.max(1, last - first)) * (WIDTH - LEFT - 12)
  const y = (value: number): number => 8 + (1 - value / most) * (HEIGHT - BOTTOM - 12)
  const ticks = timeTicks(first, last, WIDTH - LEFT, 90)
  const middle = (span: { from: number; to: number }): number => x((span.from + span.to) / 2)
  const line = points.map(({ span, value }) => `${middle(span!).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className={styles.observations}
      role="img"
      aria-label={t('records.overTime', { label })}
    >
      <line x1={LEFT} x2={WIDTH - 12} y1={y(0)} y2={y(0)} className={styles.axisLine} />
      {[most, most / 2].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - 12} y1={y(value)} y2={y(value)} className={styles.gridLine} />
          <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
            {number(value)}
          </text>
        </g>
      ))}
      {ticks.at.map((at) => (
        <text key={at} x={x(at)} y={HEIGHT - 4} textAnchor="middle">
          {tickLabel(at, ticks.step)}
        </text>
      ))}
      <polyline points={line} className={styles.observationLine} />
      {points.map(({ id, span, value, by, at, sourceId }) => (
        <g key={id}>
          <title>{`${number(value, 2)}, ${at.value}, ${by || (sourceId && names[sourceId]) || t('records.analyst')}`}</title>
          <line x1={x(span!.from)} x2={x(span!.to)} y1={y(value)} y2={y(value)} className={styles.observationWidth} />
          <circle cx={middle(span!)} cy={y(value)} r={4} className={styles.observationPoint} />
        </g>
      ))}
    </svg>
  )
}
