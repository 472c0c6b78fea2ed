/** What every part of a merge plan stands on: what is here already, what is new, and where differences are told. */
import type { MergeConflict } from '../../contract/bundle-merge.ts'
import type { Sourcing } from '../../contract/common.ts'
import { canonical } from '../../store/audit.ts'
import { entityRowOf, isRemoved, kindOfRow, type EntityRow } from '../../store/exchange/rows.ts'
import type { Library } from '../../store/library.ts'
import type { Parcel } from './parcel.ts'
import { sourceOf } from './source.ts'

export type Outcome = 'added' | 'same' | 'differs'

export interface Ground {
  readonly lib: Library
  readonly parcel: Parcel
  /** The source that stands for the bundle. */
  readonly source: EntityRow
  /** From their id of an item to the id that it has here, or will have; an item that stays out is not in it. */
  readonly items: Map<string, string>
  /** Their records, by id, and those of them that were removed here. */
  readonly theirs: ReadonlyMap<string, EntityRow>
  readonly gone: ReadonlySet<string>
  readonly counts: Map<string, Record<Outcome, number>>
  readonly conflicts: MergeConflict[]
  /** What stays out, in words. */
  readonly left: Set<string>
  count(kind: string, outcome: Outcome): void
  isHere(id: string): boolean
  /** The record that carries what was said of one: itself, or what it was merged into; null where there is none. */
  holderOf(id: string): string | null
  /** With ends that are here: a source that is not becomes the bundle's own. */
  sourced(sourcing: Sourcing): Sourcing
  nameOf(id: string): string
}

export function groundOf(lib: Library, parcel: Parcel): Ground {
  const { records } = parcel
  const source = sourceOf(parcel)
  const items = new Map<string, string>()
  const counts: Ground['counts'] = new Map()
  const theirs = new Map(records.entities.map((row) => [row.id, row]))
  const gone = new Set(records.entities.filter(({ id }) => isRemoved(lib, id)).map(({ id }) => id))
  const isHere = (id: string): boolean => kindOfRow(lib, id) !== undefined
  const isNew = (id: string): boolean => theirs.has(id) && !isHere(id) && !gone.has(id)
  const holderOf = (id: string, seen = new Set<string>()): string | null => {
    if (seen.has(id)) return null
    seen.add(id)
    const row = isHere(id) ? entityRowOf(lib, id) : isNew(id) ? theirs.get(id)! : null
    if (!row) return null
    return row.mergedInto === null ? id : (holderOf(row.mergedInto, seen) ?? id)
  }
  const sourced = (sourcing: Sourcing): Sourcing => ({
    ...sourcing,
    sourceId:
      sourcing.sourceId && (isHere(sourcing.sourceId) || isNew(sourcing.sourceId)) ? sourcing.sourceId : source.id,
    supports: sourcing.supports.map((one) =>
      one.evidenceId && items.has(one.evidenceId) ? { ...one, evidenceId: items.get(one.evidenceId)! } : one,
    ),
  })
  return {
    lib,
    parcel,
    source,
    items,
    theirs,
    gone,
    counts,
    conflicts: [],
    left: new Set(),
    count(kind, outcome) {
      const known = counts.get(kind) ?? { added: 0, same: 0, differs: 0 }
      known[outcome] += 1
      counts.set(kind, known)
    },
    isHere,
    holderOf: (id) => holderOf(id),
    sourced,
    nameOf: (id) =>
      (isHere(id) ? entityRowOf(lib, id)?.name : theirs.get(id)?.name) ??
      records.evidence.find((item) => item.id === id || items.get(item.id) === id)?.name ??
      id,
  }
}

/** A value in words short enough for a table. */
export function told(value: unknown): string {
  const text = typeof value === 'string' ? value : canonical(value ?? null)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
