/** What rests on what: look-ups over the `support` table, which triggers keep in step with the sourcing of statements. */
import type { Library } from './library.ts'

export interface Holder {
  readonly kind: 'assertion' | 'relation'
  readonly id: string
}

/** Statements that point at the item or the finding and still stand. */
export function holdersOf(lib: Library, target: { evidenceId: string } | { findingId: string }): Holder[] {
  const [column, id] = 'evidenceId' in target ? ['evidence_id', target.evidenceId] : ['finding_id', target.findingId]
  return lib.db
    .prepare(
      `SELECT DISTINCT s.holder AS id, s.kind FROM support s
       LEFT JOIN assertion a ON s.kind = 'assertion' AND a.id = s.holder
       LEFT JOIN relation r ON s.kind = 'relation' AND r.id = s.holder
       WHERE s.${column} = ? AND coalesce(a.withdrawn_at, r.withdrawn_at) IS NULL
       ORDER BY coalesce(a.created_at, r.created_at), s.holder`,
    )
    .all(id) as Holder[]
}

/** Judgements that cite the finding, or are about the item, newest first. */
export function judgementIdsOn(lib: Library, target: { evidenceId: string } | { findingId: string }): string[] {
  return (
    'evidenceId' in target
      ? lib.db.prepare('SELECT id FROM judgement WHERE evidence_id = ? ORDER BY at DESC').pluck().all(target.evidenceId)
      : lib.db
          .prepare(
            `SELECT j.id FROM finding f CROSS JOIN judgement j ON j.evidence_id = f.evidence_id
             WHERE f.id = @id AND EXISTS (SELECT 1 FROM json_each(j.body, '$.findingIds') c WHERE c.value = @id)
             ORDER BY j.at DESC`,
          )
          .pluck()
          .all({ id: target.findingId })
  ) as string[]
}

/** Those of the findings that a later run replaced, or that are no longer there. */
export function replacedAmong(lib: Library, findingIds: Iterable<string>): Set<string> {
  const current = lib.db.prepare('SELECT 1 FROM finding WHERE id = ? AND current = 1')
  return new Set([...new Set(findingIds)].filter((id) => current.get(id) === undefined))
}

/** Findings that statements of a case's records cite and that were replaced. */
export function replacedInCase(lib: Library, caseId: string): string[] {
  return lib.db
    .prepare(
      `SELECT DISTINCT s.finding_id FROM support s
       LEFT JOIN finding f ON f.id = s.finding_id
       WHERE s.finding_id IS NOT NULL AND coalesce(f.current, 0) = 0 AND (
         s.holder IN (SELECT a.id FROM case_entity x JOIN assertion a ON a.entity_id = x.entity_id WHERE x.case_id = @caseId)
         OR s.holder IN (SELECT r.id FROM case_entity x JOIN relation r ON r.from_id = x.entity_id WHERE x.case_id = @caseId)
         OR s.holder IN (SELECT r.id FROM case_evidence x JOIN relation r ON r.from_id = x.evidence_id WHERE x.case_id = @caseId))
       UNION
       SELECT c.value FROM judgement j, json_each(j.body, '$.findingIds') c
       LEFT JOIN finding f ON f.id = c.value
       WHERE j.case_id = @caseId AND coalesce(f.current, 0) = 0`,
    )
    .pluck()
    .all({ caseId }) as string[]
}
