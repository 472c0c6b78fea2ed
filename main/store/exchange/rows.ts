/** Records as they are exchanged: every row whole, with what was withdrawn, superseded and merged. */
import { z } from 'zod'
import { AlignedSegment, CaseFields, EntityKind, NodeKind, RelationType } from '../../contract/cases.ts'
import { DatedValue, Id, Instant, Sourcing, Tlp } from '../../contract/common.ts'
import { Judgement } from '../../contract/findings.ts'
import { TaskFields } from '../../contract/tradecraft.ts'
import { canonical } from '../audit.ts'
import type { Library } from '../library.ts'
import { statement } from '../statement.ts'

const Optional = DatedValue.nullable().default(null)

export const AssertionRow = z.object({
  id: Id,
  /** The record of which it was said; after a merge not the one that carries it. */
  statedOf: Id,
  field: z.string().min(1).max(60),
  value: z.unknown(),
  sourcing: Sourcing.prefault({}),
  validFrom: Optional,
  validUntil: Optional,
  disputed: z.boolean().default(false),
  note: z.string().max(20_000).default(''),
  place: z.number().int().default(0),
  createdAt: Instant,
  withdrawnAt: Instant.nullable().default(null),
  supersededBy: Id.nullable().default(null),
})
export type AssertionRow = z.infer<typeof AssertionRow>

export const EntityRow = z.object({
  id: Id,
  kind: EntityKind,
  name: z.string().trim().min(1).max(300),
  sourcing: Sourcing.prefault({}),
  tlp: Tlp,
  revision: z.number().int().min(1),
  createdAt: Instant,
  updatedAt: Instant,
  mergedInto: Id.nullable().default(null),
  mergedAt: Instant.nullable().default(null),
  /** What it carries, in the order in which it was said. */
  assertions: z.array(AssertionRow).max(20_000).default([]),
})
export type EntityRow = z.infer<typeof EntityRow>

const End = z.object({ kind: NodeKind, id: Id })
export const RelationRow = z.object({
  id: Id,
  type: RelationType,
  from: End,
  to: End,
  sourcing: Sourcing.prefault({}),
  disputed: z.boolean().default(false),
  note: z.string().max(20_000).default(''),
  validFrom: Optional,
  validUntil: Optional,
  segments: z.array(AlignedSegment).default([]),
  createdAt: Instant,
  withdrawnAt: Instant.nullable().default(null),
  statedFrom: Id.nullable().default(null),
  statedTo: Id.nullable().default(null),
})
export type RelationRow = z.infer<typeof RelationRow>

export const TaskRow = z.object({
  id: Id,
  fields: TaskFields,
  revision: z.number().int(),
  createdAt: Instant,
  updatedAt: Instant,
})
export const CaseRow = z.object({
  id: Id,
  fields: CaseFields,
  revision: z.number().int().min(1),
  createdAt: Instant,
  updatedAt: Instant,
  entities: z.array(z.object({ id: Id, addedAt: Instant, via: Id.nullable().default(null) })).default([]),
  evidence: z.array(z.object({ id: Id, filedAt: Instant, note: z.string().default('') })).default([]),
  tasks: z.array(TaskRow).default([]),
})
export type CaseRow = z.infer<typeof CaseRow>

type Row = Record<string, unknown>
const json = (text: unknown): unknown => (typeof text === 'string' ? JSON.parse(text) : null)

const entityOf = (row: Row): Omit<EntityRow, 'assertions'> => ({
  id: row['id'] as string,
  kind: row['kind'] as EntityKind,
  name: row['name'] as string,
  sourcing: Sourcing.parse(json(row['sourcing'])),
  tlp: row['tlp'] as EntityRow['tlp'],
  revision: row['revision'] as number,
  createdAt: row['created_at'] as string,
  updatedAt: row['updated_at'] as string,
  mergedInto: row['merged_into'] as string | null,
  mergedAt: row['merged_at'] as string | null,
})

const assertionOf = (row: Row): AssertionRow => ({
  id: row['id'] as string,
  statedOf: row['stated_of'] as string,
  field: row['field'] as string,
  value: json(row['value']),
  sourcing: Sourcing.parse(json(row['sourcing'])),
  validFrom: json(row['valid_from']) as DatedValue | null,
  validUntil: json(row['valid_until']) as DatedValue | null,
  disputed: row['disputed'] === 1,
  note: row['note'] as string,
  place: row['place'] as number,
  createdAt: row['created_at'] as string,
  withdrawnAt: row['withdrawn_at'] as string | null,
  supersededBy: row['superseded_by'] as string | null,
})

