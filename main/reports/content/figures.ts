import type { MetricSeries, TimelineEntry } from '../../contract/graph.ts'
import { datedText } from '../../contract/time.ts'
import { KINDS } from '../../cases/entities/list.ts'
import { ruleOf } from '../../cases/relations.ts'
import type { Block, DocumentSection } from '../document.ts'
import { barsDrawing } from '../drawing/bars.ts'
import { graphDrawing, MOST_NODES } from '../drawing/graph.ts'
import { metricMonths } from '../drawing/metric-months.ts'
import { timelineDrawing } from '../drawing/timeline.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import { limited } from './words.ts'

/** Rows of the table that says what the timeline draws. */
const ENTRIES = 60

const KINDS_DRAWN = [
  ...KINDS.map(({ kind, label, plural }) => ({ kind: kind as string, label, plural })),
  { kind: 'evidence', label: 'Evidence item', plural: 'Evidence items' },
]

/** The records as a whole: how they are linked, when things happened, and what is reported month by month. */
export function figureSection(snapshot: ReportSnapshot): DocumentSection {
  const blocks = [
    ...links(snapshot),
    ...when(snapshot.figures.timeline),
    ...snapshot.figures.metrics.flatMap((metric) => trend(metric)),
  ]
  return { id: 'figures', title: 'Links, timeline and trends', blocks }
}

function links({ items, entities, relations }: ReportSnapshot): Block[] {
  const all = [
    ...entities.map(({ id, kind, name }) => ({ id, kind: kind as string, name })),
    ...items.map(({ evidence }) => ({ id: evidence.id, kind: 'evidence', name: evidence.name })),
  ]
  const linked = new Set(relations.flatMap(({ from, to }) => [from.id, to.id]))
  const nodes = all.filter(({ id }) => linked.has(id))
  if (nodes.length < 2) return []
  const edges = relations.map(({ type, from, to, disputed }) => ({
    from: from.id,
    to: to.id,
    disputed,
    label: ruleOf(type).label,
  }))
  const left = nodes.length - MOST_NODES
  const drawing = graphDrawing(nodes, edges, KINDS_DRAWN, `Graph of ${nodes.length} records and their links`)
  return [
    { type: 'heading', level: 2, text: 'How records are linked' },
    {
      type: 'drawing',
      drawing,
      caption: [
        'Arrows point as the relations read. Dashed red: disputed. Names without room stand with the records.',
        ...(left > 0 ? [`The ${MOST_NODES} with the most links are drawn; ${left} more have links.`] : []),
        ...(all.length > nodes.length ? [`${all.length - nodes.length} without links are not drawn.`] : []),
      ].join(' '),
    },
  ]
}

function when(entries: readonly TimelineEntry[]): Block[] {
  const drawing = timelineDrawing({
    entries: entries.map((entry) => ({ ...entry, lasting: entry.subject.kind === 'designation' })),
    kinds: KINDS_DRAWN,
    title: 'Timeline of everything that has a date, in lanes by kind',
    more: (n) => `${n} more have no room here; the table below goes on.`,
  })
  if (!drawing) return []
  const dated = entries.filter(({ bounds }) => bounds.from !== null)
  const { rows, more } = limited(dated, ENTRIES)
  return [
    { type: 'heading', level: 2, text: 'Timeline' },
    {
      type: 'drawing',
      drawing,
      caption:
        'Times in UTC. As wide as a date is uncertain; dashed: only about, or without a known end; ‹: began earlier.',
    },
    {
      type: 'table',
      columns: [
        { label: 'When', share: 34 },
        { label: 'What', share: 44 },
        { label: 'Of', share: 50 },
      ],
      rows: rows.map(({ at, until, label, subject, disputed }) => [
        until ? `${datedText(at)} to ${datedText(until)}` : datedText(at),
        disputed ? `${label} (disputed)` : label,
        subject.name,
      ]),
    },
    ...(more ? [{ type: 'paragraph' as const, tone: 'note' as const, text: more }] : []),
  ]
}

function trend(metric: MetricSeries): Block[] {
  const { months, series, ranges } = metricMonths(metric, 'source not named')
  if (!months.length && !ranges.length) return []
  const { name, unit, window, baseline, points } = metric
  return [
    { type: 'heading', level: 2, text: name },
    ...(months.length
      ? [
          {
            type: 'drawing' as const,
            drawing: barsDrawing({
              title: name,
              months,
              series,
              unit,
              levels: ranges.map(({ value, text }) => ({ value, label: text })),
              others: 'other sources',
            }),
            caption: [
              `${unit || 'Values'} per ${window || 'stretch of time'}, as reported; months without a bar have no report.`,
              ...(baseline ? [`Compared with: ${baseline}.`] : []),
            ].join(' '),
          },
        ]
      : []),
    {
      type: 'table',
      columns: [
        { label: 'When', share: 34 },
        { label: 'Value', share: 24 },
        { label: 'Reported by', share: 70 },
      ],
      rows: points.map(({ at, value, by, disputed }) => [
        datedText(at),
        [String(value), unit].filter(Boolean).join(' '),
        `${by || 'source not named'}${disputed ? ' (disputed)' : ''}`,
      ]),
    },
  ]
}
