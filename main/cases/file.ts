/** Filing an item into a case: judgement, links and note in one transaction, or nothing at all. */
import type { z } from 'zod'
import { RelationInput, type CaseDetail, type cases, type NodeKind } from '../contract/cases.ts'
import { Failure } from '../errors.ts'
import { judge } from '../findings/judge.ts'
import { caseById } from '../store/cases.ts'
import { entityById } from '../store/entities.ts'
import { evidenceById } from '../store/evidence.ts'
import type { Actor, Library } from '../store/library.ts'
import { operate } from '../store/operations.ts'
import { createCase, getCase } from './cases.ts'
import { fileItem } from './items.ts'
import { createEntity, includeEntity } from './records.ts'
import { relate } from './relate.ts'
import { isAllowed, ruleOf } from './relations.ts'

type Filing = z.infer<NonNullable<(typeof cases.file)['~orpc']['inputSchema']>>

/**
 * Files one item. Filing it again into the same case brings the note and the links up to date and adds the judgement.
 *
 * @throws Failure record.not-found | relation.not-allowed | request.invalid: then nothing was written
 */
export function fileEvidence(lib: Library, filing: Filing, actor: Actor): CaseDetail {
  const step = (caseId: string) => ({
    action: 'case.filed',
    title: `filed “${evidenceById(lib, filing.evidenceId).name}” into the case “${caseById(lib, caseId).title}”`,
    subject: caseId,
  })
  const caseId = operate(lib, actor, step, () => {
    const id = 'caseId' in filing.into ? filing.into.caseId : createCase(lib, filing.into.create, actor).id
    fileItem(lib, id, filing.evidenceId, filing.note, actor)
    for (const link of filing.links) {
      const target =
        'entityId' in link.target
          ? entityById(lib, link.target.entityId)
          : createEntity(lib, link.target.create, id, actor)
      includeEntity(lib, id, target.id, actor)
      const item = { kind: 'evidence' as const, id: filing.evidenceId }
      const record = { kind: target.kind, id: target.id }
      const [from, to] = direction(link.relation, target.kind) === 'from-item' ? [item, record] : [record, item]
      const { caseId: _, ...said } = RelationInput.parse({ type: link.relation, from, to, note: link.note })
      relate(lib, said, id, actor)
    }
    if (filing.judgement) judge(lib, { ...filing.judgement, evidenceId: filing.evidenceId, caseId: id }, actor)
    return id
  })
  return getCase(lib, caseId)
}

/** Which way a relation between the item and a record reads: “item is part of incident”, “account publishes item”. */
function direction(type: Filing['links'][number]['relation'], target: NodeKind): 'from-item' | 'to-item' {
  if (isAllowed(type, 'evidence', target)) return 'from-item'
  if (isAllowed(type, target, 'evidence')) return 'to-item'
  throw new Failure('relation.not-allowed', `“${ruleOf(type).label}” does not link evidence and ${target}.`)
}
