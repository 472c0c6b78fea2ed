/** Entries of hash lists that an item is like, gathered by what each list calls them. */
import { setImmediate as turn } from 'node:timers/promises'
import { listDetails, type ListHitRow } from '../store/hash-lists.ts'
import type { Library } from '../store/library.ts'
import type { ListHit } from './list-index.ts'

/** Entries of a list in one row of the database. */
export const PART = 1024
/** Entries and labels that are told of one item. */
const MOST_TOLD = 200
const MOST_LABELS = 20

/** @returns by list, the best supported first */
export async function listHitsOf(lib: Library, hits: readonly ListHit[]): Promise<Map<string, ListHitRow[]>> {
  const byList = new Map<string, Map<string | null, { row: ListHitRow; times: Set<number> }>>()
  const byPart = Map.groupBy(hits, ({ list, entry }) => `${list} ${Math.floor(entry / PART)}`)
  for (const [key, inPart] of byPart) {
    const [list = '', part = '0'] = key.split(' ')
    const details = listDetails(lib, list, Number(part))
    for (const { entry, times, distance } of inPart) {
      const { id, tags } = details[entry % PART] ?? { id: null, tags: [] }
      const known = byList.get(list) ?? new Map<string | null, { row: ListHitRow; times: Set<number> }>()
      byList.set(list, known)
      const held = known.get(id) ?? {
        row: { entryId: id, labels: [], frames: 1, distance, from: times[0] ?? 0, to: 0 },
        times: new Set<number>(),
      }
      for (const time of times) held.times.add(time)
      const labels = [...new Set([...held.row.labels, ...tags])].slice(0, MOST_LABELS)
      known.set(id, {
        times: held.times,
        row: {
          entryId: id,
          labels,
          frames: held.times.size,
          distance: Math.min(held.row.distance, distance),
          from: Math.min(...held.times),
          to: Math.max(...held.times),
        },
      })
    }
    // Each part is a few milliseconds of reading.
    await turn()
  }
  return new Map(
    [...byList].map(([list, known]) => [
      list,
      [...known.values()]
        .map(({ row }) => row)
        .sort(
          (a, b) => b.frames - a.frames || a.distance - b.distance || ((a.entryId ?? '') < (b.entryId ?? '') ? -1 : 1),
        )
        .slice(0, MOST_TOLD),
    ]),
  )
}
