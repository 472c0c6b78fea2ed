/** The records of a case whole, as formats for programs and bundles carry them: what the report leaves out, they do too. */
import { exported, refuseAbove, type Exported } from '../cases/exchange/scope.ts'
import type { ReportFormat } from '../contract/reports.ts'
import type { Library } from '../store/library.ts'
import type { ReportSnapshot } from './snapshot.ts'

/** Formats that are made of the records themselves rather than of what a report says. */
export const RECORD_FORMATS: readonly ReportFormat[] = ['stix', 'misp', 'csv']

/**
 * The case with everything that its records rest on, sources among it. Null where the report withholds some of it.
 *
 * @throws Failure report.handling, naming what the report's mark may not carry
 */
export function caseRecords(lib: Library, snapshot: ReportSnapshot): Exported | null {
  if (snapshot.redaction !== null) return null
  const from = exported(lib, [snapshot.case.id])
  const without = (part: 'entities' | 'judgements'): boolean => snapshot.omit.includes(part)
  const records: Exported = {
    ...from,
    ...(without('entities') && {
      entities: new Map(),
      relations: [],
      kept: [],
      cases: from.cases.map((row) => ({ ...row, entities: [] })),
    }),
    ...(without('judgements') && { judgements: [] }),
  }
  refuseAbove(records, snapshot.tlp)
  return records
}
