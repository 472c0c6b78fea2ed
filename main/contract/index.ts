/** The whole contract between the page (or a command line) and the workbench. */
import { bundles } from './bundles.ts'
import { cases } from './cases.ts'
import { findings } from './findings.ts'
import { intake } from './intake.ts'
import { jobs } from './jobs.ts'
import { library } from './library.ts'
import { media } from './media.ts'
import { models } from './models.ts'
import { reports } from './reports.ts'
import { signals } from './signals.ts'

export const contract = { library, intake, media, signals, models, jobs, findings, cases, reports, bundles }
export type Contract = typeof contract
