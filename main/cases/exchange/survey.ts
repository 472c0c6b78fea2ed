/** What importing a file would do, told before anything is written. */
import { setImmediate as turn } from 'node:timers/promises'
import type { EntityKind } from '../../contract/cases.ts'
import type { ImportPreview } from '../../contract/exchange.ts'
import { caseRowOf, entityRowOf, namesInUse, type EntityRow } from '../../store/exchange/rows.ts'
import { fold } from '../../store/search/fold.ts'
import type { Library } from '../../store/library.ts'
import type { Incoming, Reading, Trouble } from './incoming.ts'
import { contentsOf, mended, stateOf, type State } from './judge.ts'
import { caseDifferences, recordDifferences } from './differences.ts'
import { aliasesOf, textOf } from './plain.ts'
import { SHARES, watched, type Watch } from './watch.ts'

/** Listed by name; the counts are of all. */
const LISTED = 200
/** Objects between two turns of the event loop. */
const PAGE = 500

export type Survey = Pick<ImportPreview, 'size' | 'counts' | 'kept' | 'conflicts' | 'duplicates' | 'troubles'>

export async function survey(lib: Library, reading: Reading, watch: Watch = () => {}): Promise<Survey> {
  const { reading: first, judging } = SHARES.preview
  const troubles = new Map<string, Trouble & { count: number }>()
  const tell = (trouble: Trouble): void => {
    const key = `${trouble.code} ${trouble.text}`
    const known = troubles.get(key)
    if (known) known.count++
    else if (troubles.size < 1000) troubles.set(key, { ...trouble, count: 1 })
  }
  const contents = contentsOf(watched(reading, 'reading', first, watch))
  const counts = new Map<string, Record<'added' | 'same' | 'differs', number>>()
  const conflicts: Survey['conflicts'] = []
  const duplicates: Survey['duplicates'] = []
  const alike = lookalikes(lib)
  const seen = new Set<string>()
  let kept = 0
  let done = 0
  for (const read of watched(reading, 'judging', judging, watch).read(tell)) {
    if (++done % PAGE === 0) await turn()
    const incoming = mended(lib, read, contents, tell)
    if (!incoming || incoming.as === 'nothing') continue
    const state = stateOf(lib, incoming)
    // A table names a record in as many rows as it likes; it is one all the same.
    if (incoming.as === 'entity') {
      if (seen.has(incoming.row.id)) continue
      seen.add(incoming.row.id)
    }
    if (incoming.as === 'kept') {
      kept += 1
      continue
    }
    const kind = incoming.as === 'entity' ? incoming.row.kind : incoming.as
    const count = counts.get(kind) ?? { added: 0, same: 0, differs: 0 }
    counts.set(kind, count)
    count[state === 'removed' ? 'differs' : state] += 1
    if (conflicts.length < LISTED) conflicts.push(...conflictOf(lib, incoming, state))
    if (state === 'added' && incoming.as === 'entity' && duplicates.length < LISTED)
      duplicates.push(...alike(incoming.row))
  }
  return {
    size: reading.size,
    counts: [...counts].map(([kind, count]) => ({ kind, ...count })).sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    kept,
    conflicts,
    duplicates,
    troubles: [...troubles.values()].sort((a, b) => b.count - a.count),
  }
}

function conflictOf(lib: Library, incoming: Incoming, state: State): Survey['conflicts'] {
  if (state !== 'differs' && state !== 'removed') return []
  const reason = state === 'removed' ? ('removed' as const) : ('changed' as const)
  if (incoming.as === 'entity') {
    const { id, kind, name, updatedAt } = incoming.row
    const here = entityRowOf(lib, id)
    const differences = here ? recordDifferences(here, incoming.row, (other) => entityRowOf(lib, other)?.name) : []
    return [{ kind, id, name, reason, here: here?.updatedAt ?? updatedAt, there: updatedAt, differences }]
  }
  if (incoming.as === 'case') {
    const { id, fields, updatedAt } = incoming.row
    const here = caseRowOf(lib, id)
    const differences = here ? caseDifferences(here.fields, fields) : []
    return [{ kind: 'case', id, name: fields.title, reason, here: here?.updatedAt ?? updatedAt, there: updatedAt, differences }] // prettier-ignore
  }
  return []
}

/** New records whose name, another name or handle somebody of the same kind has here. */
function lookalikes(lib: Library): (row: EntityRow) => Survey['duplicates'] {
  const known = new Map<string, { id: string; name: string }>()
  for (const { id, kind, name } of namesInUse(lib))
    known.set(`${kind} ${keyOf(String(name))}`, { id, name: String(name) })
  return (row) => {
    const find = (name: string): { id: string; name: string } | undefined =>
      keyOf(name) ? known.get(`${row.kind satisfies EntityKind} ${keyOf(name)}`) : undefined
    const handle = row.kind === 'account' ? find(textOf(row, 'handle')) : undefined
    const of = handle ?? [row.name, ...aliasesOf(row)].map(find).find((one) => one !== undefined)
    return of && of.id !== row.id
      ? [{ kind: row.kind, name: row.name, of, reason: handle ? ('same handle' as const) : ('same name' as const) }]
      : []
  }
}

const keyOf = (name: string): string => fold(name).replaceAll(' ', '')
