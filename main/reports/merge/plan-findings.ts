/** What was found, judged and done there, beside what was here. */
import type { Judgement } from '../../contract/findings.ts'
import { hasCustodyStep } from '../../store/evidence.ts'
import { currentFinding, hasFinding } from '../../store/findings.ts'
import { caseRowOf, hasEvidence, hasJudgement } from '../../store/exchange/rows.ts'
import type { Ground } from './ground.ts'
import type { Plan } from './plan.ts'

/** Who acted, and in which library: an actor of theirs is nobody here. */
const labelled = (actor: string, library: string): string =>
  actor.includes(' of “') ? actor : `${actor} of “${library}”`

export function planJudgements({ lib, parcel, items, count }: Ground): Judgement[] {
  const { records, origin } = parcel
  const judgements: Judgement[] = []
  for (const one of records.judgements) {
    const evidenceId = items.get(one.evidenceId)
    if (hasJudgement(lib, one.id)) count('judgement', 'same')
    else if (evidenceId !== undefined) {
      count('judgement', 'added')
      const known = one.caseId === records.case.id || (one.caseId !== null && caseRowOf(lib, one.caseId) !== null)
      const author = one.author.includes(' of “') ? one.author : `${one.author} of “${origin.libraryName}”`
      judgements.push({ ...one, evidenceId, caseId: known ? one.caseId : null, author: author.slice(0, 300) })
    }
  }
  return judgements
}

export function planFindings({ lib, parcel, items, conflicts, count }: Ground): Plan['findings'] {
  const { records } = parcel
  const shaOf = new Map(records.evidence.map((item) => [item.id, item.sha256]))
  const findings: Plan['findings'][number][] = []
  for (const finding of parcel.findings) {
    const evidenceId = items.get(finding.evidenceId)
    const sha256 = shaOf.get(finding.evidenceId)
    if (evidenceId === undefined || sha256 === undefined) continue
    if (hasFinding(lib, sha256, finding.output)) {
      count('finding', 'same')
      continue
    }
    findings.push({ evidenceId, sha256, finding })
    const ours = hasEvidence(lib, evidenceId) ? currentFinding(lib, evidenceId, finding.output.id) : null
    count('finding', ours ? 'differs' : 'added')
    if (ours)
      conflicts.push({
        kind: 'finding',
        id: ours.id,
        name: `${finding.output.id} on ${records.evidence.find(({ id }) => id === finding.evidenceId)?.name ?? ''}`,
        field: 'finding',
        ours: `${ours.output.version}, score ${ours.output.score ?? 'none'}, ${ours.output.provenance.ffmpeg}`,
        theirs: `${finding.output.version}, score ${finding.output.score ?? 'none'}, ${finding.output.provenance.ffmpeg}`,
        outcome: 'ours stays the current one; theirs is kept beside it',
      })
  }
  return findings
}

export function planCustody({ lib, parcel, items, count }: Ground): Plan['custody'] {
  const { origin } = parcel
  const custody: Plan['custody'][number][] = []
  for (const [theirId, entries] of parcel.custody) {
    const evidenceId = items.get(theirId)
    if (evidenceId === undefined) continue
    const steps = entries
      .map(({ at, action, detail, actor }) => ({
        at,
        action,
        detail,
        actor: labelled(actor, origin.libraryName),
        plain: actor,
      }))
      .filter((step) => {
        const known = [step.actor, step.plain].some((actor) => hasCustodyStep(lib, evidenceId, { ...step, actor }))
        count('custody', known ? 'same' : 'added')
        return !known
      })
      .map(({ plain: _plain, ...step }) => step)
    if (steps.length) custody.push({ evidenceId, steps })
  }
  return custody
}
