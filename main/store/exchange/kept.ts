/** Objects that came with a bundle and that no record can hold. Call the writers inside an operation. */
import { canonical } from '../audit.ts'
import type { Library } from '../library.ts'

export interface Kept {
  readonly id: string
  readonly type: string
  readonly object: Record<string, unknown>
}

export const keptObjects = (lib: Library): Kept[] =>
  (
    lib.db.prepare('SELECT id, type, object FROM exchange_kept ORDER BY id').all() as {
      id: string
      type: string
      object: string
    }[]
  ).map((row) => ({ ...row, object: JSON.parse(row.object) as Record<string, unknown> }))

/** As it was kept, in canonical JSON; null where nothing of that id is kept. */
export const keptText = (lib: Library, id: string): string | null =>
  (lib.db.prepare('SELECT object FROM exchange_kept WHERE id = ?').pluck().get(id) as string | undefined) ?? null

export function keep(lib: Library, { id, type, object }: Kept): void {
  lib.db
    .prepare(
      `INSERT INTO exchange_kept (id, type, object) VALUES (@id, @type, @object)
       ON CONFLICT (id) DO UPDATE SET object = @object WHERE object <> @object`,
    )
    .run({ id, type, object: canonical(object) })
}