const relationOf = (row: Row): RelationRow =>
  RelationRow.parse({
    id: row['id'],
    type: row['type'],
    from: { kind: row['from_kind'], id: row['from_id'] },
    to: { kind: row['to_kind'], id: row['to_id'] },
    sourcing: json(row['sourcing']),
    disputed: row['disputed'] === 1,
    note: row['note'],
    validFrom: json(row['valid_from']),
    validUntil: json(row['valid_until']),
    segments: json(row['segments']),
    createdAt: row['created_at'],
    withdrawnAt: row['withdrawn_at'],
    statedFrom: row['stated_from'],
    statedTo: row['stated_to'],
  })

/** Ids of all records that are not removed, merged ones too. */
export const entityIds = (lib: Library): string[] =>
  statement(lib.db, 'SELECT id FROM entity WHERE removed_at IS NULL ORDER BY id').pluck().all() as string[]

/** Ids of a case's records, and of those merged into them. */
export const caseEntityIds = (lib: Library, caseId: string): string[] =>
  statement(
    lib.db,
    `WITH RECURSIVE member (id) AS (
         SELECT x.entity_id FROM case_entity x JOIN entity e ON e.id = x.entity_id
         WHERE x.case_id = ? AND e.removed_at IS NULL
         UNION SELECT e.id FROM member m CROSS JOIN entity e ON e.merged_into = m.id
         UNION SELECT e.merged_into FROM member m CROSS JOIN entity e ON e.id = m.id WHERE e.merged_into IS NOT NULL
       ) SELECT id FROM member ORDER BY id`,
  )
    .pluck()
    .all(caseId) as string[]

/** How much of each kind the library holds, and which handling marks stand on its records and cases. */
export function countsOfLibrary(lib: Library): { counts: { kind: string; count: number }[]; marks: Tlp[] } {
  const counts = statement(
    lib.db,
    `SELECT 'case' AS kind, count(*) AS count FROM case_record
     UNION ALL SELECT * FROM (SELECT kind, count(*) FROM entity
       WHERE merged_into IS NULL AND removed_at IS NULL GROUP BY kind ORDER BY kind)
     UNION ALL SELECT 'relation', count(*) FROM relation WHERE withdrawn_at IS NULL
     UNION ALL SELECT 'evidence', count(*) FROM evidence
     UNION ALL SELECT 'judgement', count(*) FROM judgement`,
  ).all({}) as { kind: string; count: number }[]
  const marks = statement(
    lib.db,
    `SELECT tlp FROM entity WHERE removed_at IS NULL
     UNION SELECT json_extract(fields, '$.tlp') FROM case_record`,
  ).pluck()
  return { counts, marks: marks.all().map((mark) => Tlp.parse(mark)) }
}

/** One record with everything said of it; null where it is not there or removed. */
export function entityRowOf(lib: Library, id: string): EntityRow | null {
  const row = statement(lib.db, 'SELECT * FROM entity WHERE id = ? AND removed_at IS NULL').get(id) as Row | undefined
  if (!row) return null
  const said = statement(lib.db, 'SELECT * FROM assertion WHERE entity_id = ? ORDER BY created_at, place, id').all(id)
  return { ...entityOf(row), assertions: (said as Row[]).map(assertionOf) }
}

export const isRemoved = (lib: Library, id: string): boolean =>
  statement(lib.db, 'SELECT 1 FROM entity WHERE id = ? AND removed_at IS NOT NULL').get(id) !== undefined

/** Relations that touch a record or item, withdrawn ones too. */
export const relationRowsOf = (lib: Library, id: string): RelationRow[] =>
  (statement(lib.db, 'SELECT * FROM relation WHERE from_id = ? ORDER BY id').all(id) as Row[]).map(relationOf)

export function relationRowOf(lib: Library, id: string): RelationRow | null {
  const row = statement(lib.db, 'SELECT * FROM relation WHERE id = ?').get(id) as Row | undefined
  return row ? relationOf(row) : null
}

export const caseIds = (lib: Library): string[] =>
  statement(lib.db, 'SELECT id FROM case_record ORDER BY id').pluck().all() as string[]

