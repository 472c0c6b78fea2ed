/** What was measured on many items at once. Findings never change under their id, so each is read only once. */
import type { Finding, Priority } from '../contract/findings.ts'
import type { SignalInfo, SignalOutput } from '../contract/signals.ts'
import { currentFindingIds, findingsWithoutTracks } from '../store/board.ts'
import type { Library } from '../store/library.ts'
import { priority } from './priority.ts'

const remembered = new WeakMap<Library, Map<string, Finding>>()

/**
 * Current findings by item, without their curves and tables; for all items of the library, or for those named.
 *
 * What it keeps in memory is what lists show: segments and exhibits are dropped.
 */
export function measuredOn(lib: Library, evidenceIds?: readonly string[]): Map<string, Finding[]> {
  const memory = remembered.get(lib) ?? new Map<string, Finding>()
  remembered.set(lib, memory)
  const current = currentFindingIds(lib, evidenceIds)
  const missing = current.filter(({ id }) => !memory.has(id)).map(({ id }) => id)
  for (const finding of missing.length ? findingsWithoutTracks(lib, missing) : [])
    memory.set(finding.id, { ...finding, output: { ...finding.output, segments: [], evidence: [] } })
  if (!evidenceIds) {
    const wanted = new Set(current.map(({ id }) => id))
    for (const id of memory.keys()) if (!wanted.has(id)) memory.delete(id)
  }
  const byItem = new Map<string, Finding[]>()
  for (const { id, evidenceId } of current) {
    const finding = memory.get(id)
    if (finding) byItem.set(evidenceId, [...(byItem.get(evidenceId) ?? []), finding])
  }
  return byItem
}

/** Review priority of each named item; items without findings are left out. */
export function prioritiesOf(
  lib: Library,
  evidenceIds: readonly string[],
  signals: readonly SignalInfo[],
): Map<string, Priority> {
  return new Map([...measuredOn(lib, evidenceIds)].map(([id, findings]) => [id, priority(outputs(findings), signals)]))
}

export const outputs = (findings: readonly Finding[]): SignalOutput[] => findings.map((finding) => finding.output)
