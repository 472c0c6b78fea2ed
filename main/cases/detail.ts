/** One record with everything said about it. */
import type { LinkView, RecordDetail } from '../contract/records.ts'
import type { Cell, Reference } from '../contract/values.ts'
import { assertionsOf } from '../store/assertions.ts'
import { caseIdsOfEntity } from '../store/cases.ts'
import { entityById, mergedInto, namesOf } from '../store/entities.ts'
import type { Library } from '../store/library.ts'
import { relationsOf } from '../store/relations.ts'
import { replacedAmong } from '../store/supports.ts'
import { kindOf } from './entities/list.ts'
import { citedFindings, fieldView, viewAll, viewAssertion } from './view.ts'

/** A merged id gives the record that stands for it. @throws Failure record.not-found */
export function recordDetail(lib: Library, id: string): RecordDetail {
  const head = entityById(lib, id)
  const [said, relations] = [assertionsOf(lib, head.id), relationsOf(lib, head.id)]
  const replaced = replacedAmong(lib, [...said, ...relations].flatMap(citedFindings))
  const assertions = said.map((one) => viewAssertion(head.kind, one, replaced))
  const ends = relations.map(({ from, to }) => (from.id === head.id ? to : from))
  const pointedAt = assertions.flatMap(({ value }) => (value as Partial<Reference & Cell> | null)?.ref ?? [])
  const sources = [head, ...said, ...relations].flatMap(({ sourcing }) => [
    ...(sourcing.sourceId ? [sourcing.sourceId] : []),
    ...sourcing.supports.flatMap((support) => [support.sourceId ?? [], support.evidenceId ?? []].flat()),
  ])
  const names = namesOf(lib, [...sources, ...pointedAt, ...ends.map((end) => end.id)])
  return {
    entity: viewAll(lib, [head])[0]!,
    fields: kindOf(head.kind)
      .fields.map((field) =>
        fieldView(
          field,
          assertions.filter((one) => one.field === field.name),
        ),
      )
      .filter((view) => view.standing.length + view.history.length > 0),
    links: relations.map((relation, n): LinkView => ({
      relation,
      direction: relation.from.id === head.id ? 'from' : 'to',
      other: { ...ends[n]!, name: names.get(ends[n]!.id) ?? '' },
      replacedFindings: citedFindings(relation).filter((finding) => replaced.has(finding)),
    })),
    merged: mergedInto(lib, head.id).map((one) => ({
      id: one.id,
      name: one.name,
      kind: one.kind,
      mergedAt: one.mergedAt!,
    })),
    caseIds: caseIdsOfEntity(lib, head.id),
    names: Object.fromEntries(names),
  }
}
