/**
 * The graph of records and relations, walked over the two covering indexes of `relation`. A step of the walk is two
 * look-ups per node, with a bound on each, so that neither the size of the library nor a hub decides how long it takes.
 */
import { evidenceById } from './evidence.ts'
import type { Library } from './library.ts'

export interface EdgeRow {
  readonly id: string
  readonly type: string
  readonly fromKind: string
  readonly fromId: string
  readonly toKind: string
  readonly toId: string
  /** JSON text. */
  readonly sourcing: string
  readonly disputed: number
  readonly validFrom: string | null
  readonly validUntil: string | null
}

const COLUMNS = `id, type, from_kind AS fromKind, from_id AS fromId, to_kind AS toKind, to_id AS toId, sourcing, disputed,
  valid_from AS validFrom, valid_until AS validUntil`
const STANDS = 'withdrawn_at IS NULL AND from_id <> to_id'

export interface EdgeReader {
  /** Standing relations at one node, at most `limit` of each direction, of the types given. */
  at(id: string, limit: number): EdgeRow[]
  /** The other ends alone, for searching. */
  neighbours(id: string, limit: number): string[]
  /** How many stand, counted up to `most`. */
  degree(id: string, most: number): number
}

/** Prepared once per query. */
export function edgeReader(lib: Library, types?: readonly string[]): EdgeReader {
  const only = types ? 'AND type IN (SELECT value FROM json_each(@types))' : ''
  const given = types ? { types: JSON.stringify(types) } : {}
  const out = lib.db.prepare(`SELECT ${COLUMNS} FROM relation WHERE from_id = @id ${only} AND ${STANDS} LIMIT @limit`)
  const back = lib.db.prepare(`SELECT ${COLUMNS} FROM relation WHERE to_id = @id ${only} AND ${STANDS} LIMIT @limit`)
  const ends = lib.db
    .prepare(
      `SELECT to_id FROM (SELECT to_id FROM relation WHERE from_id = @id ${only} AND ${STANDS} LIMIT @limit)
       UNION ALL SELECT from_id FROM (SELECT from_id FROM relation WHERE to_id = @id ${only} AND ${STANDS} LIMIT @limit)`,
    )
    .pluck()
  const count = lib.db
    .prepare(
      `SELECT (SELECT count(*) FROM (SELECT 1 FROM relation WHERE from_id = @id ${only} AND ${STANDS} LIMIT @most))
            + (SELECT count(*) FROM (SELECT 1 FROM relation WHERE to_id = @id ${only} AND ${STANDS} LIMIT @most))`,
    )
    .pluck()
  return {
    at: (id, limit) => [...out.all({ id, limit, ...given }), ...back.all({ id, limit, ...given })] as EdgeRow[],
    neighbours: (id, limit) => ends.all({ id, limit, ...given }) as string[],
    degree: (id, most) => count.get({ id, most, ...given }) as number,
  }
}

/** Standing relations with both ends among the nodes given. */
export function edgesAmong(lib: Library, ids: readonly string[]): EdgeRow[] {
  return lib.db
    .prepare(
      `WITH node AS MATERIALIZED (SELECT value AS id FROM json_each(?))
       SELECT ${COLUMNS.replace('id,', 'r.id,')} FROM node n CROSS JOIN relation r ON r.from_id = n.id
       WHERE r.withdrawn_at IS NULL AND r.from_id <> r.to_id AND r.to_id IN (SELECT id FROM node)`,
    )
    .all(JSON.stringify(ids)) as EdgeRow[]
}

/** Standing relations between two nodes, in either direction. */
export function edgesBetween(lib: Library, a: string, b: string): EdgeRow[] {
  return lib.db
    .prepare(
      `SELECT ${COLUMNS} FROM relation WHERE from_id = @a AND to_id = @b AND withdrawn_at IS NULL
       UNION ALL SELECT ${COLUMNS} FROM relation WHERE from_id = @b AND to_id = @a AND withdrawn_at IS NULL`,
    )
    .all({ a, b }) as EdgeRow[]
}

export interface NodeRow {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly tlp: string
}

/** Records and items by id, merged ones and removed ones left out. */
export function nodesById(lib: Library, ids: readonly string[]): NodeRow[] {
  return lib.db
    .prepare(
      `SELECT e.id, e.kind, e.name, e.tlp FROM json_each(@ids) i CROSS JOIN entity e ON e.id = i.value
       WHERE e.merged_into IS NULL AND e.removed_at IS NULL
       UNION ALL
       SELECT v.id, 'evidence', '', '' FROM json_each(@ids) i CROSS JOIN evidence v ON v.id = i.value`,
    )
    .all({ ids: JSON.stringify(ids) })
    .map((row) => {
      const node = row as NodeRow
      // Name and mark of an item follow from all its acquisitions.
      return node.kind === 'evidence'
        ? { ...node, name: evidenceById(lib, node.id).name, tlp: evidenceById(lib, node.id).tlp }
        : node
    })
}

/** Ids of everything in a case, records first. */
export function memberIds(lib: Library, caseId: string): string[] {
  return lib.db
    .prepare(
      `SELECT e.id FROM case_entity x CROSS JOIN entity e ON e.id = x.entity_id
       WHERE x.case_id = @caseId AND e.merged_into IS NULL AND e.removed_at IS NULL
       UNION ALL SELECT evidence_id FROM case_evidence WHERE case_id = @caseId`,
    )
    .pluck()
    .all({ caseId }) as string[]
}
