/** The report as the Report screen shows it; nothing is written. */
import type { ReportOptions, ReportPreview } from '../contract/reports.ts'
import type { Library } from '../store/library.ts'
import { prepareReport } from './render.ts'

/** @throws Failure record.not-found | report.handling | report.redaction */
export async function previewReport(lib: Library, options: ReportOptions): Promise<ReportPreview> {
  const { leftover, render } = await prepareReport(lib, options)
  const html = Buffer.from(await render('html')).toString('utf8')
  const chosen = options.redaction.names.length
  return {
    html,
    leftover: leftover.map(({ text, places, name }) => ({ text, places, name: name < chosen ? name : null })),
  }
}
