/** Reports: one snapshot of a case, rendered to bytes. One format per file in `reports/`. */
import { z } from 'zod'
import { op } from './base.ts'
import { Id, Instant, Sha256, Tlp } from './common.ts'

export const ReportFormat = z.enum(['pdf', 'html'])
export type ReportFormat = z.infer<typeof ReportFormat>
export const ReportOptions = z.object({
  caseId: Id,
  /** The report's own mark; it may not be lower than that of anything inside. Default: the case's. */
  tlp: Tlp.nullable().default(null),
  /** Sections left out, by id. */
  omit: z.array(z.enum(['findings', 'judgements', 'entities', 'method', 'custody'])).default([]),
  title: z.string().max(300).default(''),
})
export type ReportOptions = z.infer<typeof ReportOptions>
export const ExportedReport = z.object({
  id: Id,
  caseId: Id,
  format: ReportFormat,
  /** Path inside the library's exports/. */
  file: z.string(),
  url: z.string(),
  bytes: z.number().int(),
  sha256: Sha256,
  tlp: Tlp,
  at: Instant,
})
export type ExportedReport = z.infer<typeof ExportedReport>

export const reports = {
  /** The report as self-contained HTML, for the preview; nothing is written. */
  preview: op.input(ReportOptions).output(z.object({ html: z.string() })),
  export: op.input(ReportOptions.extend({ format: ReportFormat })).output(ExportedReport),
  list: op.input(z.object({ caseId: Id })).output(z.array(ExportedReport)),
}
