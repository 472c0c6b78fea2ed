/** What the Report screen is set to: everything about a report but its case. */
import { ReportLanguage } from '../../../main/contract/report-layout.ts'
import { ReportOptions, type ReportTemplate } from '../../../main/contract/reports.ts'

export type Settings = Omit<ReportOptions, 'caseId'>

const { caseId: _caseId, ...DEFAULTS } = ReportOptions.parse({ caseId: '00000000-0000-4000-8000-000000000000' })

const LANGUAGE = 'assay.report-language'

/** In the language that was last chosen in this window. */
export function defaultSettings(): Settings {
  const chosen = ReportLanguage.safeParse(window.localStorage.getItem(LANGUAGE))
  return chosen.success ? { ...DEFAULTS, language: chosen.data } : DEFAULTS
}

export const keepLanguage = (language: ReportLanguage): void => window.localStorage.setItem(LANGUAGE, language)

/** The title is of one report and stays; those that come with the program are for readers of any language. */
export function withTemplate(settings: Settings, template: ReportTemplate): Settings {
  const { id, name: _name, ...layout } = template
  return { ...settings, ...layout, language: id === null ? settings.language : layout.language }
}

export const templateOf = (name: string, settings: Settings): Omit<ReportTemplate, 'id'> => {
  const { title: _title, ...layout } = settings
  return { ...layout, name }
}
