/** What of each record can be found by: its name, and its texts. Read from the rows as they now are. */
import { z } from 'zod'
import type { SearchKind } from '../../contract/search.ts'
import type { Sqlite } from '../database.ts'
import { statement } from '../statement.ts'

/** A table whose rows are searched; an entity has its kind in the index instead. */
export type SearchSource = 'case' | 'entity' | 'relation' | 'evidence' | 'judgement' | 'finding'

export interface Searchable {
  readonly kind: SearchKind
  readonly name: string
  /** Further names: aliases and other spellings count as much as the name itself. */
  readonly otherNames: readonly string[]
  readonly texts: readonly string[]
  readonly about: { readonly kind: SearchKind; readonly id: string } | null
}

/** Longer texts are searched by their beginning. */
const LONGEST = 20_000

/** Null where there is no such row, or it is not to be found: a withdrawn relation, a finding that was replaced. */
export function searchable(db: Sqlite, source: SearchSource, id: string): Searchable | null {
  const found = READERS[source](db, id)
  return found && { ...found, texts: found.texts.filter(Boolean).map((text) => text.slice(0, LONGEST)) }
}

/** Texts inside JSON, without the names of its fields, ids, hashes and codes. */
function textsIn(value: unknown, into: string[] = []): string[] {
  if (typeof value === 'string') {
    if (!/^[0-9a-f]{8}-[0-9a-f-]{27}$|^[0-9a-f]{64}$/.test(value)) into.push(value)
  } else if (typeof value === 'number') into.push(String(value))
  else if (value && typeof value === 'object') for (const one of Object.values(value)) textsIn(one, into)
  return into
}

const json = (text: unknown): Record<string, unknown> => JSON.parse(String(text)) as Record<string, unknown>
const words = (value: unknown): string => (typeof value === 'string' ? value : '')

const Alias = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])

type Reader = (db: Sqlite, id: string) => Searchable | null
const get = (db: Sqlite, sql: string, id: string): Record<string, unknown> | undefined =>
  statement(db, sql).get(id) as Record<string, unknown> | undefined

const READERS: Readonly<Record<SearchSource, Reader>> = {
  case(db, id) {
    const row = get(db, 'SELECT fields FROM case_record WHERE id = ?', id)
    if (!row) return null
    const { title, status: _, tlp: _mark, ...rest } = json(row['fields'])
    return { kind: 'case', name: words(title), otherNames: [], texts: textsIn(rest), about: null }
  },

  entity(db, id) {
    const row = get(db, 'SELECT kind, name FROM entity WHERE id = ? AND merged_into IS NULL AND removed_at IS NULL', id)
    if (!row) return null
    const sql = `SELECT field, value, note FROM assertion WHERE entity_id = ? AND withdrawn_at IS NULL ORDER BY created_at, place`
    const otherNames: string[] = []
    const texts: string[] = []
    for (const { field, value, note } of statement(db, sql).all(id) as {
      field: string
      value: string
      note: string
    }[]) {
      const read: unknown = JSON.parse(value)
      // Aliases of an older library are still texts, with who uses them in brackets.
      if (field === 'aliases') otherNames.push(...(Alias.safeParse(read).success ? [Alias.parse(read)] : []))
      else textsIn(read, texts)
      if (note) texts.push(note)
    }
    return { kind: row['kind'] as SearchKind, name: words(row['name']), otherNames, texts, about: null }
  },

  relation(db, id) {
    const row = get(
      db,
      `SELECT type, note, from_kind AS fromKind, from_id AS fromId FROM relation
       WHERE id = ? AND withdrawn_at IS NULL AND note <> ''`,
      id,
    )
    if (!row) return null
    const about = { kind: row['fromKind'] as SearchKind, id: words(row['fromId']) }
    return { kind: 'relation', name: '', otherNames: [], texts: [words(row['note'])], about }
  },

  evidence(db, id) {
    const sql = 'SELECT name, details FROM acquisition WHERE evidence_id = ? ORDER BY acquired_at, rowid'
    const arrivals = statement(db, sql).all(id) as { name: string; details: string }[]
    const [first, ...others] = arrivals
    if (!first) return null
    const texts = arrivals.flatMap(({ details }) => {
      const { source, claimedPlace, note } = json(details)
      return [words(source), words(claimedPlace), words(note)]
    })
    return { kind: 'evidence', name: first.name, otherNames: others.map(({ name }) => name), texts, about: null }
  },

  judgement(db, id) {
    const row = get(db, 'SELECT evidence_id AS evidenceId, body FROM judgement WHERE id = ?', id)
    if (!row) return null
    const { statement, reasoning, author } = json(row['body'])
    return {
      kind: 'judgement',
      name: words(statement),
      otherNames: [],
      texts: [words(reasoning), words(author)],
      about: { kind: 'evidence', id: words(row['evidenceId']) },
    }
  },

  finding(db, id) {
    const row = get(
      db,
      'SELECT evidence_id AS evidenceId, signal, output FROM finding WHERE id = ? AND current = 1',
      id,
    )
    if (!row) return null
    const { explanation, observations } = json(row['output'])
    const seen = Array.isArray(observations) ? observations.map((one) => words((one as { text?: string }).text)) : []
    return {
      kind: 'finding',
      name: words(row['signal']),
      otherNames: [],
      texts: [words(explanation), ...seen],
      about: { kind: 'evidence', id: words(row['evidenceId']) },
    }
  },
}
