/** Everything in a case that has a date: dates of records, counts on a day, what relations span, what videos claim. */
import type { NodeRef } from '../../contract/cases.ts'
import type { DatedValue } from '../../contract/common.ts'
import type { TimelineEntry } from '../../contract/graph.ts'
import { boundsOf } from '../../contract/time.ts'
import { valueText, type Observation } from '../../contract/values.ts'
import { caseAssertions, fieldAssertions, type StoredAssertion } from '../../store/assertions.ts'
import { caseById, filedItems } from '../../store/cases.ts'
import { entityHeads, caseEntityHeads } from '../../store/entities.ts'
import { evidenceById, listEvidence } from '../../store/evidence.ts'
import type { Library } from '../../store/library.ts'
import { caseRelations, relationsOfTypes } from '../../store/relations.ts'
import { RELATION_TYPES } from '../../contract/cases.ts'
import { KINDS, kindOf } from '../entities/list.ts'
import { ruleOf } from '../relations.ts'
import { readValue } from '../view.ts'

/** Names of all fields that hold a date or a count on a date. */
const DATED = [
  ...new Set(
    KINDS.flatMap((kind) =>
      kind.fields.filter(({ type }) => type === 'dated' || type === 'observation').map(({ name }) => name),
    ),
  ),
]

/** By time, what is not known last. A field that names its end carries it, and the end is no entry of its own. */
export function timeline(lib: Library, caseId: string | undefined): TimelineEntry[] {
  if (caseId) caseById(lib, caseId)
  const heads = new Map((caseId ? caseEntityHeads(lib, caseId) : entityHeads(lib)).map((head) => [head.id, head]))
  const said = caseId ? caseAssertions(lib, caseId, DATED) : fieldAssertions(lib, DATED)
  const byRecord = Map.groupBy(said, (one) => one.entityId)
  const entries: TimelineEntry[] = []
  for (const [id, assertions] of byRecord) {
    const head = heads.get(id)
    if (head) entries.push(...recordEntries(head, assertions))
  }
  const items = caseId
    ? filedItems(lib, caseId).map(({ evidenceId }) => evidenceById(lib, evidenceId))
    : listEvidence(lib)
  const names = new Map([...heads.values(), ...items].map(({ id, name }) => [id, name]))
  const relations = caseId ? caseRelations(lib, caseId) : relationsOfTypes(lib, RELATION_TYPES)
  for (const { id, type, from, to, disputed, validFrom, validUntil, sourcing } of relations) {
    const at = validFrom ?? sourcing.firstSeen
    if (!at) continue
    const until = validFrom ? validUntil : sourcing.lastSeen
    const subject = { ...from, name: names.get(from.id) ?? '' }
    const label = `${ruleOf(type).label} ${names.get(to.id) ?? ''}`
    entries.push(entry(`relation:${id}`, subject, type, label, at, until, disputed, { relationId: id }))
  }
  for (const { id, name, acquisitions } of items)
    for (const [n, { details }] of acquisitions.entries()) {
      const at = details.claimedDate
      const subject = { kind: 'evidence' as const, id, name }
      if (at?.value)
        entries.push(entry(`evidence:${id}:${n}`, subject, 'claimed', 'claimed date', at, null, false, null))
    }
  const order = ({ bounds }: TimelineEntry): number => bounds.from ?? Infinity
  return entries.sort((a, b) => (order(a) === order(b) ? (a.id < b.id ? -1 : 1) : order(a) < order(b) ? -1 : 1))
}

function recordEntries(
  head: { id: string; kind: (typeof KINDS)[number]['kind']; name: string },
  said: readonly StoredAssertion[],
): TimelineEntry[] {
  const fields = kindOf(head.kind).fields
  const subject = { kind: head.kind, id: head.id, name: head.name }
  const ends = new Set(fields.flatMap(({ endsWith }) => endsWith ?? []))
  return said.flatMap((one) => {
    const field = fields.find(({ name }) => name === one.field)
    if (!field) return []
    const value = readValue(head.kind, field, one.untrustedValue)
    if (typeof value !== 'object' || value === null) return []
    const id = `assertion:${one.id}`
    if (field.type === 'observation') {
      const { at } = value as Observation
      return entry(id, subject, field.name, `${field.label}: ${valueText(field.type, value)}`, at, null, one.disputed, {
        assertionId: one.id,
      })
    }
    // An end without a start is still something that happened on a day.
    if (
      ends.has(field.name) &&
      said.some((other) => fields.some(({ name, endsWith }) => endsWith === field.name && name === other.field))
    )
      return []
    const until = said.find((other) => other.field === field.endsWith)
    const end =
      until &&
      readValue(
        head.kind,
        fields.find(({ name }) => name === field.endsWith)!,
        until.untrustedValue,
      )
    return entry(
      id,
      subject,
      field.name,
      field.label,
      value as DatedValue,
      typeof end === 'object' ? (end as DatedValue) : null,
      one.disputed,
      {
        assertionId: one.id,
      },
    )
  })
}

function entry(
  id: string,
  subject: NodeRef & { name: string },
  what: string,
  label: string,
  at: DatedValue,
  until: DatedValue | null,
  disputed: boolean,
  statement: TimelineEntry['statement'],
): TimelineEntry {
  const [start, end] = [boundsOf(at), boundsOf(until ?? at)]
  const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null)
  return {
    id,
    subject,
    what,
    label,
    at,
    until,
    bounds: { from: finite(start.earliest), to: finite(end.latest) },
    disputed,
    statement,
  }
}
