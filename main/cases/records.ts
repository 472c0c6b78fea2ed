/** Records: the people, groups, accounts and events that cases speak of. One library-wide record each, in many cases. */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Entity, EntityInput, EntityKind } from '../contract/cases.ts'
import type { Operation } from '../contract/records.ts'
import { Failure } from '../errors.ts'
import { canonical } from '../store/audit.ts'
import { citations, standingOf } from '../store/assertions.ts'
import { caseById, caseIdsOfEntity, deleteCaseEntity, putCaseEntity, touchCase } from '../store/cases.ts'
import { entityById, entityHeads, markRemoved, putEntity } from '../store/entities.ts'
import type { Actor, Library } from '../store/library.ts'
import { lastOperation, operate } from '../store/operations.ts'
import { withdrawRelationsOf } from '../store/relations.ts'
import { requireSource, say, unsay } from './assert.ts'
import { kindOf, parseAttributes } from './entities/list.ts'
import { entityView, readValue, viewAll } from './view.ts'

/** By name; of one kind where given, with the text in name or values where given. */
export function listEntities(
  lib: Library,
  filter: { kind?: EntityKind | undefined; text: string; limit?: number },
): Entity[] {
  const { limit = 2000 } = filter
  const text = fold(filter.text.trim())
  const heads = entityHeads(lib, filter.kind)
  if (!text) return viewAll(lib, heads.slice(0, limit))
  return viewAll(lib, heads)
    .filter((entity) => fold(`${entity.name} ${JSON.stringify(Object.values(entity.attributes))}`).includes(text))
    .slice(0, limit)
}

/** Case and compatibility forms folded, marks dropped: `É` finds `e`, `لأ` finds `لا`. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/**
 * Makes a record and, where a case is given, adds it there. Every attribute is said by the source given.
 *
 * @param id for what comes from elsewhere with an id of its own
 * @throws Failure request.invalid for attributes that the kind does not take; record.not-found for the case or source
 */
export function createEntity(
  lib: Library,
  input: EntityInput,
  caseId: string | null,
  actor: Actor,
  id: string = randomUUID(),
): Entity {
  const now = new Date().toISOString()
  const { kind, name, sourcing, tlp } = input
  const attributes = parseAttributes(kind, input.attributes)
  const step = { action: 'record.created', title: `created ${kindOf(kind).label.toLowerCase()} “${name}”`, subject: id }
  return operate(
    lib,
    actor,
    () => step,
    (record) => {
      requireSource(lib, sourcing)
      putEntity(lib, { id, kind, name, sourcing, tlp, revision: 1, createdAt: now, updatedAt: now })
      record('entity.created', id, { kind, name, sourcing, tlp, attributes })
      let place = 0
      for (const field of kindOf(kind).fields)
        for (const value of [attributes[field.name] ?? []].flat())
          say(lib, {
            entityId: id,
            kind,
            field,
            value,
            sourcing,
            validFrom: null,
            validUntil: null,
            note: '',
            at: now,
            place: place++,
          })
      if (caseId) includeEntity(lib, caseId, id, actor)
      return entityView(lib, id)
    },
  )
}

/**
 * Brings a record to what a form says, where it still has the revision that the form showed. A value that changed is said
 * anew by the source given; what another source says stands beside it. A value that is gone from the form is withdrawn.
 *
 * @throws Failure record.not-found | record.conflict | request.invalid
 */
export function updateEntity(
  lib: Library,
  id: string,
  revision: number,
  fields: Partial<Omit<EntityInput, 'kind'>>,
  actor: Actor,
): Entity {
  return operate(
    lib,
    actor,
    (after) => ({ action: 'record.updated', title: `changed “${after.name}”`, subject: after.id }),
    (record) => {
      const before = entityById(lib, id)
      if (before.revision !== revision) throw new Failure('record.conflict', before.name)
      const at = new Date().toISOString()
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
      const { name, tlp, sourcing } = { ...before, ...given } as typeof before
      requireSource(lib, sourcing)
      putEntity(lib, { ...before, name, tlp, sourcing, revision: revision + 1, updatedAt: at })
      if (fields.attributes)
        bring(lib, before.id, before.kind, parseAttributes(before.kind, fields.attributes), sourcing, at)
      record('entity.updated', before.id, { revision: revision + 1, fields: given })
      return entityView(lib, before.id)
    },
  )
}

