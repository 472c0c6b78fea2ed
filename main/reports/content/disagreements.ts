import type { Disagreement } from '../../contract/tradecraft.ts'
import { LIKELIHOODS } from '../../contract/common.ts'
import type { Block } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { likelihood, name } from './words.ts'
import { relationParts, saidIn, shownValue, sourceName } from './records.ts'

/** Where sources and analysts differ, every side in the words of the report. */
export function disagreementBlocks(snapshot: ReportSnapshot, words: Words): Block[] {
  const { disagreements } = snapshot.analysis
  const { analysis: own } = words
  if (!disagreements.length) return []
  return [
    { type: 'heading', level: 2, text: own.differ },
    { type: 'paragraph', text: own.noneChosen, tone: 'note' },
    {
      type: 'table',
      columns: [
        { label: own.about, share: 30 },
        { label: own.what, share: 26 },
        { label: own.side, share: 50 },
        { label: own.source, share: 26 },
        { label: own.code, share: 8 },
      ],
      rows: disagreements.flatMap((one) =>
        one.sides.map((side, n) => {
          const { text, source } = sideOf(side, snapshot, words)
          return [
            n ? '' : one.subject.name,
            n ? '' : whatDiffers(one, snapshot, words),
            side.disputed ? words.isDisputed(name(text)) : text,
            source,
            side.grade,
          ]
        }),
      ),
    },
  ]
}

function whatDiffers({ kind, text, sides }: Disagreement, snapshot: ReportSnapshot, words: Words): string {
  const { analysis: own } = words
  const [first] = sides
  if (kind === 'attribution') return own.attribution
  if (kind === 'claim') return own.denied
  // What is judged is the statement of an analyst.
  if (kind === 'judgement' || !first?.statement) return text
  if ('relationId' in first.statement) {
    const relation = relationParts(first.statement.relationId, snapshot, words)
    return relation ? own.relationDisputed(relation.label) : text
  }
  const said = saidIn(first.statement.assertionId, snapshot, words)
  if (!said) return text
  const values = new Set(said.view.standing.map(({ value }) => shownValue(said.field, value, snapshot, words)))
  return said.view.conflict ? own.values(said.field.label, values.size) : own.fieldDisputed(said.field.label)
}

function sideOf(
  { text, source, statement }: Disagreement['sides'][number],
  snapshot: ReportSnapshot,
  words: Words,
): { text: string; source: string } {
  // Of a judgement: a term of likelihood, by an analyst.
  if (!statement) {
    const term = LIKELIHOODS.find(({ label }) => label === text)
    return { text: term ? likelihood(term.id, words) : text, source }
  }
  if ('relationId' in statement) {
    const relation = relationParts(statement.relationId, snapshot, words)
    if (!relation) return { text, source }
    return {
      text: words.analysis.relation(relation.from, relation.label, relation.to),
      source: sourceName(relation.sourcing, snapshot, words),
    }
  }
  const said = saidIn(statement.assertionId, snapshot, words)
  if (!said) return { text, source }
  return {
    text: shownValue(said.field, said.assertion.value, snapshot, words),
    source: sourceName(said.assertion.sourcing, snapshot, words),
  }
}