export function caseRowOf(lib: Library, id: string): CaseRow | null {
  const row = statement(lib.db, 'SELECT * FROM case_record WHERE id = ?').get(id) as Row | undefined
  if (!row) return null
  const entities = statement(
    lib.db,
    `SELECT x.entity_id AS id, x.added_at AS addedAt, x.via FROM case_entity x JOIN entity e ON e.id = x.entity_id
       WHERE x.case_id = ? AND e.removed_at IS NULL ORDER BY x.entity_id`,
  ).all(id)
  const evidence = statement(
    lib.db,
    'SELECT evidence_id AS id, filed_at AS filedAt, note FROM case_evidence WHERE case_id = ? ORDER BY evidence_id',
  ).all(id)
  const tasks = (statement(lib.db, 'SELECT * FROM case_task WHERE case_id = ? ORDER BY id').all(id) as Row[]).map(
    (task) => ({
      id: task['id'],
      fields: json(task['fields']),
      revision: task['revision'],
      createdAt: task['created_at'],
      updatedAt: task['updated_at'],
    }),
  )
  return CaseRow.parse({
    id,
    fields: json(row['fields']),
    revision: row['revision'],
    createdAt: row['created_at'],
    updatedAt: row['updated_at'],
    entities,
    evidence,
    tasks,
  })
}

/** Judgements about the item, oldest first. */
export const judgementRowsOf = (lib: Library, evidenceId: string): Judgement[] =>
  statement(lib.db, 'SELECT body FROM judgement WHERE evidence_id = ? ORDER BY at, id')
    .pluck()
    .all(evidenceId)
    .map((body) => Judgement.parse(json(body)))

export const hasEvidence = (lib: Library, id: string): boolean =>
  statement(lib.db, 'SELECT 1 FROM evidence WHERE id = ?').get(id) !== undefined

/** Of a record that is not removed. */
export const kindOfRow = (lib: Library, id: string): EntityRow['kind'] | undefined =>
  (
    statement(lib.db, 'SELECT kind FROM entity WHERE id = ? AND removed_at IS NULL').get(id) as
      Pick<EntityRow, 'kind'> | undefined
  )?.kind

/** The one standing record of that name among the kinds; undefined where there is none, or several. */
export function entityByName(
  lib: Library,
  name: string,
  kinds: readonly EntityRow['kind'][],
): Pick<EntityRow, 'id' | 'kind'> | undefined {
  const found = statement(
    lib.db,
    `SELECT id, kind FROM entity WHERE name = @name AND kind IN (SELECT value FROM json_each(@kinds))
       AND merged_into IS NULL AND removed_at IS NULL LIMIT 2`,
  ).all({ name: name.trim(), kinds: JSON.stringify(kinds) }) as Pick<EntityRow, 'id' | 'kind'>[]
  return found.length === 1 ? found[0] : undefined
}

/** Of which record the assertion of that id was said; undefined where there is none. */
export const statedOf = (lib: Library, assertionId: string): string | undefined =>
  (
    statement(lib.db, 'SELECT stated_of AS of FROM assertion WHERE id = ?').get(assertionId) as
      { of: string } | undefined
  )?.of

/** What new records are held against: names, other names and handles of everything that stands. */
export const namesInUse = (lib: Library): { id: string; kind: EntityRow['kind']; name: string }[] =>
  statement(
    lib.db,
    `SELECT id, kind, name FROM entity WHERE merged_into IS NULL AND removed_at IS NULL
     UNION ALL
     SELECT e.id, e.kind, coalesce(json_extract(a.value, '$.name'), json_extract(a.value, '$')) FROM assertion a
     JOIN entity e ON e.id = a.entity_id
     WHERE a.field IN ('aliases', 'handle') AND a.withdrawn_at IS NULL AND e.merged_into IS NULL AND e.removed_at IS NULL`,
  ).all({}) as { id: string; kind: EntityRow['kind']; name: string }[]

export const hasJudgement = (lib: Library, id: string): boolean =>
  statement(lib.db, 'SELECT 1 FROM judgement WHERE id = ?').get(id) !== undefined

const text = (value: DatedValue | null): string | null => value && canonical(value)

