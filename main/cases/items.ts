/** Which evidence items a case holds. */
import { caseById, putFiledItem, touchCase } from '../store/cases.ts'
import { addCustody, evidenceById } from '../store/evidence.ts'
import type { Actor, Library } from '../store/library.ts'
import { operate } from '../store/operations.ts'

/** Puts one item into a case, or changes its note there. Joins the operation that is under way. */
export function fileItem(lib: Library, caseId: string, evidenceId: string, note: string, actor: Actor): void {
  const step = ({ title, name }: { title: string; name: string }) => ({
    action: 'case.evidence-added',
    title: `filed “${name}” into the case “${title}”`,
    subject: caseId,
  })
  operate(lib, actor, step, (record) => {
    const { title } = caseById(lib, caseId)
    const { name } = evidenceById(lib, evidenceId)
    const now = new Date().toISOString()
    const outcome = putFiledItem(lib, caseId, { evidenceId, filedAt: now, note })
    if (outcome === 'kept' && !note) return { title, name }
    touchCase(lib, caseId, now)
    record(outcome === 'added' ? 'case.evidence-added' : 'case.evidence-noted', caseId, { evidenceId, note })
    if (outcome === 'added') addCustody(lib, evidenceId, actor, 'filed', `into the case “${title}”`)
    return { title, name }
  })
}
