import { useId, useMemo, useRef, useState, useEffect, type Ref } from 'react'
import { number } from '../text/format.ts'
import { highest, hueOf, roundMarks, type Series } from '../../main/reports/drawing/bar-marks.ts'
import styles from './bars.module.css'

interface Props {
  /** What the chart shows, for screen readers and exports. */
  readonly title: string
  /** Along the axis: months, mostly. */
  readonly categories: readonly string[]
  readonly series: readonly Series[]
  /** Stacked, or side by side where values of different series must not be added. */
  readonly grouped?: boolean
  readonly unit?: string
  /** Levels to compare with, drawn as dashed lines across: an average of another time. */
  readonly levels?: readonly { readonly value: number; readonly label: string }[]
  readonly chosen?: { readonly category: number; readonly key: string } | null
  readonly onPick?: (category: number, key: string) => void
  readonly svg?: Ref<SVGSVGElement>
  readonly height?: number
}

const NO_LEVELS: NonNullable<Props['levels']> = []
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 12, 14, 30]

/** Bars per month, with round marks at the side; every bar says its value, and the table beneath says all of them. */
export function Bars({
  title,
  categories,
  series,
  grouped = false,
  unit = '',
  levels = NO_LEVELS,
  chosen,
  onPick,
  svg,
  height = 260,
}: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(640)
  const titleId = useId()
  useEffect(() => {
    const observer = new ResizeObserver(([box]) => setWidth(Math.max(280, box!.contentRect.width)))
    observer.observe(frame.current!)
    return () => observer.disconnect()
  }, [])
  const most = useMemo(() => highest(categories.length, series, grouped), [categories.length, series, grouped])
  const marks = roundMarks(most)
  const top = marks.at(-1) ?? 1
  const slot = (width - LEFT - RIGHT) / Math.max(1, categories.length)
  const bar = Math.max(1, Math.min(44, slot * 0.78))
  const y = (value: number): number => TOP + (1 - value / top) * (height - TOP - BOTTOM)
  const every = Math.max(1, Math.ceil(58 / slot))
  return (
    <div ref={frame} className={styles.frame}>
      <svg ref={svg} width={width} height={height} role="img" aria-labelledby={titleId} className={styles.chart}>
        <title id={titleId}>{title}</title>
        {marks.map((mark) => (
          <g key={mark}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(mark)} y2={y(mark)} className={mark ? styles.grid : styles.base} />
            <text x={LEFT - 8} y={y(mark) + 4} textAnchor="end" className={styles.tick}>
              {number(mark, 2)}
            </text>
          </g>
        ))}
        {categories.map((category, i) => {
          const left = LEFT + i * slot + (slot - bar) / 2
          let height0 = 0
          const own = grouped ? series.filter(({ values }) => values[i]) : series
          return (
            <g key={category}>
              {own.map((one, j) => {
                const value = one.values[i] ?? 0
                if (!value) return null
                const from = grouped ? 0 : height0
                height0 += value
                const wide = grouped ? bar / own.length : bar
                return (
                  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the table beneath does the same by keyboard
                  <rect
                    key={one.key}
                    x={left + (grouped ? j * wide : 0)}
                    y={y(from + value)}
                    width={Math.max(1, wide - (grouped ? 1 : 0))}
                    height={Math.max(1, y(from) - y(from + value) - (grouped ? 0 : 0.75))}
                    fill={`var(--hue-${hueOf(series, one.key)})`}
                    className={styles.bar}
                    data-chosen={(chosen?.category === i && chosen.key === one.key) || undefined}
                    data-pick={onPick ? true : undefined}
                    onClick={() => onPick?.(i, one.key)}
                  >
                    <title>{`${category}, ${one.label}: ${number(value, 2)} ${unit}`.trim()}</title>
                  </rect>
                )
              })}
              {i % every === 0 ? (
                <text x={LEFT + (i + 0.5) * slot} y={height - BOTTOM + 17} textAnchor="middle" className={styles.tick}>
                  {category}
                </text>
              ) : null}
              {/* The value on top, while there is room for it and only one. */}
              {slot > 26 && height0 > 0 && own.length === 1 ? (
                <text x={LEFT + (i + 0.5) * slot} y={y(height0) - 4} textAnchor="middle" className={styles.total}>
                  {number(height0, 2)}
                </text>
              ) : null}
            </g>
          )
        })}
        {levels
          .filter(({ value }) => value <= top)
          .map(({ value, label }) => (
            <g key={label}>
              <line x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} className={styles.level} />
              <text x={LEFT + 6} y={y(value) - 5} className={styles.levelName}>
                {label}
              </text>
            </g>
          ))}
      </svg>
      {series.length > 1 ? (
        <ul className={styles.legend}>
          {series.map(({ key, label }) => (
            <li key={key}>
              <span className={styles.swatch} style={{ background: `var(--hue-${hueOf(series, key)})` }} />
              <bdi>{label}</bdi>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
