/** Entities: the people, groups, accounts and events that cases speak of. One library-wide record each, in many cases. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Entity, EntityInput, EntityKind } from '../contract/cases.ts'
import { Failure } from '../errors.ts'
import {
  caseById,
  deleteCaseEntity,
  entityById,
  findEntities,
  putCaseEntity,
  putEntity,
  touchCase,
} from '../store/cases.ts'
import type { Actor, Library } from '../store/library.ts'
import { parseAttributes } from './entities/list.ts'

type Input = z.infer<typeof EntityInput>

/** By name; of one kind where given, with the text in name or attributes where given. */
export const listEntities = (lib: Library, filter: { kind?: EntityKind | undefined; text: string }): Entity[] =>
  findEntities(lib, filter)

/**
 * Makes an entity and, where a case is given, adds it there.
 *
 * @throws Failure request.invalid for attributes that the kind does not take; record.not-found for the case or source
 */
export function createEntity(lib: Library, input: Input, caseId: string | null, actor: Actor): Entity {
  const now = new Date().toISOString()
  const made: Entity = {
    ...input,
    attributes: parseAttributes(input.kind, input.attributes),
    conflicts: [],
    id: randomUUID(),
    createdAt: now,
    updatedAt: now,
    revision: 1,
  }
  return lib.change(actor, (record) => {
    requireSource(lib, made.sourcing.sourceId)
    putEntity(lib, made)
    record('entity.created', made.id, made)
    if (caseId) includeEntity(lib, caseId, made.id, actor)
    return made
  })
}

/**
 * Changes the fields given, where the entity still has the revision that the caller saw. Attributes are replaced whole.
 *
 * @throws Failure record.not-found | record.conflict | request.invalid
 */
export function updateEntity(
  lib: Library,
  id: string,
  revision: number,
  fields: Partial<Omit<Input, 'kind'>>,
  actor: Actor,
): Entity {
  return lib.change(actor, (record) => {
    const before = entityById(lib, id)
    if (before.revision !== revision) throw new Failure('record.conflict', before.name)
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
    const after: Entity = { ...before, ...given, revision: revision + 1, updatedAt: new Date().toISOString() }
    after.attributes = parseAttributes(after.kind, after.attributes)
    requireSource(lib, after.sourcing.sourceId)
    putEntity(lib, after)
    record('entity.updated', id, { revision: after.revision, fields: given })
    return after
  })
}

/** Adds an entity to a case; nothing happens where it is there. Joins the change that is under way. */
export function includeEntity(lib: Library, caseId: string, entityId: string, actor: Actor): void {
  lib.change(actor, (record) => {
    caseById(lib, caseId)
    entityById(lib, entityId)
    const now = new Date().toISOString()
    if (!putCaseEntity(lib, caseId, entityId, now)) return
    touchCase(lib, caseId, now)
    record('case.entity-added', caseId, { entityId })
  })
}

/** Takes the entity out of this case; it stays in the library. @throws Failure record.not-found */
export function removeEntity(lib: Library, caseId: string, entityId: string, actor: Actor): void {
  lib.change(actor, (record) => {
    caseById(lib, caseId)
    if (!deleteCaseEntity(lib, caseId, entityId))
      throw new Failure('record.not-found', 'The case does not hold this record.')
    touchCase(lib, caseId, new Date().toISOString())
    record('case.entity-removed', caseId, { entityId })
  })
}

/** What is cited as a source must be one. @throws Failure record.not-found | request.invalid */
export function requireSource(lib: Library, sourceId: string | null): void {
  if (sourceId && entityById(lib, sourceId).kind !== 'source')
    throw new Failure('request.invalid', 'What is cited as the source is not a source record.')
}
