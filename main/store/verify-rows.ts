/** Compares the rows about evidence with what the audit chain recorded when they were written. */
import { setImmediate as turn } from 'node:timers/promises'
import type { z } from 'zod'
import type { Problem } from '../contract/library.ts'
import { canonical } from './audit.ts'
import type { Library } from './library.ts'

type Fields = Record<string, unknown>
/** Table, then row id, then its fields. */
type Tables = Record<'evidence' | 'acquisition' | 'custody', Map<string, Fields>>

const ACTIONS = [
  'evidence.admitted',
  'evidence.stored',
  'evidence.described',
  'acquisition.added',
  'custody.added',
  'evidence.taken-back',
]
const PAGE = 500

const empty = (): Tables => ({ evidence: new Map(), acquisition: new Map(), custody: new Map() })

/** One problem for each row that was changed, added or removed other than by Assay. */
export async function compareWithChain(lib: Library): Promise<z.infer<typeof Problem>[]> {
  const recorded = await replay(lib)
  const present = read(lib)
  const problems: z.infer<typeof Problem>[] = []
  for (const table of ['evidence', 'acquisition', 'custody'] as const) {
    const ids = new Set([...recorded[table].keys(), ...present[table].keys()])
    for (const id of ids) {
      const message = difference(recorded[table].get(id), present[table].get(id))
      if (message) problems.push({ kind: 'database', subject: `${table} row ${id}`, message })
    }
  }
  return problems
}

function difference(recorded: Fields | undefined, present: Fields | undefined): string | null {
  if (!recorded) return 'The audit chain knows nothing of this row: it was not written by Assay.'
  if (!present) return 'The audit chain recorded this row, but it is gone.'
  const fields = Object.keys(recorded).filter((key) => canonical(recorded[key]) !== canonical(present[key]))
  if (fields.length === 0) return null
  return `It does not say what the audit chain recorded: ${fields.join(', ')}.`
}

/** What the rows must be, by the chain alone. */
async function replay(lib: Library): Promise<Tables> {
  const tables = empty()
  const page = lib.db.prepare(
    `SELECT seq, action, subject, body FROM audit
     WHERE seq > ? AND action IN (${ACTIONS.map(() => '?').join(', ')}) ORDER BY seq LIMIT ?`,
  )
  for (let after = 0; ;) {
    const rows = page.all(after, ...ACTIONS, PAGE) as { seq: number; action: string; subject: string; body: string }[]
    if (rows.length === 0) return tables
    for (const { seq, action, subject, body } of rows) {
      after = seq
      apply(tables, action, subject, JSON.parse(body) as Fields)
    }
    await turn()
  }
}

/** The bodies are those that store/evidence.ts records. */
function apply(tables: Tables, action: string, id: string, body: Fields): void {
  if (action === 'evidence.taken-back') return takeBack(tables, body)
  const { acquisition, acquisitions, custody, ...evidence } = body
  if (action === 'evidence.admitted') tables.evidence.set(id, evidence)
  if (action === 'evidence.stored')
    tables.evidence.set(id, { ...tables.evidence.get(id), ...evidence, reference: null })
  for (const one of [acquisition ?? [], acquisitions ?? []].flat() as Fields[]) {
    const known = tables.acquisition.get(String(one['id']))
    tables.acquisition.set(String(one['id']), { evidenceId: id, ...known, ...one })
  }
  for (const one of (custody ?? []) as Fields[]) tables.custody.set(String(one['id']), one)
}

/** A merge of a bundle that was undone. */
function takeBack(tables: Tables, { evidence, acquisitions, custody }: Fields): void {
  for (const { id } of evidence as { id: string }[]) tables.evidence.delete(id)
  for (const id of acquisitions as string[]) tables.acquisition.delete(id)
  for (const id of custody as string[]) tables.custody.delete(id)
}

const parsed = (text: unknown): unknown => (text === null ? null : JSON.parse(String(text)))

function read(lib: Library): Tables {
  const tables = empty()
  const all = (sql: string): Fields[] => lib.db.prepare(sql).all() as Fields[]
  for (const row of all('SELECT id, sha256, blake3, size, container, storage, reference FROM evidence'))
    tables.evidence.set(String(row['id']), { ...row, reference: parsed(row['reference']) })
  for (const row of all(
    `SELECT id, evidence_id AS evidenceId, name, path, storage, acquired_at AS acquiredAt, modified_at AS modifiedAt,
            details FROM acquisition`,
  ))
    tables.acquisition.set(String(row['id']), { ...row, details: parsed(row['details']) })
  for (const row of all('SELECT id, evidence_id AS evidenceId, at, actor, action, detail FROM custody'))
    tables.custody.set(String(row['id']), row)
  return tables
}
