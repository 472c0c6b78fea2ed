import type { Entity, NodeRef, Relation } from '../../contract/cases.ts'
import type { Sourcing } from '../../contract/common.ts'
import { countryName, valueText } from '../../contract/values.ts'
import { KINDS, kindOf } from '../../cases/entities/list.ts'
import { ruleOf } from '../../cases/relations.ts'
import type { Block, DocumentSection, Fact } from '../document.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import { itemTag } from './glance.ts'
import { admiralty, dated, likelihood, mediaTime, name } from './words.ts'

/** The records of the case and how they are linked, each with its source. */
export function recordSection(snapshot: ReportSnapshot): DocumentSection {
  const blocks: Block[] = []
  for (const { kind, plural } of KINDS) {
    const entities = snapshot.entities.filter((entity) => entity.kind === kind)
    if (!entities.length) continue
    blocks.push({ type: 'heading', level: 2, text: plural })
    for (const entity of entities)
      blocks.push(
        { type: 'heading', level: 3, text: entity.name, tag: `TLP:${entity.tlp}` },
        { type: 'facts', rows: [...attributeFacts(entity, snapshot), ...sourcingFacts(entity.sourcing, snapshot)] },
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

function attributeFacts(entity: Entity, snapshot: ReportSnapshot): Fact[] {
  const nameOf = (id: string): string | undefined => snapshot.entities.find((known) => known.id === id)?.name
  return kindOf(entity.kind).fields.flatMap(({ name: field, label, type }) => {
    const value = entity.attributes[field]
    const shown = (one: unknown): string =>
      type === 'country' ? countryName(String(one)) : valueText(type, one, nameOf)
    const text = Array.isArray(value) ? value.map((part) => name(shown(part))).join('; ') : shown(value ?? '')
    return text ? [{ label, value: text, mono: type === 'hash' }] : []
  })
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
  const supports = sourcing.supports.flatMap(({ evidenceId, start, end, page, note }) => {
    const place = snapshot.items.findIndex((item) => item.evidence.id === evidenceId)
    const where = [
      place >= 0 ? itemTag(place) : '',
      start === undefined ? '' : `at ${mediaTime(start)}${end === undefined ? '' : ` to ${mediaTime(end)}`}`,
      page === undefined ? '' : `page ${page}`,
      note ?? '',
    ]
    return where.filter(Boolean).join(', ') || []
  })
  if (supports.length) rows.push({ label: 'Rests on', value: supports.join('; ') })
  return rows
}

function sourceName(sourcing: Sourcing, snapshot: ReportSnapshot): string {
  if (!sourcing.sourceId) return 'the analyst'
  return snapshot.entities.find((entity) => entity.id === sourcing.sourceId)?.name ?? 'a source outside this case'
}

function relationRow(relation: Relation, snapshot: ReportSnapshot): string[] {
  return [
    nodeName(relation.from, snapshot),
    `${ruleOf(relation.type).label}${relation.disputed ? ' (disputed)' : ''}`,
    nodeName(relation.to, snapshot),
    sourceName(relation.sourcing, snapshot),
    admiralty(relation.sourcing),
    relation.note,
  ]
}

function nodeName(node: NodeRef, snapshot: ReportSnapshot): string {
  if (node.kind !== 'evidence') return snapshot.entities.find((entity) => entity.id === node.id)?.name ?? ''
  const place = snapshot.items.findIndex((item) => item.evidence.id === node.id)
  return place < 0 ? '' : `${itemTag(place)} ${name(snapshot.items[place]!.evidence.name)}`
}
