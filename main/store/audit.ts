/** The audit chain: every change appends a link, `hash = SHA-256(previous ‖ canonical JSON of the row)`. */
import canonicalize from 'canonicalize'
import { createHash } from 'node:crypto'
import type { AuditEntry } from '../contract/library.ts'
import type { Sqlite } from './database.ts'

/** The hash before the first link. */
const GENESIS = '0'.repeat(64)

interface Row {
  seq: number
  at: string
  actor: string
  action: string
  subject: string
  body: string
  previous: string
  hash: string
}

/** JSON by RFC 8785 (JCS), so that equal values have equal bytes. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('value has no JSON form')
  return text
}

function link(row: Omit<Row, 'hash'>): string {
  const { previous, ...rest } = row
  return createHash('sha256').update(previous).update(canonical(rest)).digest('hex')
}

/** Appends one link. Call it inside the transaction that makes the change it records. */
export function append(
  db: Sqlite,
  entry: { actor: string; action: string; subject: string; body?: unknown; at?: string },
): string {
  const last = db.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get() as
    Pick<Row, 'seq' | 'hash'> | undefined
  const row: Omit<Row, 'hash'> = {
    seq: (last?.seq ?? 0) + 1,
    at: entry.at ?? new Date().toISOString(),
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    body: canonical(entry.body ?? {}),
    previous: last?.hash ?? GENESIS,
  }
  const hash = link(row)
  db.prepare(
    'INSERT INTO audit (seq, at, actor, action, subject, body, previous, hash) VALUES (@seq, @at, @actor, @action, @subject, @body, @previous, @hash)',
  ).run({ ...row, hash })
  return hash
}

/** What a walk along the chain found; `brokenAt` is null where it is whole. */
export interface ChainCheck {
  /** Rows walked, the broken one included. */
  readonly length: number
  readonly head: string | null
  /** `seq` of the first row that does not fit. */
  readonly brokenAt: number | null
  readonly why: string
}

const PAGE = 500

/** Walks the whole chain a page at a time, so that the caller can do something else in between. Yields rows walked. */
export function* walkChain(db: Sqlite): Generator<number, ChainCheck> {
  const page = db.prepare('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?')
  let previous = GENESIS
  let length = 0
  // Sequence numbers below 1 are never written, so that whatever has one was put there behind Assay's back.
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const rows = page.all(after, PAGE) as Row[]
    if (rows.length === 0) break
    for (const { hash, ...rest } of rows) {
      length += 1
      const why =
        rest.seq !== length
          ? `row ${length} is missing`
          : rest.previous !== previous
            ? 'it does not follow the row before it'
            : link(rest) !== hash
              ? 'its contents do not match its hash'
              : ''
      if (why) return { length, head: null, brokenAt: rest.seq, why }
      previous = hash
      after = rest.seq
    }
    yield length
  }
  return { length, head: length ? previous : null, brokenAt: null, why: '' }
}

/** One link as it was written; `body` is canonical JSON. */
export type AuditLink = Row

/** Every link, first to last, a page at a time. */
export function* links(db: Sqlite): Generator<AuditLink> {
  const page = db.prepare('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?')
  for (let after = 0; ;) {
    const rows = page.all(after, PAGE) as Row[]
    if (rows.length === 0) return
    yield* rows
    after = rows.at(-1)!.seq
  }
}

/** Walks the whole chain at once and names the first row that does not fit. */
export function verifyChain(db: Sqlite): ChainCheck {
  const walk = walkChain(db)
  for (;;) {
    const step = walk.next()
    if (step.done) return step.value
  }
}

export function head(db: Sqlite): string | null {
  const row = db.prepare('SELECT hash FROM audit ORDER BY seq DESC LIMIT 1').get() as { hash: string } | undefined
  return row?.hash ?? null
}

/** Newest first; of one subject where given. */
export function entries(db: Sqlite, limit: number, subject?: string): AuditEntry[] {
  const columns = 'SELECT seq, at, actor, action, subject, hash FROM audit'
  return (
    subject
      ? db.prepare(`${columns} WHERE subject = ? ORDER BY seq DESC LIMIT ?`).all(subject, limit)
      : db.prepare(`${columns} ORDER BY seq DESC LIMIT ?`).all(limit)
  ) as AuditEntry[]
}
