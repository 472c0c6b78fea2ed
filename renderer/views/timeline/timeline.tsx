import { Button, MultiSelect, SegmentedControl, Select } from '@mantine/core'
import { IconZoomIn, IconZoomOut, IconZoomReset } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { TimelineEntry } from '../../../main/contract/graph.ts'
import { fileName, saveText, standalone } from '../../charts/save.ts'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { KindMark } from '../../components/kind-mark.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import { VirtualRows } from '../../components/virtual-rows.tsx'
import { statementAddress } from '../records/links-panel.tsx'
import { DatedText } from '../records/value-text.tsx'
import type { Entry } from '../../../main/reports/drawing/arrange.ts'
import styles from './timeline.module.css'
import { TimelineChart, type TimelineControl } from './timeline-chart.tsx'

/** Everything with a date, in lanes by kind. */
export default function Timeline({ caseId, title }: { readonly caseId?: string; readonly title: string }) {
  const entries = useQuery(api.graph.timeline.queryOptions({ input: { caseId } }))
  return <Loaded query={entries}>{(list) => <TimelineView entries={list} title={title} />}</Loaded>
}

function TimelineView({ entries, title }: { readonly entries: readonly TimelineEntry[]; readonly title: string }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [zone, setZone] = useState('UTC')
  const [asList, setAsList] = useState(false)
  const [only, setOnly] = useState<string[]>([])
  const svg = useRef<SVGSVGElement>(null)
  const chart = useRef<TimelineControl>(null)
  const infos = useQuery(api.cases.kinds.queryOptions()).data?.kinds
  const kinds = useMemo(
    () =>
      [...(infos ?? []), { kind: 'evidence', plural: t('graph.videos') }].map(({ kind, plural }) => ({ kind, plural })),
    [infos, t],
  )
  const zones = useMemo(
    () => ['UTC', ...new Set(entries.map(({ at }) => at.zone).filter((name) => name && name !== 'UTC'))],
    [entries],
  )
  const present = kinds.filter(({ kind }) => entries.some(({ subject }) => subject.kind === kind))
  const shown = useMemo(() => {
    const wanted = only.length ? entries.filter(({ subject }) => only.includes(subject.kind)) : entries
    // A listing or a link that began and has no end holds still; anything else ends at a time nobody knows.
    return wanted.map((entry) => ({ ...entry, lasting: entry.until === null && isLasting(entry) }))
  }, [entries, only])
  const byId = useMemo(() => new Map(entries.map((entry) => [entry.id, entry])), [entries])
  const open = ({ id, subject }: Pick<Entry, 'id' | 'subject'>): void =>
    navigate(statementAddress(subject, byId.get(id)?.statement ?? null))
  if (!entries.length) return <EmptyState title={t('timeline.empty')}>{t('timeline.emptyHelp')}</EmptyState>
  return (
    <div className={styles.page}>
      <div className={styles.controls}>
        <SegmentedControl
          aria-label={t('timeline.view')}
          data={[
            { value: 'chart', label: t('timeline.asChart') },
            { value: 'list', label: t('timeline.asList') },
          ]}
          value={asList ? 'list' : 'chart'}
          onChange={(value) => setAsList(value === 'list')}
        />
        <MultiSelect
          size="xs"
          aria-label={t('timeline.kinds')}
          placeholder={only.length ? '' : t('timeline.allKinds')}
          data={present.map(({ kind, plural }) => ({ value: kind, label: plural }))}
          value={only}
          onChange={setOnly}
          clearable
          className={styles.kindFilter}
        />
        <Select
          aria-label={t('timeline.zone')}
          data={zones.map((name) => ({
            value: name,
            label: name === 'UTC' ? 'UTC' : t('timeline.local', { zone: name }),
          }))}
          value={zone}
          onChange={(next) => setZone(next ?? 'UTC')}
          allowDeselect={false}
        />
        <span className={styles.hint}>{asList ? '' : t('timeline.hint')}</span>
        {asList ? null : (
          <Button.Group className={styles.push}>
            <Button variant="default" aria-label={t('graph.zoomIn')} onClick={() => chart.current?.zoom(1.6)}>
              <IconZoomIn size={15} />
            </Button>
            <Button variant="default" aria-label={t('graph.zoomOut')} onClick={() => chart.current?.zoom(1 / 1.6)}>
              <IconZoomOut size={15} />
            </Button>
            <Button variant="default" aria-label={t('graph.fit')} onClick={() => chart.current?.all()}>
              <IconZoomReset size={15} />
            </Button>
          </Button.Group>
        )}
        {asList ? null : (
          <Button
            variant="default"
            onClick={() =>
              svg.current && saveText(standalone(svg.current), fileName(`${title} timeline`, 'svg'), 'image/svg+xml')
            }
          >
            SVG
          </Button>
        )}
      </div>
      {asList ? (
        <div className={styles.list}>
          <EntryList entries={shown} onOpen={open} />
        </div>
      ) : (
        <Panel>
          <TimelineChart entries={shown} kinds={kinds} zone={zone} onOpen={open} svg={svg} control={chart} />
        </Panel>
      )}
    </div>
  )
}

const isLasting = ({ subject, what, statement }: TimelineEntry): boolean =>
  (subject.kind === 'designation' && what === 'validFrom') || Boolean(statement && 'relationId' in statement)

/** The same entries in order of time, for reading and for screen readers. */
function EntryList({
  entries,
  onOpen,
}: {
  readonly entries: readonly TimelineEntry[]
  readonly onOpen: (entry: TimelineEntry) => void
}) {
  const { t } = useTranslation()
  const sorted = useMemo(
    () => [...entries].sort((a, b) => (a.bounds.from ?? Infinity) - (b.bounds.from ?? Infinity)),
    [entries],
  )
  return (
    <VirtualRows
      items={sorted}
      keyOf={({ id }) => id}
      rowHeight={32}
      label={t('timeline.asList')}
      head={
        <div role="row" className={styles.listRow}>
          <span role="columnheader">{t('timeline.when')}</span>
          <span role="columnheader">{t('timeline.subject')}</span>
          <span role="columnheader">{t('timeline.what')}</span>
        </div>
      }
      renderRow={(entry, index) => (
        <div role="row" aria-rowindex={index + 2} className={styles.listRow}>
          <span role="cell">
            <DatedText value={entry.at} />
            {entry.until ? (
              <>
                {' – '}
                <DatedText value={entry.until} />
              </>
            ) : null}
          </span>
          <span role="cell">
            <button type="button" className={styles.open} onClick={() => onOpen(entry)}>
              <KindMark kind={entry.subject.kind} /> <bdi>{entry.subject.name}</bdi>
            </button>
          </span>
          <span role="cell">
            <bdi>{entry.label}</bdi>
            {entry.disputed ? ` (${t('records.disputed').toLowerCase()})` : ''}
          </span>
        </div>
      )}
    />
  )
}
