import type { AchMatrix, Disagreement } from '../../contract/tradecraft.ts'
import { datedText } from '../../contract/time.ts'
import type { Block, DocumentSection } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import { likelihood, name } from './words.ts'

/** Disagreements side by side, listings, competing hypotheses, forecasts and what is still open. Said by analysts. */
export function analysisSection(snapshot: ReportSnapshot): DocumentSection {
  const { disagreements, matrices, tasks } = snapshot.analysis
  const open = tasks.filter((task) => task.state === 'open')
  const blocks: Block[] = [
    ...frame(snapshot),
    ...differing(disagreements),
    ...listings(snapshot),
    ...matrices.filter((matrix) => matrix.hypotheses.length > 1 || matrix.rows.length > 0).flatMap(hypotheses),
    ...forecasts(snapshot),
    ...(open.length
      ? [
          { type: 'heading' as const, level: 2 as const, text: 'Open questions and tasks' },
          {
            type: 'list' as const,
            items: open.map(({ kind, text, assignee, due }) => ({
              text: `${kind === 'question' ? 'Question' : 'Task'}: ${text}`,
              detail: [assignee, due ? `due ${datedText(due)}` : ''].filter(Boolean).join(', '),
            })),
          },
        ]
      : []),
  ]
  return { id: 'analysis', title: 'Analysis', blocks }
}

const SECTIONS = [
  ['actor', 'Actor'], ['behaviour', 'Behaviour'], ['content', 'Content'], ['degree', 'Degree'], ['effect', 'Effect'],
] as const // prettier-ignore

function frame({ case: one }: ReportSnapshot): Block[] {
  const written = SECTIONS.filter(([key]) => one.abcde[key].trim())
  return written.flatMap(([key, title]): Block[] => [
    { type: 'heading', level: 2, text: title },
    { type: 'paragraph', text: one.abcde[key] },
  ])
}

function differing(disagreements: readonly Disagreement[]): Block[] {
  if (!disagreements.length) return []
  return [
    { type: 'heading', level: 2, text: 'Where sources and analysts differ' },
    { type: 'paragraph', text: 'Every side is recorded; none is chosen here.', tone: 'note' },
    {
      type: 'table',
      columns: [
        { label: 'About', share: 30 },
        { label: 'What', share: 26 },
        { label: 'One side', share: 50 },
        { label: 'Source', share: 26 },
        { label: 'Code', share: 8 },
      ],
      rows: disagreements.flatMap(({ subject, text, sides }) =>
        sides.map((side, n) => [
          n ? '' : subject.name,
          n ? '' : text,
          side.disputed ? `${name(side.text)} (disputed)` : side.text,
          side.source,
          side.grade,
        ]),
      ),
    },
  ]
}

/** Every listing with its dates, so that a reader can tell for any day. */
function listings({ entities, relations }: ReportSnapshot): Block[] {
  const listed = relations.filter((relation) => relation.type === 'designated-by')
  if (!listed.length) return []
  const entity = (id: string) => entities.find((known) => known.id === id)
  const day = (value: unknown): string => (value && typeof value === 'object' ? datedText(value as never) : '')
  return [
    { type: 'heading', level: 2, text: 'Designations' },
    {
      type: 'table',
      columns: [
        { label: 'Subject', share: 30 },
        { label: 'List', share: 34 },
        { label: 'Authority', share: 30 },
        { label: 'In force from', share: 18 },
        { label: 'Until', share: 18 },
      ],
      rows: listed.map(({ from, to, disputed }) => {
        const designation = entity(to.id)
        const attributes = designation?.attributes ?? {}
        return [
          `${name(entity(from.id)?.name ?? '')}${disputed ? ' (disputed)' : ''}`,
          String(attributes['list'] ?? designation?.name ?? ''),
          String(attributes['authority'] ?? ''),
          day(attributes['validFrom']) || 'not recorded',
          day(attributes['validUntil']) || 'no end recorded',
        ]
      }),
    },
  ]
}

function hypotheses({ question, hypotheses: all, rows, sensitivity, leaders, method }: AchMatrix): Block[] {
  const ranked = all.toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity))
  return [
    { type: 'heading', level: 2, text: `Competing hypotheses: ${question || 'no question stated'}` },
    {
      type: 'table',
      caption: leaders.length
        ? 'Least inconsistent first. The order says what speaks against each; it is no measure of how likely any is.'
        : 'Nothing has been rated yet.',
      columns: [
        { label: 'Rank', share: 8 },
        { label: 'Hypothesis', share: 90 },
        { label: 'Inconsistency', share: 18 },
      ],
      rows: ranked.map(({ rank, name: title, inconsistency, state }, n) => [
        rank === null ? 'set aside' : String(rank),
        `H${n + 1}: ${name(title)}${state === 'set aside' ? ' (set aside)' : ''}`,
        inconsistency.toFixed(2),
      ]),
    },
    ...(rows.length
      ? [
          {
            type: 'table' as const,
            caption: 'Ratings: CC very consistent, C consistent, N neutral, I inconsistent, II very inconsistent.',
            columns: [
              { label: 'Item', share: 70 },
              { label: 'Code', share: 10 },
              { label: 'Diagnosticity', share: 16 },
              ...ranked.map((_hypothesis, n) => ({ label: `H${n + 1}`, share: 10 })),
            ],
            rows: rows.map((row) => [
              row.name,
              row.grade,
              row.diagnosticity === null ? '' : row.diagnosticity.toFixed(2),
              ...ranked.map(({ id }) => `${row.cells[id]?.rating ?? ''}${row.cells[id]?.conflict ? ' (differs)' : ''}`),
            ]),
          },
        ]
      : []),
    ...(sensitivity.length
      ? [
          {
            type: 'list' as const,
            caption: 'What the order hangs on',
            items: sensitivity.map(({ words }) => ({ text: words })),
          },
        ]
      : []),
    { type: 'paragraph', text: method, tone: 'note' },
  ]
}

function forecasts({ analysis }: ReportSnapshot): Block[] {
  const { forecasts: all, resolved, meanBrier } = analysis.forecasts
  if (!all.length) return []
  return [
    { type: 'heading', level: 2, text: 'Forecasts' },
    {
      type: 'table',
      columns: [
        { label: 'Event', share: 60 },
        { label: 'Horizon', share: 20 },
        { label: 'Likelihood', share: 24 },
        { label: 'Outcome', share: 24 },
        { label: 'Brier score', share: 14 },
      ],
      rows: all.map((one) => [
        one.event || one.name,
        one.horizon ? datedText(one.horizon) : '',
        likelihood(one.likelihood),
        one.due ? 'open, and due' : one.outcome,
        one.brier === null ? '' : one.brier.toFixed(3),
      ]),
    },
    {
      type: 'paragraph',
      tone: 'note',
      text: `${meanBrier === null ? 'No forecast has been resolved.' : `Mean Brier score of ${resolved} resolved ${resolved === 1 ? 'forecast' : 'forecasts'}: ${meanBrier.toFixed(3)}.`} 0 is best, 1 worst; each ICD 203 band stands for its middle (G. Brier, 1950).`,
    },
  ]
}
