/** Records and what is said of them: what is new comes in, what differs stands beside ours. */
import type { Tlp } from '../../contract/common.ts'
import { kindOf } from '../../cases/entities/list.ts'
import { foreignId } from '../../cases/exchange/foreign.ts'
import { strictest } from '../../store/evidence.ts'
import { entityRowOf, statedOf, type AssertionRow, type EntityRow } from '../../store/exchange/rows.ts'
import type { Library } from '../../store/library.ts'
import { told, type Ground } from './ground.ts'
import type { AddedStatement } from './plan.ts'
import { statement } from './source.ts'

export interface RecordsPlan {
  readonly entities: EntityRow[]
  readonly statements: AddedStatement[]
  readonly marks: { readonly id: string; readonly tlp: Tlp }[]
}

/** @param keepBeside for what no field of the record can hold */
export function planRecords(ground: Ground, keepBeside: (key: string, text: string) => void): RecordsPlan {
  const { lib, parcel, source, gone, left, conflicts, count, isHere, holderOf, sourced } = ground
  const entities: EntityRow[] = []
  const statements: AddedStatement[] = []
  const marks: { id: string; tlp: Tlp }[] = []
  for (const row of parcel.records.entities) {
    const { id, kind, name } = row
    const label = kindOf(kind).label
    if (gone.has(id)) {
      count(kind, 'differs')
      left.add(`The ${label.toLowerCase()} “${name}” was removed here, and stays removed.`)
      continue
    }
    const here = isHere(id) ? entityRowOf(lib, id) : null
    let differs = false
    const tell = (field: string, ours: string, other: string, outcome: string): void => {
      differs = true
      conflicts.push({ kind, id, name: here?.name ?? name, field, ours, theirs: other, outcome })
    }
    if (!here) {
      const into = row.mergedInto !== null && holderOf(row.mergedInto) !== null ? row.mergedInto : null
      entities.push({
        ...row,
        sourcing: sourced(row.sourcing),
        mergedInto: into,
        mergedAt: into && row.mergedAt,
        revision: 1,
        assertions: [],
      })
    } else {
      if (here.name !== row.name) {
        const known = aliasesOf(here).includes(row.name)
        if (kindOf(kind).values.has('aliases')) {
          const alias = statement(
            foreignId(`${id} name ${row.name}`),
            id,
            'aliases',
            { name: row.name, by: '' },
            row.updatedAt,
            source,
          )
          if (!known && statedOf(lib, alias.id) === undefined)
            statements.push({ holder: holderOf(id) ?? id, row: alias })
        } else
          keepBeside(`name ${id} ${row.name}`, `Their name of the ${label.toLowerCase()} “${here.name}”: ${row.name}`)
        if (!known) tell('name', here.name, row.name, 'ours stays; theirs is kept as another name')
      }
      if (strictest([here.tlp, row.tlp]) !== here.tlp) {
        marks.push({ id, tlp: row.tlp })
        tell('handling mark', here.tlp, row.tlp, 'theirs is stricter and is taken')
      }
      if ((here.mergedInto === null) !== (row.mergedInto === null))
        tell('merge', here.mergedInto ? 'merged' : 'not merged', row.mergedInto ? 'merged' : 'not merged', 'ours stays')
    }
    const added: AssertionRow[] = []
    for (const one of row.assertions) {
      const outcome = assertionOf(lib, kind, one)
      if (outcome === 'unfit') left.add(`${label} “${name}”: a value of ${one.field} that this version cannot hold.`)
      else if (outcome === 'same') {
        const ours = here?.assertions.find((other) => other.id === one.id)
        if (ours && (ours.withdrawnAt === null) !== (one.withdrawnAt === null))
          tell(
            one.field,
            `${told(ours.value)} (${ours.withdrawnAt ? 'withdrawn' : 'stands'})`,
            one.withdrawnAt ? 'withdrawn' : 'stands',
            'ours stays',
          )
      } else {
        const holder = holderOf(one.statedOf) ?? holderOf(id)
        if (!holder) continue
        added.push(one)
        statements.push({
          holder,
          row: {
            ...one,
            // What takes its place must be here to be pointed at.
            supersededBy:
              one.supersededBy &&
              (statedOf(lib, one.supersededBy) || row.assertions.some((other) => other.id === one.supersededBy))
                ? one.supersededBy
                : null,
            sourcing: sourced(one.sourcing),
          },
        })
      }
    }
    if (here)
      for (const one of sideBySide(kind, here, added)) tell(one.field, one.ours, one.theirs, 'both stand side by side')
    count(kind, !here ? 'added' : differs || added.length ? 'differs' : 'same')
  }
  return { entities, statements, marks }
}

const aliasesOf = (row: EntityRow): string[] =>
  row.assertions.flatMap(({ field, value }) => {
    if (field !== 'aliases') return []
    return typeof value === 'string' ? [value] : [String((value as { name?: unknown } | null)?.name ?? '')]
  })

/** Whether a statement is here already, and whether this version can hold its value. */
function assertionOf(lib: Library, kind: EntityRow['kind'], one: AssertionRow): 'same' | 'added' | 'unfit' {
  const of = statedOf(lib, one.id)
  if (of !== undefined) return of === one.statedOf ? 'same' : 'unfit'
  return kindOf(kind).values.get(one.field)?.safeParse(one.value).success ? 'added' : 'unfit'
}

/** Fields with one value in which what is added is not what stands here. */
function sideBySide(
  kind: EntityRow['kind'],
  here: EntityRow,
  added: readonly AssertionRow[],
): { field: string; ours: string; theirs: string }[] {
  const stands = (rows: readonly AssertionRow[], field: string): string[] =>
    rows.filter((one) => one.field === field && one.withdrawnAt === null).map(({ value }) => told(value))
  return kindOf(kind)
    .fields.filter(({ many }) => !many)
    .flatMap(({ name, label }) => {
      const ours = stands(here.assertions, name)
      const theirs = stands(added, name).filter((value) => !ours.includes(value))
      return ours.length && theirs.length ? [{ field: label, ours: ours.join(' / '), theirs: theirs.join(' / ') }] : []
    })
}
