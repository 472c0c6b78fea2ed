import { isDeepStrictEqual } from 'node:util'
import type { Entity, FieldInfo, NodeRef, Relation } from '../../contract/cases.ts'
import type { Sourcing } from '../../contract/common.ts'
import type { Assertion, FieldView } from '../../contract/records.ts'
import { valueText, type Alias, type Observation } from '../../contract/values.ts'
import { KINDS, kindOf } from '../../cases/entities/list.ts'
import type { Block, DocumentSection, Fact } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import type { Words } from '../words/words.ts'
import { itemTag } from './glance.ts'
import { admiralty, dated, datedText, isLikelihood, likelihood, mediaTime, name, wordOf } from './words.ts'

/** The records of the case and how they are linked, every value with who says so. */
export function recordSection(snapshot: ReportSnapshot, words: Words): DocumentSection {
  const { records: own } = words
  const blocks: Block[] = []
  for (const { kind } of KINDS) {
    const entities = snapshot.entities.filter((entity) => entity.kind === kind)
    if (!entities.length) continue
    blocks.push({ type: 'heading', level: 2, text: words.kinds[kind].many })
    for (const entity of entities)
      blocks.push(
        { type: 'heading', level: 3, text: entity.name, tag: `TLP:${entity.tlp}` },
        {
          type: 'facts',
          rows: [...valueFacts(entity, snapshot, words), ...sourcingFacts(entity.sourcing, snapshot, words)],
        },
      )
  }
  if (snapshot.relations.length)
    blocks.push(
      { type: 'heading', level: 2, text: own.relations },
      {
        type: 'table',
        columns: [
          { label: own.from, share: 30 },
          { label: own.relation, share: 20 },
          { label: own.to, share: 30 },
          { label: own.source, share: 24 },
          { label: own.code, share: 8 },
          { label: own.note, share: 28 },
        ],
        rows: snapshot.relations.map((relation) => relationRow(relation, snapshot, words)),
      },
    )
  return { id: 'records', title: own.title, blocks }
}

/** One row per value. Values that differ while both can have held stand one below the other, each marked as such. */
function valueFacts(entity: Entity, snapshot: ReportSnapshot, words: Words): Fact[] {
  return (snapshot.analysis.values[entity.id] ?? []).flatMap(({ field: fieldName, standing, conflict }) => {
    const field = fieldWords(entity.kind, fieldName, words)
    // The matrix of hypotheses has a section of its own.
    if (!field || field.type === 'cell') return []
    return standing.map((said) => {
      const value = shownValue(field, said.value, snapshot, words)
      // A hash has no direction of its own, and is set in lines by its length.
      const shown = field.type === 'hash' ? value : name(value)
      return {
        label: conflict ? words.records.differing(field.label) : field.label,
        value: [shown, ...remarks(said, entity, snapshot, words)].join('; '),
        mono: field.type === 'hash',
      }
    })
  })
}

/** A field of a kind, its label in the words of the report. */
export function fieldWords(kind: Entity['kind'], field: string, words: Words): FieldInfo | undefined {
  const known = kindOf(kind).fields.find((one) => one.name === field)
  return known && { ...known, label: wordOf(words.fields[kind], field) }
}

/** A standing assertion by its id, with its field, as far as the report has it. */
export function saidIn(
  id: string,
  { entities, analysis }: ReportSnapshot,
  words: Words,
): { entity: Entity; field: FieldInfo; view: FieldView; assertion: Assertion } | null {
  for (const entity of entities)
    for (const view of analysis.values[entity.id] ?? []) {
      const assertion = view.standing.find((one) => one.id === id)
      const field = assertion && fieldWords(entity.kind, view.field, words)
      if (field) return { entity, field, view, assertion }
    }
  return null
}

type Shown = Pick<FieldInfo, 'type' | 'choices'>

export function shownValue({ type, choices }: Shown, value: unknown, snapshot: ReportSnapshot, words: Words): string {
  const nameOf = (id: string): string =>
    snapshot.entities.find((known) => known.id === id)?.name ?? words.records.outside
  const { write } = words
  if (value && typeof value === 'object')
    switch (type) {
      case 'dated':
        return datedText(value as Parameters<typeof datedText>[0], words)
      case 'observation': {
        const { value: number, at, by } = value as Observation
        return [write.rounded(number, 6), datedText(at, words), by].filter(Boolean).join('; ')
      }
      case 'alias': {
        const { name: alias, by } = value as Alias
        return by ? `${alias} (${by})` : alias
      }
      default:
        return valueText(type, value, nameOf)
    }
  if (type === 'country') return write.country(String(value))
  if (type === 'number' && typeof value === 'number') return write.rounded(value, 6)
  if (type !== 'choice' || !choices?.includes(String(value))) return valueText(type, value, nameOf)
  return isLikelihood(String(value)) ? likelihood(String(value), words) : wordOf(words.choices, String(value))
}

