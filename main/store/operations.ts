/**
 * Steps that a person took, and taking them back. While an operation is under way, triggers of the database write down
 * every row of the case records as it was before (`0004-records.sql`), so that no writer can forget to.
 *
 * A step can be taken back while every row that it wrote is still as it left it, and nothing that stands points at what it
 * made. Otherwise the later step has to be taken back first, and is named.
 */
import { randomUUID } from 'node:crypto'
import type { Operation } from '../contract/records.ts'
import { Failure } from '../errors.ts'
import type { Actor, Library, RecordChange } from './library.ts'

export interface Step {
  /** `record.created`, as the audit chain calls it. */
  readonly action: string
  /** In words, with names: “created actor “A””. */
  readonly title: string
  /** The record, relation or case that it is about. */
  readonly subject: string
}

/**
 * Runs `work` as one operation: one transaction that can be taken back as a whole. Inside another operation it joins that
 * one. `step` is asked once the work is done, so that it can name what was made.
 */
export function operate<T>(lib: Library, actor: Actor, step: (made: T) => Step, work: (record: RecordChange) => T): T {
  return lib.change(actor, (record) => {
    const { db } = lib
    if (db.prepare('SELECT 1 FROM current_operation').get()) return work(record)
    const id = randomUUID()
    db.prepare('INSERT INTO current_operation (one, id) VALUES (1, ?)').run(id)
    const made = work(record)
    db.prepare('DELETE FROM current_operation').run()
    // A step that changed nothing is none.
    if (db.prepare('SELECT 1 FROM change WHERE operation_id = ? LIMIT 1').get(id))
      write(lib, id, actor, step(made), null)
    return made
  })
}

function write(lib: Library, id: string, actor: Actor, step: Step, undoes: string | null): Operation {
  const operation = { id, at: new Date().toISOString(), actor, ...step, undoes, undoneBy: null }
  lib.db
    .prepare(
      `INSERT INTO operation (id, at, actor, action, title, subject, undoes)
       VALUES (@id, @at, @actor, @action, @title, @subject, @undoes)`,
    )
    .run(operation)
  return operation
}

const COLUMNS = 'o.id, o.at, o.actor, o.action, o.title, o.subject, o.undoes, o.undone_by AS undoneBy'

/** Newest first; with a subject, those that are about it or wrote a row of it. */
export function operations(lib: Library, filter: { subject?: string | undefined; limit: number }): Operation[] {
  const { subject, limit } = filter
  return (
    subject
      ? lib.db
          .prepare(
            `SELECT ${COLUMNS} FROM operation o WHERE o.rowid IN (
               SELECT rowid FROM operation WHERE subject = @subject
               UNION SELECT p.rowid FROM change c CROSS JOIN operation p ON p.id = c.operation_id WHERE c.key = @subject
               UNION SELECT p.rowid FROM assertion a CROSS JOIN change c ON c.key = a.id
                 CROSS JOIN operation p ON p.id = c.operation_id WHERE a.entity_id = @subject
             ) ORDER BY o.rowid DESC LIMIT @limit`,
          )
          .all({ subject, limit })
      : lib.db.prepare(`SELECT ${COLUMNS} FROM operation o ORDER BY o.rowid DESC LIMIT ?`).all(limit)
  ) as Operation[]
}

/** The last operation, whatever it was. Inside the transaction that made it: that one. */
export const lastOperation = (lib: Library): Operation => operations(lib, { limit: 1 })[0]!

/**
 * Tables without triggers: what came in with a bundle is noted by whoever writes it (`noteReceived`), and is only ever taken
 * away as a whole.
 */
const RECEIVED: Readonly<Record<string, { key: readonly string[]; columns: readonly string[]; counts: boolean }>> = {
  evidence: { key: ['id'], columns: [], counts: false },
  acquisition: { key: ['id'], columns: [], counts: false },
  custody: { key: ['id'], columns: [], counts: false },
  finding: { key: ['id'], columns: [], counts: false },
  derivative: { key: ['sha256', 'evidence_id', 'role'], columns: [], counts: false },
}
export type ReceivedTable = 'evidence' | 'acquisition' | 'custody' | 'finding' | 'derivative'

