/** One case, frozen: everything that a report says, as one plain object read in one turn of the event loop. */
import type { CaseDetail } from '../contract/cases.ts'
import { TLP_LEVELS, type Tlp } from '../contract/common.ts'
import type { MetricSeries, TimelineEntry } from '../contract/graph.ts'
import type { Finding, Judgement, Priority } from '../contract/findings.ts'
import type { CustodyEntry, Evidence } from '../contract/intake.ts'
import type { MediaFacts } from '../contract/media.ts'
import {
  leftOut,
  sectionOrder,
  type ReportLanguage,
  type ReportPart,
  type ReportSection,
} from '../contract/report-layout.ts'
import type { ReportOptions } from '../contract/reports.ts'
import type { SignalInfo, Track } from '../contract/signals.ts'
import { getCase } from '../cases/cases.ts'
import { metrics } from '../cases/graph/series.ts'
import { timeline } from '../cases/graph/timeline.ts'
import { caseAnalysis, type CaseAnalysis } from '../cases/report.ts'
import { Failure } from '../errors.ts'
import { priority } from '../findings/priority.ts'
import { currentFindingIds, findingsWithoutTracks, findingTracks } from '../store/board.ts'
import { custodyOf } from '../store/evidence.ts'
import type { Library } from '../store/library.ts'
import { reducedTrack } from './drawing/tracks.ts'
import { itemFootage, type SharedFootage } from './footage.ts'
import type { RedactionNote } from './redaction/snapshot.ts'
import { filmstripOf, mediaFacts, type Filmstrip } from '../store/media.ts'

export interface ReportItem {
  readonly evidence: Evidence
  readonly filedAt: string
  readonly note: string
  readonly facts: MediaFacts | null
  readonly filmstrip: Filmstrip | null
  readonly custody: readonly CustodyEntry[]
  /** In the order of `signals`, their curves with as many values as paper shows. */
  readonly findings: readonly Finding[]
  /**
   * Same footage elsewhere, as an analyst accepted it, and how many such items the mark does not carry; `unsaid`: of how
   * many the finding says nothing for that reason.
   */
  readonly footage: { readonly shared: readonly SharedFootage[]; readonly withheld: number; readonly unsaid: number }
  readonly priority: Priority | null
  /** Newest first. */
  readonly judgements: readonly Judgement[]
}

export interface ReportSnapshot {
  readonly title: string
  /** The report's own mark. */
  readonly tlp: Tlp
  /** What is left out, with all that follows from it. */
  readonly omit: readonly ReportPart[]
  /** Every section once, in the order in which they stand. */
  readonly order: readonly ReportSection[]
  readonly language: ReportLanguage
  /** Null where nothing is withheld. */
  readonly redaction: RedactionNote | null
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
  /** What is drawn of the records as a whole. */
  readonly figures: { readonly timeline: readonly TimelineEntry[]; readonly metrics: readonly MetricSeries[] }
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
  const omit = leftOut(options.omit)
  const withEntities = !omit.includes('entities')
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
  const tracks = new Map<string, Track[]>()
  if (!omit.includes('findings'))
    for (const { id, tracks: own } of findingTracks(lib, ids)) tracks.set(id, own.map(reducedTrack))
  const findings = Map.groupBy(
    findingsWithoutTracks(lib, ids).map((finding) => ({
      ...finding,
      output: { ...finding.output, tracks: tracks.get(finding.id) ?? [] },
    })),
    (finding) => finding.evidenceId,
  )
  const analysis = caseAnalysis(lib, options.caseId, Date.parse(context.generatedAt))

  return {
    title: options.title.trim() || detail.case.title,
    tlp,
    omit,
    order: sectionOrder(options.order),
    language: options.language,
    redaction: null,
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
    analysis: omit.includes('analysis')
      ? {
          ...analysis,
          disagreements: [],
          matrices: [],
          tasks: [],
          forecasts: { forecasts: [], resolved: 0, meanBrier: null },
        }
      : analysis,
    figures: omit.includes('figures')
      ? { timeline: [], metrics: [] }
      : { timeline: timeline(lib, options.caseId), metrics: metrics(lib, options.caseId) },
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
