/** Assertions as rows: one value of one field, with who says so. They are added and retired, never overwritten. */
import type { DatedValue, Sourcing } from '../contract/common.ts'
import { Failure } from '../errors.ts'
import { canonical } from './audit.ts'
import { mergedRoots } from './entities.ts'
import type { Library } from './library.ts'
import { datedOf, sourcingOf } from './sourcing.ts'

/** A value as it is written; `value` is what the field's schema made of it. */
export interface NewAssertion {
  readonly id: string
  readonly entityId: string
  readonly field: string
  readonly value: unknown
  readonly sourcing: Sourcing
  readonly validFrom: DatedValue | null
  readonly validUntil: DatedValue | null
  readonly note: string
  readonly place: number
  readonly createdAt: string
}

/** As the table has it: it is STRICT, so that only what stands inside texts is still to be checked. */
interface Row {
  readonly id: string
  readonly entity_id: string
  readonly stated_of: string
  readonly field: string
  readonly value: string
  readonly sourcing: string
  readonly valid_from: string | null
  readonly valid_until: string | null
  readonly disputed: number
  readonly note: string
  readonly created_at: string
  readonly withdrawn_at: string | null
  readonly superseded_by: string | null
}

/** As the contract's `Assertion`, before the value was read by its field and the findings were looked up. */
export interface StoredAssertion {
  readonly id: string
  readonly entityId: string
  readonly field: string
  readonly untrustedValue: unknown
  readonly sourcing: Sourcing
  readonly validFrom: DatedValue | null
  readonly validUntil: DatedValue | null
  readonly disputed: boolean
  readonly note: string
  readonly createdAt: string
  readonly withdrawnAt: string | null
  readonly supersededBy: string | null
  readonly statedOf: string | null
}

/** Sources that were merged are named by the record that stands for them. */
function storedOf(found: unknown, roots: ReadonlyMap<string, string>): StoredAssertion {
  const row = found as Row
  return {
    id: row.id,
    entityId: row.entity_id,
    field: row.field,
    untrustedValue: JSON.parse(row.value),
    sourcing: sourcingOf(row.sourcing, roots),
    validFrom: datedOf(row.valid_from),
    validUntil: datedOf(row.valid_until),
    disputed: row.disputed === 1,
    note: row.note,
    createdAt: row.created_at,
    withdrawnAt: row.withdrawn_at,
    supersededBy: row.superseded_by,
    statedOf: row.stated_of === row.entity_id ? null : row.stated_of,
  }
}

export function insertAssertion(lib: Library, value: NewAssertion): void {
  lib.db
    .prepare(
      `INSERT INTO assertion (id, entity_id, stated_of, field, value, sourcing, valid_from, valid_until, note, place, created_at)
       VALUES (@id, @entityId, @entityId, @field, @value, @sourcing, @validFrom, @validUntil, @note, @place, @createdAt)`,
    )
    .run({
      ...value,
      value: canonical(value.value),
      sourcing: canonical(value.sourcing),
      validFrom: value.validFrom && canonical(value.validFrom),
      validUntil: value.validUntil && canonical(value.validUntil),
    })
}

/** Ends a standing assertion. @param by the one that takes its place. False where none of that id stands. */
export function retireAssertion(lib: Library, id: string, at: string, by: string | null = null): boolean {
  return (
    lib.db
      .prepare('UPDATE assertion SET withdrawn_at = ?, superseded_by = ? WHERE id = ? AND withdrawn_at IS NULL')
      .run(at, by, id).changes > 0
  )
}

export function markAssertion(lib: Library, id: string, disputed: boolean, note: string): void {
  lib.db.prepare('UPDATE assertion SET disputed = ?, note = ? WHERE id = ?').run(disputed ? 1 : 0, note, id)
}

/** @throws Failure record.not-found */
export function assertionById(lib: Library, id: string): StoredAssertion {
  const row = lib.db.prepare('SELECT * FROM assertion WHERE id = ?').get(id)
  if (!row) throw new Failure('record.not-found', `There is no assertion ${id}.`)
  return storedOf(row, mergedRoots(lib))
}

/** Everything said of a record, ended or not, in the order in which it was said. */
export function assertionsOf(lib: Library, entityId: string): StoredAssertion[] {
  const roots = mergedRoots(lib)
  return lib.db
    .prepare('SELECT * FROM assertion WHERE entity_id = ? ORDER BY created_at, place, id')
    .all(entityId)
    .map((row) => storedOf(row, roots))
}

