/** Fingerprints as rows: one blob a video. What is in a blob is read by matching/prints-bytes.ts. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Library } from './library.ts'

export interface NewFingerprint {
  readonly bytes: Uint8Array
  /** Seconds. */
  readonly duration: number
  /** Frames that were hashed. */
  readonly hashes: number
}

const Row = z.object({
  evidenceId: z.string(),
  sha256: z.string(),
  duration: z.number(),
  hashes: z.number().int(),
})
/** What is known of a fingerprint without reading it. */
export type FingerprintRow = z.infer<typeof Row>

const COLUMNS = 'f.evidence_id AS evidenceId, f.sha256, f.duration, f.hashes'
/** Items as they came in: the order in which of two the later one is looked up. */
const ARRIVAL = 'e.added_at, e.rowid'

/** Writes the item's fingerprint in the place of an earlier one; null removes it. Call it in a change. */
export function putFingerprint(lib: Library, evidenceId: string, made: NewFingerprint | null): void {
  if (!made) return void lib.db.prepare('DELETE FROM fingerprint WHERE evidence_id = ?').run(evidenceId)
  const body = Buffer.from(made.bytes.buffer, made.bytes.byteOffset, made.bytes.byteLength)
  lib.db
    .prepare(
      `INSERT INTO fingerprint (evidence_id, sha256, duration, hashes, body, made_at)
       VALUES (@evidenceId, @sha256, @duration, @hashes, @body, @at)
       ON CONFLICT (evidence_id) DO UPDATE
       SET sha256 = @sha256, duration = @duration, hashes = @hashes, body = @body, made_at = @at`,
    )
    .run({
      evidenceId,
      sha256: createHash('sha256').update(body).digest('hex'),
      duration: made.duration,
      hashes: made.hashes,
      body,
      at: new Date().toISOString(),
    })
}

/** The bytes as they were stored; null where there are none, or where they are no longer what was stored. */
export function fingerprintBytes(lib: Library, evidenceId: string): Uint8Array | null {
  const row = lib.db.prepare('SELECT sha256, body FROM fingerprint WHERE evidence_id = ?').get(evidenceId) as
    { sha256: string; body: Uint8Array } | undefined
  if (!row || createHash('sha256').update(row.body).digest('hex') !== row.sha256) return null
  return row.body
}

/** All fingerprints, in the order in which the items came in. */
export function fingerprints(lib: Library): FingerprintRow[] {
  return lib.db
    .prepare(`SELECT ${COLUMNS} FROM fingerprint f JOIN evidence e ON e.id = f.evidence_id ORDER BY ${ARRIVAL}`)
    .all()
    .map((row) => Row.parse(row))
}

export interface Due extends FingerprintRow {
  /** False where it has only to be held against hash lists that came or went. */
  readonly whole: boolean
}

/**
 * Items that were never held against the library as they are now, in the order in which they came in.
 *
 * @param version of the matching
 * @param lists ids of the hash lists there are, sorted, as JSON
 */
export function dueForMatching(lib: Library, version: string, lists: string): Due[] {
  return lib.db
    .prepare(
      `SELECT ${COLUMNS}, m.fingerprint IS NOT f.sha256 OR m.version IS NOT @version AS whole
       FROM fingerprint f JOIN evidence e ON e.id = f.evidence_id
       LEFT JOIN matched m ON m.evidence_id = f.evidence_id
       WHERE m.fingerprint IS NOT f.sha256 OR m.version IS NOT @version OR m.lists IS NOT @lists
       ORDER BY ${ARRIVAL}`,
    )
    .all({ version, lists })
    .map((row) => ({ ...Row.parse(row), whole: (row as { whole: number }).whole === 1 }))
}

const MatchedRow = z.object({
  /** SHA-256 of the fingerprint that was looked up, and the version of the matching. */
  fingerprint: z.string(),
  version: z.string(),
  lists: z.string(),
  /** Items that it was held against, and SHA-256 of all their fingerprints together. */
  videos: z.number().int(),
  library: z.string(),
  /** Its frames that show enough to be told apart. */
  usable: z.number().int(),
})
export type Matched = z.infer<typeof MatchedRow>

/** Marks the item as held against the library. Call it inside the change that writes what was found. */
export function putMatched(lib: Library, evidenceId: string, matched: Matched): void {
  lib.db
    .prepare(
      `INSERT INTO matched (evidence_id, fingerprint, version, lists, videos, library, usable, at)
       VALUES (@evidenceId, @fingerprint, @version, @lists, @videos, @library, @usable, @at)
       ON CONFLICT (evidence_id) DO UPDATE SET fingerprint = @fingerprint, version = @version, lists = @lists,
         videos = @videos, library = @library, usable = @usable, at = @at`,
    )
    .run({ evidenceId, ...matched, at: new Date().toISOString() })
}

/** What the item was last held against; null where it never was. */
export function matchedOf(lib: Library, evidenceId: string): Matched | null {
  const row = lib.db
    .prepare('SELECT fingerprint, version, lists, videos, library, usable FROM matched WHERE evidence_id = ?')
    .get(evidenceId)
  return row ? MatchedRow.parse(row) : null
}

/** Items that had nothing to be held against when they were matched. */
export function matchedAlone(lib: Library): string[] {
  return lib.db.prepare('SELECT evidence_id FROM matched WHERE videos = 0').pluck().all() as string[]
}

/** SHA-256 of the item's bytes, and of its fingerprint; null where it has none. */
export function fingerprintRow(lib: Library, evidenceId: string): FingerprintRow | null {
  const row = lib.db.prepare(`SELECT ${COLUMNS} FROM fingerprint f WHERE f.evidence_id = ?`).get(evidenceId)
  return row ? Row.parse(row) : null
}

/** Items whose triage has ended and that show pictures, but have no fingerprint: they were triaged before there were any. */
export function countWithoutFingerprint(lib: Library): number {
  const row = lib.db
    .prepare(
      `SELECT count(*) AS n FROM media m
       WHERE json_array_length(m.facts, '$.video') > 0 AND m.filmstrip IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM fingerprint f WHERE f.evidence_id = m.evidence_id)`,
    )
    .get()
  return (row as { n: number }).n
}

/** Null: no fingerprint. Otherwise whether the item was held against the library since its fingerprint was made. */
export function isMatched(lib: Library, evidenceId: string): boolean | null {
  const row = lib.db
    .prepare(
      `SELECT m.fingerprint IS f.sha256 AS done FROM fingerprint f
       LEFT JOIN matched m ON m.evidence_id = f.evidence_id WHERE f.evidence_id = ?`,
    )
    .get(evidenceId) as { done: number } | undefined
  return row ? row.done === 1 : null
}
