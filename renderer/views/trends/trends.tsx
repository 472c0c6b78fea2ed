import { Button, Select } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { COUNTED, CountBy, type MetricSeries, type MonthlyCounts } from '../../../main/contract/graph.ts'
import { atMostEight, type Series } from '../../../main/reports/drawing/bar-marks.ts'
import { Bars } from '../../charts/bars.tsx'
import { fileName, saveText, standalone } from '../../charts/save.ts'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { ScrollRegion } from '../models/scroll-region.tsx'
import { number } from '../../text/format.ts'
import { metricMonths } from '../../../main/reports/drawing/metric-months.ts'
import styles from './trends.module.css'

/** How often things happened, month by month: what sources report, and what is recorded here. */
export default function Trends({ caseId }: { readonly caseId?: string }) {
  const { t } = useTranslation()
  const metrics = useQuery(api.graph.metrics.queryOptions({ input: { caseId } }))
  return (
    <div className={styles.page}>
      <Loaded query={metrics}>
        {(list) =>
          list.some(({ points }) => points.length) ? (
            <>
              {list
                .filter(({ points }) => points.length)
                .map((metric) => (
                  <Metric key={metric.metricId} metric={metric} />
                ))}
            </>
          ) : (
            <Panel title={t('trends.reported')}>
              <EmptyState title={t('trends.noMetrics')}>{t('trends.noMetricsHelp')}</EmptyState>
            </Panel>
          )
        }
      </Loaded>
      <Recorded caseId={caseId} />
    </div>
  )
}

/** A quantity as its sources give it: bars of one colour for each source, never added up. */
function Metric({ metric }: { readonly metric: MetricSeries }) {
  const { t } = useTranslation()
  const svg = useRef<SVGSVGElement>(null)
  const { months, series, ranges } = useMemo(
    () => metricMonths(metric, t('trends.unnamedSource'), (value) => number(value, 2)),
    [metric, t],
  )
  return (
    <Panel
      title={
        <Link href={`/records/${metric.metricId}`}>
          <bdi>{metric.name}</bdi>
        </Link>
      }
      actions={<SaveChart svg={svg} title={metric.name} />}
    >
      <p className={styles.lead}>
        {t('trends.reportedBy', {
          unit: metric.unit || t('trends.values'),
          window: metric.window || t('trends.unknownWindow'),
        })}{' '}
        {metric.baseline ? <bdi>{t('trends.baseline', { baseline: metric.baseline })}</bdi> : null}
      </p>
      {months.length ? (
        <Bars
          title={`${metric.name}, ${metric.unit}`}
          categories={months}
          series={series}
          unit={metric.unit}
          grouped
          levels={ranges.map(({ text, value }) => ({ value, label: text }))}
          svg={svg}
        />
      ) : null}
      {ranges.length && !months.length ? (
        <ul className={styles.ranges}>
          {ranges.map(({ id, text }) => (
            <li key={id}>{text}</li>
          ))}
        </ul>
      ) : null}
      <ValuesTable months={months} series={series} />
    </Panel>
  )
}

/** Records of a kind by the month in which they began. */
function Recorded({ caseId }: { readonly caseId?: string }) {
  const { t } = useTranslation()
  const svg = useRef<SVGSVGElement>(null)
  const [kind, setKind] = useState<(typeof COUNTED)[number]>('incident')
  const [by, setBy] = useState<CountBy>('kind')
  const [chosen, setChosen] = useState<{ category: number; key: string } | null>(null)
  const infos = useQuery(api.cases.kinds.queryOptions()).data?.kinds ?? []
  const counts = useQuery({
    ...api.graph.monthly.queryOptions({ input: { caseId, kind, by } }),
    placeholderData: keepPreviousData,
  })
  const plural = infos.find((info) => info.kind === kind)?.plural ?? kind
  const title =
    by === 'kind'
      ? t('trends.perMonth', { kind: plural })
      : t('trends.perMonthBy', { kind: plural, by: t(`trends.by.${by}`) })
  return (
    <Panel title={t('trends.recorded')} actions={<SaveChart svg={svg} title={title} />}>
      <div className={styles.controls}>
        <Select
          label={t('trends.kind')}
          data={COUNTED.map((value) => ({
            value,
            label: infos.find((info) => info.kind === value)?.plural ?? value,
          }))}
          value={kind}
          onChange={(next) => {
            setKind((next ?? 'incident') as typeof kind)
            setChosen(null)
          }}
          allowDeselect={false}
        />
        <Select
          label={t('trends.splitBy')}
          data={CountBy.options.map((value) => ({ value, label: t(`trends.by.${value}`) }))}
          value={by}
          onChange={(next) => {
            setBy((next ?? 'kind') as CountBy)
            setChosen(null)
          }}
          allowDeselect={false}
        />
      </div>
      <Loaded query={counts}>
        {(data) => (
          <Counts
            data={data}
            title={title}
            chosen={chosen}
            onPick={(category, key) => setChosen({ category, key })}
            svg={svg}
          />
        )}
      </Loaded>
    </Panel>
  )
}

