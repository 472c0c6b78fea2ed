/** Keeping the index in step: what triggers marked as stale is indexed anew, in the transaction that changed it. */
import type { Sqlite } from '../database.ts'
import { indexed } from './fold.ts'
import { searchable, type SearchSource } from './texts.ts'

/** Rows indexed between two looks at what is stale. */
const PAGE = 500

interface Stale {
  source: SearchSource
  ref: string
}

/**
 * Indexes what is stale; answers with how many rows that were. Call it inside a transaction.
 *
 * @param onPage told after every page how many rows are done
 */
export function indexStale(db: Sqlite, onPage?: (done: number) => void): number {
  const next = db.prepare('SELECT source, ref FROM search_stale LIMIT ?')
  let done = 0
  for (let page = next.all(PAGE) as Stale[]; page.length; page = next.all(PAGE) as Stale[]) {
    indexPage(db, page)
    done += page.length
    onPage?.(done)
  }
  return done
}

function indexPage(db: Sqlite, page: readonly Stale[]): void {
  const known = db.prepare('SELECT id FROM search_entry WHERE ref = ?').pluck()
  const forget = ['names', 'texts'].map((table) => db.prepare(`DELETE FROM search_${table} WHERE rowid = ?`))
  const remove = db.prepare('DELETE FROM search_entry WHERE id = ?')
  const add = db.prepare('INSERT INTO search_entry (kind, ref) VALUES (?, ?)')
  const writeNames = db.prepare('INSERT INTO search_names (rowid, words) VALUES (?, ?)')
  const writeTexts = db.prepare('INSERT INTO search_texts (rowid, words) VALUES (?, ?)')
  const fresh = db.prepare('DELETE FROM search_stale WHERE source = ? AND ref = ?')
  for (const { source, ref } of page) {
    const before = known.get(ref) as number | undefined
    if (before !== undefined) {
      for (const table of forget) table.run(before)
      remove.run(before)
    }
    const found = searchable(db, source, ref)
    if (found) {
      const { lastInsertRowid } = add.run(found.kind, ref)
      const names = [found.name, ...found.otherNames].map(indexed).join(' ')
      writeNames.run(lastInsertRowid, names)
      writeTexts.run(lastInsertRowid, [names, ...found.texts.map(indexed)].join(' '))
    }
    fresh.run(source, ref)
  }
}

/** Empties the index and marks everything as stale. Works on a damaged index too: its tables are made anew. */
export function startOver(db: Sqlite): void {
  const made = db.prepare("SELECT name, sql FROM sqlite_schema WHERE name IN ('search_names', 'search_texts')").all()
  for (const { name, sql } of made as { name: string; sql: string }[]) db.exec(`DROP TABLE ${name}; ${sql}`)
  db.exec('DELETE FROM search_entry; DELETE FROM search_stale')
  db.exec(`INSERT INTO search_stale
    SELECT 'case', id FROM case_record
    UNION ALL SELECT 'entity', id FROM entity
    UNION ALL SELECT 'relation', id FROM relation WHERE note <> ''
    UNION ALL SELECT 'evidence', id FROM evidence
    UNION ALL SELECT 'judgement', id FROM judgement
    UNION ALL SELECT 'finding', id FROM finding WHERE current = 1`)
}
