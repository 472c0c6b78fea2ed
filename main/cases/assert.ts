/** Saying one value of a record, disputing it, and no longer saying it. */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { EntityKind, FieldInfo } from '../contract/cases.ts'
import type { DatedValue, Sourcing } from '../contract/common.ts'
import type { AssertionInput, Operation, Statement } from '../contract/records.ts'
import { overlap } from '../contract/time.ts'
import { type Cell, type Reference, valueText } from '../contract/values.ts'
import { Failure } from '../errors.ts'
import { canonical } from '../store/audit.ts'
import {
  assertionById,
  insertAssertion,
  markAssertion,
  nextPlace,
  retireAssertion,
  standingOf,
  type StoredAssertion,
} from '../store/assertions.ts'
import { bumpEntity, entityById, namesOf, rootOf } from '../store/entities.ts'
import { evidenceById } from '../store/evidence.ts'
import { findingById } from '../store/findings.ts'
import type { Actor, Library } from '../store/library.ts'
import { lastOperation, operate } from '../store/operations.ts'
import { putRelation, relationById, withdrawRelation } from '../store/relations.ts'
import { fieldOf, kindOf } from './entities/list.ts'
import { followMatch } from './matched-footage.ts'
import { ruleOf } from './relations.ts'
import { readValue } from './view.ts'

interface Saying {
  readonly entityId: string
  readonly kind: EntityKind
  readonly field: FieldInfo
  /** As the field's schema made it. */
  readonly value: unknown
  readonly sourcing: Sourcing
  readonly validFrom: DatedValue | null
  readonly validUntil: DatedValue | null
  readonly note: string
  readonly at: string
  readonly place?: number
}

/**
 * Writes an assertion, inside an operation. What the same source said before about the same time gives way to it; where it
 * said just this, nothing is written. What others say stays.
 *
 * @param instead another standing assertion that gives way as well
 * @returns the id of the assertion that now stands for it
 */
export function say(lib: Library, saying: Saying, instead?: StoredAssertion): string {
  const { entityId, kind, field, value, sourcing, validFrom, validUntil, note, at } = saying
  requireTarget(lib, field, value)
  const source = sourcing.sourceId && rootOf(lib, sourcing.sourceId)
  const text = canonical(value)
  const own = standingOf(lib, entityId, field.name).filter((one) => one.sourcing.sourceId === source)
  const gives = own.filter((one) => {
    const read = readValue(kind, field, one.untrustedValue)
    if (field.type === 'cell') return (read as Cell).ref === (value as Cell).ref
    return field.many ? canonical(read) === text : overlap(one, saying)
  })
  const same = gives.find(
    (one) =>
      canonical(readValue(kind, field, one.untrustedValue)) === text &&
      isDeepStrictEqual([one.validFrom, one.validUntil, one.note], [validFrom, validUntil, note]) &&
      canonical({ ...one.sourcing, sourceId: null }) === canonical({ ...sourcing, sourceId: null }),
  )
  if (same && (!instead || instead.id === same.id)) return same.id
  const id = randomUUID()
  const place = saying.place ?? nextPlace(lib, entityId)
  insertAssertion(lib, {
    id,
    entityId,
    field: field.name,
    value,
    sourcing,
    validFrom,
    validUntil,
    note,
    place,
    createdAt: at,
  })
  for (const one of new Set([...gives.map((known) => known.id), ...(instead ? [instead.id] : [])]))
    retireAssertion(lib, one, at, id)
  return id
}

/** No longer says it, inside an operation. */
export function unsay(lib: Library, assertionId: string, at: string): void {
  if (!retireAssertion(lib, assertionId, at))
    throw new Failure('record.not-found', 'There is no such assertion, or it was withdrawn before.')
}

/**
 * States one value of a record.
 *
 * @throws Failure record.not-found | record.conflict | request.invalid
 */
export function assertValue(
  lib: Library,
  input: { entityId: string; revision: number; assertion: AssertionInput; supersedes: string | null },
  actor: Actor,
): void {
  const head = entityById(lib, input.entityId)
  const { field: fieldName, value: untrustedValue, sourcing, validFrom, validUntil, note } = input.assertion
  const field = fieldOf(head.kind, fieldName)
  const parsed = kindOf(head.kind).values.get(field.name)!.safeParse(untrustedValue)
  if (!parsed.success)
    throw new Failure(
      'request.invalid',
      parsed.error.issues.map((issue) => `${field.label}: ${issue.message}`).join('; '),
    )
  const value = parsed.data
  const text = valueText(field.type, value)
  const step = { action: 'value.said', title: `“${head.name}”: ${field.label}: ${text.slice(0, 80)}`, subject: head.id }
  operate(
    lib,
    actor,
    () => step,
    (record) => {
      if (entityById(lib, head.id).revision !== input.revision) throw new Failure('record.conflict', head.name)
      requireSource(lib, sourcing)
      const instead = input.supersedes ? requireOwn(lib, input.supersedes, head.id, field.name) : undefined
      const at = new Date().toISOString()
      const id = say(
        lib,
        { entityId: head.id, kind: head.kind, field, value, sourcing, validFrom, validUntil, note, at },
        instead,
      )
      bumpEntity(lib, head.id, at)
      record('assertion.stated', head.id, { id, supersedes: input.supersedes, ...input.assertion, value })
    },
  )
}