/** Says what is new, takes back what is gone, and leaves everything else as it was said. */
function bring(
  lib: Library,
  entityId: string,
  kind: EntityKind,
  wanted: Record<string, unknown>,
  sourcing: EntityInput['sourcing'],
  at: string,
): void {
  const shown = entityView(lib, entityId).attributes
  for (const field of kindOf(kind).fields) {
    const [before, after] = [shown[field.name], wanted[field.name]]
    if (isDeepStrictEqual(before, after)) continue
    const [had, has] = [[before ?? []].flat(), [after ?? []].flat()]
    const standing = standingOf(lib, entityId, field.name).map((one) => ({
      ...one,
      text: canonical(readValue(kind, field, one.untrustedValue)),
    }))
    const [known, kept] = [new Set(had.map(canonical)), new Set(has.map(canonical))]
    // A single value that was replaced is dealt with by what is said: the same source corrects itself, others keep theirs.
    if (field.many || has.length === 0)
      for (const one of standing) if (known.has(one.text) && !kept.has(one.text)) unsay(lib, one.id, at)
    for (const value of has)
      if (!known.has(canonical(value)))
        say(lib, { entityId, kind, field, value, sourcing, validFrom: null, validUntil: null, note: '', at })
  }
}

/** Adds a record to a case; nothing happens where it is there. Joins the operation that is under way. */
export function includeEntity(lib: Library, caseId: string, entityId: string, actor: Actor): void {
  const step = ({ title, name }: { title: string; name: string }) => ({
    action: 'case.entity-added',
    title: `added “${name}” to the case “${title}”`,
    subject: caseId,
  })
  operate(lib, actor, step, (record) => {
    const { title } = caseById(lib, caseId)
    const { id, name } = entityById(lib, entityId)
    const now = new Date().toISOString()
    if (putCaseEntity(lib, caseId, id, now)) {
      touchCase(lib, caseId, now)
      record('case.entity-added', caseId, { entityId: id })
    }
    return { title, name }
  })
}

/** Takes the record out of this case; it stays in the library. @throws Failure record.not-found */
export function removeEntity(lib: Library, caseId: string, entityId: string, actor: Actor): void {
  const step = ({ title, name }: { title: string; name: string }) => ({
    action: 'case.entity-removed',
    title: `took “${name}” out of the case “${title}”`,
    subject: caseId,
  })
  operate(lib, actor, step, (record) => {
    const { title } = caseById(lib, caseId)
    const { id, name } = entityById(lib, entityId)
    if (!deleteCaseEntity(lib, caseId, id)) throw new Failure('record.not-found', 'The case does not hold this record.')
    touchCase(lib, caseId, new Date().toISOString())
    record('case.entity-removed', caseId, { entityId: id })
    return { title, name }
  })
}

/**
 * Takes a record and its relations out of the library. Its rows stay, so that undoing brings all of it back.
 *
 * @throws Failure record.not-found | record.conflict | record.in-use where standing statements cite it
 */
export function deleteEntity(lib: Library, id: string, revision: number, actor: Actor): Operation {
  return lib.change(actor, () => {
    const head = entityById(lib, id)
    if (head.revision !== revision) throw new Failure('record.conflict', head.name)
    const cited = citations(lib, head.id)
    if (cited.source + cited.reference)
      throw new Failure(
        'record.in-use',
        `“${head.name}” is the source of ${cited.source} and is referred to by ${cited.reference} standing statements.`,
      )
    const step = { action: 'record.removed', title: `removed “${head.name}”`, subject: head.id }
    operate(
      lib,
      actor,
      () => step,
      (record) => {
        const at = new Date().toISOString()
        withdrawRelationsOf(lib, head.id, at)
        for (const caseId of caseIdsOfEntity(lib, head.id)) {
          deleteCaseEntity(lib, caseId, head.id)
          touchCase(lib, caseId, at)
        }
        markRemoved(lib, head.id, at)
        record('entity.removed', head.id, { name: head.name })
      },
    )
    return lastOperation(lib)
  })
}
