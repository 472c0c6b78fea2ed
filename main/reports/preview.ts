/** The report as the Report screen shows it; nothing is written. */
import type { ReportOptions } from '../contract/reports.ts'
import type { Library } from '../store/library.ts'
import { renderReport } from './render.ts'

/** @throws Failure record.not-found | report.handling */
export async function previewReport(lib: Library, options: ReportOptions): Promise<{ html: string }> {
  const { bytes } = await renderReport(lib, options, 'html')
  return { html: Buffer.from(bytes).toString('utf8') }
}
