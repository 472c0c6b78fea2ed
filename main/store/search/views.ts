/** Saved views as rows. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { SavedView, type SavedViewFields } from '../../contract/search.ts'
import { Failure } from '../../errors.ts'
import { canonical } from '../audit.ts'
import type { Actor, Library } from '../library.ts'

interface Row {
  id: string
  name: string
  screen: string
  query: string
  case_id: string | null
  created_at: string
  revision: number
}

const viewOf = (row: Row): SavedView =>
  SavedView.parse({
    id: row.id,
    name: row.name,
    screen: row.screen,
    query: JSON.parse(row.query),
    caseId: row.case_id,
    createdAt: row.created_at,
    revision: row.revision,
  })

/** By name; of one screen where given. */
export function savedViews(lib: Library, screen?: string): SavedView[] {
  const rows = lib.db.prepare('SELECT * FROM saved_view WHERE @screen IS NULL OR screen = @screen ORDER BY name, id')
  return (rows.all({ screen: screen ?? null }) as Row[]).map(viewOf)
}

/** Saves a view; one with the same name on the same screen is replaced. */
export function saveView(lib: Library, fields: z.infer<typeof SavedViewFields>, actor: Actor): SavedView {
  return lib.change(actor, (record) => {
    const before = savedViews(lib, fields.screen).find(({ name }) => name === fields.name)
    const { id, createdAt, revision } = before ?? { id: randomUUID(), createdAt: new Date().toISOString(), revision: 0 }
    const saved: SavedView = { ...fields, id, createdAt, revision: revision + 1 }
    lib.db
      .prepare(
        `INSERT INTO saved_view (id, name, screen, query, case_id, created_at, revision)
         VALUES (@id, @name, @screen, @query, @caseId, @createdAt, @revision)
         ON CONFLICT (id) DO UPDATE SET query = @query, case_id = @caseId, revision = @revision`,
      )
      .run({ ...saved, query: canonical(saved.query) })
    record('view.saved', id, saved)
    return saved
  })
}

/** @throws Failure record.not-found */
export function removeView(lib: Library, id: string, actor: Actor): void {
  lib.change(actor, (record) => {
    if (lib.db.prepare('DELETE FROM saved_view WHERE id = ?').run(id).changes === 0)
      throw new Failure('record.not-found', 'There is no such view.')
    record('view.removed', id)
  })
}