/** Notes a row that the operation under way has made. Call it inside one. */
export function noteReceived(lib: Library, table: ReceivedTable, ...key: readonly (string | number)[]): void {
  lib.db
    .prepare('INSERT INTO change (operation_id, tbl, key) SELECT id, @table, @key FROM current_operation')
    .run({ table, key: key.join(' ') })
}

/** Columns of each table that is written down, key first; `counts` are never put back, only moved on. */
const TABLES: Readonly<Record<string, { key: readonly string[]; columns: readonly string[]; counts: boolean }>> = {
  case_record: { key: ['id'], columns: ['fields', 'created_at'], counts: true },
  entity: {
    key: ['id'],
    columns: ['kind', 'name', 'sourcing', 'tlp', 'created_at', 'merged_into', 'merged_at', 'removed_at'],
    counts: true,
  },
  case_entity: { key: ['case_id', 'entity_id'], columns: ['added_at', 'via'], counts: false },
  case_evidence: { key: ['case_id', 'evidence_id'], columns: ['filed_at', 'note'], counts: false },
  assertion: {
    key: ['id'],
    columns: [
      'entity_id', 'stated_of', 'field', 'value', 'sourcing', 'valid_from', 'valid_until', 'disputed', 'note', 'place',
      'created_at', 'withdrawn_at', 'superseded_by',
    ],
    counts: false,
  },
  relation: {
    key: ['id'],
    columns: [
      'type', 'from_kind', 'from_id', 'to_kind', 'to_id', 'sourcing', 'disputed', 'note', 'created_at', 'withdrawn_at',
      'valid_from', 'valid_until', 'segments', 'stated_from', 'stated_to',
    ],
    counts: false,
  },
  judgement: { key: ['id'], columns: ['evidence_id', 'case_id', 'body', 'at'], counts: false },
  exchange_kept: { key: ['id'], columns: ['type', 'object'], counts: false },
  case_task: { key: ['id'], columns: ['case_id', 'fields', 'created_at'], counts: true },
  ...RECEIVED,
} // prettier-ignore

interface Change {
  readonly seq: number
  readonly tbl: string
  readonly key: string
  readonly before: string | null
}

/** What taking an operation back did, for whoever has to tell others. */
export interface Undone {
  readonly operation: Operation
  readonly filed: readonly { caseId: string; evidenceId: string; now: 'filed' | 'removed' }[]
  readonly caseIds: readonly string[]
  /** Relations that it made, changed or took away. */
  readonly relationIds: readonly string[]
  /** SHA-256 of originals that it had brought in, and that are no items any more. */
  readonly originals: readonly string[]
}

/**
 * Takes an operation back; that is an operation of its own, and taking it back does the first one again.
 *
 * @throws Failure record.not-found | undo.done | undo.blocked, naming the later step or what still points there
 */
export function undoOperation(lib: Library, id: string, actor: Actor): Undone {
  return lib.change(actor, (record) => {
    const { db } = lib
    const target = db.prepare(`SELECT ${COLUMNS} FROM operation o WHERE id = ?`).get(id) as Operation | undefined
    if (!target) throw new Failure('record.not-found', 'There is no such operation.')
    if (target.undoneBy) throw new Failure('undo.done', `“${target.title}”`)
    const changes = db
      .prepare('SELECT seq, tbl, key, before FROM change WHERE operation_id = ? ORDER BY seq DESC')
      .all(id) as Change[]
    refuseLaterChange(lib, changes)
    if (target.undoes && undid(lib, target.undoes, 'evidence', 'custody', 'finding'))
      throw new Failure('undo.blocked', 'What came with a bundle comes in again with the bundle: merge it once more.')
    const originals = originalsOf(lib, changes)

    const own = randomUUID()
    db.prepare('INSERT INTO current_operation (one, id) VALUES (1, ?)').run(own)
    // Rows go back in reverse order; a record that is put back after a row that names it is there by the end.
    db.pragma('defer_foreign_keys = ON')
    for (const change of changes) restore(lib, change)
    refusePointers(lib, changes)
    db.prepare('DELETE FROM current_operation').run()

    const title = target.undoes ? `did again: ${titleOf(lib, target.undoes)}` : `took back: ${target.title}`
    const operation = write(lib, own, actor, { action: 'operation.undone', title, subject: target.subject }, id)
    db.prepare('UPDATE operation SET undone_by = ? WHERE id = ?').run(own, id)
    // Taking back an undo makes the first operation stand again, so that it can be taken back once more.
    if (target.undoes) db.prepare('UPDATE operation SET undone_by = NULL WHERE id = ?').run(target.undoes)
    record('operation.undone', target.subject, { operation: id, title: target.title, rows: changes.length })
    const keys = (tbl: ReceivedTable): string[] => changes.filter((one) => one.tbl === tbl).map((one) => one.key)
    if (keys('custody').length || originals.length)
      record('evidence.taken-back', target.subject, {
        operation: id,
        evidence: originals,
        acquisitions: keys('acquisition'),
        custody: keys('custody'),
      })
    return {
      operation,
      filed: filedBy(lib, changes),
      caseIds: casesOf(changes),
      relationIds: relationsIn(changes),
      originals: originals.map(({ sha256 }) => sha256),
    }
  })
}

