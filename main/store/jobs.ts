/** Jobs as rows: which exist, which state they are in, and which of their steps are committed. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { FailureReport } from '../contract/common.ts'
import { JobKind, JobState, type Job } from '../contract/jobs.ts'
import { Failure, type FailureReport as Report } from '../errors.ts'
import type { Library, RecordChange } from './library.ts'

/** Every legal change of state. `running → queued` is a job whose host went away; `… → queued` after an end is a retry. */
export const MOVES: Readonly<Record<Job['state'], readonly Job['state'][]>> = {
  queued: ['running', 'cancelled'],
  running: ['running', 'succeeded', 'failed', 'cancelled', 'queued'],
  succeeded: [],
  failed: ['queued'],
  cancelled: ['queued'],
}

const Row = z.object({
  id: z.string(),
  kind: JobKind,
  evidence_id: z.string(),
  subject_id: z.string().nullable(),
  subject: z.string(),
  state: JobState,
  attempts: z.number().int(),
  error: z.string().nullable(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
})

// The item is called what it was called when it first arrived, however many copies came later.
const SELECT = `
  SELECT job.*, coalesce((SELECT name FROM acquisition WHERE acquisition.evidence_id = job.evidence_id
                          ORDER BY acquired_at, rowid LIMIT 1), '') AS subject
  FROM job`

/** What a job is doing, in words, while no worker reports on it. */
const RESTING: Readonly<Record<Job['state'], string>> = {
  queued: 'waiting',
  running: 'starting',
  succeeded: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
}

function job(untrustedRow: unknown): Job {
  const row = Row.parse(untrustedRow)
  return {
    id: row.id,
    kind: row.kind,
    evidenceId: row.evidence_id,
    matchId: row.subject_id,
    subject: row.subject,
    state: row.state,
    step: RESTING[row.state],
    progress: null,
    secondsLeft: null,
    attempts: row.attempts,
    error: row.error === null ? null : FailureReport.parse(JSON.parse(row.error)),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

/** @throws Failure job.not-found */
export function jobById(lib: Library, id: string): Job {
  const row = lib.db.prepare(`${SELECT} WHERE job.id = ?`).get(id)
  if (!row) throw new Failure('job.not-found', id)
  return job(row)
}

/** Newest first; of one evidence item where given. */
export function listJobs(lib: Library, evidenceId?: string): Job[] {
  const order = 'ORDER BY job.created_at DESC, job.rowid DESC'
  const rows = evidenceId
    ? lib.db.prepare(`${SELECT} WHERE job.evidence_id = ? ${order}`).all(evidenceId)
    : lib.db.prepare(`${SELECT} ${order}`).all()
  return rows.map(job)
}

/** The job of this kind that still has to run for the item (and the match, for `compare`), if there is one. */
export function pendingJob(lib: Library, kind: Job['kind'], evidenceId: string, matchId: string | null): Job | null {
  const row = lib.db
    .prepare(
      `${SELECT} WHERE job.evidence_id = ? AND kind = ? AND subject_id IS ?
              AND state IN ('queued', 'running') LIMIT 1`,
    )
    .get(evidenceId, kind, matchId)
  return row ? job(row) : null
}

/** Queued jobs in the order they should run: triage before all else, first come first served. */
export function queuedJobs(lib: Library, limit: number): Job[] {
  return lib.db
    .prepare(`${SELECT} WHERE state = 'queued' ORDER BY kind <> 'triage', job.created_at, job.rowid LIMIT ?`)
    .all(limit)
    .map(job)
}

/** Writes the job down; it runs only after that. */
export function insertJob(lib: Library, kind: Job['kind'], evidenceId: string, matchId: string | null = null): Job {
  const id = randomUUID()
  lib.change('assay', (record) => {
    lib.db
      .prepare(
        "INSERT INTO job (id, kind, evidence_id, subject_id, state, created_at) VALUES (?, ?, ?, ?, 'queued', ?)",
      )
      .run(id, kind, evidenceId, matchId, new Date().toISOString())
    record('job.queued', id, { kind, evidenceId, ...(matchId && { matchId }) })
  })
  return jobById(lib, id)
}

/**
 * Moves a job to another state and stamps the times that go with it. A move to `running` counts one attempt.
 *
 * @throws Error where the move is not one of `MOVES`: that is a defect of the queue.
 */
export function moveJob(lib: Library, id: string, to: Job['state'], error: Report | null = null): Job {
  return lib.change('assay', (record) => {
    const from = jobById(lib, id).state
    if (!MOVES[from].includes(to)) throw new Error(`job ${id} cannot go from ${from} to ${to}`)
    const now = new Date().toISOString()
    const ended = to === 'succeeded' || to === 'failed' || to === 'cancelled'
    lib.db
      .prepare(
        `UPDATE job SET state = @to, error = @error, ended_at = @ended, attempts = attempts + @attempt,
           started_at = CASE WHEN @to = 'queued' THEN NULL
                             WHEN @to = 'running' AND state <> 'running' THEN @now ELSE started_at END
         WHERE id = @id`,
      )
      .run({
        id,
        to,
        now,
        error: error ? JSON.stringify(error) : null,
        ended: ended ? now : null,
        attempt: to === 'running' ? 1 : 0,
      })
    record(`job.${to}`, id, { from, ...(error ? { error: error.code } : {}) })
    return jobById(lib, id)
  })
}

/** Jobs that are `running` in the library but in no worker (their host went away) wait again. */
export function requeueRunning(lib: Library, inWorker: ReadonlySet<string>): void {
  const rows = lib.db.prepare("SELECT id FROM job WHERE state = 'running'").all() as { id: string }[]
  for (const { id } of rows) if (!inWorker.has(id)) moveJob(lib, id, 'queued')
}

/** The newest job of this kind for a match; null where there was none. */
export function newestJobOf(lib: Library, kind: Job['kind'], matchId: string): Job | null {
  const row = lib.db
    .prepare(`${SELECT} WHERE kind = ? AND subject_id = ? ORDER BY job.created_at DESC, job.rowid DESC LIMIT 1`)
    .get(kind, matchId)
  return row ? job(row) : null
}

/** Names of the steps whose results are in the library. */
export function committedSteps(lib: Library, jobId: string): string[] {
  const rows = lib.db.prepare('SELECT name FROM job_step WHERE job_id = ? ORDER BY rowid').all(jobId)
  return (rows as { name: string }[]).map((row) => row.name)
}

/** Marks a step as done. Call it inside the change that writes the step's own rows. */
export function insertStep(lib: Library, record: RecordChange, jobId: string, name: string): void {
  lib.db
    .prepare('INSERT INTO job_step (job_id, name, ended_at) VALUES (?, ?, ?)')
    .run(jobId, name, new Date().toISOString())
  record('job.step', jobId, { step: name })
}
