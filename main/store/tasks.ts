/** Open questions and tasks of a case as rows. */
import { z } from 'zod'
import { Task } from '../contract/tradecraft.ts'
import { Failure } from '../errors.ts'
import { canonical } from './audit.ts'
import type { Library } from './library.ts'

const Row = z.object({
  id: z.string(),
  case_id: z.string(),
  fields: z.string(),
  revision: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
})

function taskOf(untrustedRow: unknown): Task {
  const row = Row.parse(untrustedRow)
  return Task.parse({
    ...(JSON.parse(row.fields) as object),
    id: row.id,
    caseId: row.case_id,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  })
}

/** Open ones first, then by age. */
export function tasksOf(lib: Library, caseId: string): Task[] {
  return lib.db
    .prepare(
      `SELECT * FROM case_task WHERE case_id = ?
       ORDER BY json_extract(fields, '$.state') <> 'open', created_at, rowid`,
    )
    .all(caseId)
    .map(taskOf)
}

/** @throws Failure record.not-found */
export function taskById(lib: Library, id: string): Task {
  const row = lib.db.prepare('SELECT * FROM case_task WHERE id = ?').get(id)
  if (!row) throw new Failure('record.not-found', `There is no question or task ${id}.`)
  return taskOf(row)
}

/** Writes it with the revision and times that it carries, new or changed. Call it inside an operation. */
export function putTask(lib: Library, task: Task): void {
  const { id, caseId, revision, createdAt, updatedAt, ...fields } = task
  lib.db
    .prepare(
      `INSERT INTO case_task (id, case_id, fields, revision, created_at, updated_at)
       VALUES (@id, @caseId, @fields, @revision, @createdAt, @updatedAt)
       ON CONFLICT (id) DO UPDATE SET fields = @fields, revision = @revision, updated_at = @updatedAt`,
    )
    .run({ id, caseId, fields: canonical(fields), revision, createdAt, updatedAt })
}
