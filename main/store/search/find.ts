/** Asking the index. */
import type { SearchHit, SearchKind, SearchQuery } from '../../contract/search.ts'
import { Failure } from '../../errors.ts'
import type { Library } from '../library.ts'
import { excerpt, marked, tokensOf } from './excerpt.ts'
import { fold } from './fold.ts'
import { indexStale } from './index-rows.ts'
import { searchable, type SearchSource } from './texts.ts'

/** Names looked at for ranking: of a word that stands in more names, the newest records. */
const RANKED = 200

/**
 * Records that hold every word: names that begin with the question as asked, then other names, then texts. Among equals
 * the closest name comes first, and then the newest record. (BM25 would visit every match of a common word; nobody reads
 * the ten-thousandth.)
 *
 * @throws Failure search.damaged
 */
export function find(lib: Library, query: SearchQuery): { hits: SearchHit[]; more: boolean } {
  const match = matchOf(query.text)
  if (!match) return { hits: [], more: false }
  try {
    if (!lib.busy && lib.db.prepare('SELECT 1 FROM search_stale LIMIT 1').get())
      lib.db.transaction(() => indexStale(lib.db))()
    return ask(lib, match, query)
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith('SQLITE_CORRUPT'))
      throw new Failure('search.damaged', undefined, { cause: error })
    throw error
  }
}

function ask(lib: Library, match: string, { text, kinds, limit }: SearchQuery): { hits: SearchHit[]; more: boolean } {
  const asked = (table: 'search_names' | 'search_texts') =>
    lib.db.prepare(
      `SELECT e.kind, e.ref FROM ${table} AS i JOIN search_entry AS e ON e.id = i.rowid
       WHERE ${table} MATCH @match ${kinds.length ? 'AND e.kind IN (SELECT value FROM json_each(@kinds))' : ''}
       ORDER BY i.rowid DESC LIMIT @limit`,
    )
  const rows = (table: 'search_names' | 'search_texts', match: string, limit: number): Row[] =>
    asked(table).all({ match, kinds: JSON.stringify(kinds), limit }) as Row[]
  const whole = fold(text)
  const seen = new Map<string, Row>()
  const add = (found: readonly Row[]): void => found.forEach((row) => !seen.has(row.ref) && seen.set(row.ref, row))
  add(rank(lib, rows('search_names', `^ "${whole}"*`, RANKED), whole))
  if (seen.size <= limit) add(rank(lib, rows('search_names', match, RANKED), whole))
  if (seen.size <= limit) add(rows('search_texts', match, limit + 1))
  const tokens = tokensOf(text)
  const hits = [...seen.values()].slice(0, limit).flatMap(({ ref, kind }) => hitOf(lib, ref, kind, tokens) ?? [])
  return { hits, more: seen.size > limit }
}

interface Row {
  readonly kind: SearchKind
  readonly ref: string
}

/** The shorter the name, the more of it was asked for; the order is stable, so that equals stay newest first. */
function rank(lib: Library, rows: readonly Row[], whole: string): Row[] {
  const distance = ({ kind, ref }: Row): number => {
    const found = searchable(lib.db, sourceOf(kind), ref)
    const names = [found?.name ?? '', ...(found?.otherNames ?? [])].map(fold)
    return Math.min(...names.map((name) => (name.includes(whole) ? name.length : 1000 + name.length)))
  }
  return rows
    .map((row) => ({ row, far: distance(row) }))
    .sort((a, b) => a.far - b.far)
    .map(({ row }) => row)
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
