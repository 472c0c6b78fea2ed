/** Where sources, relations and analysts of a case differ. Every side is shown; none is chosen. */
import type { Relation } from '../../contract/cases.ts'
import type { Disagreement } from '../../contract/tradecraft.ts'
import { valueText } from '../../contract/values.ts'
import { LIKELIHOODS } from '../../contract/common.ts'
import { caseAssertions } from '../../store/assertions.ts'
import { caseById, filedItems } from '../../store/cases.ts'
import { caseEntityHeads, namesOf } from '../../store/entities.ts'
import { judgementsOfCase } from '../../store/judgements.ts'
import type { Library } from '../../store/library.ts'
import { caseRelations } from '../../store/relations.ts'
import { kindOf } from '../entities/list.ts'
import { ruleOf } from '../relations.ts'
import { fieldView, viewAssertion } from '../view.ts'

type Side = Disagreement['sides'][number]
const NONE: ReadonlySet<string> = new Set()

/** @throws Failure record.not-found */
export function disagreements(lib: Library, caseId: string): Disagreement[] {
  caseById(lib, caseId)
  return [...values(lib, caseId), ...relations(lib, caseId), ...judgements(lib, caseId)]
}

function values(lib: Library, caseId: string): Disagreement[] {
  const said = Map.groupBy(caseAssertions(lib, caseId), (one) => one.entityId)
  return caseEntityHeads(lib, caseId).flatMap(({ id, kind, name }) =>
    kindOf(kind).fields.flatMap((field): Disagreement[] => {
      const own = (said.get(id) ?? []).filter((one) => one.field === field.name)
      const view = fieldView(
        field,
        own.map((one) => viewAssertion(kind, one, NONE)),
      )
      if (!view.conflict && !view.standing.some((one) => one.disputed)) return []
      const names = namesOf(
        lib,
        view.standing.flatMap((one) => one.sourcing.sourceId ?? []),
      )
      const disputed = view.conflict ? view.standing : view.standing.filter((one) => one.disputed)
      return [
        {
          kind: 'value',
          subject: { kind, id, name },
          text: view.conflict
            ? `${field.label}: ${new Set(view.standing.map((one) => valueText(field.type, one.value))).size} values`
            : `${field.label}: disputed`,
          sides: disputed.map((one): Side => ({
            text: valueText(field.type, one.value, (ref) => namesOf(lib, [ref]).get(ref)),
            source: one.sourcing.sourceId ? (names.get(one.sourcing.sourceId) ?? '') : 'the analyst',
            grade: `${one.sourcing.reliability}${one.sourcing.credibility}`,
            disputed: one.disputed,
            statement: { assertionId: one.id },
          })),
        },
      ]
    }),
  )
}

/** Several attributions of one thing; denials and contradictions beside what they speak against; what is disputed. */
function relations(lib: Library, caseId: string): Disagreement[] {
  const all = caseRelations(lib, caseId)
  const names = namesOf(
    lib,
    all.flatMap(({ from, to, sourcing }) => [from.id, to.id, ...(sourcing.sourceId ? [sourcing.sourceId] : [])]),
  )
  const name = (id: string): string => names.get(id) ?? ''
  const side = (relation: Relation): Side => ({
    text: `${name(relation.from.id)} ${ruleOf(relation.type).label} ${name(relation.to.id)}`,
    source: relation.sourcing.sourceId ? name(relation.sourcing.sourceId) : 'the analyst',
    grade: `${relation.sourcing.reliability}${relation.sourcing.credibility}`,
    disputed: relation.disputed,
    statement: { relationId: relation.id },
  })
  const found: Disagreement[] = []
  const attributions = Map.groupBy(
    all.filter(({ type }) => type === 'attributed-to'),
    ({ from }) => from.id,
  )
  for (const [id, group] of attributions)
    if (new Set(group.map(({ to }) => to.id)).size > 1 || group.some(({ disputed }) => disputed))
      found.push({
        kind: 'attribution',
        subject: { ...group[0]!.from, name: name(id) },
        text: 'Attribution',
        sides: group.map(side),
      })
  const against = Map.groupBy(
    all.filter(({ type }) => type === 'denies' || type === 'contradicts'),
    ({ to }) => to.id,
  )
  for (const [id, group] of against) {
    const behind = all.filter(
      ({ type, from, to }) =>
        (from.id === id && type === 'attributed-to') ||
        (to.id === id && (type === 'corroborates' || type === 'supports')),
    )
    found.push({
      kind: 'claim',
      subject: { ...group[0]!.to, name: name(id) },
      text: 'Denied or contradicted',
      sides: [...behind, ...group].map(side),
    })
  }
  for (const relation of all)
    if (relation.disputed && relation.type !== 'attributed-to')
      found.push({
        kind: 'relation',
        subject: { ...relation.from, name: name(relation.from.id) },
        text: `“${ruleOf(relation.type).label}”: disputed`,
        sides: [side(relation)],
      })
  return found
}

/** One statement about one item, on which analysts stand on different sides of “roughly even”. */
function judgements(lib: Library, caseId: string): Disagreement[] {
  const place = (id: string | null): number => LIKELIHOODS.findIndex((one) => one.id === id)
  const even = place('roughly-even')
  const groups = Map.groupBy(
    judgementsOfCase(lib, caseId),
    ({ evidenceId, statement }) => `${evidenceId} ${statement.trim().toLowerCase()}`,
  )
  const items = new Set(filedItems(lib, caseId).map(({ evidenceId }) => evidenceId))
  return [...groups.values()].flatMap((group): Disagreement[] => {
    // A change of mind is no disagreement: the newest of each author counts, and they come newest first.
    const last = [...new Map(group.toReversed().map((one) => [one.author, one])).values()]
    const said = last.filter((one) => one.likelihood !== null)
    const { evidenceId, statement } = group[0]!
    if (!items.has(evidenceId)) return []
    if (!said.some((one) => place(one.likelihood) < even) || !said.some((one) => place(one.likelihood) > even))
      return []
    return [
      {
        kind: 'judgement',
        subject: { kind: 'evidence', id: evidenceId, name: namesOf(lib, [evidenceId]).get(evidenceId) ?? '' },
        text: statement,
        sides: said.map((one) => ({
          text: LIKELIHOODS[place(one.likelihood)]!.label,
          source: one.author,
          grade: '',
          disputed: false,
          statement: null,
        })),
      },
    ]
  })
}
