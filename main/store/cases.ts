/** Cases, entities and relations as rows. Every writer here is called inside a change that records it. */
import { z } from 'zod'
import { Case, CaseFields, CaseSummary, Entity, type NodeRef, Relation } from '../contract/cases.ts'
import { Sourcing } from '../contract/common.ts'
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
         (SELECT count(*) FROM case_entity x WHERE x.case_id = c.id) AS entities,
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

const EntityRow = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  attributes: z.string(),
  sourcing: z.string(),
  tlp: z.string(),
  revision: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
})

function entityOf(untrustedRow: unknown): Entity {
  const row = EntityRow.parse(untrustedRow)
  return Entity.parse({
    id: row.id,
    kind: row.kind,
    name: row.name,
    attributes: JSON.parse(row.attributes),
    sourcing: Sourcing.parse(JSON.parse(row.sourcing)),
    tlp: row.tlp,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  })
}

/** @throws Failure record.not-found */
export function entityById(lib: Library, id: string): Entity {
  const row = lib.db.prepare('SELECT * FROM entity WHERE id = ?').get(id)
  if (!row) throw new Failure('record.not-found', `There is no record ${id}.`)
  return entityOf(row)
}

/** Writes the entity with the revision and times that it carries, new or changed. */
export function putEntity(lib: Library, value: Entity): void {
  lib.db
    .prepare(
      `INSERT INTO entity (id, kind, name, attributes, sourcing, tlp, revision, created_at, updated_at)
       VALUES (@id, @kind, @name, @attributes, @sourcing, @tlp, @revision, @createdAt, @updatedAt)
       ON CONFLICT (id) DO UPDATE SET name = @name, attributes = @attributes, sourcing = @sourcing, tlp = @tlp,
         revision = @revision, updated_at = @updatedAt`,
    )
    .run({ ...value, attributes: canonical(value.attributes), sourcing: canonical(value.sourcing) })
}

/** Entities of one kind or all, whose name or attributes contain the text, by name. */
export function findEntities(lib: Library, filter: { kind?: string | undefined; text: string }): Entity[] {
  const text = filter.text.trim()
  const rows = lib.db
    .prepare('SELECT * FROM entity WHERE @kind IS NULL OR kind = @kind ORDER BY name, id')
    .all({ kind: filter.kind ?? null })
  const all = rows.map(entityOf)
  if (!text) return all
  const folded = fold(text)
  return all.filter((entity) =>
    fold(`${entity.name} ${JSON.stringify(Object.values(entity.attributes))}`).includes(folded),
  )
}

/** Case and compatibility forms folded, marks dropped: `É` finds `e`, `لأ` finds `لا`. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** Entities of a case, by kind and name. */
export function caseEntities(lib: Library, caseId: string): Entity[] {
  return lib.db
    .prepare(
      `SELECT e.* FROM entity e JOIN case_entity x ON x.entity_id = e.id WHERE x.case_id = ? ORDER BY e.kind, e.name, e.id`,
    )
    .all(caseId)
    .map(entityOf)
}

/** False where it was there already. */
export function putCaseEntity(lib: Library, caseId: string, entityId: string, at: string): boolean {
  return (
    lib.db
      .prepare('INSERT INTO case_entity (case_id, entity_id, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
      .run(caseId, entityId, at).changes > 0
  )
}

/** False where it was not in the case. */
export function deleteCaseEntity(lib: Library, caseId: string, entityId: string): boolean {
  return lib.db.prepare('DELETE FROM case_entity WHERE case_id = ? AND entity_id = ?').run(caseId, entityId).changes > 0
}

const RelationRow = z.object({
  id: z.string(),
  type: z.string(),
  from_kind: z.string(),
  from_id: z.string(),
  to_kind: z.string(),
  to_id: z.string(),
  sourcing: z.string(),
  disputed: z.number(),
  note: z.string(),
  created_at: z.string(),
})

function relationOf(untrustedRow: unknown): Relation {
  const row = RelationRow.parse(untrustedRow)
  return Relation.parse({
    id: row.id,
    type: row.type,
    from: { kind: row.from_kind, id: row.from_id },
    to: { kind: row.to_kind, id: row.to_id },
    sourcing: Sourcing.parse(JSON.parse(row.sourcing)),
    disputed: row.disputed === 1,
    note: row.note,
    createdAt: row.created_at,
  })
}

/** Relations that stand between two members of the case: its entities and its evidence items. */
export function caseRelations(lib: Library, caseId: string): Relation[] {
  return lib.db
    .prepare(
      `WITH member AS (
         SELECT entity_id AS id FROM case_entity WHERE case_id = @caseId
         UNION SELECT evidence_id FROM case_evidence WHERE case_id = @caseId
       )
       SELECT * FROM relation
       WHERE withdrawn_at IS NULL AND from_id IN (SELECT id FROM member) AND to_id IN (SELECT id FROM member)
       ORDER BY created_at, rowid`,
    )
    .all({ caseId })
    .map(relationOf)
}

/** Standing relations of one type between two ends, in that direction. */
export function relationsBetween(lib: Library, type: string, from: NodeRef, to: NodeRef): Relation[] {
  return lib.db
    .prepare('SELECT * FROM relation WHERE type = ? AND from_id = ? AND to_id = ? AND withdrawn_at IS NULL')
    .all(type, from.id, to.id)
    .map(relationOf)
}

export function putRelation(lib: Library, value: Relation): void {
  lib.db
    .prepare(
      `INSERT INTO relation (id, type, from_kind, from_id, to_kind, to_id, sourcing, disputed, note, created_at)
       VALUES (@id, @type, @fromKind, @fromId, @toKind, @toId, @sourcing, @disputed, @note, @createdAt)
       ON CONFLICT (id) DO UPDATE SET sourcing = @sourcing, disputed = @disputed, note = @note`,
    )
    .run({
      id: value.id,
      type: value.type,
      fromKind: value.from.kind,
      fromId: value.from.id,
      toKind: value.to.kind,
      toId: value.to.id,
      sourcing: canonical(value.sourcing),
      disputed: value.disputed ? 1 : 0,
      note: value.note,
      createdAt: value.createdAt,
    })
}

/** False for one that was withdrawn or never was. */
export const isStanding = (lib: Library, relationId: string): boolean =>
  lib.db.prepare('SELECT 1 FROM relation WHERE id = ? AND withdrawn_at IS NULL').get(relationId) !== undefined

/** Withdraws a standing relation; its row stays. False where none of that id stands. */
export function withdrawRelation(lib: Library, id: string, at: string): boolean {
  return (
    lib.db.prepare('UPDATE relation SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL').run(at, id).changes > 0
  )
}
