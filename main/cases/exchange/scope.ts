/** What is exported: the library, or cases with everything that their records rest on. */
import type { CaseFields } from '../../contract/cases.ts'
import { TLP_LEVELS, type Tlp } from '../../contract/common.ts'
import type { Evidence } from '../../contract/intake.ts'
import type { Judgement } from '../../contract/findings.ts'
import { Failure } from '../../errors.ts'
import { evidenceById, listEvidence, strictest } from '../../store/evidence.ts'
import { keptObjects, type Kept } from '../../store/exchange/kept.ts'
import {
  caseEntityIds,
  caseIds,
  caseRowOf,
  entityIds,
  entityRowOf,
  judgementRowsOf,
  relationRowsOf,
  type CaseRow,
  type EntityRow,
  type RelationRow,
} from '../../store/exchange/rows.ts'
import type { Library } from '../../store/library.ts'

export interface Exported {
  /** The whole library rather than some cases. */
  readonly whole: boolean
  /** By id. */
  readonly entities: ReadonlyMap<string, EntityRow>
  readonly evidence: ReadonlyMap<string, Evidence>
  readonly relations: readonly RelationRow[]
  readonly cases: readonly CaseRow[]
  readonly judgements: readonly Judgement[]
  readonly kept: readonly Kept[]
  /** The strictest mark of anything in it. */
  readonly tlp: Tlp
}

/**
 * @param cases ids; empty for the whole library
 * @throws Failure record.not-found
 */
export function exported(lib: Library, cases: readonly string[]): Exported {
  const whole = cases.length === 0
  const rows = (whole ? caseIds(lib) : [...new Set(cases)].sort()).map((id) => {
    const row = caseRowOf(lib, id)
    if (!row) throw new Failure('record.not-found', `There is no case ${id}.`)
    return row
  })
  const entities = new Map<string, EntityRow>()
  const wanted = whole ? entityIds(lib) : rows.flatMap((row) => caseEntityIds(lib, row.id))
  while (wanted.length) {
    const id = wanted.pop()!
    if (entities.has(id)) continue
    const row = entityRowOf(lib, id)
    if (!row) continue
    entities.set(id, row)
    if (!whole) wanted.push(...restsOn(row))
  }
  const items = whole ? listEvidence(lib).map(({ id }) => id) : rows.flatMap((row) => row.evidence.map(({ id }) => id))
  const evidence = new Map([...new Set(items)].sort().map((id) => [id, evidenceById(lib, id)] as const))

  const there = (node: RelationRow['from']): boolean =>
    node.kind === 'evidence' ? evidence.has(node.id) : entities.has(node.id)
  const relations = [...entities.keys(), ...evidence.keys()]
    .flatMap((id) => relationRowsOf(lib, id))
    .filter((row) => there(row.from) && there(row.to))
  if (!whole) for (const { sourcing } of relations) if (sourcing.sourceId) add(lib, entities, sourcing.sourceId)
  const inside = new Set(rows.map(({ id }) => id))
  const judgements = [...evidence.keys()]
    .flatMap((id) => judgementRowsOf(lib, id))
    .filter((one) => one.caseId === null || inside.has(one.caseId))
  const marks = [
    ...[...entities.values()].map(({ tlp }) => tlp),
    ...[...evidence.values()].map(({ tlp }) => tlp),
    ...rows.map(({ fields }) => (fields satisfies CaseFields).tlp),
  ]
  return {
    whole,
    entities: new Map([...entities].sort(([a], [b]) => (a < b ? -1 : 1))),
    evidence,
    relations: relations.sort((a, b) => (a.id < b.id ? -1 : 1)),
    cases: rows,
    judgements: judgements.sort((a, b) => (a.id < b.id ? -1 : 1)),
    kept: keptObjects(lib),
    tlp: marks.length ? strictest(marks) : 'CLEAR',
  }
}

/** Sources that it cites, records that it points at, and what it was merged into. */
const restsOn = (row: EntityRow): string[] => [
  ...(row.sourcing.sourceId ? [row.sourcing.sourceId] : []),
  ...(row.mergedInto ? [row.mergedInto] : []),
  ...row.assertions.flatMap(({ value, sourcing }) => {
    const { ref } = (value ?? {}) as { ref?: unknown }
    return [...(sourcing.sourceId ? [sourcing.sourceId] : []), ...(typeof ref === 'string' ? [ref] : [])]
  }),
]

function add(lib: Library, entities: Map<string, EntityRow>, id: string): void {
  const row = entities.has(id) ? null : entityRowOf(lib, id)
  if (!row) return
  entities.set(id, row)
  for (const next of restsOn(row)) add(lib, entities, next)
}

/**
 * Refuses, by name, what a lower mark may not carry.
 *
 * @throws Failure report.handling
 */
export function refuseAbove({ entities, evidence, cases }: Exported, tlp: Tlp): void {
  const above = (mark: Tlp): boolean => TLP_LEVELS.indexOf(mark) > TLP_LEVELS.indexOf(tlp)
  const names = [
    ...[...cases].filter(({ fields }) => above(fields.tlp)).map(({ fields }) => `${fields.title} (${fields.tlp})`),
    ...[...entities.values()].filter((one) => above(one.tlp)).map((one) => `${one.name} (${one.tlp})`),
    ...[...evidence.values()].filter((one) => above(one.tlp)).map((one) => `${one.name} (${one.tlp})`),
  ]
  if (!names.length) return
  const more = names.length > 20 ? ` and ${names.length - 20} more` : ''
  throw new Failure('report.handling', `Above TLP:${tlp}: ${names.slice(0, 20).join(', ')}${more}.`)
}
