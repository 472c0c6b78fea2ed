import { useMemo, useRef, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Difference } from '../../../main/contract/differences.ts'
import { percent, timeCode } from '../../text/format.ts'
import styles from '../bench/axis/axis.module.css'
import { CanvasLane } from '../bench/axis/canvas-lane.tsx'
import { drawRuler, drawTrack } from '../bench/axis/draw.ts'
import { Lane } from '../bench/axis/lane.tsx'
import { FilmstripLane } from '../bench/axis/media-lanes.tsx'
import { SegmentLane } from '../bench/axis/segment-lane.tsx'
import { Playhead, Ruler } from '../bench/axis/time-axis.tsx'
import { timeAt, type View } from '../bench/axis/view.ts'
import type { PlacedSegment } from '../bench/region-overlay.tsx'
import type { PairTransport } from './pair.ts'
import type { ShownSegment } from './pair-stage.tsx'

interface Props {
  readonly evidenceId: string
  readonly duration: number
  readonly transport: PairTransport
  readonly segments: readonly ShownSegment[]
  readonly differences: readonly Difference[]
}

/** The time of the new item: what is shared, how much of the picture differs, and what that is. */
export function MatchAxis({ evidenceId, duration, transport, segments, differences }: Props) {
  const { t } = useTranslation()
  const lanes = useRef<HTMLDivElement>(null)
  const dragging = useRef(false)
  const view: View = useMemo(() => ({ from: 0, to: Math.max(duration, 0.04) }), [duration])
  const scrub = (event: PointerEvent): void => {
    const box = lanes.current!.getBoundingClientRect()
    const gutter = lanes.current!.querySelector('[data-gutter]')?.getBoundingClientRect().width ?? 0
    const width = lanes.current!.clientWidth - gutter
    transport.seek(timeAt(Math.min(width, Math.max(0, event.clientX - box.left - gutter)), view, width))
  }
  const shared = segments.map(({ from, to, knownFrom }, i): PlacedSegment => ({
    key: `shared ${i}`,
    signal: 'shared',
    title: t('match.axis.segments'),
    start: from,
    end: to,
    score: 0.3,
    label: t('match.axis.segment', { from: timeCode(knownFrom, 1) }),
  }))
  // A lane for each kind; how it is shown (borders, cropped) holds for all of a segment and is said in the panel.
  const kinds = [...new Set(differences.map(({ kind }) => kind))].filter(
    (kind) => kind !== 'borders' && kind !== 'cropped',
  )
  const told = (kind: Difference['kind']): PlacedSegment[] =>
    differences.flatMap((difference, i) =>
      difference.kind === kind
        ? [
            {
              key: `difference ${i}`,
              signal: kind,
              title: t('match.axis.differences'),
              ...difference.fresh,
              score: difference.strength,
              label: t(`match.differs.kinds.${kind}`),
            },
          ]
        : [],
    )
  return (
    <section className={styles.axis} aria-label={t('match.axis.title')}>
      <div
        ref={lanes}
        className={styles.lanes}
        dir="ltr"
        onPointerDown={(event) => {
          if (event.button !== 0 || (event.target instanceof Element && event.target.closest('[data-gutter]'))) return
          dragging.current = true
          event.currentTarget.setPointerCapture(event.pointerId)
          scrub(event)
        }}
        onPointerMove={(event) => dragging.current && scrub(event)}
        onPointerUp={() => (dragging.current = false)}
        onPointerCancel={() => (dragging.current = false)}
      >
        <div className={styles.inner}>
          <Lane sticky label="">
            <Ruler transport={transport} duration={duration}>
              <CanvasLane draw={drawRuler} view={view} height={24} alt="" />
            </Ruler>
          </Lane>
          <FilmstripLane evidenceId={evidenceId} view={view} />
          <Lane label={t('match.axis.segments')}>
            <SegmentLane segments={shared} view={view} transport={transport} />
          </Lane>
          {kinds.map((kind) => (
            <Lane key={kind} label={t('match.axis.differences')} note={t(`match.differs.kinds.${kind}`)}>
              <SegmentLane segments={told(kind)} view={view} transport={transport} />
            </Lane>
          ))}
          {segments.map(({ compared }, i) =>
            compared && compared.times.length > 1 ? (
              <Curve key={compared.from} times={compared.times} share={compared.share} step={compared.step} number={i + 1} view={view} /> // prettier-ignore
            ) : null,
          )}
          <Playhead transport={transport} view={view} />
        </div>
      </div>
    </section>
  )
}

interface CurveProps {
  readonly times: readonly number[]
  readonly share: readonly number[]
  readonly step: number
  readonly number: number
  readonly view: View
}

/** Parts of a long segment that were not looked at stay empty. */
function Curve({ times, share, step, number, view }: CurveProps) {
  const { t } = useTranslation()
  const high = Math.max(0.02, ...share)
  const draw = useMemo(() => {
    const start = times[0]!
    const values: (number | null)[] = Array.from({ length: Math.round((times.at(-1)! - start) / step) + 1 }, () => null)
    times.forEach((time, i) => (values[Math.round((time - start) / step)] = share[i]!))
    return drawTrack(values, start, step, 0, high, percent(high))
  }, [times, share, step, high])
  return (
    <Lane label={t('match.axis.curve')} note={t('match.axis.curveUnit')}>
      <CanvasLane draw={draw} view={view} height={40} alt={t('match.axis.curveAlt', { number, high: percent(high) })} />
    </Lane>
  )
}
