/** The points of a metric as bars by month: those of a month, and apart those of a longer or unknown stretch. */
import type { DatedValue } from '../../contract/common.ts'
import type { MetricSeries } from '../../contract/graph.ts'
import { datedText } from '../../contract/time.ts'
import type { Series } from './bar-marks.ts'
import { DAY, monthOf, monthsBetween, spanOf } from './time.ts'

export interface MetricMonths {
  readonly months: readonly string[]
  /** One per source; values of two sources for one month stand side by side. */
  readonly series: readonly Series[]
  /** Values that are not of one month, in words. They are said, never spread over months. */
  readonly ranges: readonly {
    readonly id: string
    readonly text: string
    readonly value: number
    readonly at: DatedValue
    readonly by: string
  }[]
}

const plain = (value: number): string => String(Math.round(value * 100) / 100)

const LONGEST_MONTH = 31.5 * DAY

/** @param write a value as text */
export function metricMonths(
  { points, unit }: MetricSeries,
  unnamed: string,
  write: (value: number) => string = plain,
): MetricMonths {
  const placed = points.map((point) => ({ ...point, by: point.by || unnamed, span: spanOf(point.at) }))
  const monthly = placed.filter(({ span }) => span && span.to - span.from <= LONGEST_MONTH)
  const ranges = placed
    .filter(({ span }) => !span || span.to - span.from > LONGEST_MONTH)
    .map(({ assertionId, at, value, by }) => ({
      id: assertionId,
      value,
      at,
      by,
      text: `${datedText(at)}: ${write(value)} ${unit} (${by})`,
    }))
  if (!monthly.length) return { months: [], series: [], ranges }
  const of = monthly.map(({ span }) => monthOf(span!.from)).sort()
  // A surge is only seen against what was before it: a year at least.
  const last = step(of.at(-1)!, 1)
  const [first] = [step(of[0]!, -1), step(last, -12)].sort()
  const months = monthsBetween(first!, last)
  const series = [...new Set(monthly.map(({ by }) => by))].map((by) => ({
    key: by,
    label: by,
    values: months.map(
      (month) => monthly.findLast((point) => point.by === by && monthOf(point.span!.from) === month)?.value ?? 0,
    ),
  }))
  return { months, series, ranges }
}

function step(month: string, by: number): string {
  return monthOf(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + by, 1))
}
