/** The case itself: ours stays as it is; members and tasks that it lacks come in. */
import { canonical } from '../../store/audit.ts'
import { caseRowOf, type CaseRow } from '../../store/exchange/rows.ts'
import { told, type Ground } from './ground.ts'
import type { Plan } from './plan.ts'

/** @param keepBeside for what differs in the case and cannot stand beside ours */
export function planCase(ground: Ground, keepBeside: (key: string, text: string) => void): Plan['dossier'] {
  const { lib, parcel, items, conflicts, count, holderOf } = ground
  const { records } = parcel
  const here = caseRowOf(lib, records.case.id)
  if (here) {
    const fields = Object.keys(records.case.fields) as (keyof CaseRow['fields'])[]
    const other = fields.filter(
      (key) => canonical(here.fields[key] ?? null) !== canonical(records.case.fields[key] ?? null),
    )
    count('case', other.length ? 'differs' : 'same')
    for (const key of other) {
      const value = told(records.case.fields[key])
      keepBeside(
        `case ${here.id} ${key} ${value}`,
        `The case “${here.fields.title}”, ${key}, as they have it: ${value}`,
      )
      conflicts.push({
        kind: 'case',
        id: here.id,
        name: here.fields.title,
        field: key,
        ours: told(here.fields[key]),
        theirs: value,
        outcome: 'ours stays; theirs is kept with the source that stands for the bundle',
      })
    }
  } else count('case', 'added')
  const members = new Set(here?.entities.map(({ id }) => id))
  const filed = new Set(here?.evidence.map(({ id }) => id))
  const dossier: CaseRow = {
    ...records.case,
    entities: records.case.entities.flatMap(({ id, addedAt }) => {
      const holder = holderOf(id)
      return holder === null || members.has(holder) ? [] : [{ id: holder, addedAt, via: holder === id ? null : id }]
    }),
    evidence: records.case.evidence.flatMap((one) => {
      const id = items.get(one.id)
      return id === undefined || filed.has(id) ? [] : [{ ...one, id }]
    }),
    tasks: records.case.tasks.filter(({ id }) => !here?.tasks.some((task) => task.id === id)),
  }
  return { row: dossier, isNew: !here }
}
