import { ActionIcon, Tooltip } from '@mantine/core'
import { IconArrowsHorizontal, IconMinus, IconPlus } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding } from '../../../../main/contract/findings.ts'
import type { SignalInfo } from '../../../../main/contract/signals.ts'
import { timeCode } from '../../../text/format.ts'
import type { PlacedSegment } from '../region-overlay.tsx'
import type { Transport } from '../transport.ts'
import { useTransport } from '../use-transport.ts'
import styles from './axis.module.css'
import { CanvasLane } from './canvas-lane.tsx'
import { drawRuler } from './draw.ts'
import { Lane } from './lane.tsx'
import { FilmstripLane, PacketLane, ShotLane, WaveLane } from './media-lanes.tsx'
import { SignalLanes } from './signal-lanes.tsx'
import { panView, timeAt, zoomView, type View } from './view.ts'

interface Props {
  readonly evidenceId: string
  readonly transport: Transport
  /** Seconds; the player's own length takes its place where this is not known. */
  readonly duration: number
  readonly findings: readonly Finding[]
  readonly signals: readonly SignalInfo[]
  readonly segments: readonly PlacedSegment[]
}

const inGutter = (event: PointerEvent): boolean =>
  event.target instanceof Element && event.target.closest('[data-gutter]') !== null

/** Everything that is known over time, on one axis: click or drag to go there, Ctrl and the wheel to look closer. */
export function TimeAxis({ evidenceId, transport, duration: known, findings, signals, segments }: Props) {
  const { t } = useTranslation()
  const played = useTransport(transport, (now) => now.duration)
  const duration = Math.max(known, played, 0.04)
  const [zoom, setZoom] = useState<View | null>(null)
  const view: View = zoom && zoom.to <= duration + 0.001 ? zoom : { from: 0, to: duration }
  const lanes = useRef<HTMLDivElement>(null)
  const latest = useRef({ view, duration })
  useEffect(() => {
    latest.current = { view, duration }
  })

  const place = useCallback((clientX: number): { x: number; width: number } => {
    const box = lanes.current!.getBoundingClientRect()
    const gutter = lanes.current!.querySelector('[data-gutter]')?.getBoundingClientRect().width ?? 0
    const width = lanes.current!.clientWidth - gutter
    return { x: Math.min(width, Math.max(0, clientX - box.left - gutter)), width }
  }, [])

  useEffect(() => {
    const area = lanes.current
    if (!area) return
    const wheel = (event: WheelEvent): void => {
      const { view: now, duration: length } = latest.current
      const sideways = event.shiftKey ? event.deltaY : event.deltaX
      const { x, width } = place(event.clientX)
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        setZoom(zoomView(now, Math.exp(-event.deltaY * 0.002), timeAt(x, now, width), length))
      } else if (Math.abs(sideways) > 0) {
        event.preventDefault()
        setZoom(panView(now, (sideways / width) * (now.to - now.from), length))
      }
    }
    area.addEventListener('wheel', wheel, { passive: false })
    return () => area.removeEventListener('wheel', wheel)
  }, [place])

  // A playhead that runs out of a closer view takes the view along.
  useEffect(
    () =>
      transport.subscribe(() => {
        const { view: now, duration: length } = latest.current
        if (transport.playing && (transport.time < now.from || transport.time > now.to))
          setZoom(panView(now, transport.time - now.from, length))
      }),
    [transport],
  )

  const dragging = useRef(false)
  const frame = useRef(0)
  const scrub = (event: PointerEvent): void => {
    const { x, width } = place(event.clientX)
    cancelAnimationFrame(frame.current)
    frame.current = requestAnimationFrame(() => transport.seek(timeAt(x, view, width)))
  }
  const zoomBy = (factor: number): void => setZoom(zoomView(view, factor, transport.time, duration))
  return (
    <section className={styles.axis} aria-label={t('axis.title')}>
      <div
        ref={lanes}
        className={styles.lanes}
        dir="ltr"
        onPointerDown={(event) => {
          if (event.button !== 0 || inGutter(event)) return
          dragging.current = true
          event.currentTarget.setPointerCapture(event.pointerId)
          scrub(event)
        }}
        onPointerMove={(event) => dragging.current && scrub(event)}
        onPointerUp={() => (dragging.current = false)}
        onPointerCancel={() => (dragging.current = false)}
      >
        <div className={styles.inner}>
          <Lane
            sticky
            label={
              <span className={styles.zoom}>
                <Small label={t('axis.closer')} onClick={() => zoomBy(2)}>
                  <IconPlus size={13} />
                </Small>
                <Small label={t('axis.farther')} onClick={() => zoomBy(0.5)} disabled={!zoom}>
                  <IconMinus size={13} />
                </Small>
                <Small label={t('axis.whole')} onClick={() => setZoom(null)} disabled={!zoom}>
                  <IconArrowsHorizontal size={13} />
                </Small>
              </span>
            }
          >
            <Ruler transport={transport} duration={duration}>
              <CanvasLane draw={drawRuler} view={view} height={24} alt="" />
            </Ruler>
          </Lane>
          <FilmstripLane evidenceId={evidenceId} view={view} />
          <ShotLane findings={findings} view={view} transport={transport} />
          <SignalLanes findings={findings} signals={signals} segments={segments} view={view} transport={transport} />
          <PacketLane evidenceId={evidenceId} view={view} />
          <WaveLane evidenceId={evidenceId} view={view} />
          <Playhead transport={transport} view={view} />
        </div>
      </div>
    </section>
  )
}

/** The playhead as a control: its value is the time, and the arrow keys of the Bench move it. */
export function Ruler({
  transport,
  duration,
  children,
}: {
  transport: Transport
  duration: number
  children: ReactNode
}) {
  const { t } = useTranslation()
  const second = useTransport(transport, (now) => Math.floor(now.time * 10) / 10)
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t('axis.playhead')}
      aria-valuemin={0}
      aria-valuemax={Math.round(duration * 10) / 10}
      aria-valuenow={second}
      aria-valuetext={timeCode(second, 1)}
      className={styles.ruler}
    >
      {children}
    </div>
  )
}

/** Moved directly, without React: it follows every frame. */
export function Playhead({ transport, view }: { readonly transport: Transport; readonly view: View }) {
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const place = (): void => {
      if (!line.current) return
      const share = (transport.time - view.from) / (view.to - view.from)
      line.current.style.setProperty('--share', String(share))
      line.current.hidden = share < 0 || share > 1
    }
    place()
    return transport.subscribe(place)
  }, [transport, view])
  const loop = useTransport(transport, (now) => now.loop)
  const share = (time: number): number => Math.min(1, Math.max(0, (time - view.from) / (view.to - view.from)))
  return (
    <div className={styles.overLanes} aria-hidden="true">
      {loop ? (
        <div
          className={styles.loop}
          style={{ left: `${share(loop.start) * 100}%`, width: `${(share(loop.end) - share(loop.start)) * 100}%` }}
        />
      ) : null}
      <div ref={line} className={styles.playhead} />
    </div>
  )
}

interface SmallProps {
  readonly label: string
  readonly onClick: () => void
  readonly disabled?: boolean
  readonly children: ReactNode
}

function Small({ label, onClick, disabled, children }: SmallProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="xs" onClick={onClick} aria-label={label} disabled={disabled}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
