/** Asking the index. */
import type { SearchHit, SearchKind, SearchQuery } from '../../contract/search.ts'
import { Failure } from '../../errors.ts'
import type { Library } from '../library.ts'
import { excerpt, marked, tokensOf } from './excerpt.ts'
import { fold } from './fold.ts'
import { indexStale } from './index-rows.ts'
import { searchable, type SearchSource } from './texts.ts'

/** Matches looked at for ranking: beyond these, the oldest records of a very common word are not ranked. */
const RANKED = 2000

/**
 * Records that hold every word, names before texts. A word that is found in ten thousand names is not ranked to its end:
 * `RANKED` of them are, the newest.
 *
 * @throws Failure search.damaged
 */
export function find(lib: Library, query: SearchQuery): { hits: SearchHit[]; more: boolean } {
  const match = matchOf(query.text)
  if (!match) return { hits: [], more: false }
  try {
    if (lib.db.prepare('SELECT 1 FROM search_stale LIMIT 1').get()) lib.db.transaction(() => indexStale(lib.db))()
    return ask(lib, match, query)
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith('SQLITE_CORRUPT'))
      throw new Failure('search.damaged', undefined, { cause: error })
    throw error
  }
}

function ask(lib: Library, match: string, { text, kinds, limit }: SearchQuery): { hits: SearchHit[]; more: boolean } {
  const asked = lib.db.prepare(
    `SELECT e.kind, e.ref FROM (
       SELECT rowid, bm25(search_index, 10.0, 1.0) AS score FROM search_index
       WHERE search_index MATCH @match ORDER BY rowid DESC LIMIT ${RANKED}
     ) AS found JOIN search_entry AS e ON e.id = found.rowid
     ${kinds.length ? 'WHERE e.kind IN (SELECT value FROM json_each(@kinds))' : ''}
     ORDER BY found.score, found.rowid DESC LIMIT @limit`,
  )
  const seen = new Map<string, SearchKind>()
  for (const where of [`name : (${match})`, match]) {
    if (seen.size > limit) break
    const rows = asked.all({ match: where, kinds: JSON.stringify(kinds), limit: limit + 1 })
    for (const { kind, ref } of rows as { kind: SearchKind; ref: string }[]) if (!seen.has(ref)) seen.set(ref, kind)
  }
  const tokens = tokensOf(text)
  const hits = [...seen].slice(0, limit).flatMap(([id, kind]) => hitOf(lib, id, kind, tokens) ?? [])
  return { hits, more: seen.size > limit }
}

const SOURCES: readonly string[] = ['case', 'relation', 'evidence', 'judgement', 'finding'] satisfies SearchSource[]
const sourceOf = (kind: SearchKind): SearchSource => (SOURCES.includes(kind) ? (kind as SearchSource) : 'entity')

function hitOf(lib: Library, id: string, kind: SearchKind, tokens: readonly string[]): SearchHit | null {
  const found = searchable(lib.db, sourceOf(kind), id)
  if (!found) return null
  const { about } = found
  const name = found.name || (about ? (searchable(lib.db, sourceOf(about.kind), about.id)?.name ?? '') : '')
  const title = marked(name, tokens)
  const wanted = tokens.filter((token) => !` ${fold(name)}`.includes(` ${token}`))
  const snippet = wanted.length ? excerpt([...found.otherNames, ...found.texts], wanted) : null
  return { kind, id, title, snippet, about }
}

/**
 * The query in FTS5's language: every word of the text, each as the beginning of a word. What is one word to the writer
 * and several to the index (an address, a script without spaces) must stand together.
 */
export function matchOf(text: string): string {
  return text
    .split(/\s+/)
    .map((word) => fold(word))
    .filter(Boolean)
    .slice(0, 20)
    .map((word) => {
      const bare = /^ال(\p{L}{3,})$/u.exec(word)?.[1]
      return bare ? `("${word}"* OR "${bare}"*)` : `"${word}"*`
    })
    .join(' AND ')
}
