/** Taking a step back, with what the custody log and the other stages must know of it. */
import { rmSync } from 'node:fs'
import { caseById } from '../store/cases.ts'
import { addCustody, evidenceBySha, vaultFile } from '../store/evidence.ts'
import { hasEvidence } from '../store/exchange/rows.ts'
import type { Actor, Library } from '../store/library.ts'
import { undoOperation, type Undone } from '../store/operations.ts'
import { followMatch } from './matched-footage.ts'

/**
 * Takes one operation back; originals that came in by it leave the vault. An item that leaves or comes back into a case by it has that in its custody log.
 *
 * @throws Failure record.not-found | undo.done | undo.blocked
 */
export function undo(lib: Library, operationId: string, actor: Actor): Undone {
  const done = lib.change(actor, (record) => {
    const undone = undoOperation(lib, operationId, actor)
    for (const { caseId, evidenceId, now } of undone.filed) {
      if (!hasEvidence(lib, evidenceId)) continue
      const title = titleOf(lib, caseId)
      if (now === 'filed') addCustody(lib, evidenceId, actor, 'filed', `into the case “${title}”, by undoing`)
      else addCustody(lib, evidenceId, actor, 'removed-from-case', `from the case “${title}”, by undoing`)
    }
    for (const id of undone.relationIds) followMatch(lib, record, id)
    return undone
  })
  // Once it is certain that no item refers to them. What a crash leaves is named by `assay verify`.
  for (const sha256 of done.originals) if (!evidenceBySha(lib, sha256)) rmSync(vaultFile(lib, sha256), { force: true })
  return done
}

function titleOf(lib: Library, caseId: string): string {
  try {
    return caseById(lib, caseId).title
  } catch {
    // The case itself was made by what was taken back.
    return 'taken back'
  }
}
