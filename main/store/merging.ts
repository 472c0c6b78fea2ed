/**
 * Merging as rows. What was said of the merged record moves to the other, and remembers of which it was said; splitting
 * moves exactly that back. Nothing is rewritten: ids, values, sources and times stay as they are.
 */
import { caseIdsOfEntity, putCaseEntity } from './cases.ts'
import type { Library } from './library.ts'

/** Call it inside an operation. */
export function moveInto(lib: Library, from: string, into: string, at: string): void {
  const { db } = lib
  const ends = { from, into }
  db.prepare('UPDATE assertion SET entity_id = @into WHERE entity_id = @from').run(ends)
  db.prepare(
    'UPDATE relation SET stated_from = coalesce(stated_from, from_id), from_id = @into WHERE from_id = @from',
  ).run(ends)
  db.prepare('UPDATE relation SET stated_to = coalesce(stated_to, to_id), to_id = @into WHERE to_id = @from').run(ends)
  for (const caseId of caseIdsOfEntity(lib, from)) putCaseEntity(lib, caseId, into, at, from)
  db.prepare(
    `UPDATE entity SET merged_into = @into, merged_at = @at, revision = revision + 1, updated_at = @at WHERE id = @from`,
  ).run({ ...ends, at })
}

/** The record and all that was ever merged into it, straight or through others. */
const FAMILY = `WITH RECURSIVE family (id) AS (
  VALUES (@id) UNION SELECT e.id FROM family f CROSS JOIN entity e ON e.merged_into = f.id
)`

/** Call it inside an operation. @param from the record that `id` stands merged into */
export function moveBack(lib: Library, id: string, from: string, at: string): void {
  const { db } = lib
  const ends = { id, from }
  db.prepare(
    `${FAMILY} UPDATE assertion SET entity_id = @id WHERE entity_id = @from AND stated_of IN (SELECT id FROM family)`,
  ).run(ends)
  // An end that is back where it was said no longer needs to remember it.
  for (const [end, stated] of [
    ['from_id', 'stated_from'],
    ['to_id', 'stated_to'],
  ] as const)
    db.prepare(
      `${FAMILY} UPDATE relation SET ${end} = @id, ${stated} = nullif(${stated}, @id)
       WHERE ${end} = @from AND ${stated} IN (SELECT id FROM family)`,
    ).run(ends)
  const only = db
    .prepare('SELECT case_id FROM case_entity WHERE entity_id = @from AND via = @id')
    .pluck()
    .all(ends) as string[]
  db.prepare('DELETE FROM case_entity WHERE entity_id = @from AND via = @id').run(ends)
  db.prepare(
    `UPDATE entity SET merged_into = NULL, merged_at = NULL, revision = revision + 1, updated_at = @at WHERE id = @id`,
  ).run({ id, at })
  // Another record merged into it may hold it in the same case.
  const others = db.prepare('SELECT id FROM entity WHERE merged_into = ?').pluck().all(from) as string[]
  for (const other of others)
    for (const caseId of caseIdsOfEntity(lib, other))
      if (only.includes(caseId)) putCaseEntity(lib, caseId, from, at, other)
}
