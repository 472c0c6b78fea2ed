/** Findings as rows: what each signal last said about an item, and what it said before. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Finding } from '../contract/findings.ts'
import { SignalOutput } from '../contract/signals.ts'
import { canonical } from './audit.ts'
import type { Sqlite } from './database.ts'
import type { Library } from './library.ts'

/** Namespace of finding ids (RFC 9562, section 5.5): a random UUID, fixed for ever. */
const NAMESPACE = '5c1e1c5a-6e0b-4b52-9d2f-7b3a0f6f2c41'

/** Name-based UUID, version 5 (RFC 9562, section 5.5). */
export function uuid5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Hash of everything that decides an output: two findings with the same key must say the same. */
export function cacheKey(evidenceSha256: string, output: SignalOutput): string {
  const { model, parameters, ffmpeg, seed } = output.provenance
  const { id: signal, version } = output
  return sha256(
    canonical({ evidence: evidenceSha256, signal, version, model: model?.sha256 ?? null, parameters, ffmpeg, seed }),
  )
}

/** The same evidence, signal, version, model, parameters, ffmpeg and output have the same id in every library. */
export function findingId(evidenceSha256: string, output: SignalOutput): string {
  return uuid5(NAMESPACE, `${cacheKey(evidenceSha256, output)} ${sha256(canonical(output))}`)
}

/** What storing the outputs of a run changed, by signal. */
export interface Replaced {
  readonly signal: string
  readonly id: string
  /**
   * `new`: nothing was known of this signal; `same`: the very same finding as before; `other-inputs`: version, model,
   * parameters or ffmpeg are not those of the finding it replaces; `differs`: the same inputs gave another output.
   */
  readonly outcome: 'new' | 'same' | 'other-inputs' | 'differs'
}

/**
 * Makes `outputs` the current findings of their signals. Earlier ones stay in the library, because judgements may cite
 * them. Call it inside a change.
 */
export function replaceFindings(
  db: Sqlite,
  evidence: { id: string; sha256: string },
  outputs: readonly SignalOutput[],
): Replaced[] {
  const previous = db.prepare(
    'SELECT id, cache_key AS key FROM finding WHERE evidence_id = ? AND signal = ? AND current = 1',
  )
  const retire = db.prepare('UPDATE finding SET current = 0 WHERE evidence_id = ? AND signal = ?')
  const insert = db.prepare(
    `INSERT INTO finding (id, evidence_id, signal, cache_key, output, current, created_at)
     VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (id) DO UPDATE SET current = 1`,
  )
  const now = new Date().toISOString()
  return outputs.map((output) => {
    const key = cacheKey(evidence.sha256, output)
    const id = findingId(evidence.sha256, output)
    const before = previous.get(evidence.id, output.id) as { id: string; key: string } | undefined
    retire.run(evidence.id, output.id)
    insert.run(id, evidence.id, output.id, key, canonical(output), now)
    const outcome = !before ? 'new' : before.id === id ? 'same' : before.key === key ? 'differs' : 'other-inputs'
    return { signal: output.id, id, outcome }
  })
}

/**
 * Takes in a finding that was made in another library. It becomes the current one only where its signal has said nothing of
 * the item here. Call it inside a change.
 *
 * @returns its id; null where it is here already
 */
export function receiveFinding(
  db: Sqlite,
  evidence: { id: string; sha256: string },
  { output, createdAt }: Pick<Finding, 'output' | 'createdAt'>,
): string | null {
  const id = findingId(evidence.sha256, output)
  if (db.prepare('SELECT 1 FROM finding WHERE id = ?').get(id)) return null
  db.prepare(
    `INSERT INTO finding (id, evidence_id, signal, cache_key, output, current, created_at)
     VALUES (@id, @evidenceId, @signal, @key, @output, NOT EXISTS (
       SELECT 1 FROM finding WHERE evidence_id = @evidenceId AND signal = @signal AND current = 1), @createdAt)`,
  ).run({
    id,
    evidenceId: evidence.id,
    signal: output.id,
    key: cacheKey(evidence.sha256, output),
    output: canonical(output),
    createdAt,
  })
  return id
}

/** True where a finding of that very output is here, current or replaced. */
export const hasFinding = (lib: Library, evidenceSha256: string, output: SignalOutput): boolean =>
  lib.db.prepare('SELECT 1 FROM finding WHERE id = ?').get(findingId(evidenceSha256, output)) !== undefined

const Row = z.object({ id: z.string(), evidence_id: z.string(), output: z.string(), created_at: z.string() })

function finding(untrustedRow: unknown): Finding {
  const row = Row.parse(untrustedRow)
  const output = SignalOutput.parse(JSON.parse(row.output))
  return { id: row.id, evidenceId: row.evidence_id, createdAt: row.created_at, output }
}

/** What each signal last said about the item: signals in `order` first and in that order, the others by id. */
export function currentFindings(lib: Library, evidenceId: string, order: readonly string[] = []): Finding[] {
  const place = (signal: string): number => (order.includes(signal) ? order.indexOf(signal) : order.length)
  return lib.db
    .prepare(
      'SELECT id, evidence_id, output, created_at FROM finding WHERE evidence_id = ? AND current = 1 ORDER BY signal',
    )
    .all(evidenceId)
    .map(finding)
    .sort((a, b) => place(a.output.id) - place(b.output.id))
}

/** The finding, current or replaced; null where there is none of that id. */
export function findingById(lib: Library, id: string): Finding | null {
  const row = lib.db.prepare('SELECT id, evidence_id, output, created_at FROM finding WHERE id = ?').get(id)
  return row ? finding(row) : null
}

/** The ffmpeg build by which the item was last decoded; empty where no signal has run. */
export function ffmpegOf(lib: Library, evidenceId: string): string {
  const found = lib.db
    .prepare(
      `SELECT json_extract(output, '$.provenance.ffmpeg') FROM finding
       WHERE evidence_id = ? AND current = 1 AND signal NOT IN ('known-footage') ORDER BY signal LIMIT 1`,
    )
    .pluck()
    .get(evidenceId)
  return typeof found === 'string' ? found : ''
}

/** What the signal last said about the item; null where it never ran. */
export function currentFinding(lib: Library, evidenceId: string, signal: string): Finding | null {
  const row = lib.db
    .prepare(
      'SELECT id, evidence_id, output, created_at FROM finding WHERE evidence_id = ? AND signal = ? AND current = 1',
    )
    .get(evidenceId, signal)
  return row ? finding(row) : null
}
