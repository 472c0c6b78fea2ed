/** What an analyst makes of a match: accepted, it becomes a relation between the two items; rejected, it is remembered. */
import { Sourcing } from '../contract/common.ts'
import type { Match } from '../contract/matching.ts'
import { Failure } from '../errors.ts'
import { renewFootage } from '../matching/footage-finding.ts'
import type { Actor, Library } from '../store/library.ts'
import { matchById, putDecision } from '../store/matches.ts'
import { isStanding } from '../store/cases.ts'
import { relate, unrelate } from './relate.ts'

export interface Decision {
  readonly id: string
  readonly decision: 'accept' | 'reject' | 'reopen'
  readonly reason: string
  readonly caseId: string | null
}

/** Times that a relation cites, two for each stretch; more would not fit its sourcing. */
const MOST_CITED = 90

/**
 * Accepting says that the later item shows the same footage as the earlier one, with the times in both. Deciding again
 * takes the decision before back, with its relation; nothing of it is lost from the history.
 *
 * @throws Failure record.not-found; request.invalid for a rejection without a reason, or a reopening of what is open
 */
export function decideMatch(lib: Library, { id, decision, reason, caseId }: Decision, actor: Actor): Match {
  if (decision === 'reject' && !reason) throw new Failure('request.invalid', 'reason: say why the match is rejected.')
  return lib.change(actor, (record) => {
    const match = matchById(lib, id)
    if (decision === 'reopen' && match.state === 'open') throw new Failure('request.invalid', 'It is open already.')
    if (match.relationId && decision !== 'accept' && isStanding(lib, match.relationId))
      unrelate(lib, match.relationId, actor)
    const relationId = decision === 'accept' ? accept(lib, match, reason, caseId, actor) : null
    const state = ({ accept: 'accepted', reject: 'rejected', reopen: 'open' } as const)[decision]
    const at = state === 'open' ? null : new Date().toISOString()
    const said = state === 'open' ? { reason: '', actor: '' } : { reason, actor }
    putDecision(lib, id, { state, at, relationId, ...said })
    record(`match.${state === 'open' ? 'reopened' : state}`, id, {
      fresh: match.fresh.evidenceId,
      known: match.known.evidenceId,
      reason,
      relationId,
      segments: match.segments.map(({ from, to, knownFrom, speed, mirrored }) => ({ from, to, knownFrom, speed, mirrored })), // prettier-ignore
    })
    for (const item of [match.fresh, match.known]) renewFootage(lib, record, item.evidenceId)
    return matchById(lib, id)
  })
}

function accept(lib: Library, match: Match, reason: string, caseId: string | null, actor: Actor): string {
  const { fresh, known } = match
  const supports = match.segments
    .filter(({ kind }) => kind !== 'scene' || match.kind === 'scene')
    .slice(0, MOST_CITED)
    .flatMap(({ from, to, knownFrom, speed, words }) => [
      { evidenceId: fresh.evidenceId, start: from, end: to, note: words.slice(0, 500) },
      {
        evidenceId: known.evidenceId,
        start: Math.max(0, knownFrom),
        end: Math.max(0, knownFrom + speed * (to - from)),
      },
    ])
  const relation = relate(
    lib,
    {
      // Another take, or the same sound under other pictures, is a relation, but not the same footage.
      type: match.kind === 'scene' || match.kind === 'sound' ? 'related-to' : 'same-footage-as',
      from: { kind: 'evidence', id: fresh.evidenceId },
      to: { kind: 'evidence', id: known.evidenceId },
      sourcing: Sourcing.parse({ supports }),
      note: reason || match.words,
    },
    caseId,
    actor,
  )
  return relation.id
}