const undid = (lib: Library, id: string, ...tables: readonly ReceivedTable[]): boolean =>
  lib.db
    .prepare('SELECT 1 FROM change WHERE operation_id = ? AND tbl IN (SELECT value FROM json_each(?)) LIMIT 1')
    .get(id, JSON.stringify(tables)) !== undefined

const originalsOf = (lib: Library, changes: readonly Change[]): { id: string; sha256: string }[] =>
  changes
    .filter(({ tbl }) => tbl === 'evidence')
    .map(({ key }) => lib.db.prepare('SELECT id, sha256 FROM evidence WHERE id = ?').get(key) as never)

const titleOf = (lib: Library, id: string): string =>
  lib.db.prepare('SELECT title FROM operation WHERE id = ?').pluck().get(id) as string

/** An undo and what it took back cancel out: neither is in the way. */
function refuseLaterChange(lib: Library, changes: readonly Change[]): void {
  const later = lib.db.prepare(
    `SELECT o.title FROM change c CROSS JOIN operation o ON o.id = c.operation_id
     WHERE c.key = ? AND c.tbl = ? AND c.seq > ? AND c.operation_id <> (SELECT operation_id FROM change WHERE seq = ?)
       AND o.undone_by IS NULL AND o.undoes IS NULL LIMIT 1`,
  )
  for (const { key, tbl, seq } of changes) {
    const found = later.pluck().get(key, tbl, seq, seq) as string | undefined
    if (found !== undefined) throw new Failure('undo.blocked', `Since then: “${found}”.`)
  }
}

function restore(lib: Library, { tbl, key, before }: Change): void {
  const table = TABLES[tbl]
  if (!table) throw new Error(`no such table is written down: ${tbl}`)
  const keys = Object.fromEntries(table.key.map((name, n) => [name, key.split(' ')[n]]))
  const where = table.key.map((name) => `${name} = @${name}`).join(' AND ')
  if (before === null) return void lib.db.prepare(`DELETE FROM ${tbl} WHERE ${where}`).run(keys)
  const row = JSON.parse(before) as Record<string, unknown>
  const now = new Date().toISOString()
  const set = table.columns.map((name) => `${name} = @${name}`).join(', ')
  const counts = table.counts ? ', revision = revision + 1, updated_at = @now' : ''
  const values = Object.fromEntries(Object.keys(row).map((name) => [name, row[name] ?? null]))
  const changed = lib.db.prepare(`UPDATE ${tbl} SET ${set}${counts} WHERE ${where}`)
  if (changed.run({ ...values, ...(table.counts ? { now } : {}) }).changes > 0) return
  const columns = Object.keys(row)
  lib.db
    .prepare(`INSERT INTO ${tbl} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`)
    .run(values)
}

