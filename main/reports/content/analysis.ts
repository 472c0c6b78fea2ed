import type { AchMatrix } from '../../contract/tradecraft.ts'
import type { DatedValue } from '../../contract/common.ts'
import type { Block, DocumentSection } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { disagreementBlocks } from './disagreements.ts'
import { relationParts, saidIn, shownValue } from './records.ts'
import { signalWords } from './signal-words.ts'
import { datedText, likelihood, name, wordOf } from './words.ts'

/** Disagreements side by side, listings, competing hypotheses, forecasts and what is still open. Said by analysts. */
export function analysisSection(snapshot: ReportSnapshot, words: Words): DocumentSection {
  const { matrices } = snapshot.analysis
  const blocks: Block[] = [
    ...frame(snapshot, words),
    ...disagreementBlocks(snapshot, words),
    ...listings(snapshot, words),
    ...matrices
      .filter((matrix) => matrix.hypotheses.length > 1 || matrix.rows.length > 0)
      .flatMap((matrix) => hypotheses(matrix, snapshot, words)),
    ...forecasts(snapshot, words),
    ...openTasks(snapshot, words),
  ]
  return { id: 'analysis', title: words.analysis.title, blocks }
}

const FRAME = ['actor', 'behaviour', 'content', 'degree', 'effect'] as const

function frame({ case: one }: ReportSnapshot, { analysis }: Words): Block[] {
  return FRAME.filter((key) => one.abcde[key].trim()).flatMap((key): Block[] => [
    { type: 'heading', level: 2, text: analysis.abcde[key] },
    { type: 'paragraph', text: one.abcde[key] },
  ])
}

/** Every listing with its dates, so that a reader can tell for any day. */
function listings({ entities, relations }: ReportSnapshot, words: Words): Block[] {
  const listed = relations.filter((relation) => relation.type === 'designated-by')
  if (!listed.length) return []
  const { analysis: own } = words
  const entity = (id: string) => entities.find((known) => known.id === id)
  const day = (value: unknown): string =>
    value && typeof value === 'object' ? datedText(value as DatedValue, words) : ''
  return [
    { type: 'heading', level: 2, text: own.designations },
    {
      type: 'table',
      columns: [
        { label: own.subject, share: 30 },
        { label: own.list, share: 34 },
        { label: own.authority, share: 30 },
        { label: own.inForceFrom, share: 18 },
        { label: own.until, share: 18 },
      ],
      rows: listed.map(({ from, to, disputed }) => {
        const designation = entity(to.id)
        const attributes = designation?.attributes ?? {}
        const subject = name(entity(from.id)?.name ?? '')
        return [
          disputed ? words.isDisputed(subject) : subject,
          String(attributes['list'] ?? designation?.name ?? ''),
          String(attributes['authority'] ?? ''),
          day(attributes['validFrom']) || own.notRecorded,
          day(attributes['validUntil']) || own.noEnd,
        ]
      }),
    },
  ]
}

function hypotheses(matrix: AchMatrix, snapshot: ReportSnapshot, words: Words): Block[] {
  const { question, hypotheses: all, rows, sensitivity, leaders } = matrix
  const { analysis: own, write } = words
  const ranked = all.toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity))
  return [
    { type: 'heading', level: 2, text: own.hypotheses(question || own.noQuestion) },
    {
      type: 'table',
      caption: leaders.length ? own.ranking : own.notRated,
      columns: [
        { label: own.rank, share: 8 },
        { label: own.hypothesis, share: 90 },
        { label: own.inconsistency, share: 18 },
      ],
      rows: ranked.map(({ rank, name: title, inconsistency, state }, n) => [
        rank === null ? own.setAside : String(rank),
        (state === 'set aside' ? own.numberedAside : own.numbered)(`H${n + 1}`, name(title)),
        write.fixed(inconsistency, 2),
      ]),
    },
    ...(rows.length
      ? [
          {
            type: 'table' as const,
            caption: own.ratings,
            columns: [
              { label: own.item, share: 70 },
              { label: own.code, share: 10 },
              { label: own.diagnosticity, share: 16 },
              ...ranked.map((_hypothesis, n) => ({ label: `H${n + 1}`, share: 10 })),
            ],
            rows: rows.map((row) => [
              itemName(row, snapshot, words),
              row.grade,
              row.diagnosticity === null ? '' : write.fixed(row.diagnosticity, 2),
              ...ranked.map(({ id }) => {
                const cell = row.cells[id]
                return cell?.conflict ? own.ratingDiffers(cell.rating) : (cell?.rating ?? '')
              }),
            ]),
          },
        ]
      : []),
    ...(sensitivity.length
      ? [
          {
            type: 'list' as const,
            caption: own.hangsOn,
            items: sensitivity.map((one) => ({ text: hangsOn(one, matrix, snapshot, words) })),
          },
        ]
      : []),
    { type: 'paragraph', text: own.method, tone: 'note' },
  ]
}

