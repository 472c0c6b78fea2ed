/** What rests on an item or a finding: the way back from evidence to what was concluded from it. */
import type { NodeRef } from '../contract/cases.ts'
import type { Judgement } from '../contract/findings.ts'
import type { Resting } from '../contract/records.ts'
import { valueText } from '../contract/values.ts'
import { assertionById } from '../store/assertions.ts'
import { entityById, namesOf } from '../store/entities.ts'
import { evidenceById } from '../store/evidence.ts'
import { findingById } from '../store/findings.ts'
import { judgementsOf, judgementsOfCase } from '../store/judgements.ts'
import type { Library } from '../store/library.ts'
import { relationById } from '../store/relations.ts'
import { holdersOf, replacedAmong, replacedInCase, type Holder } from '../store/supports.ts'
import { Failure } from '../errors.ts'
import { fieldOf } from './entities/list.ts'
import { ruleOf } from './relations.ts'
import { readValue } from './view.ts'

type Target = { evidenceId: string } | { findingId: string }

/** Standing assertions and relations first, then judgements. @throws Failure record.not-found */
export function restingOn(lib: Library, target: Target): Resting[] {
  if ('evidenceId' in target) evidenceById(lib, target.evidenceId)
  else if (!findingById(lib, target.findingId)) throw new Failure('record.not-found', 'There is no such finding.')
  return [...holdersOf(lib, target).flatMap((holder) => statement(lib, holder, target)), ...judged(lib, target)]
}

/** What in a case rests on findings that a later run replaced. */
export function outdated(lib: Library, caseId: string): Resting[] {
  const members = new Set(judgementsOfCase(lib, caseId).map((judgement) => judgement.id))
  return replacedInCase(lib, caseId).flatMap((findingId) => [
    ...holdersOf(lib, { findingId }).flatMap((holder) => statement(lib, holder, { findingId })),
    ...judged(lib, { findingId }).filter((one) => members.has(one.id)),
  ])
}

function statement(lib: Library, { kind, id }: Holder, target: Target): Resting[] {
  const { subject, text, sourcing } = kind === 'assertion' ? assertionWords(lib, id) : relationWords(lib, id)
  const replaced = replacedAmong(
    lib,
    sourcing.supports.flatMap((support) => support.findingId ?? []),
  )
  return sourcing.supports
    .filter((support) =>
      'evidenceId' in target ? support.evidenceId === target.evidenceId : support.findingId === target.findingId,
    )
    .map((support) => ({
      kind,
      id,
      subject,
      text,
      support,
      replaced: support.findingId !== undefined && replaced.has(support.findingId),
    }))
}

function assertionWords(lib: Library, id: string) {
  const said = assertionById(lib, id)
  const head = entityById(lib, said.entityId)
  const field = fieldOf(head.kind, said.field)
  const value = readValue(head.kind, field, said.untrustedValue)
  const text = valueText(field.type, value, (ref) => namesOf(lib, [ref]).get(ref))
  return { subject: named(lib, head), text: `${field.label}: ${text}`, sourcing: said.sourcing }
}

function relationWords(lib: Library, id: string) {
  const { type, from, to, sourcing } = relationById(lib, id)
  return { subject: named(lib, from), text: `${ruleOf(type).label} “${named(lib, to).name}”`, sourcing }
}

const named = (lib: Library, { kind, id }: NodeRef): Resting['subject'] => ({
  kind,
  id,
  name: namesOf(lib, [id]).get(id) ?? '',
})

function judged(lib: Library, target: Target): Resting[] {
  const evidenceId = 'evidenceId' in target ? target.evidenceId : findingById(lib, target.findingId)!.evidenceId
  const judgements = judgementsOf(lib, evidenceId).filter(
    (judgement) => 'evidenceId' in target || judgement.findingIds.includes(target.findingId),
  )
  const replaced = replacedAmong(
    lib,
    judgements.flatMap((judgement) => judgement.findingIds),
  )
  return judgements.map((judgement: Judgement) => ({
    kind: 'judgement',
    id: judgement.id,
    subject: named(lib, { kind: 'evidence', id: evidenceId }),
    text: judgement.statement,
    support: 'findingId' in target ? { evidenceId, findingId: target.findingId } : null,
    replaced:
      'findingId' in target
        ? replaced.has(target.findingId)
        : judgement.findingIds.some((finding) => replaced.has(finding)),
  }))
}
