/** Files of records that were exported, as rows. */
import type { ExchangeFile } from '../../contract/exchange.ts'
import { canonical } from '../audit.ts'
import type { Library } from '../library.ts'

type Row = Omit<ExchangeFile, 'url'>

/** Call it inside a change. */
export function insertExchangeFile(lib: Library, { cases, ...file }: Row & { cases: readonly string[] }): void {
  lib.db
    .prepare(
      `INSERT INTO exchange_file (id, format, file, bytes, sha256, tlp, cases, at)
       VALUES (@id, @format, @file, @bytes, @sha256, @tlp, @cases, @at)`,
    )
    .run({ ...file, cases: canonical(cases) })
}

/** Newest first. */
export const exchangeFiles = (lib: Library): Row[] =>
  lib.db
    .prepare('SELECT id, format, file, bytes, sha256, tlp, at FROM exchange_file ORDER BY at DESC, rowid DESC')
    .all() as Row[]
