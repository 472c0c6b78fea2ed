/** What lists say of known footage: which items share it, and which are copies of each other for most of their length. */
import type { BoardFootage } from '../contract/findings.ts'
import type { DuplicateGroup, FootageState, ListMatch, Match } from '../contract/matching.ts'
import { evidenceById } from '../store/evidence.ts'
import { isMatched } from '../store/fingerprints.ts'
import { listHitCounts, listHits } from '../store/hash-lists.ts'
import type { Library } from '../store/library.ts'
import { mediaFacts } from '../store/media.ts'
import { matchesOf, standingPairs, type Pair } from '../store/matches.ts'
import type { z } from 'zod'

/** Share of the shorter of two items that is the same from which they are copies of each other. */
const NEAR = 0.8
/** The stretch of a match ends with its last frame looked at, up to a second before the end of the footage. */
const SLACK = 1

const isNear = ({ kind, seconds, shorter }: Pair): boolean => kind === 'footage' && seconds + SLACK >= NEAR * shorter

/** @param names of all items by id @returns what the row of an item says */
export function footageNotes(lib: Library, names: ReadonlyMap<string, string>): (evidenceId: string) => BoardFootage {
  const listed = listHitCounts(lib)
  const pairs = standingPairs(lib)
  const groups = new Map(groupsOf(pairs).flatMap(({ id, evidenceIds }) => evidenceIds.map((item) => [item, id])))
  const byItem = new Map<string, Pair[]>()
  for (const pair of pairs)
    for (const id of [pair.freshId, pair.knownId]) byItem.set(id, [...(byItem.get(id) ?? []), pair])
  return (evidenceId) => {
    const own = byItem.get(evidenceId) ?? []
    const best = own[0]
    const otherId = best && (best.freshId === evidenceId ? best.knownId : best.freshId)
    return {
      matches: own.length,
      listed: listed.get(evidenceId) ?? 0,
      group: groups.get(evidenceId) ?? null,
      best:
        best && otherId
          ? {
              matchId: best.id,
              otherId,
              otherName: names.get(otherId) ?? '',
              kind: best.kind,
              words: best.words,
              state: best.state,
              nearDuplicate: isNear(best),
            }
          : null,
    }
  }
}

/** Items that are copies of each other, directly or by way of others; each item in one group at most. */
export const duplicateGroups = (lib: Library): DuplicateGroup[] => groupsOf(standingPairs(lib))

function groupsOf(pairs: readonly Pair[]): DuplicateGroup[] {
  const leader = new Map<string, string>()
  const find = (id: string): string => {
    const above = leader.get(id) ?? id
    return above === id ? id : find(above)
  }
  for (const pair of pairs) {
    if (!isNear(pair)) continue
    const [a, b] = [find(pair.freshId), find(pair.knownId)].sort()
    leader.set(b!, a!)
    if (!leader.has(a!)) leader.set(a!, a!)
  }
  const groups = Map.groupBy(leader.keys(), find)
  return [...groups].map(([id, evidenceIds]) => ({ id, evidenceIds: [...evidenceIds].sort() }))
}

/** Everything known of one item's footage. @throws Failure record.not-found */
export function footageOf(
  lib: Library,
  evidenceId: string,
): { state: z.infer<typeof FootageState>; matches: Match[]; lists: ListMatch[] } {
  evidenceById(lib, evidenceId)
  const facts = mediaFacts(lib, evidenceId)
  const silent = facts !== null && !facts.video.length && !facts.audio.length
  const state = isMatched(lib, evidenceId) ? 'matched' : silent ? 'no-picture' : 'waiting'
  return { state, matches: matchesOf(lib, evidenceId), lists: listHits(lib, evidenceId) }
}
