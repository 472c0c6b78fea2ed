/** What the doors may serve from a library, and under which names; nothing else in the folder can be reached. */
import { join } from 'node:path'
import type { Library } from './library.ts'
import { exportedFingerprints } from './fingerprint-exports.ts'
import { derivativeFile } from './media.ts'
import { evidenceById, evidenceFile } from './evidence.ts'

export interface ServedFile {
  readonly path: string
  readonly mime: string
  readonly bytes: number
  /** Name offered when it is saved; null for what is only shown. */
  readonly download: string | null
}

/** MIME types by the container that intake recognised. */
const CONTAINER_MIME: Record<string, string> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  matroska: 'video/x-matroska',
  webm: 'video/webm',
  ogg: 'video/ogg',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
}

const REPORT_MIME: Record<string, string> = { pdf: 'application/pdf', html: 'text/html; charset=utf-8' }

/** Resolves `evidence/<id>`, `derived/<sha256>`, `export/<id>`; null where there is no such record. */
export function servedFile(lib: Library, ref: string): Omit<ServedFile, 'bytes'> | null {
  const match = /^(evidence|derived|export)\/([0-9a-f-]{36,64})$/.exec(ref)
  if (!match) return null
  const [, kind, key = ''] = match
  if (kind === 'derived') {
    const found = derivativeFile(lib, key)
    return found && { ...found, download: null }
  }
  if (kind === 'export') {
    const row = lib.db.prepare('SELECT file, format FROM exported_report WHERE id = ?').get(key) as
      { file: string; format: string } | undefined
    const listed = row ? null : exportedFingerprints(lib, key)
    if (listed)
      return { path: join(lib.paths.exports, listed.file), mime: 'application/octet-stream', download: listed.file }
    if (!row) return null
    const mime = REPORT_MIME[row.format] ?? 'application/octet-stream'
    return { path: join(lib.paths.exports, row.file), mime, download: row.file }
  }
  const known = lib.db.prepare('SELECT 1 FROM evidence WHERE id = ?').get(key)
  if (!known) return null
  const { container } = evidenceById(lib, key)
  const mime = CONTAINER_MIME[container] ?? 'application/octet-stream'
  return { path: evidenceFile(lib, key).path, mime, download: null }
}
