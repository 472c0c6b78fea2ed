/** Exporting a report: the file, its record, and a custody entry on every item that it speaks of. */
import { createHash, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  FORMAT_FILES,
  type ExportedReport,
  type ExportFormat,
  type ReportFormat,
  type ReportOptions,
} from '../contract/reports.ts'
import { addCustody } from '../store/evidence.ts'
import type { Actor, Library } from '../store/library.ts'
import { insertReport, reportsOf } from '../store/reports.ts'
import { writeWhole } from '../store/write-whole.ts'
import { renderReport } from './render.ts'

/**
 * Renders a case and writes the file into exports/. The file appears whole or not at all; its row, the audit link and
 * the custody entries are written after it, in one transaction.
 *
 * @throws Failure record.not-found | report.handling | store.full | store.readonly
 */
export async function exportReport(
  lib: Library,
  input: ReportOptions & { format: ReportFormat },
  actor: Actor,
): Promise<ExportedReport> {
  const { format, ...options } = input
  const { bytes, snapshot, evidenceIds } = await renderReport(lib, options, format)
  const id = randomUUID()
  const made: Omit<ExportedReport, 'url'> = {
    id,
    caseId: snapshot.case.id,
    format,
    file: fileName(snapshot.title, snapshot.generatedAt, id, format),
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    tlp: snapshot.tlp,
    at: snapshot.generatedAt,
  }
  const target = join(lib.paths.exports, made.file)
  await writeWhole(join(lib.paths.staging, `${id}.report`), target, bytes)
  try {
    lib.change(actor, (record) => {
      insertReport(lib, made)
      record('report.exported', made.caseId, made)
      for (const id of evidenceIds)
        addCustody(lib, id, actor, 'exported', `in the ${format} report “${snapshot.title}” (TLP:${made.tlp})`)
    })
  } catch (error) {
    await rm(target, { force: true })
    throw error
  }
  return withUrl(lib, made)
}

/** Newest first. */
export const listReports = (lib: Library, caseId: string): ExportedReport[] =>
  reportsOf(lib, caseId).map((report) => withUrl(lib, report))

export const withUrl = (lib: Library, report: Omit<ExportedReport, 'url'>): ExportedReport => ({
  ...report,
  url: existsSync(join(lib.paths.exports, report.file)) ? `/file/export/${report.id}` : null,
})

/**
 * `title--2024-02-09T20-15-03--1a2b3c4d.pdf`: letters and digits of any script, nothing that a file system, a shell or
 * a reader could take for something else.
 */
export function fileName(untrustedTitle: string, at: string, id: string, format: ExportFormat): string {
  const words = untrustedTitle
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  // Most file systems take 255 bytes; letters of other scripts take up to four each.
  let stem = ''
  for (const letter of words) {
    if (Buffer.byteLength(stem + letter) > 120) break
    stem += letter
  }
  return `${stem || 'report'}--${at.slice(0, 19).replaceAll(':', '-')}--${id.slice(0, 8)}.${FORMAT_FILES[format].extension}`
}
