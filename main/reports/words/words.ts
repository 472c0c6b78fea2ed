/** The fixed words of reports by language. A new language is one file in this folder, one line here and one in the contract. */
import type { ReportLanguage } from '../../contract/report-layout.ts'
import { de } from './de.ts'
import { en, type Words } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'

export type { Words } from './en.ts'

const LANGUAGES: Readonly<Record<ReportLanguage, Words>> = { en, fr, de, es }

export const wordsIn = (language: ReportLanguage): Words => LANGUAGES[language]
