/** What an export would hold, counted before it is made. */
import type { ExportContents } from '../../contract/exchange.ts'
import { listEvidence, strictest } from '../../store/evidence.ts'
import { countsOfLibrary } from '../../store/exchange/rows.ts'
import type { Library } from '../../store/library.ts'
import { exported } from './scope.ts'

/**
 * @param cases ids; empty for the whole library
 * @throws Failure record.not-found
 */
export function exportContents(lib: Library, cases: readonly string[]): ExportContents {
  if (!cases.length) {
    const { counts, marks: stated } = countsOfLibrary(lib)
    const marks = [...stated, ...listEvidence(lib).map(({ tlp }) => tlp)]
    return { counts: counts.filter(({ count }) => count > 0), tlp: marks.length ? strictest(marks) : 'CLEAR' }
  }
  const from = exported(lib, cases)
  const kinds = new Map<string, number>()
  for (const { kind, mergedInto } of from.entities.values())
    if (mergedInto === null) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  const counts = [
    { kind: 'case', count: from.cases.length },
    ...[...kinds].map(([kind, count]) => ({ kind, count })).sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    { kind: 'relation', count: from.relations.filter(({ withdrawnAt }) => withdrawnAt === null).length },
    { kind: 'evidence', count: from.evidence.size },
    { kind: 'judgement', count: from.judgements.length },
  ]
  return { counts: counts.filter(({ count }) => count > 0), tlp: from.tlp }
}
