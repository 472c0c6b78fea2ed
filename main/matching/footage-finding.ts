/** Writes the finding `known-footage` of an item from what the library knows of its footage. */
import type { SignalOutput } from '../contract/signals.ts'
import { KNOWN_FOOTAGE } from '../signals/library-signals.ts'
import { canonical } from '../store/audit.ts'
import { comparisonOf } from '../store/comparisons.ts'
import { addCustody, evidenceById } from '../store/evidence.ts'
import { fingerprintRow, matchedOf } from '../store/fingerprints.ts'
import { currentFinding, ffmpegOf, replaceFindings } from '../store/findings.ts'
import { listHits } from '../store/hash-lists.ts'
import type { Library, RecordChange } from '../store/library.ts'
import { matchesOf } from '../store/matches.ts'
import { footageFailed, knownFootage } from './known-footage.ts'

/**
 * Makes the finding anew. Where only the library has grown, and nothing that was found on this item is other than before,
 * the one that stands is kept: it was true when it was made, and what came later was held against it. Call it in a change.
 *
 * @param always true after the item itself was matched
 */
export function renewFootage(lib: Library, record: RecordChange, evidenceId: string, always = false): void {
  const matched = matchedOf(lib, evidenceId)
  if (!matched) return
  const { sha256 } = evidenceById(lib, evidenceId)
  const matches = matchesOf(lib, evidenceId).filter(({ state }) => state !== 'rejected')
  const output = knownFootage({
    evidenceId,
    matches,
    comparisons: new Map(
      matches.flatMap((match) => {
        const comparison = comparisonOf(lib, match)
        return comparison ? [[match.id, comparison] as const] : []
      }),
    ),
    lists: listHits(lib, evidenceId),
    videos: matched.videos,
    library: matched.library,
    hashLists: (JSON.parse(matched.lists) as string[]).length,
    ffmpeg: ffmpegOf(lib, evidenceId),
    frames: fingerprintRow(lib, evidenceId)?.hashes ?? 0,
    usable: matched.usable,
  })
  const standing = currentFinding(lib, evidenceId, KNOWN_FOOTAGE.id)
  if (!always && standing && said(standing.output) === said(output)) return
  write(lib, record, { id: evidenceId, sha256 }, output)
}

/** Says that the fingerprint cannot be read. Call it in a change. */
export function failFootage(lib: Library, record: RecordChange, evidenceId: string): void {
  const { sha256 } = evidenceById(lib, evidenceId)
  write(lib, record, { id: evidenceId, sha256 }, footageFailed({ ffmpeg: ffmpegOf(lib, evidenceId) }))
}

function write(
  lib: Library,
  record: RecordChange,
  evidence: { id: string; sha256: string },
  output: SignalOutput,
): void {
  const findings = replaceFindings(lib.db, evidence, [output])
  if (findings[0]?.outcome === 'same') return
  record('findings.recorded', evidence.id, { findings })
  addCustody(lib, evidence.id, 'assay', 'matched', `${output.id} ${output.version}`)
}

/** What it says, without the state of the library in which it was said. */
function said(output: SignalOutput): string {
  const parameters = Object.entries(output.provenance.parameters).filter(([name]) => !/^(library|hash-list)/.test(name))
  return canonical({ ...output, provenance: { ...output.provenance, parameters: Object.fromEntries(parameters) } })
}