/** Prepared once for an import: a hundred thousand rows go through each of them. Call it inside an operation. */
export function rowWriter(lib: Library) {
  const { db } = lib
  const entity = db.prepare(
    `INSERT INTO entity (id, kind, name, sourcing, tlp, revision, created_at, updated_at, merged_into, merged_at)
     VALUES (@id, @kind, @name, @sourcing, @tlp, @revision, @createdAt, @updatedAt, @mergedInto, @mergedAt)
     ON CONFLICT (id) DO UPDATE SET name = @name, sourcing = @sourcing, tlp = @tlp, revision = @revision,
       updated_at = @updatedAt, merged_into = @mergedInto, merged_at = @mergedAt, removed_at = NULL`,
  )
  const assertion = db.prepare(
    `INSERT INTO assertion (id, entity_id, stated_of, field, value, sourcing, valid_from, valid_until, disputed, note, place,
       created_at, withdrawn_at, superseded_by)
     VALUES (@id, @entityId, @statedOf, @field, @value, @sourcing, @validFrom, @validUntil, @disputed, @note, @place,
       @createdAt, @withdrawnAt, @supersededBy)
     ON CONFLICT (id) DO UPDATE SET entity_id = @entityId, disputed = @disputed, note = @note,
       withdrawn_at = @withdrawnAt, superseded_by = @supersededBy`,
  )
  const relation = db.prepare(
    `INSERT INTO relation (id, type, from_kind, from_id, to_kind, to_id, sourcing, disputed, note, valid_from, valid_until,
       segments, created_at, withdrawn_at, stated_from, stated_to)
     VALUES (@id, @type, @fromKind, @fromId, @toKind, @toId, @sourcing, @disputed, @note, @validFrom, @validUntil,
       @segments, @createdAt, @withdrawnAt, @statedFrom, @statedTo)
     ON CONFLICT (id) DO UPDATE SET from_id = @fromId, to_id = @toId, sourcing = @sourcing, disputed = @disputed,
       note = @note, valid_from = @validFrom, valid_until = @validUntil, segments = @segments,
       withdrawn_at = @withdrawnAt, stated_from = @statedFrom, stated_to = @statedTo`,
  )
  const caseRecord = db.prepare(
    `INSERT INTO case_record (id, fields, revision, created_at, updated_at)
     VALUES (@id, @fields, @revision, @createdAt, @updatedAt)
     ON CONFLICT (id) DO UPDATE SET fields = @fields, revision = @revision, updated_at = @updatedAt`,
  )
  const member = db.prepare(
    'INSERT INTO case_entity (case_id, entity_id, added_at, via) VALUES (@caseId, @id, @addedAt, @via) ON CONFLICT DO NOTHING',
  )
  const filed = db.prepare(
    'INSERT INTO case_evidence (case_id, evidence_id, filed_at, note) VALUES (@caseId, @id, @filedAt, @note) ON CONFLICT DO NOTHING',
  )
  const task = db.prepare(
    `INSERT INTO case_task (id, case_id, fields, revision, created_at, updated_at)
     VALUES (@id, @caseId, @fields, @revision, @createdAt, @updatedAt)
     ON CONFLICT (id) DO UPDATE SET fields = @fields, revision = @revision, updated_at = @updatedAt`,
  )
  const judgement = db.prepare(
    'INSERT INTO judgement (id, evidence_id, case_id, body, at) VALUES (@id, @evidenceId, @caseId, @body, @at)',
  )
  return {
    /** Rows may name rows that come later. */
    begin(): void {
      db.pragma('defer_foreign_keys = ON')
      db.prepare('INSERT INTO current_import (one) VALUES (1)').run()
    },
    end: (): void => void db.prepare('DELETE FROM current_import').run(),
    /** The record and all that it carries. */
    entity({ assertions, ...head }: EntityRow): void {
      entity.run({ ...head, sourcing: canonical(head.sourcing) })
      for (const one of assertions)
        assertion.run({
          ...one,
          entityId: head.id,
          value: canonical(one.value),
          sourcing: canonical(one.sourcing),
          validFrom: text(one.validFrom),
          validUntil: text(one.validUntil),
          disputed: one.disputed ? 1 : 0,
        })
    },
    relation({ from, to, ...row }: RelationRow): void {
      relation.run({
        ...row,
        fromKind: from.kind,
        fromId: from.id,
        toKind: to.kind,
        toId: to.id,
        sourcing: canonical(row.sourcing),
        disputed: row.disputed ? 1 : 0,
        validFrom: text(row.validFrom),
        validUntil: text(row.validUntil),
        segments: canonical(row.segments),
      })
    },
    caseHead: ({ id, fields, revision, createdAt, updatedAt }: CaseRow): void =>
      void caseRecord.run({ id, fields: canonical(fields), revision, createdAt, updatedAt }),
    /** True where the record was not in the case before. */
    caseEntity: (caseId: string, one: CaseRow['entities'][number]): boolean =>
      member.run({ caseId, ...one }).changes > 0,
    /** True where the item was not in the case before. */
    caseEvidence: (caseId: string, one: CaseRow['evidence'][number]): boolean =>
      filed.run({ caseId, ...one }).changes > 0,
    caseTask: (caseId: string, one: CaseRow['tasks'][number]): void =>
      void task.run({ ...one, caseId, fields: canonical(one.fields) }),
    judgement: (one: Judgement): void =>
      void judgement.run({
        id: one.id,
        evidenceId: one.evidenceId,
        caseId: one.caseId,
        body: canonical(one),
        at: one.at,
      }),
  }
}
export type RowWriter = ReturnType<typeof rowWriter>
