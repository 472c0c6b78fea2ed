/** Jobs: long work in worker processes. `queued → running → succeeded | failed | cancelled`. */
import { z } from 'zod'
import { op } from './base.ts'
import { FailureReport, Id, Instant } from './common.ts'

export const JobKind = z.enum(['triage', 'proxy', 'compare'])
export const JobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])
export const Progress = z.object({ done: z.number().nonnegative(), total: z.number().positive(), unit: z.string() })
export const Job = z.object({
  id: Id,
  kind: JobKind,
  evidenceId: Id,
  /** For `compare`: the match whose two items are compared; its new item is the evidence. */
  matchId: Id.nullable().default(null),
  /** Name of the evidence item, for lists. */
  subject: z.string(),
  state: JobState,
  /** The step under way, in words: "reading packets". */
  step: z.string(),
  /** Monotonic while it runs. */
  progress: Progress.nullable(),
  /** Seconds left at the present pace; null until it can be told honestly. */
  secondsLeft: z.number().nonnegative().nullable(),
  attempts: z.number().int(),
  error: FailureReport.nullable(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
})
export type Job = z.infer<typeof Job>

export const jobs = {
  list: op.input(z.object({ evidenceId: Id.optional() }).prefault({})).output(z.array(Job)),
  cancel: op.input(z.object({ ids: z.array(Id).min(1) })).output(z.array(Job)),
  retry: op.input(z.object({ ids: z.array(Id).min(1) })).output(z.array(Job)),
}
