/** Relations that came from a match between two items: where one goes or comes back, what is told of the footage follows. */
import { renewFootage } from '../matching/footage-finding.ts'
import type { Library, RecordChange } from '../store/library.ts'
import { matchById, matchOfRelation } from '../store/matches.ts'

/** Call it in the change that withdrew a relation, took it back or made it stand again; others are passed over. */
export function followMatch(lib: Library, record: RecordChange, relationId: string): void {
  const id = matchOfRelation(lib, relationId)
  if (!id) return
  const { state, fresh, known } = matchById(lib, id)
  record(`match.${state === 'open' ? 'reopened' : state}`, id, { relationId })
  for (const { evidenceId } of [fresh, known]) renewFootage(lib, record, evidenceId)
}