type Row = AchMatrix['rows'][number]

/** What is weighed, in the words of the report: a record or an item by its name, a statement by what it says. */
function itemName({ of, ref, name: stored, about }: Row, snapshot: ReportSnapshot, words: Words): string {
  const { analysis: own } = words
  if (of === 'finding') {
    const item = snapshot.items.find(({ evidence }) => evidence.id === about.id)
    const finding = item?.findings.find(({ id }) => id === ref)
    if (item && finding)
      return own.itemOf(item.evidence.name, signalWords(finding.output.id, snapshot.signals, words).title)
  }
  if (of === 'assertion') {
    const said = saidIn(ref, snapshot, words)
    if (said) {
      const value = shownValue(said.field, said.assertion.value, snapshot, words).slice(0, 200)
      return own.valueOf(said.entity.name, said.field.label, value)
    }
  }
  if (of === 'relation') {
    const relation = relationParts(ref, snapshot, words)
    if (relation) return own.relationOf(relation.from, relation.label, relation.to)
  }
  return stored
}

function hangsOn(
  { drop, name: dropped, leaders }: AchMatrix['sensitivity'][number],
  { hypotheses: all, rows }: AchMatrix,
  snapshot: ReportSnapshot,
  words: Words,
): string {
  const { analysis: own } = words
  const names = leaders.map((id) => all.find((one) => one.id === id)?.name ?? '')
  if ('sourceId' in drop) return names.length ? own.withoutSource(dropped, names) : own.sourceUnrated(dropped)
  const row = rows.find(({ of, ref }) => of === drop.of && ref === drop.ref)
  const item = row ? itemName(row, snapshot, words) : dropped
  return names.length ? own.withoutItem(item, names) : own.itemUnrated(item)
}

function forecasts({ analysis }: ReportSnapshot, words: Words): Block[] {
  const { forecasts: all, resolved, meanBrier } = analysis.forecasts
  if (!all.length) return []
  const { analysis: own, choices, write } = words
  const mean = meanBrier === null ? own.noneResolved : own.meanBrier(resolved, write.fixed(meanBrier, 3))
  return [
    { type: 'heading', level: 2, text: own.forecasts },
    {
      type: 'table',
      columns: [
        { label: own.event, share: 60 },
        { label: own.horizon, share: 20 },
        { label: own.likelihood, share: 24 },
        { label: own.outcome, share: 24 },
        { label: own.brier, share: 14 },
      ],
      rows: all.map((one) => [
        one.event || one.name,
        one.horizon ? datedText(one.horizon, words) : '',
        likelihood(one.likelihood, words),
        one.due ? own.openDue : wordOf(choices, one.outcome),
        one.brier === null ? '' : write.fixed(one.brier, 3),
      ]),
    },
    { type: 'paragraph', tone: 'note', text: `${mean} ${own.brierScale}` },
  ]
}

function openTasks({ analysis }: ReportSnapshot, words: Words): Block[] {
  const open = analysis.tasks.filter((task) => task.state === 'open')
  if (!open.length) return []
  const { analysis: own } = words
  return [
    { type: 'heading', level: 2, text: own.open },
    {
      type: 'list',
      items: open.map(({ kind, text, assignee, due }) => ({
        text: own[kind](text),
        detail: [assignee, due ? own.due(datedText(due, words)) : ''].filter(Boolean).join(', '),
      })),
    },
  ]
}
