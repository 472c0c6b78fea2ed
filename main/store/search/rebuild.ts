/** Making the index anew, after damage or a change of folding. */
import { Failure } from '../../errors.ts'
import type { Library } from '../library.ts'
import { indexStale, startOver } from './index-rows.ts'

/** Answers with how many rows were read. The records themselves are not touched, so the audit chain records nothing. */
export function rebuildIndex(lib: Library): number {
  if (lib.busy) throw new Failure('store.busy')
  return lib.db
    .transaction(() => {
      startOver(lib.db)
      return indexStale(lib.db)
    })
    .immediate()
}
