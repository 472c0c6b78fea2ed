/** How much a library holds, for its card on the Start screen. */
import type { LibraryInfo } from '../contract/library.ts'
import type { Library } from './library.ts'

export function counts(lib: Library): LibraryInfo['counts'] {
  return lib.db
    .prepare(
      `SELECT (SELECT count(*) FROM evidence) AS evidence,
              (SELECT count(*) FROM case_record) AS cases,
              (SELECT count(*) FROM job WHERE state IN ('queued', 'running')) AS jobsPending`,
    )
    .get() as LibraryInfo['counts']
}