/** What the operation made is gone now: nothing may point at it, standing or not. */
function refusePointers(lib: Library, changes: readonly Change[]): void {
  const made = (tbl: string): string[] =>
    changes.filter((change) => change.tbl === tbl && change.before === null).map((change) => change.key)
  const check = (sql: string, words: string): ((id: string) => void) => {
    const query = lib.db.prepare(sql)
    return (id) => {
      if (query.get({ id })) throw new Failure('undo.blocked', words)
    }
  }
  const ofEntity = [
    check('SELECT 1 FROM assertion WHERE entity_id = @id LIMIT 1', 'More was said of the record since.'),
    check('SELECT 1 FROM assertion WHERE ref_id = @id LIMIT 1', 'A value of another record points at it.'),
    check('SELECT 1 FROM assertion WHERE source_id = @id LIMIT 1', 'A value cites it as its source.'),
    check('SELECT 1 FROM relation WHERE source_id = @id LIMIT 1', 'A relation cites it as its source.'),
    check('SELECT 1 FROM relation WHERE from_id = @id LIMIT 1', 'It was linked since.'),
    check('SELECT 1 FROM relation WHERE to_id = @id LIMIT 1', 'It was linked since.'),
    check('SELECT 1 FROM case_entity WHERE entity_id = @id LIMIT 1', 'It was taken into a case since.'),
    check('SELECT 1 FROM entity WHERE merged_into = @id LIMIT 1', 'Another record was merged into it since.'),
  ]
  for (const id of made('entity')) for (const one of ofEntity) one(id)
  const ofStatement = check('SELECT 1 FROM assertion WHERE ref_id = @id LIMIT 1', 'A hypothesis weighs it.')
  for (const id of [...made('assertion'), ...made('relation')]) ofStatement(id)
  const ofCase = [
    check('SELECT 1 FROM case_evidence WHERE case_id = @id LIMIT 1', 'Evidence was filed into the case since.'),
    check('SELECT 1 FROM case_entity WHERE case_id = @id LIMIT 1', 'A record was taken into the case since.'),
    check(
      'SELECT 1 FROM judgement WHERE case_id = @id LIMIT 1',
      'A judgement was filed into the case; judgements stay.',
    ),
    check('SELECT 1 FROM case_task WHERE case_id = @id LIMIT 1', 'A question was noted in the case since.'),
    check('SELECT 1 FROM exported_report WHERE case_id = @id LIMIT 1', 'A report of the case was exported.'),
  ]
  for (const id of made('case_record')) for (const one of ofCase) one(id)
  const ofItem = [
    ...ON_ITEMS.map((table) => check(`SELECT 1 FROM ${table} WHERE evidence_id = @id LIMIT 1`, WORKED_ON)),
    check('SELECT 1 FROM footage_match WHERE fresh_id = @id OR known_id = @id LIMIT 1', WORKED_ON),
    check('SELECT 1 FROM relation WHERE from_id = @id OR to_id = @id LIMIT 1', 'An item was linked since.'),
    check('SELECT 1 FROM support WHERE evidence_id = @id LIMIT 1', 'A statement rests on an item that came with it.'),
  ]
  for (const id of made('evidence')) for (const one of ofItem) one(id)
  const ofFinding = check(
    'SELECT 1 FROM support WHERE finding_id = @id LIMIT 1',
    'A statement rests on a finding of it.',
  )
  for (const id of made('finding')) ofFinding(id)
}

const WORKED_ON = 'An item that came with it was worked on since.'
/** Whatever is made of an item. */
const ON_ITEMS = [
  'job', 'judgement', 'case_evidence', 'acquisition', 'custody', 'finding', 'media', 'derivative', 'intake',
  'fingerprint', 'matched', 'hash_list_match',
] as const // prettier-ignore

function filedBy(lib: Library, changes: readonly Change[]): Undone['filed'] {
  const there = lib.db.prepare('SELECT 1 FROM case_evidence WHERE case_id = ? AND evidence_id = ?')
  return changes
    .filter(({ tbl }) => tbl === 'case_evidence')
    .flatMap(({ key, before }) => {
      const [caseId = '', evidenceId = ''] = key.split(' ')
      const present = there.get(caseId, evidenceId) !== undefined
      if (before === null && !present) return { caseId, evidenceId, now: 'removed' as const }
      return before !== null && present ? { caseId, evidenceId, now: 'filed' as const } : []
    })
}

const casesOf = (changes: readonly Change[]): string[] => [
  ...new Set(changes.filter(({ tbl }) => tbl.startsWith('case_')).map(({ key }) => key.split(' ')[0]!)),
]

const relationsIn = (changes: readonly Change[]): string[] => [
  ...new Set(changes.filter(({ tbl }) => tbl === 'relation').map(({ key }) => key)),
]
