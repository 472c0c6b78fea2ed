/**
 * Records as rows: identity, kind, name, mark, and who says that there is such a thing. Their values are assertions
 * (`assertions.ts`). A record that was merged into another or removed stays as a row, and no list shows it.
 */
import { EntityKind } from '../contract/cases.ts'
import { type Sourcing, Tlp } from '../contract/common.ts'
import { Failure } from '../errors.ts'
import { canonical } from './audit.ts'
import type { Library } from './library.ts'
import { sourcingOf } from './sourcing.ts'

/** As the table has it: it is STRICT, so that only words of a list are still to be checked. */
interface Row {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly sourcing: string
  readonly tlp: string
  readonly revision: number
  readonly created_at: string
  readonly updated_at: string
  readonly merged_into: string | null
  readonly merged_at: string | null
}

/** A record without its values. */
export interface EntityHead {
  readonly id: string
  readonly kind: EntityKind
  readonly name: string
  readonly sourcing: Sourcing
  readonly tlp: Tlp
  readonly revision: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly mergedInto: string | null
  readonly mergedAt: string | null
}

function headOf(found: unknown): EntityHead {
  const row = found as Row
  return {
    id: row.id,
    kind: EntityKind.parse(row.kind),
    name: row.name,
    sourcing: sourcingOf(row.sourcing),
    tlp: Tlp.parse(row.tlp),
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    mergedInto: row.merged_into,
    mergedAt: row.merged_at,
  }
}

/** Rows that lists show. */
export const STANDING = 'merged_into IS NULL AND removed_at IS NULL'

/**
 * The record, or the one that it was merged into.
 *
 * @throws Failure record.not-found, for a removed one too
 */
export function entityById(lib: Library, id: string): EntityHead {
  const row = lib.db.prepare('SELECT * FROM entity WHERE id = ? AND removed_at IS NULL').get(rootOf(lib, id))
  if (!row) throw new Failure('record.not-found', `There is no record ${id}.`)
  return headOf(row)
}

/** The row of that very id, merged or not. @throws Failure record.not-found */
export function entityRow(lib: Library, id: string): EntityHead {
  const row = lib.db.prepare('SELECT * FROM entity WHERE id = ? AND removed_at IS NULL').get(id)
  if (!row) throw new Failure('record.not-found', `There is no record ${id}.`)
  return headOf(row)
}

/** Where a chain of merges ends; the id itself for what was never merged, and for what is no record. */
export function rootOf(lib: Library, id: string): string {
  const next = lib.db.prepare('SELECT merged_into FROM entity WHERE id = ?').pluck()
  let at = id
  for (let up = next.get(at) as string | null | undefined; up; up = next.get(at) as string | null) at = up
  return at
}

/** For reading many rows: from each merged record to the one that stands for it. Only merged ones are in it. */
export function mergedRoots(lib: Library): ReadonlyMap<string, string> {
  const rows = lib.db.prepare('SELECT id, merged_into AS up FROM entity WHERE merged_into IS NOT NULL').all() as {
    id: string
    up: string
  }[]
  const up = new Map(rows.map((row) => [row.id, row.up]))
  return new Map(
    rows.map(({ id }) => {
      let at = id
      while (up.has(at)) at = up.get(at)!
      return [id, at]
    }),
  )
}

/** Writes a record with the revision and times that it carries, new or changed. */
export function putEntity(lib: Library, value: Omit<EntityHead, 'mergedInto' | 'mergedAt'>): void {
  const { id, kind, name, sourcing, tlp, revision, createdAt, updatedAt } = value
  lib.db
    .prepare(
      `INSERT INTO entity (id, kind, name, sourcing, tlp, revision, created_at, updated_at)
       VALUES (@id, @kind, @name, @sourcing, @tlp, @revision, @createdAt, @updatedAt)
       ON CONFLICT (id) DO UPDATE SET name = @name, sourcing = @sourcing, tlp = @tlp,
         revision = @revision, updated_at = @updatedAt`,
    )
    .run({ id, kind, name, sourcing: canonical(sourcing), tlp, revision, createdAt, updatedAt })
}

/** Counts one more change of the record, so that a writer who saw the earlier state is refused. */
export function bumpEntity(lib: Library, id: string, at: string): void {
  lib.db.prepare('UPDATE entity SET revision = revision + 1, updated_at = ? WHERE id = ?').run(at, id)
}

/** Takes the record out of every list. */
export function markRemoved(lib: Library, id: string, at: string): void {
  lib.db
    .prepare('UPDATE entity SET removed_at = @at, updated_at = @at, revision = revision + 1 WHERE id = @id')
    .run({ id, at })
}

/** Standing records by name; of one kind where given. */
export function entityHeads(lib: Library, kind?: string): EntityHead[] {
  return lib.db
    .prepare(`SELECT * FROM entity WHERE (@kind IS NULL OR kind = @kind) AND ${STANDING} ORDER BY name, id`)
    .all({ kind: kind ?? null })
    .map(headOf)
}

/** Records of a case, by kind and name. */
export function caseEntityHeads(lib: Library, caseId: string): EntityHead[] {
  return lib.db
    .prepare(
      `SELECT e.* FROM case_entity x CROSS JOIN entity e ON e.id = x.entity_id
       WHERE x.case_id = ? AND e.merged_into IS NULL AND e.removed_at IS NULL ORDER BY e.kind, e.name, e.id`,
    )
    .all(caseId)
    .map(headOf)
}

/** Records merged straight into this one, in the order in which they were. */
export function mergedInto(lib: Library, id: string): EntityHead[] {
  return lib.db.prepare('SELECT * FROM entity WHERE merged_into = ? ORDER BY merged_at, rowid').all(id).map(headOf)
}

/** Names by id, of records in any state and of evidence; ids that are neither are left out. */
export function namesOf(lib: Library, ids: Iterable<string>): Map<string, string> {
  const entity = lib.db.prepare('SELECT name FROM entity WHERE id = ?').pluck()
  const item = lib.db.prepare('SELECT name FROM acquisition WHERE evidence_id = ? ORDER BY acquired_at LIMIT 1').pluck()
  const names = new Map<string, string>()
  for (const id of new Set(ids)) {
    const name = (entity.get(id) ?? item.get(id)) as string | undefined
    if (name !== undefined) names.set(id, name)
  }
  return names
}

/** Standing records by kind, of a case or of all. */
export function kindCounts(lib: Library, caseId?: string): Partial<Record<string, number>> {
  const rows = caseId
    ? lib.db
        .prepare(
          `SELECT e.kind, count(*) AS n FROM case_entity x CROSS JOIN entity e ON e.id = x.entity_id
           WHERE x.case_id = ? AND e.merged_into IS NULL AND e.removed_at IS NULL GROUP BY e.kind`,
        )
        .all(caseId)
    : lib.db.prepare(`SELECT kind, count(*) AS n FROM entity WHERE ${STANDING} GROUP BY kind`).all()
  return Object.fromEntries((rows as { kind: string; n: number }[]).map(({ kind, n }) => [kind, n]))
}

/** Ids of standing records of these kinds, last changed first. */
export const recentEntities = (lib: Library, kinds: readonly string[], limit: number): string[] =>
  lib.db
    .prepare(
      `SELECT id FROM entity WHERE kind IN (SELECT value FROM json_each(?)) AND ${STANDING}
       ORDER BY updated_at DESC, rowid DESC LIMIT ?`,
    )
    .pluck()
    .all(JSON.stringify(kinds), limit) as string[]
