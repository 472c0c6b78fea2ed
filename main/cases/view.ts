/** The current view of records, drawn from what stands. Nothing of it is stored. */
import type { Entity, EntityKind, FieldInfo } from '../contract/cases.ts'
import type { DatedValue } from '../contract/common.ts'
import type { Assertion, FieldView } from '../contract/records.ts'
import { boundsOf, overlap } from '../contract/time.ts'
import { canonical } from '../store/audit.ts'
import { standingValues, type StoredAssertion, type ValueRow } from '../store/assertions.ts'
import { entityById, type EntityHead } from '../store/entities.ts'
import type { Library } from '../store/library.ts'
import { datedOf } from '../store/sourcing.ts'
import { kindOf } from './entities/list.ts'

/** What decides which of several standing values is shown. */
interface Said {
  readonly disputed: boolean
  readonly validFrom: DatedValue | null
  readonly validUntil: DatedValue | null
  readonly credibility: string
  readonly reliability: string
  readonly createdAt: string
}

const start = ({ validFrom }: Said): number => (validFrom ? boundsOf(validFrom).earliest : -Infinity)
const end = ({ validUntil }: Said): number => (validUntil ? boundsOf(validUntil).latest : Infinity)

/**
 * Preferred first: undisputed before disputed; then what still holds or held last; then the better information credibility
 * (1 to 6), the better source reliability (A to F), and the newer. It orders what is shown; it settles nothing.
 */
export function prefer(a: Said, b: Said): number {
  return (
    Number(a.disputed) - Number(b.disputed) ||
    Math.sign(compare(end(b), end(a)) || compare(start(b), start(a))) ||
    a.credibility.localeCompare(b.credibility) ||
    a.reliability.localeCompare(b.reliability) ||
    b.createdAt.localeCompare(a.createdAt)
  )
}
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** Types whose values are objects: one that is a text is in the form of an older library, and is read by its schema. */
const OBJECTS: ReadonlySet<string> = new Set(['dated', 'alias', 'observation', 'reference', 'cell'])

/**
 * A stored value as its field has it. Values were parsed when they were written; only those of an older library are still
 * texts. One that the schema does not take is shown as it stands rather than lost.
 */
export function readValue(kind: EntityKind, field: FieldInfo, untrusted: unknown): unknown {
  const older = OBJECTS.has(field.type)
    ? typeof untrusted !== 'object'
    : field.type === 'country' && typeof untrusted === 'string' && !/^[A-Z]{2}$/.test(untrusted)
  if (!older) return untrusted
  const read = kindOf(kind).values.get(field.name)!.safeParse(untrusted)
  return read.success ? read.data : untrusted
}

/** A record as it is seen now. */
export function viewEntity(head: EntityHead, rows: readonly ValueRow[]): Entity {
  const fields = kindOf(head.kind).fields
  const attributes: Record<string, unknown> = {}
  const conflicts: string[] = []
  const byField = Map.groupBy(rows, (row) => row.field)
  for (const field of fields) {
    const said = byField.get(field.name)
    if (!said) continue
    const read = (row: ValueRow): unknown => readValue(head.kind, field, JSON.parse(row.value))
    if (field.many) {
      const values = new Map(said.map((row) => [row.value, row]))
      attributes[field.name] = [...values.values()].map(read)
    } else if (said.length === 1) attributes[field.name] = read(said[0]!)
    else {
      const parsed = said.map((row) => ({
        ...row,
        disputed: row.disputed === 1,
        validFrom: datedOf(row.validFrom),
        validUntil: datedOf(row.validUntil),
        read: read(row),
      }))
      attributes[field.name] = parsed.toSorted(prefer)[0]!.read
      if (conflicting(parsed.map((one) => ({ ...one, text: canonical(one.read) })))) conflicts.push(field.name)
    }
  }
  const { id, kind, name, sourcing, tlp, createdAt, updatedAt, revision } = head
  return { id, kind, name, attributes, conflicts, sourcing, tlp, createdAt, updatedAt, revision }
}

/** Whether two of the values differ while both can have held. */
function conflicting(
  said: readonly { text: string; validFrom: DatedValue | null; validUntil: DatedValue | null }[],
): boolean {
  return said.some((a, n) => said.slice(n + 1).some((b) => a.text !== b.text && overlap(a, b)))
}

/** Records as they are seen now, in the order given. */
export function viewAll(lib: Library, heads: readonly EntityHead[], scope?: { caseId: string }): Entity[] {
  const values = standingValues(lib, scope ?? { ids: heads.map((head) => head.id) })
  return heads.map((head) => viewEntity(head, values.get(head.id) ?? []))
}

/** @throws Failure record.not-found */
export function entityView(lib: Library, id: string): Entity {
  return viewAll(lib, [entityById(lib, id)])[0]!
}

/** The contract's assertion of a stored one. @param replaced findings that are no longer current */
export function viewAssertion(
  kind: EntityKind,
  { untrustedValue, ...said }: StoredAssertion,
  replaced: ReadonlySet<string>,
): Assertion {
  const field = kindOf(kind).fields.find((one) => one.name === said.field)
  return {
    ...said,
    value: field ? readValue(kind, field, untrustedValue) : untrustedValue,
    replacedFindings: citedFindings(said).filter((id) => replaced.has(id)),
  }
}

export const citedFindings = ({ sourcing }: Pick<StoredAssertion, 'sourcing'>): string[] => [
  ...new Set(sourcing.supports.flatMap((support) => support.findingId ?? [])),
]

/** Everything said of one field, in the order in which a reader weighs it. */
export function fieldView(field: FieldInfo, assertions: readonly Assertion[]): FieldView {
  const grade = (one: Assertion): Assertion & Said => ({ ...one, ...one.sourcing })
  const standing = assertions.filter((one) => one.withdrawnAt === null)
  const sorted = field.many ? standing : standing.toSorted((a, b) => prefer(grade(a), grade(b)))
  return {
    field: field.name,
    standing: sorted,
    conflict: !field.many && conflicting(standing.map((one) => ({ ...one, text: canonical(one.value) }))),
    history: assertions.filter((one) => one.withdrawnAt !== null).toReversed(),
  }
}
