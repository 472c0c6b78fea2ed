/** Every report format. A new one is one file in this folder and one line here. */
import type { ReportFormat } from '../contract/reports.ts'
import type { ReportDocument } from './document.ts'
import type { RenderedPictures } from './pictures.ts'

type Render = (document: ReportDocument, pictures: RenderedPictures) => Promise<Uint8Array> | Uint8Array

/** Loaded when wanted: the PDF engine takes longer to load than an HTML report to make. */
export const FORMATS: Readonly<Record<ReportFormat, () => Promise<Render>>> = {
  pdf: async () => (await import('./pdf.ts')).renderPdf,
  html: async () => (await import('./html.ts')).renderHtml,
}