/** What stands of one field of a record. */
export function standingOf(lib: Library, entityId: string, field: string): StoredAssertion[] {
  const roots = mergedRoots(lib)
  return lib.db
    .prepare(
      `SELECT * FROM assertion WHERE entity_id = ? AND field = ? AND withdrawn_at IS NULL ORDER BY created_at, place, id`,
    )
    .all(entityId, field)
    .map((row) => storedOf(row, roots))
}

/** What stands of all members of a case, of one field or all. */
export function caseAssertions(lib: Library, caseId: string, fields?: readonly string[]): StoredAssertion[] {
  const roots = mergedRoots(lib)
  return lib.db
    .prepare(
      `SELECT a.* FROM case_entity x CROSS JOIN assertion a ON a.entity_id = x.entity_id
       WHERE x.case_id = @caseId AND a.withdrawn_at IS NULL
         AND (@fields IS NULL OR a.field IN (SELECT value FROM json_each(@fields)))
       ORDER BY a.created_at, a.place, a.id`,
    )
    .all({ caseId, fields: fields ? JSON.stringify(fields) : null })
    .map((row) => storedOf(row, roots))
}

/** What stands of the fields named, in the whole library. */
export function fieldAssertions(lib: Library, fields: readonly string[]): StoredAssertion[] {
  const roots = mergedRoots(lib)
  return lib.db
    .prepare(
      `SELECT * FROM assertion WHERE withdrawn_at IS NULL AND field IN (SELECT value FROM json_each(?))
       ORDER BY created_at, place, id`,
    )
    .all(JSON.stringify(fields))
    .map((row) => storedOf(row, roots))
}

/** What a list of records needs of their values, without parsing the sourcing of each. */
export interface ValueRow {
  readonly entityId: string
  readonly field: string
  /** JSON text. */
  readonly value: string
  readonly disputed: number
  readonly validFrom: string | null
  readonly validUntil: string | null
  readonly reliability: string
  readonly credibility: string
  readonly createdAt: string
}

const VALUE = `a.entity_id AS entityId, a.field, a.value, a.disputed, a.valid_from AS validFrom, a.valid_until AS validUntil,
  json_extract(a.sourcing, '$.reliability') AS reliability, json_extract(a.sourcing, '$.credibility') AS credibility,
  a.created_at AS createdAt`

/** Standing values by record: of a case, of some records, or of all. */
export function standingValues(
  lib: Library,
  scope: { caseId: string } | { ids: readonly string[] } | 'all',
): Map<string, ValueRow[]> {
  const order = 'ORDER BY a.entity_id, a.field, a.created_at, a.place, a.id'
  const rows =
    scope === 'all'
      ? lib.db.prepare(`SELECT ${VALUE} FROM assertion a WHERE a.withdrawn_at IS NULL ${order}`).all()
      : 'caseId' in scope
        ? lib.db
            .prepare(
              `SELECT ${VALUE} FROM case_entity x CROSS JOIN assertion a ON a.entity_id = x.entity_id
               WHERE x.case_id = ? AND a.withdrawn_at IS NULL ${order}`,
            )
            .all(scope.caseId)
        : lib.db
            .prepare(
              `SELECT ${VALUE} FROM json_each(?) i CROSS JOIN assertion a ON a.entity_id = i.value
               WHERE a.withdrawn_at IS NULL ${order}`,
            )
            .all(JSON.stringify(scope.ids))
  const found = new Map<string, ValueRow[]>()
  for (const row of rows as ValueRow[]) {
    const known = found.get(row.entityId)
    if (known) known.push(row)
    else found.set(row.entityId, [row])
  }
  return found
}

/** Number of the next value in a field's order. */
export function nextPlace(lib: Library, entityId: string): number {
  return lib.db
    .prepare('SELECT coalesce(max(place), -1) + 1 FROM assertion WHERE entity_id = ?')
    .pluck()
    .get(entityId) as number
}

/** Where standing statements cite a record as their source or point at it. */
export function citations(lib: Library, entityId: string): { source: number; reference: number } {
  const count = (sql: string): number => lib.db.prepare(sql).pluck().get(entityId) as number
  return {
    source:
      count('SELECT count(*) FROM assertion WHERE source_id = ? AND withdrawn_at IS NULL') +
      count('SELECT count(*) FROM relation WHERE source_id = ? AND withdrawn_at IS NULL'),
    reference: count('SELECT count(*) FROM assertion WHERE ref_id = ? AND withdrawn_at IS NULL'),
  }
}
