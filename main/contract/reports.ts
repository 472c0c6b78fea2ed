/** Reports: one snapshot of a case, rendered to bytes. One format per file in `reports/`. */
import { z } from 'zod'
import { op } from './base.ts'
import { Id, Instant, Sha256, Tlp } from './common.ts'

/** For people: `pdf`, `html`, `docx`, `md`, which say the same words. For programs: the others. */
export const ReportFormat = z.enum(['pdf', 'html', 'docx', 'md', 'case-uco', 'method', 'stix', 'misp', 'csv'])
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
/** A report by itself, or everything about the case in one sealed package (`bundles.seal`). */
export const ExportFormat = z.enum([...ReportFormat.options, 'bundle'])
export type ExportFormat = z.infer<typeof ExportFormat>
/** What an exported file is called and served as. */
export const FORMAT_FILES: Readonly<Record<ExportFormat, { readonly extension: string; readonly mime: string }>> = {
  pdf: { extension: 'pdf', mime: 'application/pdf' },
  html: { extension: 'html', mime: 'text/html; charset=utf-8' },
  docx: {
    extension: 'docx',
    mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  md: { extension: 'md', mime: 'text/markdown; charset=utf-8' },
  'case-uco': { extension: 'jsonld', mime: 'application/ld+json' },
  method: { extension: 'method.json', mime: 'application/json' },
  stix: { extension: 'stix.json', mime: 'application/stix+json;version=2.1' },
  misp: { extension: 'misp.json', mime: 'application/json' },
  csv: { extension: 'csv.zip', mime: 'application/zip' },
  bundle: { extension: 'zip', mime: 'application/zip' },
}
export const ExportedReport = z.object({
  id: Id,
  caseId: Id,
  format: ExportFormat,
  /** Name inside the library's exports/. */
  file: z.string(),
  /** Null where it was written to another place, or is not in exports/ any more. */
  url: z.string().nullable(),
  bytes: z.number().int(),
  /** Of the file; of a bundle that of its tag manifest, on which every byte in it hangs and which was signed. */
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
