/** The library: one folder with a database, the vault of originals and what was derived from them. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { op } from './base.ts'
import { Id, Instant, Sha256 } from './common.ts'
import { ExchangeProgress } from './exchange-progress.ts'
import { IntakeItem } from './intake.ts'
import { Job } from './jobs.ts'

export const LibraryInfo = z.object({
  id: Id,
  name: z.string(),
  /** Absolute path of the library folder on this machine. */
  folder: z.string(),
  createdAt: Instant,
  schemaVersion: z.number().int(),
  counts: z.object({ evidence: z.number().int(), cases: z.number().int(), jobsPending: z.number().int() }),
})
export type LibraryInfo = z.infer<typeof LibraryInfo>

export const RecentLibrary = z.object({ folder: z.string(), name: z.string(), openedAt: Instant, present: z.boolean() })

export const Backup = z.object({ file: z.string(), createdAt: Instant, bytes: z.number().int(), reason: z.string() })

/** One thing wrong with a library, naming exactly the row or file. */
export const Problem = z.object({
  kind: z.enum(['audit-broken', 'vault-missing', 'vault-altered', 'vault-stray', 'database', 'derived-missing']),
  /** The row, file or item concerned. */
  subject: z.string(),
  message: z.string(),
})
export const Verification = z.object({
  ok: z.boolean(),
  folder: z.string(),
  audit: z.object({ length: z.number().int(), head: Sha256.nullable() }),
  evidenceChecked: z.number().int(),
  bytesChecked: z.number().int(),
  problems: z.array(Problem),
})
export type Verification = z.infer<typeof Verification>

/** One link of the audit chain: `hash = SHA-256(previous hash ‖ canonical JSON of the row)`. */
export const AuditEntry = z.object({
  seq: z.number().int(),
  at: Instant,
  /** Who or what acted: `analyst`, `assay` (a job), `cli`. */
  actor: z.string(),
  /** `evidence.admitted`, `case.created`, … */
  action: z.string(),
  subject: z.string(),
  hash: Sha256,
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const Health = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser', 'command-line']),
  node: z.string(),
  ffmpeg: z
    .object({ path: z.string(), version: z.string(), build: z.string(), notice: z.string().nullable() })
    .nullable(),
  models: z.array(
    z.object({ id: z.string(), version: z.string(), sha256: Sha256, ok: z.boolean(), detail: z.string() }),
  ),
  components: z.array(z.object({ name: z.string(), version: z.string() })),
})
export type Health = z.infer<typeof Health>

/** What the window is told as it happens. Progress arrives at most ten times a second per job. */
export const Change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('library') }),
  z.object({ kind: z.literal('intake'), item: IntakeItem }),
  z.object({ kind: z.literal('job'), job: Job }),
  z.object({ kind: z.literal('evidence'), id: Id }),
  z.object({ kind: z.literal('case'), id: Id }),
  /** A record or a relation, in whichever cases it is. */
  z.object({ kind: z.literal('record'), id: Id }),
  /** Models came, went or were checked. */
  z.object({ kind: z.literal('models') }),
  /** Hash lists, or the state of the matching. What is found on an item is told as a change of that item. */
  z.object({ kind: z.literal('matching') }),
  /** A large file that is looked at or imported; `id` is the caller's `run`. */
  z.object({ kind: z.literal('exchange'), id: Id, progress: ExchangeProgress }),
])
export type Change = z.infer<typeof Change>

export const library = {
  /** What is open, and what was opened before on this machine. */
  state: op.output(
    z.object({ open: LibraryInfo.nullable(), recent: z.array(RecentLibrary), suggestedFolder: z.string() }),
  ),
  create: op
    .input(z.object({ folder: z.string().min(1), name: z.string().trim().min(1).max(200) }))
    .output(LibraryInfo),
  open: op.input(z.object({ folder: z.string().min(1) })).output(LibraryInfo),
  close: op.output(z.object({})),
  /** Re-hashes every original and walks the audit chain. */
  verify: op.output(Verification),
  backups: op.input(z.object({ folder: z.string() })).output(z.array(Backup)),
  /** Puts a backup in place of a damaged database; the damaged file is kept beside it. */
  restore: op.input(z.object({ folder: z.string(), file: z.string() })).output(LibraryInfo),
  /** The newest entries of the audit chain, newest first. */
  activity: op
    .input(z.object({ limit: z.number().int().min(1).max(1000).default(200), subject: z.string().optional() }))
    .output(z.array(AuditEntry)),
  health: op.output(Health),
  /** A stream of changes for as long as the caller listens. */
  changes: op.output(eventIterator(Change)),
}