/** What sets a value apart from its record: another source, a time, a doubt, the place that it rests on. */
function remarks(said: Assertion, entity: Entity, snapshot: ReportSnapshot, words: Words): string[] {
  const { records } = words
  const { sourcing, validFrom, validUntil, disputed, note, replacedFindings } = said
  const own =
    sourcing.sourceId !== entity.sourcing.sourceId || admiralty(sourcing) !== admiralty(entity.sourcing)
      ? [`${name(sourceName(sourcing, snapshot, words))}, ${admiralty(sourcing)}`]
      : []
  const rests = restsOn(sourcing, snapshot, words)
  return [
    ...own,
    ...(validFrom ? [words.from(datedText(validFrom, words))] : []),
    ...(validUntil ? [words.until(datedText(validUntil, words))] : []),
    ...(disputed ? [note ? records.disputedBecause(name(note)) : words.disputed] : []),
    // What the record as a whole rests on stands once, with its source.
    ...(rests.length && !isDeepStrictEqual(sourcing.supports, entity.sourcing.supports)
      ? [records.restsOn(words.write.and(rests))]
      : []),
    ...(replacedFindings.length ? [records.replaced] : []),
  ]
}

function sourcingFacts(sourcing: Sourcing, snapshot: ReportSnapshot, words: Words): Fact[] {
  const { records: own } = words
  const rows: Fact[] = [
    { label: own.source, value: sourceName(sourcing, snapshot, words) },
    { label: own.admiralty, value: admiralty(sourcing) },
  ]
  if (sourcing.likelihood) rows.push({ label: own.likelihood, value: likelihood(sourcing.likelihood, words) })
  if (sourcing.confidence) rows.push({ label: own.confidence, value: words.confidence[sourcing.confidence] })
  if (sourcing.firstSeen?.value) rows.push({ label: own.firstSeen, value: dated(sourcing.firstSeen, words) })
  if (sourcing.lastSeen?.value) rows.push({ label: own.lastSeen, value: dated(sourcing.lastSeen, words) })
  const supports = restsOn(sourcing, snapshot, words)
  if (supports.length) rows.push({ label: own.rests, value: supports.join('; ') })
  return rows
}

function restsOn(sourcing: Sourcing, snapshot: ReportSnapshot, { records: own }: Words): string[] {
  return sourcing.supports.flatMap(({ evidenceId, start, end, page, capture, note }) => {
    const place = snapshot.items.findIndex((item) => item.evidence.id === evidenceId)
    const [from, to] = [start, end].map((seconds) => (seconds === undefined ? '' : mediaTime(seconds)))
    const where = [
      place >= 0 ? itemTag(place) : '',
      from ? (to ? own.atTo(from, to) : own.at(from)) : '',
      page === undefined ? '' : own.page(page),
      capture ? own.capture(name(capture.url)) : '',
      note ?? '',
    ]
    return where.filter(Boolean).join(', ') || []
  })
}

export function sourceName(sourcing: Pick<Sourcing, 'sourceId'>, snapshot: ReportSnapshot, words: Words): string {
  if (!sourcing.sourceId) return words.analyst
  return snapshot.entities.find((entity) => entity.id === sourcing.sourceId)?.name ?? words.records.sourceOutside
}

/** A relation of the case by its id: both ends by name, and what it says. */
export function relationParts(
  id: string,
  snapshot: ReportSnapshot,
  words: Words,
): { from: string; label: string; to: string; sourcing: Sourcing } | null {
  const relation = snapshot.relations.find((known) => known.id === id)
  if (!relation) return null
  return {
    from: plainName(relation.from, snapshot),
    label: words.relations[relation.type],
    to: plainName(relation.to, snapshot),
    sourcing: relation.sourcing,
  }
}

function relationRow(relation: Relation, snapshot: ReportSnapshot, words: Words): string[] {
  const { validFrom, validUntil, note } = relation
  const time = [
    ...(validFrom ? [words.from(datedText(validFrom, words))] : []),
    ...(validUntil ? [words.until(datedText(validUntil, words))] : []),
  ]
  const label = words.relations[relation.type]
  return [
    nodeName(relation.from, snapshot),
    relation.disputed ? words.isDisputed(label) : label,
    nodeName(relation.to, snapshot),
    sourceName(relation.sourcing, snapshot, words),
    admiralty(relation.sourcing),
    [...time, ...(note ? [note] : [])].join('; '),
  ]
}

function nodeName(node: NodeRef, snapshot: ReportSnapshot): string {
  const place = snapshot.items.findIndex((item) => item.evidence.id === node.id)
  return place < 0 ? plainName(node, snapshot) : `${itemTag(place)} ${name(plainName(node, snapshot))}`
}

function plainName(node: NodeRef, { entities, items }: ReportSnapshot): string {
  if (node.kind !== 'evidence') return entities.find((entity) => entity.id === node.id)?.name ?? ''
  return items.find((item) => item.evidence.id === node.id)?.evidence.name ?? ''
}
