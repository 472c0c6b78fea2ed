/** Judgements as rows: what analysts concluded. They are only ever added; a change of mind is a newer judgement. */
import { Judgement } from '../contract/findings.ts'
import { canonical } from './audit.ts'
import type { Library } from './library.ts'

const parse = (row: unknown): Judgement => Judgement.parse(JSON.parse((row as { body: string }).body))

/** Call it inside a change. */
export function insertJudgement(lib: Library, judgement: Judgement): void {
  lib.db
    .prepare('INSERT INTO judgement (id, evidence_id, case_id, body, at) VALUES (?, ?, ?, ?, ?)')
    .run(judgement.id, judgement.evidenceId, judgement.caseId, canonical(judgement), judgement.at)
}

/** Judgements about one item, in any case or none, newest first. */
export function judgementsOf(lib: Library, evidenceId: string): Judgement[] {
  return lib.db
    .prepare('SELECT body FROM judgement WHERE evidence_id = ? ORDER BY at DESC, rowid DESC')
    .all(evidenceId)
    .map(parse)
}

/**
 * Judgements that belong to a case, newest first: those filed into it, and those made on the Bench, outside any case,
 * about items that the case holds.
 */
export function judgementsOfCase(lib: Library, caseId: string): Judgement[] {
  return lib.db
    .prepare(
      `SELECT body FROM judgement
       WHERE case_id = @caseId
          OR (case_id IS NULL AND evidence_id IN (SELECT evidence_id FROM case_evidence WHERE case_id = @caseId))
       ORDER BY at DESC, rowid DESC`,
    )
    .all({ caseId })
    .map(parse)
}
