/** Cases, and what they hold, as rows. Every writer here is called inside an operation that records it. */
import { z } from 'zod'
import { Case, CaseFields, CaseSummary } from '../contract/cases.ts'
import { Failure } from '../errors.ts'
import { canonical } from './audit.ts'
import type { Library } from './library.ts'

const CaseRow = z.object({
  id: z.string(),
  fields: z.string(),
  revision: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
})

function caseOf(untrustedRow: unknown): Case {
  const row = CaseRow.parse(untrustedRow)
  return Case.parse({
    ...CaseFields.parse(JSON.parse(row.fields)),
    id: row.id,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  })
}

/** Last changed first, with how much each holds. */
export function caseSummaries(lib: Library): CaseSummary[] {
  return lib.db
    .prepare(
      `SELECT c.*,
         (SELECT count(*) FROM case_evidence x WHERE x.case_id = c.id) AS evidence,
         (SELECT count(*) FROM case_entity x JOIN entity e ON e.id = x.entity_id
          WHERE x.case_id = c.id AND e.merged_into IS NULL AND e.removed_at IS NULL) AS entities,
         (SELECT count(*) FROM judgement j WHERE j.case_id = c.id OR (j.case_id IS NULL AND j.evidence_id IN
            (SELECT evidence_id FROM case_evidence x WHERE x.case_id = c.id))) AS judgements
       FROM case_record c ORDER BY c.updated_at DESC, c.rowid DESC`,
    )
    .all()
    .map((untrustedRow) => {
      const { evidence, entities, judgements } = untrustedRow as CaseSummary['counts']
      return CaseSummary.parse({ ...caseOf(untrustedRow), counts: { evidence, entities, judgements } })
    })
}

/** @throws Failure record.not-found */
export function caseById(lib: Library, id: string): Case {
  const row = lib.db.prepare('SELECT * FROM case_record WHERE id = ?').get(id)
  if (!row) throw new Failure('record.not-found', `There is no case ${id}.`)
  return caseOf(row)
}

/** Writes the case with the revision and times that it carries, new or changed. */
export function putCase(lib: Library, value: Case): void {
  const { id, revision, createdAt, updatedAt, ...fields } = value
  lib.db
    .prepare(
      `INSERT INTO case_record (id, fields, revision, created_at, updated_at)
       VALUES (@id, @fields, @revision, @createdAt, @updatedAt)
       ON CONFLICT (id) DO UPDATE SET fields = @fields, revision = @revision, updated_at = @updatedAt`,
    )
    .run({ id, fields: canonical(fields), revision, createdAt, updatedAt })
}

/** Marks a case as changed just now, so that lists show it first; its own fields keep their revision. */
export function touchCase(lib: Library, id: string, at: string): void {
  lib.db.prepare('UPDATE case_record SET updated_at = ? WHERE id = ?').run(at, id)
}

export interface FiledItem {
  readonly evidenceId: string
  readonly filedAt: string
  readonly note: string
}

/** Items of a case in the order in which they were filed. */
export function filedItems(lib: Library, caseId: string): FiledItem[] {
  return lib.db
    .prepare(
      `SELECT evidence_id AS evidenceId, filed_at AS filedAt, note FROM case_evidence
       WHERE case_id = ? ORDER BY filed_at, rowid`,
    )
    .all(caseId) as FiledItem[]
}

/** Adds an item to a case; one that is there keeps its place, and its note unless a new one is given. */
export function putFiledItem(lib: Library, caseId: string, item: FiledItem): 'added' | 'kept' {
  const known = lib.db
    .prepare('SELECT 1 FROM case_evidence WHERE case_id = ? AND evidence_id = ?')
    .get(caseId, item.evidenceId)
  lib.db
    .prepare(
      `INSERT INTO case_evidence (case_id, evidence_id, filed_at, note) VALUES (@caseId, @evidenceId, @filedAt, @note)
       ON CONFLICT (case_id, evidence_id) DO UPDATE SET note = CASE WHEN @note = '' THEN note ELSE @note END`,
    )
    .run({ caseId, ...item })
  return known ? 'kept' : 'added'
}

/** False where the item was not in the case. */
export function deleteFiledItem(lib: Library, caseId: string, evidenceId: string): boolean {
  return (
    lib.db.prepare('DELETE FROM case_evidence WHERE case_id = ? AND evidence_id = ?').run(caseId, evidenceId).changes >
    0
  )
}

/** Cases that hold the item. */
export function caseIdsOf(lib: Library, evidenceId: string): string[] {
  const rows = lib.db
    .prepare('SELECT case_id AS id FROM case_evidence WHERE evidence_id = ? ORDER BY filed_at, rowid')
    .all(evidenceId)
  return (rows as { id: string }[]).map((row) => row.id)
}

/** False where it was there already. @param via the merged record for whose sake it is added */
export function putCaseEntity(lib: Library, caseId: string, entityId: string, at: string, via?: string): boolean {
  return (
    lib.db
      .prepare('INSERT INTO case_entity (case_id, entity_id, added_at, via) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(caseId, entityId, at, via ?? null).changes > 0
  )
}

/** False where it was not in the case. */
export function deleteCaseEntity(lib: Library, caseId: string, entityId: string): boolean {
  return lib.db.prepare('DELETE FROM case_entity WHERE case_id = ? AND entity_id = ?').run(caseId, entityId).changes > 0
}

/** Cases that hold the record. */
export function caseIdsOfEntity(lib: Library, entityId: string): string[] {
  return lib.db
    .prepare('SELECT case_id FROM case_entity WHERE entity_id = ? ORDER BY added_at, rowid')
    .pluck()
    .all(entityId) as string[]
}