function requireOwn(lib: Library, id: string, entityId: string, field: string): StoredAssertion {
  const known = assertionById(lib, id)
  if (known.entityId !== entityId || known.field !== field || known.withdrawnAt !== null)
    throw new Failure('request.invalid', 'The assertion to replace does not stand in this field of this record.')
  return known
}

/** Marks a value or a relation as disputed, or takes the mark off. @throws Failure record.not-found */
export function dispute(lib: Library, of: Statement, disputed: boolean, reason: string, actor: Actor): Operation {
  return lib.change(actor, () => {
    const { subject, words } = wordsOf(lib, of)
    const title = `${disputed ? 'disputed' : 'no longer disputed'}: ${words}`
    operate(
      lib,
      actor,
      () => ({ action: 'statement.disputed', title, subject }),
      (record) => {
        if ('assertionId' in of) {
          const { entityId, withdrawnAt } = assertionById(lib, of.assertionId)
          if (withdrawnAt !== null) throw new Failure('record.not-found', 'The assertion was withdrawn.')
          markAssertion(lib, of.assertionId, disputed, reason)
          bumpEntity(lib, entityId, new Date().toISOString())
          record('assertion.disputed', entityId, { ...of, disputed, reason })
        } else {
          const known = relationById(lib, of.relationId)
          putRelation(lib, { ...known, disputed, note: reason || known.note })
          record('relation.disputed', known.id, { disputed, reason })
        }
      },
    )
    return lastOperation(lib)
  })
}

/** No longer states a value or a relation; it stays in the history. @throws Failure record.not-found */
export function withdraw(lib: Library, of: Statement, reason: string, actor: Actor): Operation {
  return lib.change(actor, () => {
    const { subject, words } = wordsOf(lib, of)
    operate(
      lib,
      actor,
      () => ({ action: 'statement.withdrawn', title: `withdrew: ${words}`, subject }),
      (record) => {
        const at = new Date().toISOString()
        if ('assertionId' in of) {
          unsay(lib, of.assertionId, at)
          bumpEntity(lib, subject, at)
          record('assertion.withdrawn', subject, { ...of, reason })
        } else {
          if (!withdrawRelation(lib, of.relationId, at)) throw new Failure('record.not-found')
          record('relation.withdrawn', of.relationId, { reason })
          followMatch(lib, record, of.relationId)
        }
      },
    )
    return lastOperation(lib)
  })
}

/** A statement in words, such as “@a”: State: removed. @throws Failure record.not-found */
export function wordsOf(lib: Library, of: Statement): { subject: string; words: string } {
  if ('relationId' in of) {
    const { id, type, from, to } = relationById(lib, of.relationId)
    const names = namesOf(lib, [from.id, to.id])
    return { subject: id, words: `“${names.get(from.id) ?? ''}” ${ruleOf(type).label} “${names.get(to.id) ?? ''}”` }
  }
  const said = assertionById(lib, of.assertionId)
  const { id, kind, name } = entityById(lib, said.entityId)
  const field = fieldOf(kind, said.field)
  const value = valueText(field.type, readValue(kind, field, said.untrustedValue), (ref) =>
    namesOf(lib, [ref]).get(ref),
  )
  return { subject: id, words: `“${name}”: ${field.label}: ${value.slice(0, 200)}` }
}

/**
 * What is cited must be there: the source, and every place that the statement rests on.
 *
 * @throws Failure record.not-found | request.invalid
 */
export function requireSource(lib: Library, sourcing: Sourcing): void {
  const sources = [sourcing.sourceId, ...sourcing.supports.map((support) => support.sourceId)]
  for (const id of sources)
    if (id && entityById(lib, id).kind !== 'source')
      throw new Failure('request.invalid', 'What is cited as the source is not a source record.')
  for (const { evidenceId, findingId, start, end } of sourcing.supports) {
    if (evidenceId) evidenceById(lib, evidenceId)
    if (start !== undefined && end !== undefined && end < start)
      throw new Failure('request.invalid', 'A time range ends before it starts.')
    if (!findingId) continue
    const finding = findingById(lib, findingId)
    if (!finding) throw new Failure('record.not-found', `There is no finding ${findingId}.`)
    if (evidenceId && finding.evidenceId !== evidenceId)
      throw new Failure('request.invalid', `The finding ${findingId} is about another item.`)
  }
}

/** What a reference or a cell points at must be there, and of a kind that the field takes. */
function requireTarget(lib: Library, field: FieldInfo, value: unknown): void {
  if (field.type === 'reference') {
    const { kind } = entityById(lib, (value as Reference).ref)
    if (field.kinds && !field.kinds.includes(kind))
      throw new Failure('request.invalid', `${field.label}: a record of the kind ${kind} does not fit here.`)
  }
  if (field.type === 'cell') {
    const { of, ref } = value as Cell
    if (of === 'evidence') evidenceById(lib, ref)
    else if (of === 'finding') {
      if (!findingById(lib, ref)) throw new Failure('record.not-found', 'There is no such finding.')
    } else if (of === 'entity') entityById(lib, ref)
    else if (of === 'assertion') assertionById(lib, ref)
    else relationById(lib, ref)
  }
}
