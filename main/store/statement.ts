/** Statements that are run a hundred thousand times, prepared once for each open database. */
import type { Sqlite } from './database.ts'

type Statement = ReturnType<Sqlite['prepare']>
const prepared = new WeakMap<Sqlite, Map<string, Statement>>()

export function statement(db: Sqlite, sql: string): Statement {
  let known = prepared.get(db)
  if (!known) prepared.set(db, (known = new Map()))
  let made = known.get(sql)
  if (!made) known.set(sql, (made = db.prepare(sql)))
  return made
}
