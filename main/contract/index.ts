/** The whole contract between the page (or a command line) and the workbench. */
import { cases } from './cases.ts'
import { disarm } from './disarm.ts'
import { exchange } from './exchange.ts'
import { findings } from './findings.ts'
import { graph } from './graph.ts'
import { intake } from './intake.ts'
import { jobs } from './jobs.ts'
import { library } from './library.ts'
import { media } from './media.ts'
import { models } from './models.ts'
import { records } from './records.ts'
import { reports } from './reports.ts'
import { search } from './search.ts'
import { signals } from './signals.ts'
import { tradecraft } from './tradecraft.ts'

export const contract = {
  library,
  intake,
  media,
  signals,
  models,
  jobs,
  findings,
  cases,
  records,
  graph,
  tradecraft,
  search,
  exchange,
  disarm,
  reports,
}
export type Contract = typeof contract
