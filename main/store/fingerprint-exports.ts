/** Fingerprints that were written to exports/, so that the doors can serve them. */
import type { Library } from './library.ts'

export interface ExportedFile {
  readonly id: string
  readonly format: string
  /** Name in exports/. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly at: string
}

/** Call it in a change. */
export function putExportedFingerprints(lib: Library, made: ExportedFile): void {
  lib.db
    .prepare(
      'INSERT INTO exported_fingerprints (id, format, file, bytes, sha256, at) VALUES (@id, @format, @file, @bytes, @sha256, @at)',
    ) // prettier-ignore
    .run(made)
}

/** Null where there was no such export. */
export function exportedFingerprints(lib: Library, id: string): { file: string; format: string } | null {
  const row = lib.db.prepare('SELECT file, format FROM exported_fingerprints WHERE id = ?').get(id)
  return (row as { file: string; format: string } | undefined) ?? null
}
