/** Every report format. A new one is one file in this folder, one line here and one in `FORMAT_FILES` of the contract. */
import type { Exported } from '../cases/exchange/scope.ts'
import type { ReportFormat } from '../contract/reports.ts'
import type { ReportDocument } from './document.ts'
import type { RenderedPictures } from './pictures.ts'
import type { ReportSnapshot } from './snapshot.ts'

export interface RenderInput {
  /** What formats for people are made of. */
  readonly document: ReportDocument
  readonly pictures: RenderedPictures
  /** What formats for programs are made of. */
  readonly snapshot: ReportSnapshot
  /** What formats of the records are made of; null for the others. */
  readonly records: Exported | null
}
/** The others are made of the snapshot and the records, for programs. */
export const FOR_PEOPLE: readonly ReportFormat[] = ['pdf', 'html', 'docx', 'md']

type Render = (input: RenderInput) => Promise<Uint8Array> | Uint8Array

/** Loaded when wanted: fonts take longer to load than an HTML report to make. */
export const FORMATS: Readonly<Record<ReportFormat, () => Promise<Render>>> = {
  pdf: async () => (await import('./pdf.ts')).pdfReport,
  html: async () => (await import('./html.ts')).htmlReport,
  docx: async () => (await import('./docx.ts')).docxReport,
  md: async () => (await import('./markdown.ts')).markdownReport,
  'case-uco': async () => (await import('./case-uco.ts')).caseUcoReport,
  method: async () => (await import('./method-json.ts')).methodReport,
  stix: async () => (await import('./exchange-formats.ts')).stixReport,
  misp: async () => (await import('./exchange-formats.ts')).mispReport,
  csv: async () => (await import('./exchange-formats.ts')).csvReport,
}
