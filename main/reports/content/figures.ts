import type { MetricSeries, TimelineEntry } from '../../contract/graph.ts'
import { KINDS } from '../../cases/entities/list.ts'
import type { Block, DocumentSection } from '../document.ts'
import { barsDrawing } from '../drawing/bars.ts'
import { graphDrawing, MOST_NODES } from '../drawing/graph.ts'
import { metricMonths } from '../drawing/metric-months.ts'
import { timelineDrawing } from '../drawing/timeline.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { relationParts, saidIn, shownValue } from './records.ts'
import { datedText, limited, wordOf } from './words.ts'

/** Rows of the table that says what the timeline draws. */
const ENTRIES = 60

const kindsDrawn = ({ kinds, figures }: Words): { kind: string; label: string; plural: string }[] => [
  ...KINDS.map(({ kind }) => ({ kind: kind as string, label: kinds[kind].one, plural: kinds[kind].many })),
  { kind: 'evidence', label: figures.evidence.one, plural: figures.evidence.many },
]

/** The records as a whole: how they are linked, when things happened, and what is reported month by month. */
export function figureSection(snapshot: ReportSnapshot, words: Words): DocumentSection {
  const blocks = [
    ...links(snapshot, words),
    ...when(snapshot, words),
    ...snapshot.figures.metrics.flatMap((metric) => trend(metric, words)),
  ]
  return { id: 'figures', title: words.figures.title, blocks }
}

function links({ items, entities, relations }: ReportSnapshot, words: Words): Block[] {
  const { figures: own } = words
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
    label: words.relations[type],
  }))
  const left = nodes.length - MOST_NODES
  const drawing = graphDrawing(nodes, edges, kindsDrawn(words), own.graph(nodes.length))
  return [
    { type: 'heading', level: 2, text: own.links },
    {
      type: 'drawing',
      drawing,
      caption: [
        own.arrows,
        ...(left > 0 ? [own.mostLinked(MOST_NODES, left)] : []),
        ...(all.length > nodes.length ? [own.unlinked(all.length - nodes.length)] : []),
      ].join(' '),
    },
  ]
}

function when(snapshot: ReportSnapshot, words: Words): Block[] {
  const { timeline: entries } = snapshot.figures
  const { figures: own } = words
  const drawing = timelineDrawing({
    entries: entries.map((entry) => ({ ...entry, lasting: entry.subject.kind === 'designation' })),
    kinds: kindsDrawn(words),
    title: own.timelineOf,
    more: own.noRoom,
  })
  if (!drawing) return []
  const dated = entries.filter(({ bounds }) => bounds.from !== null)
  const { rows, more } = limited(dated, ENTRIES, words)
  return [
    { type: 'heading', level: 2, text: own.timeline },
    { type: 'drawing', drawing, caption: own.reading },
    {
      type: 'table',
      columns: [
        { label: own.when, share: 34 },
        { label: own.what, share: 44 },
        { label: own.of, share: 50 },
      ],
      rows: rows.map((entry) => {
        const { at, until, subject, disputed } = entry
        const what = whatHappened(entry, snapshot, words)
        return [
          until ? words.fromTo(datedText(at, words), datedText(until, words)) : datedText(at, words),
          disputed ? words.isDisputed(what) : what,
          subject.name,
        ]
      }),
    },
    ...(more ? [{ type: 'paragraph' as const, tone: 'note' as const, text: more }] : []),
  ]
}

/** A field, a count on a day, a relation, or the date that a video claims; told from the statement behind it. */
function whatHappened({ statement, label }: TimelineEntry, snapshot: ReportSnapshot, words: Words): string {
  const { figures: own } = words
  if (!statement) return own.claimedDate
  if ('relationId' in statement) {
    const relation = relationParts(statement.relationId, snapshot, words)
    return relation ? own.relation(relation.label, relation.to) : label
  }
  const said = saidIn(statement.assertionId, snapshot, words)
  if (!said) return label
  const { field, assertion } = said
  return field.type === 'observation'
    ? words.label(field.label, shownValue(field, assertion.value, snapshot, words))
    : field.label
}

function trend(metric: MetricSeries, words: Words): Block[] {
  const { figures: own, write } = words
  const { name, unit, window, baseline, points } = metric
  const { months, series, ranges } = metricMonths(metric, own.unnamed)
  const inUnit = (number: string): string => [number, unit].filter(Boolean).join(' ')
  if (!months.length && !ranges.length) return []
  return [
    { type: 'heading', level: 2, text: name },
    ...(months.length
      ? [
          {
            type: 'drawing' as const,
            drawing: barsDrawing({
              description: own.monthly(name, unit),
              months,
              series,
              levels: ranges.map(({ value, at, by }) => ({
                value,
                label: own.ofStretch(datedText(at, words), inUnit(write.rounded(value, 2)), by),
              })),
              others: own.others,
              write: (value) => write.rounded(value, 2),
            }),
            caption: [
              own.reported(unit, wordOf(own.per, window || 'other')),
              ...(baseline ? [own.compared(baseline.replace(/\.$/, ''))] : []),
            ].join(' '),
          },
        ]
      : []),
    {
      type: 'table',
      columns: [
        { label: own.when, share: 34 },
        { label: own.value, share: 24 },
        { label: own.reportedBy, share: 70 },
      ],
      rows: points.map(({ at, value, by, disputed }) => {
        const source = by || own.unnamed
        return [datedText(at, words), inUnit(write.rounded(value, 6)), disputed ? words.isDisputed(source) : source]
      }),
    },
  ]
}
