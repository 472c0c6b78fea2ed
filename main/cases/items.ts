/** Which evidence items a case holds. */
import { caseById, putFiledItem, touchCase } from '../store/cases.ts'
import { addCustody, evidenceById } from '../store/evidence.ts'
import type { Actor, Library } from '../store/library.ts'

/** Puts one item into a case, or changes its note there. Joins the change that is under way. */
export function fileItem(lib: Library, caseId: string, evidenceId: string, note: string, actor: Actor): void {
  lib.change(actor, (record) => {
    const { title } = caseById(lib, caseId)
    evidenceById(lib, evidenceId)
    const now = new Date().toISOString()
    const outcome = putFiledItem(lib, caseId, { evidenceId, filedAt: now, note })
    if (outcome === 'kept' && !note) return
    touchCase(lib, caseId, now)
    record(outcome === 'added' ? 'case.evidence-added' : 'case.evidence-noted', caseId, { evidenceId, note })
    if (outcome === 'added') addCustody(lib, evidenceId, actor, 'filed', `into the case “${title}”`)
  })
}
