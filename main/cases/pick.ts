/** Records to choose from: what has the words typed so far, in any script, and what tells two of one name apart. */
import type { EntityKind, NodeKind } from '../contract/cases.ts'
import type { Picked } from '../contract/records.ts'
import { evidenceById, recentEvidence } from '../store/evidence.ts'
import { entityRowOf } from '../store/exchange/rows.ts'
import { namesOf, recentEntities } from '../store/entities.ts'
import type { Library } from '../store/library.ts'
import { find } from '../store/search/find.ts'
import { kindOf } from './entities/list.ts'
import { textOf, valueOf } from './exchange/plain.ts'

/** Values of a record beside its name, and how long each may be. */
const SHOWN = 2
const LONGEST = 60

export interface PickQuery {
  /** Empty: what was changed last. */
  readonly text: string
  readonly kinds: readonly NodeKind[]
  /** Found in any case: what is chosen already. */
  readonly chosen: string | null
  readonly limit: number
}

/** Best first. */
export function pick(lib: Library, { text, kinds, chosen, limit }: PickQuery): Picked[] {
  const found = text.trim() ? find(lib, { text, kinds: [...kinds], limit }).hits.map(({ id }) => id) : latest(lib, kinds, limit) // prettier-ignore
  const ids = chosen === null || found.includes(chosen) ? found : [chosen, ...found]
  return ids.flatMap((id) => picked(lib, id) ?? [])
}

function latest(lib: Library, kinds: readonly NodeKind[], limit: number): string[] {
  const records = kinds.filter((kind): kind is EntityKind => kind !== 'evidence')
  return [
    ...(kinds.includes('evidence') ? recentEvidence(lib, limit) : []),
    ...recentEntities(lib, records, limit),
  ].slice(0, limit)
}

/** Null where there is no such record, or no longer. */
function picked(lib: Library, id: string): Picked | null {
  const row = entityRowOf(lib, id)
  if (row) {
    const nameOf = (other: string): string | undefined => namesOf(lib, [other]).get(other)
    const values = kindOf(row.kind)
      .fields.map(({ name }) => textOf(row, name, nameOf))
      .filter((value) => value !== '' && value !== row.name && value.length <= LONGEST)
    const reliability = valueOf(row, 'reliability')
    return {
      id,
      kind: row.kind,
      name: row.name,
      detail: values.slice(0, SHOWN).join(' · '),
      reliability: typeof reliability === 'string' ? reliability : null,
    }
  }
  if (!namesOf(lib, [id]).has(id)) return null
  const { name, sha256, addedAt } = evidenceById(lib, id)
  return { id, kind: 'evidence', name, detail: `${addedAt.slice(0, 10)} · ${sha256.slice(0, 8)}`, reliability: null }
}
