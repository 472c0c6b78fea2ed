/** One case, frozen: everything that a report says, as one plain object read in one turn of the event loop. */
import type { CaseDetail } from '../contract/cases.ts'
import { TLP_LEVELS, type Tlp } from '../contract/common.ts'
import type { Finding, Judgement, Priority } from '../contract/findings.ts'
import type { CustodyEntry, Evidence } from '../contract/intake.ts'
import type { MediaFacts } from '../contract/media.ts'
import type { ReportOptions } from '../contract/reports.ts'
import type { SignalInfo } from '../contract/signals.ts'
import { getCase } from '../cases/cases.ts'
import { caseAnalysis, type CaseAnalysis } from '../cases/report.ts'
import { Failure } from '../errors.ts'
import { priority } from '../findings/priority.ts'
import { currentFindingIds, findingsWithoutTracks } from '../store/board.ts'
import { custodyOf } from '../store/evidence.ts'
import type { Library } from '../store/library.ts'
import { itemFootage, type SharedFootage } from './footage.ts'
import { filmstripOf, mediaFacts, type Filmstrip } from '../store/media.ts'

export type Section = ReportOptions['omit'][number]

export interface ReportItem {
  readonly evidence: Evidence
  readonly filedAt: string
  readonly note: string
  readonly facts: MediaFacts | null
  readonly filmstrip: Filmstrip | null
  readonly custody: readonly CustodyEntry[]
  /** In the order of `signals`, without curves. */
  readonly findings: readonly Finding[]
  /** Same footage elsewhere, as an analyst accepted it, and how many such items the mark does not carry. */
  readonly footage: { readonly shared: readonly SharedFootage[]; readonly withheld: number }
  readonly priority: Priority | null
  /** Newest first. */
  readonly judgements: readonly Judgement[]
}

export interface ReportSnapshot {
  readonly title: string
  /** The report's own mark. */
  readonly tlp: Tlp
  readonly omit: readonly Section[]
  readonly generatedAt: string
  readonly library: { readonly id: string; readonly name: string }
  /** Head of the audit chain when the case was read; null for an empty chain. */
  readonly auditHead: string | null
  readonly case: CaseDetail['case']
  readonly items: readonly ReportItem[]
  readonly entities: CaseDetail['entities']
  readonly relations: CaseDetail['relations']
  /** Values with their sources, disagreements, hypotheses, forecasts, tasks. */
  readonly analysis: CaseAnalysis
  readonly signals: readonly SignalInfo[]
  readonly versions: { readonly assay: string; readonly node: string }
}

export interface SnapshotContext {
  readonly signals: readonly SignalInfo[]
  /** Version of Assay. */
  readonly version: string
  /** When the report is made; everything dated in it comes from here or from the library. */
  readonly generatedAt: string
}

/**
 * Reads a case for a report.
 *
 * @throws Failure record.not-found | report.handling, which names what the report's mark may not carry
 */
export function caseSnapshot(lib: Library, options: ReportOptions, context: SnapshotContext): ReportSnapshot {
  const detail = getCase(lib, options.caseId)
  const tlp = options.tlp ?? detail.case.tlp
  const withEntities = !options.omit.includes('entities')
  requireMark(tlp, [
    { name: detail.case.title, tlp: detail.case.tlp },
    ...detail.evidence.map(({ evidence }) => evidence),
    ...(withEntities ? detail.entities : []),
  ])

  const order = context.signals.map((signal) => signal.id)
  const place = ({ output }: Finding): number => (order.includes(output.id) ? order.indexOf(output.id) : order.length)
  const ids = currentFindingIds(
    lib,
    detail.evidence.map(({ evidence }) => evidence.id),
  ).map(({ id }) => id)
  const findings = Map.groupBy(findingsWithoutTracks(lib, ids), (finding) => finding.evidenceId)

  return {
    title: options.title.trim() || detail.case.title,
    tlp,
    omit: options.omit,
    generatedAt: context.generatedAt,
    library: { id: lib.manifest.id, name: lib.manifest.name },
    auditHead: lib.auditHead(),
    case: detail.case,
    items: detail.evidence.map(({ evidence, filedAt, note }) => {
      const { reduce, ...footage } = itemFootage(lib, evidence.id, tlp)
      const found = (findings.get(evidence.id) ?? [])
        .map(reduce)
        .sort((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1))
      const outputs = found.map((finding) => finding.output)
      return {
        evidence,
        filedAt,
        note,
        facts: mediaFacts(lib, evidence.id),
        filmstrip: filmstripOf(lib, evidence.id),
        custody: custodyOf(lib, evidence.id),
        findings: found,
        footage,
        priority: outputs.length ? priority(outputs, context.signals) : null,
        judgements: detail.judgements.filter((judgement) => judgement.evidenceId === evidence.id),
      }
    }),
    entities: withEntities ? detail.entities : [],
    relations: withEntities ? detail.relations : [],
    analysis: caseAnalysis(lib, options.caseId, Date.parse(context.generatedAt)),
    signals: context.signals,
    versions: { assay: context.version, node: process.version },
  }
}

const rank = (tlp: Tlp): number => TLP_LEVELS.indexOf(tlp)

/** TLP 2.0: information is never passed on under a lower mark than its own. */
function requireMark(mark: Tlp, contents: readonly { name: string; tlp: Tlp }[]): void {
  const above = contents.filter((item) => rank(item.tlp) > rank(mark))
  if (!above.length) return
  const names = above.map((item) => `“${item.name}” is TLP:${item.tlp}`)
  throw new Failure('report.handling', `The report is TLP:${mark}; ${names.join('; ')}.`)
}
