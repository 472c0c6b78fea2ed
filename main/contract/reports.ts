/** Reports: one snapshot of a case, rendered to bytes. One format per file in `reports/`. */
import { z } from 'zod'
import { op } from './base.ts'
import { Id, Instant, Sha256, Tlp } from './common.ts'
import { Redaction } from './redaction.ts'
import { ReportLayout } from './report-layout.ts'

/** For people: `pdf`, `html`, `docx`, `md`, which say the same words. For programs: the others. */
export const ReportFormat = z.enum(['pdf', 'html', 'docx', 'md', 'case-uco', 'method', 'stix', 'misp', 'csv'])
export type ReportFormat = z.infer<typeof ReportFormat>
export const ReportOptions = ReportLayout.extend({
  caseId: Id,
  title: z.string().max(300).default(''),
  redaction: Redaction.prefault({}),
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

/** A starting point for the reports of one kind of reader. */
export const ReportTemplate = ReportLayout.extend({
  /** Null: comes with the program and cannot be changed. */
  id: Id.nullable(),
  name: z.string().trim().min(1).max(200),
  redaction: Redaction.prefault({}),
})
export type ReportTemplate = z.infer<typeof ReportTemplate>

/** A picture of a report, before anything in it is covered. */
export const ReportPicture = z.object({
  sha256: Sha256,
  url: z.string(),
  /** `E1 clip.mp4` */
  item: z.string(),
  caption: z.string(),
  width: z.number().int(),
  height: z.number().int(),
})
export type ReportPicture = z.infer<typeof ReportPicture>

export const ReportPreview = z.object({
  html: z.string(),
  /** Words of covered names that the report still says elsewhere, the rarest first. */
  leftover: z.array(
    z.object({
      text: z.string(),
      places: z.number().int(),
      /** Which of the names asked for it is of, by its place; null: of an analyst. */
      name: z.number().int().nullable(),
    }),
  ),
})
export type ReportPreview = z.infer<typeof ReportPreview>

export const reports = {
  /** The report as self-contained HTML, for the preview; nothing is written. */
  preview: op.input(ReportOptions).output(ReportPreview),
  export: op.input(ReportOptions.extend({ format: ReportFormat })).output(ExportedReport),
  list: op.input(z.object({ caseId: Id })).output(z.array(ExportedReport)),
  /** Every picture that the report would show, to choose regions on. */
  pictures: op.input(ReportOptions).output(z.array(ReportPicture)),
  /** Those that come with the program, then those of the library by name. */
  templates: op.output(z.array(ReportTemplate)),
  /** One with the same name is replaced. */
  saveTemplate: op.input(ReportTemplate.omit({ id: true })).output(ReportTemplate),
  renameTemplate: op.input(z.object({ id: Id, name: ReportTemplate.shape.name })).output(ReportTemplate),
  removeTemplate: op.input(z.object({ id: Id })).output(z.object({})),
}
