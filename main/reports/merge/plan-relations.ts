/** Relations between what is here and what comes in. */
import type { Sourcing } from '../../contract/common.ts'
import { foreignId } from '../../cases/exchange/foreign.ts'
import { canonical } from '../../store/audit.ts'
import { relationRowOf, type RelationRow } from '../../store/exchange/rows.ts'
import type { Ground } from './ground.ts'

const unmarked = (sourcing: Sourcing): Sourcing => ({ ...sourcing, sourceId: null })

export function planRelations(ground: Ground): RelationRow[] {
  const { lib, parcel, items, left, conflicts, count, holderOf, sourced, nameOf } = ground
  const relations: RelationRow[] = []
  const endOf = (node: RelationRow['from'], stated: string | null) => {
    if (node.kind === 'evidence') {
      const id = items.get(node.id)
      return id === undefined ? null : { node: { kind: node.kind, id }, stated: null }
    }
    const said = stated ?? node.id
    const holder = holderOf(said) ?? holderOf(node.id)
    return holder === null ? null : { node: { kind: node.kind, id: holder }, stated: holder === said ? null : said }
  }
  for (const row of parcel.records.relations) {
    const from = endOf(row.from, row.statedFrom)
    const to = endOf(row.to, row.statedTo)
    if (!from || !to) {
      left.add('Relations with an end that is not here were left out.')
      continue
    }
    const mapped: RelationRow = {
      ...row,
      from: from.node,
      statedFrom: from.stated,
      to: to.node,
      statedTo: to.stated,
      sourcing: sourced(row.sourcing),
    }
    const here = relationRowOf(lib, row.id)
    if (!here) {
      relations.push(mapped)
      count('relation', 'added')
      continue
    }
    const ours = { ...here, sourcing: unmarked(here.sourcing), createdAt: '' }
    const other = { ...mapped, sourcing: unmarked(mapped.sourcing), createdAt: '' }
    if (canonical(ours) === canonical(other)) {
      count('relation', 'same')
      continue
    }
    const id = foreignId(`${row.id} ${canonical(other)}`)
    const name = `${nameOf(from.node.id)} ${row.type} ${nameOf(to.node.id)}`
    const words = (one: typeof ours): string =>
      [one.withdrawnAt ? 'withdrawn' : '', one.disputed ? 'disputed' : '', one.note].filter(Boolean).join(', ') ||
      'stands'
    const standsBeside = row.withdrawnAt === null
    if (standsBeside && relationRowOf(lib, id)) {
      count('relation', 'same')
      continue
    }
    count('relation', 'differs')
    if (standsBeside) relations.push({ ...mapped, id })
    conflicts.push({
      kind: 'relation',
      id: row.id,
      name,
      field: 'relation',
      ours: words(ours),
      theirs: words(other),
      outcome: standsBeside ? 'both stand side by side' : 'ours stays',
    })
  }
  return relations
}
