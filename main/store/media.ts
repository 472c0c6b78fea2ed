/** What the media stage measured about an item, and the files under derived/ that were made from it. */
import { join } from 'node:path'
import { z } from 'zod'
import { Sha256 } from '../contract/common.ts'
import { MediaFacts } from '../contract/media.ts'
import type { Library } from './library.ts'

/** Peak sound level per bucket, 0 to 1. */
export const Waveform = z.object({ bucketSeconds: z.number().positive(), peaks: z.array(z.number()) })
export type Waveform = z.infer<typeof Waveform>

/** Thumbnails side by side in one image under derived/. */
export const Filmstrip = z.object({
  sha256: Sha256,
  tiles: z.number().int().positive(),
  tileWidth: z.number().int().positive(),
  tileHeight: z.number().int().positive(),
  /** Seconds of media time of each tile. */
  times: z.array(z.number().nonnegative()),
})
export type Filmstrip = z.infer<typeof Filmstrip>

export const DerivativeRole = z.enum(['filmstrip', 'exhibit', 'proxy', 'difference-map'])
export type DerivativeRole = z.infer<typeof DerivativeRole>
const Derivative = z.object({
  sha256: Sha256,
  role: DerivativeRole,
  mime: z.string(),
  bytes: z.number().int(),
  made_at: z.string(),
})
export interface Derivative {
  readonly sha256: string
  readonly role: DerivativeRole
  readonly mime: string
  readonly bytes: number
  readonly madeAt: string
}

function column(lib: Library, evidenceId: string, name: 'facts' | 'packets' | 'waveform' | 'filmstrip'): unknown {
  const row = lib.db.prepare(`SELECT ${name} AS value FROM media WHERE evidence_id = ?`).get(evidenceId)
  return (row as { value: unknown } | undefined)?.value ?? null
}

function parsed<T>(schema: z.ZodType<T>, untrustedText: unknown): T | null {
  return typeof untrustedText === 'string' ? schema.parse(JSON.parse(untrustedText)) : null
}

/** Null until the item was probed. */
export function mediaFacts(lib: Library, evidenceId: string): MediaFacts | null {
  return parsed(MediaFacts, column(lib, evidenceId, 'facts'))
}

/** Packet table of the main video stream as `media/packets.ts` encodes it; null until the item was probed. */
export function packetsOf(lib: Library, evidenceId: string): Uint8Array | null {
  const value = column(lib, evidenceId, 'packets')
  return value instanceof Uint8Array ? value : null
}

/** Null until the item was decoded, and for items without sound. */
export function waveformOf(lib: Library, evidenceId: string): Waveform | null {
  return parsed(Waveform, column(lib, evidenceId, 'waveform'))
}

/** Null until the item was decoded, and for items without picture. */
export function filmstripOf(lib: Library, evidenceId: string): Filmstrip | null {
  return parsed(Filmstrip, column(lib, evidenceId, 'filmstrip'))
}

/** Writes facts and packets; what an earlier decode drew stays until the next one replaces it. Call it in a change. */
export function putProbe(lib: Library, evidenceId: string, facts: MediaFacts, packets: Uint8Array): void {
  lib.db
    .prepare(
      `INSERT INTO media (evidence_id, facts, packets) VALUES (@evidenceId, @facts, @packets)
       ON CONFLICT (evidence_id) DO UPDATE SET facts = @facts, packets = @packets`,
    )
    .run({ evidenceId, facts: JSON.stringify(facts), packets: Buffer.from(packets) })
}

/** Writes what the decode drew. The item must have been probed. Call it in a change. */
export function putDrawings(
  lib: Library,
  evidenceId: string,
  drawings: { waveform: Waveform | null; filmstrip: Filmstrip | null },
): void {
  lib.db.prepare('UPDATE media SET waveform = @waveform, filmstrip = @filmstrip WHERE evidence_id = @evidenceId').run({
    evidenceId,
    waveform: drawings.waveform && JSON.stringify(drawings.waveform),
    filmstrip: drawings.filmstrip && JSON.stringify(drawings.filmstrip),
  })
}

/** Records a file that now lies at `derivedFile`. Call it in a change. */
export function putDerivative(
  lib: Library,
  evidenceId: string,
  made: { sha256: string; role: DerivativeRole; mime: string; bytes: number },
): void {
  lib.db
    .prepare(
      `INSERT INTO derivative (sha256, evidence_id, role, mime, bytes, made_at)
       VALUES (@sha256, @evidenceId, @role, @mime, @bytes, @now)
       ON CONFLICT DO NOTHING`,
    )
    .run({ evidenceId, ...made, now: new Date().toISOString() })
}

/** Where a derived file of this hash lies, whether or not it is there: `derived/<first two hex digits>/<sha256>`. */
export function derivedFile(lib: Library, sha256: string): string {
  return join(lib.paths.derived, sha256.slice(0, 2), sha256)
}

/** Where the derived file of that hash lies and what it is; null where this library knows none. */
export function derivativeFile(lib: Library, sha256: string): { path: string; mime: string } | null {
  const row = lib.db.prepare('SELECT mime FROM derivative WHERE sha256 = ? LIMIT 1').get(sha256)
  return row ? { path: derivedFile(lib, sha256), mime: (row as { mime: string }).mime } : null
}

/** Files made from the item in that role, newest first. */
export function derivativesOf(lib: Library, evidenceId: string, role: DerivativeRole): Derivative[] {
  return lib.db
    .prepare(
      `SELECT sha256, role, mime, bytes, made_at FROM derivative WHERE evidence_id = ? AND role = ?
       ORDER BY made_at DESC, rowid DESC`,
    )
    .all(evidenceId, role)
    .map(derivative)
}

function derivative(untrustedRow: unknown): Derivative {
  const { made_at: madeAt, ...row } = Derivative.parse(untrustedRow)
  return { ...row, madeAt }
}
