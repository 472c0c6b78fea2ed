/** A file that is not in the library, held against it. */
import type { FileMatches } from '../contract/matching.ts'
import { evidenceById, evidenceBySha } from '../store/evidence.ts'
import { fingerprintRow } from '../store/fingerprints.ts'
import { hashLists } from '../store/hash-lists.ts'
import type { Library } from '../store/library.ts'
import { foundOf } from './found.ts'
import { listHitsOf } from './list-hits.ts'
import type { Matcher } from './matcher.ts'

/** @param prints null for a file without picture and sound */
export async function lookUpFile(
  lib: Library,
  open: () => Promise<Matcher>,
  sha256: string,
  prints: { bytes: Uint8Array; duration: number } | null,
): Promise<FileMatches> {
  const evidenceId = evidenceBySha(lib, sha256)?.id ?? null
  const nothing = { sha256, evidenceId, matches: [], lists: [] }
  if (!prints) return { ...nothing, duration: 0, reason: 'it has neither picture nor sound', videos: 0 }
  const thread = await open()
  const { bytes, duration } = prints
  const looked = await thread.ask('look-up', { bytes, self: evidenceId, only: null })
  const { hits } = await thread.ask('look-up-lists', { bytes })
  const names = new Map(hashLists(lib).map(({ id, name }) => [id, name]))
  const lists = [...(await listHitsOf(lib, hits))].flatMap(([listId, rows]) =>
    rows.map((row) => ({ listId, listName: names.get(listId) ?? '', ...row })),
  )
  const matches = looked.found.map(({ id, stretches }) => {
    const { name } = evidenceById(lib, id)
    const known = { evidenceId: id, name, duration: fingerprintRow(lib, id)?.duration ?? 0, filmstripUrl: null }
    return { ...foundOf(stretches), known }
  })
  matches.sort((a, b) => Number(a.kind === 'scene') - Number(b.kind === 'scene') || b.seconds - a.seconds)
  const reason = looked.usable ? '' : 'hardly anything in it can be told apart'
  return { ...nothing, duration, matches, lists, reason, videos: looked.against.length }
}
