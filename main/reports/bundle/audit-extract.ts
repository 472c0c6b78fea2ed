/** The audit chain as a bundle carries it: every link, with what it records only where that is about this case. */
import type { AuditLink } from '../../store/audit.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import type { ChainLink } from '../verify/chain.ts'

/** @returns one link as JSON per line */
export function auditExtract(
  chain: Iterable<AuditLink>,
  snapshot: ReportSnapshot,
): { text: string; count: number; head: string | null } {
  const told = toldBy(snapshot)
  const lines: string[] = []
  let head: string | null = null
  for (const { seq, at, actor, action, subject, body, previous, hash } of chain) {
    const link: ChainLink = told(action, subject)
      ? { seq, at, actor, action, subject, body, previous, hash }
      : { seq, hash, withheld: true }
    lines.push(JSON.stringify(link) + '\n')
    head = hash
  }
  return { text: lines.join(''), count: lines.length, head }
}

/** Sections that are left out of the report are left out here as well. */
function toldBy({ omit, case: { id }, items, entities, relations }: ReportSnapshot) {
  const evidence = new Set(omit.includes('custody') ? [] : items.map((item) => item.evidence.id))
  const records = new Set([...entities, ...relations].map((record) => record.id))
  return (action: string, subject: string): boolean => {
    if (omit.includes('judgements') && action.startsWith('judgement.')) return false
    if (omit.includes('findings') && action.startsWith('findings.')) return false
    if (omit.includes('entities') && action.startsWith('case.entity')) return false
    return subject === id || evidence.has(subject) || records.has(subject) || action === 'key.created'
  }
}
