/** Making several records one, and splitting them again. Both histories are kept, and nothing is rewritten. */
import { Failure } from '../errors.ts'
import { bumpEntity, entityById, entityRow, type EntityHead } from '../store/entities.ts'
import type { Actor, Library } from '../store/library.ts'
import { moveBack, moveInto } from '../store/merging.ts'
import { operate } from '../store/operations.ts'
import { kindOf } from './entities/list.ts'

/**
 * Merges records of one kind into one of them. What was said of each stands side by side afterwards; values that differ are
 * conflicts, not losses.
 *
 * @throws Failure record.not-found; request.invalid for another kind, or for the record itself
 */
export function merge(
  lib: Library,
  intoId: string,
  fromIds: readonly string[],
  reason: string,
  actor: Actor,
): EntityHead {
  const step = ({ into, from }: { into: EntityHead; from: readonly EntityHead[] }) => ({
    action: 'record.merged',
    title: `merged ${from.map((one) => `“${one.name}”`).join(', ')} into “${into.name}”`,
    subject: into.id,
  })
  return operate(lib, actor, step, (record) => {
    const into = entityById(lib, intoId)
    const from = [...new Set(fromIds)].map((id) => entityById(lib, id))
    for (const one of from) {
      if (one.id === into.id) throw new Failure('request.invalid', `“${one.name}” cannot be merged into itself.`)
      if (one.kind !== into.kind)
        throw new Failure(
          'request.invalid',
          `“${one.name}” is of the kind ${kindOf(one.kind).label}, “${into.name}” of the kind ${kindOf(into.kind).label}.`,
        )
    }
    const at = new Date().toISOString()
    for (const one of from) moveInto(lib, one.id, into.id, at)
    bumpEntity(lib, into.id, at)
    record('entity.merged', into.id, { from: from.map(({ id, name }) => ({ id, name })), reason })
    return { into, from }
  }).into
}

/**
 * Splits a merged record off again, with exactly what was said of it and of what had been merged into it before.
 *
 * @throws Failure record.not-found; request.invalid where it is not merged, or merged into one that is itself merged
 */
export function unmerge(lib: Library, id: string, actor: Actor): EntityHead {
  const step = ({ name }: EntityHead) => ({ action: 'record.split', title: `split “${name}” off again`, subject: id })
  return operate(lib, actor, step, (record) => {
    const { name, mergedInto } = entityRow(lib, id)
    if (!mergedInto) throw new Failure('request.invalid', `“${name}” is not merged into another record.`)
    const from = entityRow(lib, mergedInto)
    if (from.mergedInto)
      throw new Failure('request.invalid', `“${from.name}” is itself merged into another record; split that off first.`)
    const at = new Date().toISOString()
    moveBack(lib, id, from.id, at)
    bumpEntity(lib, from.id, at)
    record('entity.unmerged', id, { from: from.id })
    return entityRow(lib, id)
  })
}
