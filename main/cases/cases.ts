/** Case records: opening, changing and reading cases, and which items they hold. */
import { randomUUID } from 'node:crypto'
import type { Case, CaseDetail, CaseFields, CaseSummary } from '../contract/cases.ts'
import { Failure } from '../errors.ts'
import { prioritiesOf } from '../findings/measured.ts'
import { signalsOf } from '../signals/models/added.ts'
import { caseById, caseSummaries, deleteFiledItem, filedItems, putCase, touchCase } from '../store/cases.ts'
import { caseEntityHeads } from '../store/entities.ts'
import { addCustody, evidenceById } from '../store/evidence.ts'
import { judgementsOfCase } from '../store/judgements.ts'
import type { Actor, Library } from '../store/library.ts'
import { operate } from '../store/operations.ts'
import { caseRelations } from '../store/relations.ts'
import { fileItem } from './items.ts'
import { viewAll } from './view.ts'

export { createEntity, listEntities, removeEntity, updateEntity } from './records.ts'
export { relate, unrelate } from './relate.ts'

/** Last changed first. */
export const listCases = (lib: Library): CaseSummary[] => caseSummaries(lib)

export function createCase(lib: Library, fields: CaseFields, actor: Actor): Case {
  const now = new Date().toISOString()
  const made: Case = { ...fields, id: randomUUID(), createdAt: now, updatedAt: now, revision: 1 }
  const step = { action: 'case.created', title: `opened the case “${made.title}”`, subject: made.id }
  return operate(
    lib,
    actor,
    () => step,
    (record) => {
      putCase(lib, made)
      record('case.created', made.id, fields)
      return made
    },
  )
}

/**
 * Changes the fields given, where the case still has the revision that the caller saw.
 *
 * @throws Failure record.not-found | record.conflict
 */
export function updateCase(
  lib: Library,
  id: string,
  revision: number,
  fields: Partial<CaseFields>,
  actor: Actor,
): Case {
  const step = (after: Case) => ({ action: 'case.updated', title: `changed the case “${after.title}”`, subject: id })
  return operate(lib, actor, step, (record) => {
    const before = caseById(lib, id)
    if (before.revision !== revision) throw new Failure('record.conflict', before.title)
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
    const after: Case = { ...before, ...given, revision: revision + 1, updatedAt: new Date().toISOString() }
    putCase(lib, after)
    record('case.updated', id, { revision: after.revision, fields: given })
    return after
  })
}

/** Everything a case holds. @throws Failure record.not-found */
export function getCase(lib: Library, id: string): CaseDetail {
  const found = caseById(lib, id)
  const items = filedItems(lib, id)
  const priorities = prioritiesOf(
    lib,
    items.map((item) => item.evidenceId),
    signalsOf(lib),
  )
  return {
    case: found,
    evidence: items.map(({ evidenceId, filedAt, note }) => ({
      evidence: evidenceById(lib, evidenceId),
      filedAt,
      note,
      priority: priorities.get(evidenceId) ?? null,
    })),
    entities: viewAll(lib, caseEntityHeads(lib, id), { caseId: id }),
    relations: caseRelations(lib, id),
    judgements: judgementsOfCase(lib, id),
  }
}

/**
 * Adds items to a case. One that is there already stays as it is, and no custody entry is written for it.
 *
 * @throws Failure record.not-found for the case or any item: then none was added
 */
export function addEvidence(lib: Library, caseId: string, evidenceIds: readonly string[], actor: Actor): CaseDetail {
  const step = (title: string) => ({
    action: 'case.evidence-added',
    title: `filed ${evidenceIds.length} ${evidenceIds.length === 1 ? 'item' : 'items'} into the case “${title}”`,
    subject: caseId,
  })
  operate(lib, actor, step, () => {
    const { title } = caseById(lib, caseId)
    for (const evidenceId of evidenceIds) fileItem(lib, caseId, evidenceId, '', actor)
    return title
  })
  return getCase(lib, caseId)
}

/**
 * Takes an item off a case; the item, its findings and its judgements stay in the library.
 *
 * @throws Failure record.not-found where the case does not hold it
 */
export function removeEvidence(lib: Library, caseId: string, evidenceId: string, actor: Actor): CaseDetail {
  const step = (title: string) => ({
    action: 'case.evidence-removed',
    title: `took “${evidenceById(lib, evidenceId).name}” out of the case “${title}”`,
    subject: caseId,
  })
  operate(lib, actor, step, (record) => {
    const { title } = caseById(lib, caseId)
    if (!deleteFiledItem(lib, caseId, evidenceId))
      throw new Failure('record.not-found', 'The case does not hold this item.')
    touchCase(lib, caseId, new Date().toISOString())
    record('case.evidence-removed', caseId, { evidenceId })
    addCustody(lib, evidenceId, actor, 'removed-from-case', `from the case “${title}”`)
    return title
  })
  return getCase(lib, caseId)
}