interface CountsProps {
  readonly data: MonthlyCounts
  readonly title: string
  readonly chosen: { category: number; key: string } | null
  readonly onPick: (category: number, key: string) => void
  readonly svg: React.RefObject<SVGSVGElement | null>
}

function Counts({ data, title, chosen, onPick, svg }: CountsProps) {
  const { t } = useTranslation()
  const series = useMemo(
    () =>
      atMostEight(
        data.series.map(({ key, label, counts }) => ({ key, label, values: counts })),
        t('trends.others'),
      ),
    [data, t],
  )
  const entities = useQuery(api.cases.entities.queryOptions({ input: { limit: 5000 } })).data
  const ids = chosen
    ? (chosen.key === 'rest'
        ? data.series.filter(({ key }) => !series.some((one) => one.key === key))
        : data.series.filter(({ key }) => key === chosen.key)
      ).flatMap((one) => one.ids[chosen.category] ?? [])
    : []
  if (!data.months.length && !data.undated.length)
    return <EmptyState title={t('trends.nothing')}>{t('trends.nothingHelp')}</EmptyState>
  return (
    <>
      {data.months.length ? (
        <Bars title={title} categories={data.months} series={series} chosen={chosen} onPick={onPick} svg={svg} />
      ) : null}
      {chosen && ids.length ? (
        <div role="status" className={styles.picked}>
          <strong>{data.months[chosen.category]}</strong>
          <ul>
            {ids.map((id) => (
              <li key={id}>
                <Link href={`/records/${id}`}>
                  <bdi>{entities?.find((entity) => entity.id === id)?.name ?? id.slice(0, 8)}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {data.undated.length ? (
        <details className={styles.more}>
          <summary>{t('trends.undated', { count: data.undated.length })}</summary>
          <ul>
            {data.undated.map(({ id, name }) => (
              <li key={id}>
                <Link href={`/records/${id}`}>
                  <bdi>{name}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <ValuesTable months={data.months} series={series} onPick={onPick} />
    </>
  )
}

function SaveChart({ svg, title }: { svg: React.RefObject<SVGSVGElement | null>; title: string }) {
  const { t } = useTranslation()
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={t('trends.saveNamed', { title })}
      onClick={() => svg.current && saveText(standalone(svg.current), fileName(title, 'svg'), 'image/svg+xml')}
    >
      SVG
    </Button>
  )
}

/** The numbers behind a chart, month by month; empty months are left out. */
function ValuesTable({
  months,
  series,
  onPick,
}: {
  readonly months: readonly string[]
  readonly series: readonly Series[]
  readonly onPick?: (category: number, key: string) => void
}) {
  const { t } = useTranslation()
  const rows = months.map((month, i) => ({ month, i })).filter(({ i }) => series.some(({ values }) => values[i]))
  if (!rows.length) return null
  return (
    <details className={styles.more}>
      <summary>{t('trends.asTable')}</summary>
      <ScrollRegion label={t('trends.asTable')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('trends.month')}</th>
              {series.map(({ key, label }) => (
                <th key={key} scope="col">
                  <bdi>{label}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ month, i }) => (
              <tr key={month}>
                <th scope="row">{month}</th>
                {series.map(({ key, values }) => (
                  <td key={key}>
                    {onPick && values[i] ? (
                      <button type="button" className={styles.cell} onClick={() => onPick(i, key)}>
                        {number(values[i], 2)}
                      </button>
                    ) : (
                      number(values[i] ?? 0, 2)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  )
}
