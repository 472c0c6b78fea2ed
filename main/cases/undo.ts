/** Taking a step back, with what the custody log and the other stages must know of it. */
import { caseById } from '../store/cases.ts'
import { addCustody } from '../store/evidence.ts'
import type { Actor, Library } from '../store/library.ts'
import { undoOperation, type Undone } from '../store/operations.ts'
import { followMatch } from './matched-footage.ts'

/**
 * Takes one operation back. An item that leaves or comes back into a case by it has that in its custody log.
 *
 * @throws Failure record.not-found | undo.done | undo.blocked
 */
export function undo(lib: Library, operationId: string, actor: Actor): Undone {
  return lib.change(actor, (record) => {
    const undone = undoOperation(lib, operationId, actor)
    for (const { caseId, evidenceId, now } of undone.filed) {
      const title = titleOf(lib, caseId)
      if (now === 'filed') addCustody(lib, evidenceId, actor, 'filed', `into the case “${title}”, by undoing`)
      else addCustody(lib, evidenceId, actor, 'removed-from-case', `from the case “${title}”, by undoing`)
    }
    for (const id of undone.relationIds) followMatch(lib, record, id)
    return undone
  })
}

function titleOf(lib: Library, caseId: string): string {
  try {
    return caseById(lib, caseId).title
  } catch {
    // The case itself was made by what was taken back.
    return 'taken back'
  }
}
