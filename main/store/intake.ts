/** Files on their way in, as rows: every file that was ever offered, and what became of it. */
import { z } from 'zod'
import { FailureReport } from '../contract/common.ts'
import { AcquisitionDetails, IntakeItem, StorageChoice } from '../contract/intake.ts'
import type { FailureReport as Report } from '../errors.ts'
import type { Actor, Library } from './library.ts'

/** What is needed to take a file up again after the host was killed. */
export const IntakeRequest = z.object({
  /** Bytes of the path in base64, since a path need not be text; or the id and name that the upload door was given. */
  file: z.union([z.object({ pathBase64: z.base64() }), z.object({ upload: z.uuid(), name: z.string() })]),
  storage: StorageChoice,
  details: AcquisitionDetails,
  caseId: z.uuid().nullable(),
  /** SHA-256 under which an upload is being moved into the vault; it may be there already and no longer in staging. */
  movedTo: z.string().nullable().default(null),
})
export type IntakeRequest = z.infer<typeof IntakeRequest>

export interface IntakeRow {
  readonly item: IntakeItem
  readonly request: IntakeRequest
}

const Row = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  size: z.number().int().nullable(),
  state: IntakeItem.shape.state,
  evidence_id: z.string().nullable(),
  error: z.string().nullable(),
  request: z.string(),
  at: z.string(),
})

function itemOf(untrustedRow: unknown): IntakeItem {
  const row = Row.parse(untrustedRow)
  const ended = row.state === 'admitted' || row.state === 'duplicate'
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    size: row.size,
    state: row.state,
    done: ended ? (row.size ?? 0) : 0,
    evidenceId: row.evidence_id,
    error: row.error === null ? null : FailureReport.parse(JSON.parse(row.error)),
    at: row.at,
  }
}

/** Writes files down before anything is done with them; those refused at the door come with their error. */
export function insertIntake(lib: Library, actor: Actor, rows: readonly IntakeRow[]): void {
  lib.change(actor, (record) => {
    const insert = lib.db.prepare(
      `INSERT INTO intake (id, name, path, size, state, evidence_id, error, request, at)
       VALUES (@id, @name, @path, @size, @state, NULL, @error, @request, @at)`,
    )
    for (const { item, request } of rows) {
      const { id, name, path, size, state, error, at } = item
      insert.run({
        id,
        name,
        path,
        size,
        state,
        error: error && JSON.stringify(error),
        request: JSON.stringify(request),
        at,
      })
      if (error) record('intake.refused', id, { name, path, code: error.code, detail: error.detail ?? '' })
    }
    record('intake.offered', rows[0]?.item.id ?? '', { files: rows.length })
  })
}

/** @throws ZodError where there is no such row: rows are never removed */
export function intakeById(lib: Library, id: string): IntakeRow {
  const row = lib.db.prepare('SELECT * FROM intake WHERE id = ?').get(id)
  const { request } = Row.parse(row)
  return { item: itemOf(row), request: IntakeRequest.parse(JSON.parse(request)) }
}

/** Sets what is known about a file under way. */
export function markReading(lib: Library, actor: Actor, id: string, size: number | null): void {
  lib.change(actor, () => lib.db.prepare("UPDATE intake SET state = 'reading', size = ? WHERE id = ?").run(size, id))
}

/** Puts a file back to the end of the wait: the host is closing. */
export function markWaiting(lib: Library, actor: Actor, id: string): void {
  lib.change(actor, () => lib.db.prepare("UPDATE intake SET state = 'waiting' WHERE id = ?").run(id))
}

/** Written before an upload is renamed into the vault, so that it is found whichever side of the rename a kill hits. */
export function markMoving(lib: Library, actor: Actor, id: string, sha256: string): void {
  lib.change(actor, () =>
    lib.db.prepare("UPDATE intake SET request = json_set(request, '$.movedTo', ?) WHERE id = ?").run(sha256, id),
  )
}

/** Ends a file well. `error` is what went wrong after it was safe, such as a case that is gone. */
export function markTaken(
  lib: Library,
  actor: Actor,
  id: string,
  ended: { state: 'admitted' | 'duplicate'; evidenceId: string; error: Report | null },
): void {
  lib.change(actor, () =>
    lib.db
      .prepare('UPDATE intake SET state = @state, evidence_id = @evidenceId, error = @error WHERE id = @id')
      .run({ id, ...ended, error: ended.error && JSON.stringify(ended.error) }),
  )
}

/** Ends a file with its refusal. */
export function markRefused(lib: Library, actor: Actor, item: IntakeItem, error: Report): void {
  lib.change(actor, (record) => {
    lib.db.prepare("UPDATE intake SET state = 'refused', error = ? WHERE id = ?").run(JSON.stringify(error), item.id)
    const { name, path } = item
    record('intake.refused', item.id, { name, path, code: error.code, detail: error.detail ?? '' })
  })
}

/** Files that an earlier run left unfinished wait again; answers with them, oldest first. */
export function requeueIntake(lib: Library, actor: Actor): IntakeRow[] {
  lib.change(actor, () => lib.db.prepare("UPDATE intake SET state = 'waiting' WHERE state = 'reading'").run())
  const ids = lib.db.prepare("SELECT id FROM intake WHERE state = 'waiting' ORDER BY rowid").pluck().all() as string[]
  return ids.map((id) => intakeById(lib, id))
}

/** Every file that has not ended, and the last `ended` that have; newest first. */
export function listIntake(lib: Library, ended: number): IntakeItem[] {
  return lib.db
    .prepare(
      `SELECT * FROM intake WHERE state IN ('waiting', 'reading') OR rowid IN (
         SELECT rowid FROM intake WHERE state NOT IN ('waiting', 'reading') ORDER BY rowid DESC LIMIT ?)
       ORDER BY rowid DESC`,
    )
    .all(ended)
    .map(itemOf)
}
