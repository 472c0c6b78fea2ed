/** Writes what an item was found to share, with everything that follows from it, in one transaction. */
import { createHash } from 'node:crypto'
import { evidenceById } from '../store/evidence.ts'
import { fingerprintRow, matchedAlone, matchedOf, putMatched } from '../store/fingerprints.ts'
import { hashLists, putListHits, type ListHitRow } from '../store/hash-lists.ts'
import type { Library } from '../store/library.ts'
import { dropOthers, putMatch } from '../store/matches.ts'
import { renewFootage } from './footage-finding.ts'
import type { Found } from './found.ts'
import type { Video } from './matcher-protocol.ts'
import { MATCHING_VERSION } from './version.ts'

export interface ItemMatches {
  /** The item, and the SHA-256 of the fingerprint that was looked up. */
  readonly item: Video
  /** Pairs with it, either way round. */
  readonly pairs: readonly { readonly fresh: string; readonly known: string; readonly found: Found }[]
  /** Whether its pair with that item was looked for. */
  looked(otherId: string): boolean
  /** What it was held against. */
  readonly against: readonly Video[]
  readonly usable: number
  /** Hash lists that it was held against, as `listsState` says it, and what it shows of them. */
  readonly lists: string
  readonly listed: ReadonlyMap<string, readonly ListHitRow[]>
}

/** @returns items that say something else now; none where the item was triaged again meanwhile, and is due once more */
export function writeMatches(
  lib: Library,
  { item, pairs, looked, against, usable, lists, listed }: ItemMatches,
): string[] {
  const { id, sha256 } = item
  return lib.change('assay', (record) => {
    if (fingerprintRow(lib, id)?.sha256 !== sha256) return []
    const touched = new Set<string>()
    const made = pairs.map(({ fresh, known, found }) => {
      const { id: match, changed } = putMatch(lib, { fresh: named(lib, fresh), known: named(lib, known), found })
      if (changed) touched.add(fresh).add(known)
      return match
    })
    for (const other of dropOthers(lib, id, looked, new Set(made))) touched.add(other)
    const hits = putStandingHits(lib, id, listed)
    const library = stateOf(against)
    putMatched(lib, id, { fingerprint: sha256, version: MATCHING_VERSION, lists, videos: against.length, library, usable }) // prettier-ignore
    record('footage.matched', id, {
      fingerprint: sha256,
      version: MATCHING_VERSION,
      videos: against.length,
      matches: made,
      listed: hits,
    })
    // What had nothing to be compared with has something now.
    for (const other of matchedAlone(lib)) {
      if (other === id) continue
      putMatched(lib, other, { ...matchedOf(lib, other)!, videos: 1, library: stateOf([item]) })
      touched.add(other)
    }
    touched.delete(id)
    for (const other of touched) renewFootage(lib, record, other)
    renewFootage(lib, record, id, true)
    return [id, ...touched]
  })
}

/** The same for an item that had only to be held against the lists that there are now. */
export function writeListHits(
  lib: Library,
  { item, lists, listed }: Pick<ItemMatches, 'item' | 'lists' | 'listed'>,
): void {
  lib.change('assay', (record) => {
    const before = matchedOf(lib, item.id)
    if (!before) return
    putStandingHits(lib, item.id, listed)
    putMatched(lib, item.id, { ...before, lists })
    renewFootage(lib, record, item.id)
  })
}

/** Of a list that was removed since the look-up nothing is kept. */
function putStandingHits(
  lib: Library,
  evidenceId: string,
  listed: ItemMatches['listed'],
): { list: string; entries: number }[] {
  const standing = new Set(hashLists(lib).map(({ id }) => id))
  const kept = new Map([...listed].filter(([list]) => standing.has(list)))
  putListHits(lib, evidenceId, kept)
  return [...kept].map(([list, rows]) => ({ list, entries: rows.length }))
}

const named = (lib: Library, id: string): { id: string; sha256: string } => ({
  id,
  sha256: evidenceById(lib, id).sha256,
})

/** The same videos give the same text, in whatever order they came. */
const stateOf = (videos: readonly Video[]): string =>
  createHash('sha256')
    .update(
      videos
        .map(({ sha256 }) => sha256)
        .sort()
        .join('\n'),
    )
    .digest('hex')
