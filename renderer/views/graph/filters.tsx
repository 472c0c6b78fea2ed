import { Button, Checkbox, RangeSlider, Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { TLP_LEVELS } from '../../../main/contract/common.ts'
import { monthOf, monthsBetween } from '../../../main/reports/drawing/time.ts'
import { api } from '../../client.ts'
import { KindMark } from '../../components/kind-mark.tsx'
import { RELIABILITIES } from '../records/sourcing.ts'
import styles from './graph.module.css'
import { NO_FILTER, type Graph, type GraphFilter } from './scene.ts'

interface Props {
  readonly graph: Graph
  /** Kinds that occur. They are the legend as well. */
  readonly kinds: readonly { readonly kind: string; readonly plural: string }[]
  readonly value: GraphFilter
  readonly onChange: (filter: GraphFilter) => void
  readonly byCommunity: boolean
}

/** What of the graph is shown: by kind (which is the legend), time, confidence, handling mark and source. */
export function Filters({ graph, kinds, value, onChange, byCommunity }: Props) {
  const { t } = useTranslation()
  const set = (change: Partial<GraphFilter>): void => onChange({ ...value, ...change })
  const sources = useQuery(api.cases.entities.queryOptions({ input: { kind: 'source', limit: 5000 } })).data ?? []
  const cited = useMemo(() => new Set(graph.edges.map(({ sourceId }) => sourceId)), [graph])
  const months = useMemo(() => monthsOf(graph), [graph])
  const at = (moment: number | null, otherwise: number): number => {
    const index = moment === null ? -1 : months.indexOf(monthOf(moment))
    return index < 0 ? otherwise : index
  }
  return (
    <aside className={styles.filters} aria-label={t('graph.filters')}>
      <fieldset className={styles.legend}>
        <legend>{t('graph.kinds')}</legend>
        {kinds.map(({ kind, plural }) => (
          <Checkbox
            key={kind}
            size="xs"
            label={
              <span className={styles.kind}>
                {byCommunity ? null : <KindMark kind={kind} />} {plural}{' '}
                <span className={styles.dim}>{graph.nodes.filter((node) => node.kind === kind).length}</span>
              </span>
            }
            checked={!value.hiddenKinds.has(kind)}
            onChange={(event) => {
              const hidden = new Set(value.hiddenKinds)
              if (event.currentTarget.checked) hidden.delete(kind)
              else hidden.add(kind)
              set({ hiddenKinds: hidden })
            }}
          />
        ))}
      </fieldset>
      {months.length > 1 ? (
        <div>
          <p className={styles.label}>{t('graph.time')}</p>
          <RangeSlider
            min={0}
            max={months.length - 1}
            step={1}
            minRange={0}
            value={[at(value.from, 0), at(value.to, months.length - 1)]}
            onChange={([from, to]) =>
              set({
                from: from === 0 ? null : Date.parse(`${months[from]}-01T00:00:00Z`),
                to: to === months.length - 1 ? null : Date.parse(`${months[to]}-28T00:00:00Z`),
              })
            }
            label={(i) => months[i]}
            thumbFromLabel={t('graph.timeFrom')}
            thumbToLabel={t('graph.timeTo')}
            size="sm"
          />
          <p className={styles.range}>
            <span>{months[at(value.from, 0)]}</span>
            <span>{months[at(value.to, months.length - 1)]}</span>
          </p>
        </div>
      ) : null}
      <Select
        label={t('graph.confidence')}
        data={(['any', 'low', 'moderate', 'high'] as const).map((level) => ({
          value: level,
          label: t(`graph.confidences.${level}`),
        }))}
        value={value.confidence}
        onChange={(next) => set({ confidence: (next ?? 'any') as GraphFilter['confidence'] })}
        allowDeselect={false}
      />
      <Select
        label={t('graph.reliability')}
        placeholder={t('graph.any')}
        data={RELIABILITIES.slice(0, 5).map((grade) => ({ value: grade, label: t('graph.atLeast', { grade }) }))}
        value={value.reliability}
        onChange={(reliability) => set({ reliability })}
        clearable
      />
      <Select
        label={t('graph.source')}
        placeholder={t('graph.any')}
        data={sources.filter(({ id }) => cited.has(id)).map(({ id, name }) => ({ value: id, label: name }))}
        value={value.sourceId}
        onChange={(sourceId) => set({ sourceId })}
        searchable
        clearable
      />
      <Select
        label={t('graph.tlp')}
        placeholder={t('graph.any')}
        data={TLP_LEVELS.map((level) => ({ value: level, label: t('graph.upTo', { tlp: `TLP:${level}` }) }))}
        value={value.tlp}
        onChange={(tlp) => set({ tlp })}
        clearable
      />
      <Switch
        size="xs"
        label={t('graph.disputed')}
        checked={value.disputed}
        onChange={(event) => set({ disputed: event.currentTarget.checked })}
      />
      {value === NO_FILTER ? null : (
        <Button variant="subtle" size="compact-sm" onClick={() => onChange(NO_FILTER)}>
          {t('graph.clear')}
        </Button>
      )}
    </aside>
  )
}

function monthsOf({ nodes, edges }: Graph): string[] {
  const moments = [
    ...nodes.flatMap(({ from, to }) => [from, to]),
    ...edges.flatMap((edge) => [edge.fromTime, edge.toTime]),
  ]
  let [first, last] = [Infinity, -Infinity]
  for (const moment of moments)
    if (moment !== null && Number.isFinite(moment)) [first, last] = [Math.min(first, moment), Math.max(last, moment)]
  return first <= last ? monthsBetween(monthOf(first), monthOf(last)) : []
}
