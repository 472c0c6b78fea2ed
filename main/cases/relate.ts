/** Relations between records: said by an analyst, sourced, withdrawn rather than deleted. */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { NodeRef, Relation, RelationInput } from '../contract/cases.ts'
import { Sourcing } from '../contract/common.ts'
import { Failure } from '../errors.ts'
import { entityById, namesOf, rootOf } from '../store/entities.ts'
import { evidenceById } from '../store/evidence.ts'
import type { Actor, Library } from '../store/library.ts'
import { operate, type Step } from '../store/operations.ts'
import { putRelation, relationById, relationsBetween, withdrawRelation } from '../store/relations.ts'
import { requireSource, wordsOf } from './assert.ts'
import { fileItem } from './items.ts'
import { followMatch } from './matched-footage.ts'
import { includeEntity } from './records.ts'
import { isAllowed, ruleOf, SYMMETRIC } from './relations.ts'

const step =
  (lib: Library, action: string, verb: string) =>
  ({ id, type, from, to }: Relation): Step => {
    const names = namesOf(lib, [from.id, to.id])
    const title = `${verb}: “${names.get(from.id) ?? ''}” ${ruleOf(type).label} “${names.get(to.id) ?? ''}”`
    return { action, title, subject: id }
  }

/**
 * Links two records, and adds both to the case where one is given.
 *
 * Said again by the same source, the relation that stands is kept, and brought up to date where the new one says more.
 * Said by another source, it stands beside the first: agreement and disagreement are both kept.
 *
 * @param id for what comes from elsewhere with an id of its own
 * @throws Failure record.not-found for an end or the source; relation.not-allowed for ends that it may not link
 */
export function relate(
  lib: Library,
  input: Omit<RelationInput, 'caseId'>,
  caseId: string | null,
  actor: Actor,
  id: string = randomUUID(),
): Relation {
  const { type, sourcing, note, validFrom, validUntil, segments } = input
  return operate(lib, actor, step(lib, 'relation.added', 'linked'), (record) => {
    const [from, to] = [requireNode(lib, input.from), requireNode(lib, input.to)]
    requireSource(lib, sourcing)
    if (!isAllowed(type, from.kind, to.kind))
      throw new Failure('relation.not-allowed', `“${ruleOf(type).label}” does not link ${from.kind} to ${to.kind}.`)
    if (from.id === to.id) throw new Failure('relation.not-allowed', 'A record cannot be linked to itself.')
    if (caseId) for (const node of [from, to]) include(lib, caseId, node, actor)

    const source = sourcing.sourceId && rootOf(lib, sourcing.sourceId)
    const standing = [
      ...relationsBetween(lib, type, from, to),
      ...(SYMMETRIC.has(type) ? relationsBetween(lib, type, to, from) : []),
    ].find((known) => known.sourcing.sourceId === source)
    if (!standing) {
      const createdAt = new Date().toISOString()
      const made = { id, type, from, to, sourcing, disputed: false, note, validFrom, validUntil, segments, createdAt }
      putRelation(lib, made)
      record('relation.added', made.id, made)
      return made
    }
    const unsaid = isDeepStrictEqual(sourcing, Sourcing.parse({ sourceId: sourcing.sourceId }))
    const next: Relation = {
      ...standing,
      sourcing: unsaid ? standing.sourcing : sourcing,
      note: note || standing.note,
      validFrom: validFrom ?? standing.validFrom,
      validUntil: validUntil ?? standing.validUntil,
      segments: segments.length ? segments : standing.segments,
    }
    if (!isDeepStrictEqual(next, standing)) {
      putRelation(lib, next)
      record('relation.updated', next.id, next)
    }
    return next
  })
}

/** Brings a standing relation up to date. @throws Failure record.not-found | request.invalid */
export function editRelation(
  lib: Library,
  id: string,
  fields: Partial<Pick<Relation, 'sourcing' | 'note' | 'validFrom' | 'validUntil' | 'segments'>>,
  actor: Actor,
): Relation {
  return operate(lib, actor, step(lib, 'relation.updated', 'changed'), (record) => {
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
    const next: Relation = { ...relationById(lib, id), ...given }
    requireSource(lib, next.sourcing)
    putRelation(lib, next)
    record('relation.updated', id, given)
    return next
  })
}

/** Withdraws a relation; it stays in the library with its history. @throws Failure record.not-found */
export function unrelate(lib: Library, relationId: string, actor: Actor): void {
  lib.change(actor, () => {
    const { words } = wordsOf(lib, { relationId })
    const done = { action: 'relation.withdrawn', title: `withdrew: ${words}`, subject: relationId }
    operate(
      lib,
      actor,
      () => done,
      (record) => {
        withdrawRelation(lib, relationId, new Date().toISOString())
        record('relation.withdrawn', relationId)
        followMatch(lib, record, relationId)
      },
    )
  })
}

/** The end as it stands now: a merged record gives the one that stands for it. */
function requireNode(lib: Library, node: NodeRef): NodeRef {
  if (node.kind === 'evidence') {
    evidenceById(lib, node.id)
    return node
  }
  const { id, kind } = entityById(lib, node.id)
  if (kind !== node.kind) throw new Failure('request.invalid', `The record ${node.id} is not of the kind ${node.kind}.`)
  return { kind, id }
}

function include(lib: Library, caseId: string, node: NodeRef, actor: Actor): void {
  if (node.kind === 'evidence') fileItem(lib, caseId, node.id, '', actor)
  else includeEntity(lib, caseId, node.id, actor)
}
