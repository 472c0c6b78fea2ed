/** Relations between records: said by an analyst, sourced, withdrawn rather than deleted. */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { NodeRef, Relation, RelationInput } from '../contract/cases.ts'
import { Sourcing } from '../contract/common.ts'
import { Failure } from '../errors.ts'
import { entityById, putRelation, relationsBetween, withdrawRelation } from '../store/cases.ts'
import { evidenceById } from '../store/evidence.ts'
import type { Actor, Library } from '../store/library.ts'
import { matchOfRelation, putDecision } from '../store/matches.ts'
import { fileItem } from './items.ts'
import { includeEntity, requireSource } from './records.ts'
import { isAllowed, ruleOf, SYMMETRIC } from './relations.ts'

type Node = z.infer<typeof NodeRef>

/**
 * Links two records, and adds both to the case where one is given.
 *
 * Said again by the same source, the relation that stands is kept, and brought up to date where the new one says more.
 * Said by another source, it stands beside the first: agreement and disagreement are both kept.
 *
 * @throws Failure record.not-found for an end or the source; relation.not-allowed for ends that it may not link
 */
export function relate(
  lib: Library,
  input: Omit<z.infer<typeof RelationInput>, 'caseId'>,
  caseId: string | null,
  actor: Actor,
): Relation {
  const { type, from, to, sourcing, note } = input
  return lib.change(actor, (record) => {
    requireNode(lib, from)
    requireNode(lib, to)
    requireSource(lib, sourcing.sourceId)
    if (!isAllowed(type, from.kind, to.kind))
      throw new Failure('relation.not-allowed', `“${ruleOf(type).label}” does not link ${from.kind} to ${to.kind}.`)
    if (from.id === to.id) throw new Failure('relation.not-allowed', 'A record cannot be linked to itself.')
    if (caseId) for (const node of [from, to]) include(lib, caseId, node, actor)

    const standing = [
      ...relationsBetween(lib, type, from, to),
      ...(SYMMETRIC.has(type) ? relationsBetween(lib, type, to, from) : []),
    ].find((known) => known.sourcing.sourceId === sourcing.sourceId)
    if (!standing) {
      const made: Relation = {
        id: randomUUID(),
        type,
        from,
        to,
        sourcing,
        disputed: false,
        note,
        createdAt: new Date().toISOString(),
      }
      putRelation(lib, made)
      record('relation.added', made.id, made)
      return made
    }
    const unsaid = isDeepStrictEqual(sourcing, Sourcing.parse({ sourceId: sourcing.sourceId }))
    const next: Relation = {
      ...standing,
      sourcing: unsaid ? standing.sourcing : sourcing,
      note: note || standing.note,
    }
    if (!isDeepStrictEqual(next, standing)) {
      putRelation(lib, next)
      record('relation.updated', next.id, { sourcing: next.sourcing, note: next.note })
    }
    return next
  })
}

/**
 * Withdraws a relation; it stays in the library with its history. A match that it came from is open again.
 * @throws Failure record.not-found
 */
export function unrelate(lib: Library, relationId: string, actor: Actor): void {
  lib.change(actor, (record) => {
    if (!withdrawRelation(lib, relationId, new Date().toISOString()))
      throw new Failure('record.not-found', 'There is no such relation, or it was withdrawn before.')
    record('relation.withdrawn', relationId)
    const match = matchOfRelation(lib, relationId)
    if (!match) return
    putDecision(lib, match, { state: 'open', reason: '', at: null, actor: '', relationId: null })
    record('match.reopened', match, { relation: relationId })
  })
}

function requireNode(lib: Library, node: Node): void {
  if (node.kind === 'evidence') return void evidenceById(lib, node.id)
  const { kind } = entityById(lib, node.id)
  if (kind !== node.kind) throw new Failure('request.invalid', `The record ${node.id} is not of the kind ${node.kind}.`)
}

function include(lib: Library, caseId: string, node: Node, actor: Actor): void {
  if (node.kind === 'evidence') fileItem(lib, caseId, node.id, '', actor)
  else includeEntity(lib, caseId, node.id, actor)
}
