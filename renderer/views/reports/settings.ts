/** What the Report screen is set to: everything about a report but its case. */
import { ReportOptions, type ReportTemplate } from '../../../main/contract/reports.ts'

export type Settings = Omit<ReportOptions, 'caseId'>

const { caseId: _caseId, ...DEFAULTS } = ReportOptions.parse({ caseId: '00000000-0000-4000-8000-000000000000' })
export const defaultSettings: Settings = DEFAULTS

/** The title is of one report and stays. */
export function withTemplate(settings: Settings, template: ReportTemplate): Settings {
  const { id: _id, name: _name, ...layout } = template
  return { ...settings, ...layout }
}

export const templateOf = (name: string, settings: Settings): Omit<ReportTemplate, 'id'> => {
  const { title: _title, ...layout } = settings
  return { ...layout, name }
}
