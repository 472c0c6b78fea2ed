/** Relations as rows. A withdrawn one stays with its history; an end that a merge moved remembers where it was. */
import { NodeKind, type NodeRef, Relation, RelationType } from '../contract/cases.ts'
import { Failure } from '../errors.ts'
import { canonical } from './audit.ts'
import { mergedRoots } from './entities.ts'
import type { Library } from './library.ts'
import { datedOf, sourcingOf } from './sourcing.ts'

/** As the table has it: it is STRICT, so that only what stands inside texts is still to be checked. */
interface Row {
  readonly id: string
  readonly type: string
  readonly from_kind: string
  readonly from_id: string
  readonly to_kind: string
  readonly to_id: string
  readonly sourcing: string
  readonly disputed: number
  readonly note: string
  readonly valid_from: string | null
  readonly valid_until: string | null
  readonly segments: string
  readonly created_at: string
}

function relationOf(found: unknown, roots: ReadonlyMap<string, string>): Relation {
  const row = found as Row
  return {
    id: row.id,
    type: RelationType.parse(row.type),
    from: { kind: NodeKind.parse(row.from_kind), id: row.from_id },
    to: { kind: NodeKind.parse(row.to_kind), id: row.to_id },
    sourcing: sourcingOf(row.sourcing, roots),
    disputed: row.disputed === 1,
    note: row.note,
    validFrom: datedOf(row.valid_from),
    validUntil: datedOf(row.valid_until),
    segments: row.segments === '[]' ? [] : Relation.shape.segments.parse(JSON.parse(row.segments)),
    createdAt: row.created_at,
  }
}

/** Merging can make the two ends of a relation one; such a relation sleeps until they are split again. */
const STANDS = 'withdrawn_at IS NULL AND from_id <> to_id'

/** Relations that stand between two members of the case: its records and its evidence items. */
export function caseRelations(lib: Library, caseId: string): Relation[] {
  const roots = mergedRoots(lib)
  return lib.db
    .prepare(
      `WITH member AS MATERIALIZED (
         SELECT entity_id AS id FROM case_entity WHERE case_id = @caseId
         UNION SELECT evidence_id FROM case_evidence WHERE case_id = @caseId
       )
       SELECT r.*, r.rowid AS row FROM member m CROSS JOIN relation r ON r.from_id = m.id
       WHERE r.withdrawn_at IS NULL AND r.from_id <> r.to_id AND r.to_id IN (SELECT id FROM member)
       ORDER BY r.created_at, row`,
    )
    .all({ caseId })
    .map((row) => relationOf(row, roots))
}

/** Standing relations at either end of a record or an item, oldest first. */
export function relationsOf(lib: Library, id: string): Relation[] {
  const roots = mergedRoots(lib)
  return lib.db
    .prepare(
      `SELECT * FROM (SELECT * FROM relation WHERE from_id = @id UNION SELECT * FROM relation WHERE to_id = @id)
       WHERE ${STANDS} ORDER BY created_at, id`,
    )
    .all({ id })
    .map((row) => relationOf(row, roots))
}

/** Standing relations of one type between two ends, in that direction. */
export function relationsBetween(lib: Library, type: string, from: NodeRef, to: NodeRef): Relation[] {
  const roots = mergedRoots(lib)
  return lib.db
    .prepare('SELECT * FROM relation WHERE from_id = ? AND type = ? AND to_id = ? AND withdrawn_at IS NULL')
    .all(from.id, type, to.id)
    .map((row) => relationOf(row, roots))
}

/** Standing relations of some types, in a case or in the whole library. */
export function relationsOfTypes(lib: Library, types: readonly string[]): Relation[] {
  const roots = mergedRoots(lib)
  return lib.db
    .prepare(
      `SELECT * FROM relation WHERE ${STANDS} AND type IN (SELECT value FROM json_each(?)) ORDER BY created_at, id`,
    )
    .all(JSON.stringify(types))
    .map((row) => relationOf(row, roots))
}

/** @throws Failure record.not-found where none of that id stands */
export function relationById(lib: Library, id: string): Relation {
  const row = lib.db.prepare('SELECT * FROM relation WHERE id = ? AND withdrawn_at IS NULL').get(id)
  if (!row) throw new Failure('record.not-found', `There is no relation ${id}, or it was withdrawn.`)
  return relationOf(row, mergedRoots(lib))
}

/** Writes a relation, new or changed; its type and its ends never change. */
export function putRelation(lib: Library, value: Relation): void {
  lib.db
    .prepare(
      `INSERT INTO relation (id, type, from_kind, from_id, to_kind, to_id, sourcing, disputed, note, valid_from, valid_until,
         segments, created_at)
       VALUES (@id, @type, @fromKind, @fromId, @toKind, @toId, @sourcing, @disputed, @note, @validFrom, @validUntil,
         @segments, @createdAt)
       ON CONFLICT (id) DO UPDATE SET sourcing = @sourcing, disputed = @disputed, note = @note, valid_from = @validFrom,
         valid_until = @validUntil, segments = @segments`,
    )
    .run({
      id: value.id,
      type: value.type,
      fromKind: value.from.kind,
      fromId: value.from.id,
      toKind: value.to.kind,
      toId: value.to.id,
      sourcing: canonical(value.sourcing),
      disputed: value.disputed ? 1 : 0,
      note: value.note,
      validFrom: value.validFrom && canonical(value.validFrom),
      validUntil: value.validUntil && canonical(value.validUntil),
      segments: canonical(value.segments),
      createdAt: value.createdAt,
    })
}

/** False for one that was withdrawn, taken back or never was. */
export const isStanding = (lib: Library, relationId: string): boolean =>
  lib.db.prepare('SELECT 1 FROM relation WHERE id = ? AND withdrawn_at IS NULL').get(relationId) !== undefined

/** Withdraws a standing relation; its row stays. False where none of that id stands. */
export function withdrawRelation(lib: Library, id: string, at: string): boolean {
  return (
    lib.db.prepare('UPDATE relation SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL').run(at, id).changes > 0
  )
}

/** Withdraws every relation at either end of a record. */
export function withdrawRelationsOf(lib: Library, id: string, at: string): void {
  lib.db
    .prepare('UPDATE relation SET withdrawn_at = @at WHERE withdrawn_at IS NULL AND (from_id = @id OR to_id = @id)')
    .run({ at, id })
}
