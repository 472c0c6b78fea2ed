/** Two states of one record side by side, in words. */
import type { CaseFields } from '../../contract/cases.ts'
import type { ImportPreview } from '../../contract/exchange.ts'
import type { EntityRow } from '../../store/exchange/rows.ts'
import { kindOf } from '../entities/list.ts'
import { textsOf, type NameOf } from './plain.ts'

type Difference = ImportPreview['conflicts'][number]['differences'][number]

const FIELDS = 20
const LONGEST = 2000

const differing = (all: readonly Difference[]): Difference[] =>
  all
    .filter(({ here, there }) => here !== there)
    .slice(0, FIELDS)
    .map(({ field, here, there }) => ({ field, here: here.slice(0, LONGEST), there: there.slice(0, LONGEST) }))

/** Name, mark, and every field of which other values stand; several values one a line, in no order of their own. */
export function recordDifferences(here: EntityRow, there: EntityRow, nameOf: NameOf): Difference[] {
  const values = (row: EntityRow, field: string): string => textsOf(row, field, nameOf).sort().join('\n')
  return differing([
    { field: 'Name', here: here.name, there: there.name },
    { field: 'Handling mark', here: `TLP:${here.tlp}`, there: `TLP:${there.tlp}` },
    ...kindOf(here.kind).fields.map(({ name, label }) => ({
      field: label,
      here: values(here, name),
      there: values(there, name),
    })),
  ])
}

export const caseDifferences = (here: CaseFields, there: CaseFields): Difference[] =>
  differing([
    { field: 'Title', here: here.title, there: there.title },
    { field: 'Question', here: here.question, there: there.question },
    { field: 'Status', here: here.status, there: there.status },
    { field: 'Owner', here: here.owner, there: there.owner },
    { field: 'Handling mark', here: `TLP:${here.tlp}`, there: `TLP:${there.tlp}` },
    { field: 'Summary', here: here.summary, there: there.summary },
    ...(['actor', 'behaviour', 'content', 'degree', 'effect'] as const).map((part) => ({
      field: `${part[0]!.toUpperCase()}${part.slice(1)}`,
      here: here.abcde[part],
      there: there.abcde[part],
    })),
  ])
