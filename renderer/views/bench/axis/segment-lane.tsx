import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { number, timeCode } from '../../../text/format.ts'
import type { PlacedSegment } from '../region-overlay.tsx'
import type { Transport } from '../transport.ts'
import styles from './axis.module.css'
import type { View } from './view.ts'

interface Props {
  readonly segments: readonly PlacedSegment[]
  readonly view: View
  readonly transport: Transport
}

/** Segments of one signal; each is a button that goes to its beginning. The stronger the score, the fuller the bar. */
export function SegmentLane({ segments, view, transport }: Props) {
  const { t } = useTranslation()
  const span = view.to - view.from
  return (
    <div className={styles.segments}>
      {segments.map((segment) => {
        const from = Math.max(view.from, segment.start)
        const to = Math.min(view.to, Math.max(segment.end, segment.start))
        if (to < view.from || from > view.to) return null
        const words = t('axis.segment', {
          label: segment.label,
          from: timeCode(segment.start, 2),
          to: timeCode(segment.end, 2),
          score: number(segment.score, 2),
        })
        return (
          <Tooltip key={segment.key} label={words}>
            <button
              type="button"
              className={styles.segment}
              aria-label={words}
              style={{
                left: `${((from - view.from) / span) * 100}%`,
                width: `${((to - from) / span) * 100}%`,
                '--score': segment.score,
              }}
              onPointerDown={(event) => event.stopPropagation()}
              onClick={() => transport.seek(segment.start)}
            >
              <span>{segment.label}</span>
            </button>
          </Tooltip>
        )
      })}
    </div>
  )
}
