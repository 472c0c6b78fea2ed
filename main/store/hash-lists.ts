/** Hash lists of others as rows: a thousand entries a row, and what items show of them. */
import { z } from 'zod'
import { HashList, ListMatch } from '../contract/matching.ts'
import { Failure } from '../errors.ts'
import type { Library } from './library.ts'

const ListRow = z.object({
  id: z.string(),
  name: z.string(),
  sha256: z.string(),
  entries: z.number().int(),
  report: z.string(),
  importedAt: z.string(),
})
const Report = HashList.pick({ leftOut: true, reasons: true, first: true })

function list(untrustedRow: unknown): HashList {
  const { report, ...row } = ListRow.parse(untrustedRow)
  return { ...row, ...Report.parse(JSON.parse(report)) }
}

const LISTS = 'SELECT id, name, sha256, entries, report, imported_at AS importedAt FROM hash_list'

/** In the order of their import. */
export function hashLists(lib: Library): HashList[] {
  return lib.db.prepare(`${LISTS} ORDER BY imported_at, rowid`).all().map(list)
}

/** @throws Failure record.not-found */
export function hashListById(lib: Library, id: string): HashList {
  const row = lib.db.prepare(`${LISTS} WHERE id = ?`).get(id)
  if (!row) throw new Failure('record.not-found', `There is no hash list ${id}.`)
  return list(row)
}

/** Ids of all lists, sorted, as JSON: what an item was held against. */
export const listsState = (lib: Library): string =>
  JSON.stringify(lib.db.prepare('SELECT id FROM hash_list ORDER BY id').pluck().all())

/** One of the entries of a list, beside its hash. */
const Detail = z.object({ id: z.string().nullable(), tags: z.array(z.string()) })
export type ListDetail = z.infer<typeof Detail>

/** Writes a part of a list that is being read; without `putHashList` it counts for nothing. */
export function putListPart(
  lib: Library,
  listId: string,
  part: number,
  hashes: Uint8Array,
  details: readonly ListDetail[],
): void {
  lib.db
    .prepare('INSERT INTO hash_list_part (list_id, part, hashes, details) VALUES (?, ?, ?, ?)')
    .run(listId, part, Buffer.from(hashes), JSON.stringify(details))
}

/** Makes the parts that were written a list. Call it in a change. */
export function putHashList(lib: Library, { id, name, sha256, entries, importedAt, ...report }: HashList): void {
  lib.db
    .prepare('INSERT INTO hash_list (id, name, sha256, entries, report, imported_at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(id, name, sha256, entries, JSON.stringify(report), importedAt)
}

/** Removes a list and what was found of it; its parts go with `removeStrayParts`. Call it in a change. */
export function deleteHashList(lib: Library, id: string): void {
  lib.db.prepare('DELETE FROM hash_list_match WHERE list_id = ?').run(id)
  lib.db.prepare('DELETE FROM hash_list WHERE id = ?').run(id)
}

/** Removes some parts of lists that were not finished or were removed; false when there are none left. */
export function removeStrayParts(lib: Library, keep: ReadonlySet<string>): boolean {
  const stray = lib.db
    .prepare('SELECT DISTINCT list_id FROM hash_list_part WHERE list_id NOT IN (SELECT id FROM hash_list)')
    .pluck()
    .all()
    .find((id) => !keep.has(id as string))
  if (stray === undefined) return false
  lib.db
    .prepare('DELETE FROM hash_list_part WHERE rowid IN (SELECT rowid FROM hash_list_part WHERE list_id = ? LIMIT 100)')
    .run(stray)
  return true
}

export interface ListPart {
  readonly part: number
  /** 32 bytes an entry. */
  readonly hashes: Uint8Array
}

/** The part behind the one given; null behind the last. */
export function nextListPart(lib: Library, listId: string, after: number): ListPart | null {
  const row = lib.db
    .prepare('SELECT part, hashes FROM hash_list_part WHERE list_id = ? AND part > ? ORDER BY part LIMIT 1')
    .get(listId, after)
  return (row as ListPart | undefined) ?? null
}

export function listDetails(lib: Library, listId: string, part: number): ListDetail[] {
  const text = lib.db.prepare('SELECT details FROM hash_list_part WHERE list_id = ? AND part = ?').pluck().get(listId, part) // prettier-ignore
  return text === undefined ? [] : z.array(Detail).parse(JSON.parse(text as string))
}

const Hit = ListMatch.omit({ listId: true, listName: true })
export type ListHitRow = z.infer<typeof Hit>

/** Writes what an item shows of the lists, in the place of what it showed before. Call it in a change. */
export function putListHits(lib: Library, evidenceId: string, hits: ReadonlyMap<string, readonly ListHitRow[]>): void {
  lib.db.prepare('DELETE FROM hash_list_match WHERE evidence_id = ?').run(evidenceId)
  const insert = lib.db.prepare('INSERT INTO hash_list_match (evidence_id, list_id, body) VALUES (?, ?, ?)')
  for (const [listId, found] of hits) insert.run(evidenceId, listId, JSON.stringify(found))
}

/** What an item shows of the lists, the nearest first. */
export function listHits(lib: Library, evidenceId: string): ListMatch[] {
  const rows = lib.db
    .prepare(
      `SELECT h.list_id AS listId, l.name AS listName, h.body FROM hash_list_match h JOIN hash_list l ON l.id = h.list_id
       WHERE h.evidence_id = ? ORDER BY l.imported_at, l.rowid`,
    )
    .all(evidenceId) as { listId: string; listName: string; body: string }[]
  return rows
    .flatMap(({ body, ...about }) =>
      z
        .array(Hit)
        .parse(JSON.parse(body))
        .map((hit) => ({ ...about, ...hit })),
    )
    .sort((a, b) => b.frames - a.frames || a.distance - b.distance)
}

/** Number of entries of lists that each item shows. */
export function listHitCounts(lib: Library): Map<string, number> {
  const rows = lib.db
    .prepare('SELECT evidence_id AS id, sum(json_array_length(body)) AS n FROM hash_list_match GROUP BY evidence_id')
    .all() as { id: string; n: number }[]
  return new Map(rows.map(({ id, n }) => [id, n]))
}
