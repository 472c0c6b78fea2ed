import { isDeepStrictEqual } from 'node:util'
import type { Entity, FieldInfo, NodeRef, Relation } from '../../contract/cases.ts'
import type { Sourcing } from '../../contract/common.ts'
import type { Assertion } from '../../contract/records.ts'
import { datedText } from '../../contract/time.ts'
import { countryName, valueText } from '../../contract/values.ts'
import { KINDS, kindOf } from '../../cases/entities/list.ts'
import { ruleOf } from '../../cases/relations.ts'
import type { Block, DocumentSection, Fact } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import { itemTag } from './glance.ts'
import { admiralty, dated, likelihood, mediaTime, name } from './words.ts'

/** The records of the case and how they are linked, every value with who says so. */
export function recordSection(snapshot: ReportSnapshot): DocumentSection {
  const blocks: Block[] = []
  for (const { kind, plural } of KINDS) {
    const entities = snapshot.entities.filter((entity) => entity.kind === kind)
    if (!entities.length) continue
    blocks.push({ type: 'heading', level: 2, text: plural })
    for (const entity of entities)
      blocks.push(
        { type: 'heading', level: 3, text: entity.name, tag: `TLP:${entity.tlp}` },
        { type: 'facts', rows: [...valueFacts(entity, snapshot), ...sourcingFacts(entity.sourcing, snapshot)] },
      )
  }
  if (snapshot.relations.length)
    blocks.push(
      { type: 'heading', level: 2, text: 'Relations' },
      {
        type: 'table',
        columns: [
          { label: 'From', share: 30 },
          { label: 'Relation', share: 20 },
          { label: 'To', share: 30 },
          { label: 'Source', share: 24 },
          { label: 'Code', share: 8 },
          { label: 'Note', share: 28 },
        ],
        rows: snapshot.relations.map((relation) => relationRow(relation, snapshot)),
      },
    )
  return { id: 'records', title: 'Records and relations', blocks }
}

/** One row per value. Values that differ while both can have held stand one below the other, each marked as such. */
function valueFacts(entity: Entity, snapshot: ReportSnapshot): Fact[] {
  const fields = kindOf(entity.kind).fields
  return (snapshot.analysis.values[entity.id] ?? []).flatMap(({ field: fieldName, standing, conflict }) => {
    const field = fields.find((known) => known.name === fieldName)
    // The matrix of hypotheses has a section of its own.
    if (!field || field.type === 'cell') return []
    return standing.map((said) => ({
      label: conflict ? `${field.label} (sources differ)` : field.label,
      value: [name(shownValue(field, said.value, snapshot)), ...remarks(said, entity, snapshot)].join('; '),
      mono: field.type === 'hash',
    }))
  })
}

export function shownValue(field: Pick<FieldInfo, 'type'>, value: unknown, snapshot: ReportSnapshot): string {
  const nameOf = (id: string): string =>
    snapshot.entities.find((known) => known.id === id)?.name ?? 'a record outside this case'
  return field.type === 'country' ? countryName(String(value)) : valueText(field.type, value, nameOf)
}

/** What sets a value apart from its record: another source, a time, a doubt, the place that it rests on. */
function remarks(said: Assertion, entity: Entity, snapshot: ReportSnapshot): string[] {
  const { sourcing, validFrom, validUntil, disputed, note, replacedFindings } = said
  const own =
    sourcing.sourceId !== entity.sourcing.sourceId || admiralty(sourcing) !== admiralty(entity.sourcing)
      ? [`${name(sourceName(sourcing, snapshot))}, ${admiralty(sourcing)}`]
      : []
  const rests = restsOn(sourcing, snapshot)
  return [
    ...own,
    ...(validFrom ? [`from ${datedText(validFrom)}`] : []),
    ...(validUntil ? [`until ${datedText(validUntil)}`] : []),
    ...(disputed ? [note ? `disputed: ${name(note)}` : 'disputed'] : []),
    // What the record as a whole rests on stands once, with its source.
    ...(rests.length && !isDeepStrictEqual(sourcing.supports, entity.sourcing.supports)
      ? [`rests on ${rests.join(' and ')}`]
      : []),
    ...(replacedFindings.length ? ['the finding cited was replaced by a later run'] : []),
  ]
}

function sourcingFacts(sourcing: Sourcing, snapshot: ReportSnapshot): Fact[] {
  const rows: Fact[] = [
    { label: 'Source', value: sourceName(sourcing, snapshot) },
    { label: 'Admiralty code', value: admiralty(sourcing) },
  ]
  if (sourcing.likelihood) rows.push({ label: 'Likelihood', value: likelihood(sourcing.likelihood) })
  if (sourcing.confidence) rows.push({ label: 'Analytic confidence', value: sourcing.confidence })
  if (sourcing.firstSeen?.value) rows.push({ label: 'First seen', value: dated(sourcing.firstSeen) })
  if (sourcing.lastSeen?.value) rows.push({ label: 'Last seen', value: dated(sourcing.lastSeen) })
  const supports = restsOn(sourcing, snapshot)
  if (supports.length) rows.push({ label: 'Rests on', value: supports.join('; ') })
  return rows
}

function restsOn(sourcing: Sourcing, snapshot: ReportSnapshot): string[] {
  return sourcing.supports.flatMap(({ evidenceId, start, end, page, capture, note }) => {
    const place = snapshot.items.findIndex((item) => item.evidence.id === evidenceId)
    const where = [
      place >= 0 ? itemTag(place) : '',
      start === undefined ? '' : `at ${mediaTime(start)}${end === undefined ? '' : ` to ${mediaTime(end)}`}`,
      page === undefined ? '' : `page ${page}`,
      capture ? `the captured page ${name(capture.url)}` : '',
      note ?? '',
    ]
    return where.filter(Boolean).join(', ') || []
  })
}

export function sourceName(sourcing: Pick<Sourcing, 'sourceId'>, snapshot: ReportSnapshot): string {
  if (!sourcing.sourceId) return 'the analyst'
  return snapshot.entities.find((entity) => entity.id === sourcing.sourceId)?.name ?? 'a source outside this case'
}

function relationRow(relation: Relation, snapshot: ReportSnapshot): string[] {
  const { validFrom, validUntil, note } = relation
  const time = [
    ...(validFrom ? [`from ${datedText(validFrom)}`] : []),
    ...(validUntil ? [`until ${datedText(validUntil)}`] : []),
  ]
  return [
    nodeName(relation.from, snapshot),
    `${ruleOf(relation.type).label}${relation.disputed ? ' (disputed)' : ''}`,
    nodeName(relation.to, snapshot),
    sourceName(relation.sourcing, snapshot),
    admiralty(relation.sourcing),
    [...time, ...(note ? [note] : [])].join('; '),
  ]
}

function nodeName(node: NodeRef, snapshot: ReportSnapshot): string {
  if (node.kind !== 'evidence') return snapshot.entities.find((entity) => entity.id === node.id)?.name ?? ''
  const place = snapshot.items.findIndex((item) => item.evidence.id === node.id)
  return place < 0 ? '' : `${itemTag(place)} ${name(snapshot.items[place]!.evidence.name)}`
}
