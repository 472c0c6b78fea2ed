/** Exported reports as rows. The files lie in exports/. */
import { z } from 'zod'
import type { ExportedReport } from '../contract/reports.ts'
import { ExportFormat } from '../contract/reports.ts'
import { Tlp } from '../contract/common.ts'
import type { Library } from './library.ts'

const Row = z.object({
  id: z.string(),
  case_id: z.string(),
  format: ExportFormat,
  file: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  tlp: Tlp,
  at: z.string(),
})

/** Call it inside a change. */
export function insertReport(lib: Library, report: Omit<ExportedReport, 'url'>): void {
  lib.db
    .prepare(
      `INSERT INTO exported_report (id, case_id, format, file, bytes, sha256, tlp, at)
       VALUES (@id, @caseId, @format, @file, @bytes, @sha256, @tlp, @at)`,
    )
    .run(report)
}

/** Reports exported from a case, newest first. */
export function reportsOf(lib: Library, caseId: string): Omit<ExportedReport, 'url'>[] {
  return lib.db
    .prepare('SELECT * FROM exported_report WHERE case_id = ? ORDER BY at DESC, rowid DESC')
    .all(caseId)
    .map((untrustedRow) => {
      const { case_id: caseId, ...row } = Row.parse(untrustedRow)
      return { ...row, caseId }
    })
}
