import { useEffect, useId, useImperativeHandle, useMemo, useRef, useState, type PointerEvent, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { datedText } from '../../../main/contract/time.ts'
import { kindShape } from '../../../main/reports/drawing/kind-shape.ts'
import { offsetMinutes, tickLabel, timeTicks } from '../../../main/reports/drawing/time.ts'
import {
  arrange,
  busyPart,
  LETTER,
  short,
  zoomSpan,
  type Bar,
  type Entry,
} from '../../../main/reports/drawing/arrange.ts'
import styles from './timeline.module.css'

export interface TimelineControl {
  zoom(factor: number): void
  all(): void
}

interface Props {
  readonly entries: readonly Entry[]
  readonly kinds: readonly { readonly kind: string; readonly plural: string }[]
  /** Zone of the axis: `UTC` or one in which something happened. */
  readonly zone: string
  readonly onOpen: (entry: Entry) => void
  /** Handed out for an export. */
  readonly svg?: Ref<SVGSVGElement>
  /** Handed out for buttons beside the chart. */
  readonly control?: Ref<TimelineControl>
  readonly compact?: boolean
}

const NO_TIME = { from: 0, to: 1 }
const ROW = 22
const HEAD = 26

/** Lanes by kind on one time axis: drag moves, the wheel zooms, a click opens; arrows go from entry to entry. */
export function TimelineChart({ entries, kinds, zone, onOpen, svg, control, compact = false }: Props) {
  const { t } = useTranslation()
  const gutter = compact ? 96 : 128
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const [view, setView] = useState<{ from: number; to: number } | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const grip = useRef<{ x: number; view: { from: number; to: number }; moved: boolean } | null>(null)
  const fade = useId()
  const names = useMemo(() => kinds.map(({ kind }) => kind), [kinds])
  const whole = useMemo(() => arrange(entries, names), [entries, names])
  const first = useMemo(() => busyPart(whole), [whole])
  const shown = view ?? first ?? NO_TIME
  const plot = Math.max(1, width - gutter)
  const { lanes } = useMemo(
    () => arrange(entries, names, { from: shown.from, to: shown.to, pixels: plot }),
    [entries, names, shown.to, shown.from, plot],
  )
  const order = useMemo(() => lanes.flatMap((lane) => lane.bars), [lanes])

  useEffect(() => {
    const observer = new ResizeObserver(([box]) => setWidth(box!.contentRect.width))
    observer.observe(frame.current!)
    return () => observer.disconnect()
  }, [])
  const x = (at: number): number => gutter + ((at - shown.from) / (shown.to - shown.from)) * plot
  const momentAt = (px: number): number => shown.from + ((px - gutter) / plot) * (shown.to - shown.from)
  const live = useRef({ shown, momentAt })
  useEffect(() => {
    live.current = { shown, momentAt }
  })
  useEffect(() => {
    const element = frame.current!
    const wheel = (event: WheelEvent): void => {
      // The page scrolls as usual; with Ctrl, or sideways, the axis is meant.
      if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return
      event.preventDefault()
      const { shown, momentAt } = live.current
      if (event.ctrlKey) {
        const anchor = momentAt(event.clientX - element.getBoundingClientRect().left)
        setView(zoomSpan(shown, Math.exp(-event.deltaY * 0.003), anchor))
      } else {
        const by = ((event.deltaX || event.deltaY) / element.clientWidth) * (shown.to - shown.from)
        setView({ from: shown.from + by, to: shown.to + by })
      }
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [])

  useImperativeHandle(
    control,
    () => ({
      zoom: (factor) => setView(zoomSpan(shown, factor, (shown.from + shown.to) / 2)),
      all: () => setView(whole.span),
    }),
    [shown, whole],
  )

  const down = (event: PointerEvent): void => {
    if (event.button === 0) grip.current = { x: event.clientX, view: shown, moved: false }
  }
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const held = grip.current
    if (!held) return
    const by = event.clientX - held.x
    if (!held.moved && Math.abs(by) < 4) return
    if (!held.moved) event.currentTarget.setPointerCapture(event.pointerId)
    held.moved = true
    const ms = (by / plot) * (held.view.to - held.view.from)
    setView({ from: held.view.from - ms, to: held.view.to - ms })
  }
  const step = (by: number): void => {
    const at = order.findIndex((bar) => bar.entry.id === chosen)
    const next = order[Math.min(order.length - 1, Math.max(0, at < 0 ? 0 : at + by))]
    if (!next) return
    setChosen(next.entry.id)
    if (next.to < shown.from || next.from > shown.to) {
      const half = (shown.to - shown.from) / 2
      setView({ from: next.from - half, to: next.from + half })
    }
  }
  const middle = (shown.from + shown.to) / 2
  const offset = offsetMinutes(zone, middle)
  const ticks = timeTicks(shown.from + offset * 60_000, shown.to + offset * 60_000, plot)
  const starts = lanes.map((_, i) => HEAD + lanes.slice(0, i).reduce((sum, lane) => sum + lane.rows * ROW + 10, 0))
  const placed = lanes.map((lane, i) => ({ ...lane, at: starts[i]! }))
  const top = lanes.reduce((sum, lane) => sum + lane.rows * ROW + 10, HEAD)
  const selected = order.find((bar) => bar.entry.id === chosen)
  const help = useId()
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a drawing one works on, like a map
    <div
      ref={frame}
      className={styles.frame}
      role="application"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrows go from entry to entry
      tabIndex={0}
      aria-label={t('timeline.chart', { count: order.length })}
      aria-describedby={help}
      onPointerDown={down}
      onPointerMove={drag}
      onPointerUp={() => (grip.current = null)}
      onKeyDown={(event) => {
        const { key } = event
        if (key === 'ArrowRight' || key === 'ArrowDown') step(1)
        else if (key === 'ArrowLeft' || key === 'ArrowUp') step(-1)
        else if (key === 'Enter' && selected) onOpen(selected.entry)
        else if (key === '+' || key === '=') setView(zoomSpan(shown, 1.5, middle))
        else if (key === '-') setView(zoomSpan(shown, 1 / 1.5, middle))
        else if (key === '0') setView(whole.span)
        else return
        event.preventDefault()
      }}
    >
      <span id={help} className="visually-hidden" aria-live="polite">
        {selected ? said(selected) : t('timeline.chartHelp')}
      </span>
      <svg ref={svg} width={Math.max(1, width)} height={top + 4} className={styles.chart} aria-hidden="true">
        <defs>
          {[1, 2, 3, 4, 5, 6, 7, 8].flatMap((hue) =>
            (['start', 'end', 'both'] as const).map((side) => (
              <linearGradient key={`${hue} ${side}`} id={`${fade}-${hue}-${side}`}>
                <stop offset="0" stopColor={`var(--hue-${hue})`} stopOpacity={side === 'end' ? 1 : 0.05} />
                <stop offset={side === 'start' ? 0.6 : 0.4} stopColor={`var(--hue-${hue})`} stopOpacity={1} />
                <stop offset="1" stopColor={`var(--hue-${hue})`} stopOpacity={side === 'start' ? 1 : 0.05} />
              </linearGradient>
            )),
          )}
          <clipPath id={`${fade}-plot`}>
            <rect x={gutter} y={0} width={plot} height={top + 4} />
          </clipPath>
        </defs>
        {ticks.at.map((moment) => {
          const px = x(moment - offset * 60_000)
          return (
            <g key={moment}>
              <line x1={px} x2={px} y1={HEAD - 6} y2={top} className={styles.grid} />
              <text x={px} y={14} textAnchor="middle" className={styles.tick}>
                {tickLabel(moment, ticks.step)}
              </text>
            </g>
          )
        })}
        {placed.map((lane) => (
          <g key={lane.kind}>
            <line x1={0} x2={width} y1={lane.at - 4} y2={lane.at - 4} className={styles.laneLine} />
            <text x={gutter - 10} y={lane.at + 14} textAnchor="end" className={styles.laneName}>
              {kinds.find(({ kind }) => kind === lane.kind)?.plural ?? lane.kind}
            </text>
            <g clipPath={`url(#${fade}-plot)`}>
              {lane.bars
                .filter((bar) => (bar.to >= shown.from || (bar.entry.lasting && bar.openEnd)) && bar.from <= shown.to)
                .map((bar) => (
                  <BarShape
                    key={bar.entry.id}
                    bar={bar}
                    x1={Math.max(gutter - 40, x(bar.from))}
                    x2={Math.min(width + 40, x(bar.entry.lasting && bar.openEnd ? Math.max(bar.to, shown.to) : bar.to))}
                    gutter={gutter}
                    right={width - 4}
                    y={lane.at + bar.row * ROW}
                    fade={fade}
                    chosen={bar.entry.id === chosen}
                    onClick={() => {
                      setChosen(bar.entry.id)
                      if (!grip.current?.moved) onOpen(bar.entry)
                    }}
                  />
                ))}
            </g>
          </g>
        ))}
      </svg>
    </div>
  )
}

const said = ({ entry }: Bar): string =>
  `${entry.subject.name}, ${entry.label}: ${datedText(entry.at)}${entry.until ? ` – ${datedText(entry.until)}` : ''}`

interface ShapeProps {
  readonly bar: Bar
  readonly x1: number
  readonly x2: number
  readonly y: number
  readonly gutter: number
  /** Right edge of the chart. */
  readonly right: number
  readonly fade: string
  readonly chosen: boolean
  readonly onClick: () => void
}

/** A bar as wide as its date is uncertain; an edge that is not known fades out. */
function BarShape({ bar, x1, x2, y, gutter, right, fade, chosen, onClick }: ShapeProps) {
  const { hue } = kindShape(bar.entry.subject.kind)
  const both = bar.vague || (bar.openStart && bar.openEnd)
  const side = both ? 'both' : bar.openEnd ? 'end' : bar.openStart ? 'start' : null
  const open = (bar.openStart ? 28 : 0) + (bar.openEnd ? 28 : 0)
  const left = bar.openStart ? x1 - 28 : x1
  const wide = Math.max(4, x2 - x1 + open)
  const name = short(bar.entry.subject.name)
  // A label that would be cut off at the edge ends there instead.
  const beside = Math.max(left, gutter + 2) + name.length * LETTER > right
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- arrows and Enter on the chart do the same
    <g className={styles.bar} data-chosen={chosen || undefined} onClick={onClick}>
      <title>{said(bar)}</title>
      <rect
        x={left}
        y={y + 2}
        width={wide}
        height={9}
        rx={2}
        fill={side ? `url(#${fade}-${hue}-${side})` : `var(--hue-${hue})`}
        strokeDasharray={bar.entry.disputed ? '3 2' : undefined}
        className={bar.entry.disputed ? styles.disputed : styles.rect}
      />
      <text
        x={beside ? right : Math.max(left, gutter + 2)}
        y={y + 20.5}
        textAnchor={beside ? 'end' : 'start'}
        className={styles.name}
      >
        {name}
      </text>
    </g>
  )
}
