/** What the evaluation and its worker processes say to each other; parsed on both sides, like the jobs' protocol. */
import { z } from 'zod'
import { FailureReport } from '../contract/common.ts'
import { SignalOutput } from '../contract/signals.ts'
import { EvidenceFile } from '../jobs/protocol.ts'

/** What is run: a signal of this build, or a model of a model folder by its card. */
export const Runnable = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signal'), id: z.string().max(200) }),
  z.object({ kind: z.literal('model'), id: z.string().max(64), folder: z.string() }),
])
export type Runnable = z.infer<typeof Runnable>

export const Task = z.object({
  type: z.literal('task'),
  id: z.number().int(),
  file: EvidenceFile,
  /** `clean`, or the id of a copy. */
  copy: z.string(),
  run: z.array(Runnable).max(100),
  /** Folder of model folders that the signals use. */
  models: z.string(),
  ffmpeg: z.string(),
  /** Private folder of this task. */
  folder: z.string(),
  /** Folder of the copies that are kept. */
  keep: z.string(),
})
export type Task = z.infer<typeof Task>
export const ToEvaluator = z.discriminatedUnion('type', [Task, z.object({ type: z.literal('cancel') })])

/** What one signal said, before any calibration and without what is only for looking at. */
export const Reading = z.object({
  output: SignalOutput,
  /** Ids of the models it opened. */
  models: z.array(z.string().max(64)).max(20),
  domain: z.record(z.string().max(100), z.number()),
})
export type Reading = z.infer<typeof Reading>

export const FromEvaluator = z.object({
  type: z.literal('answer'),
  id: z.number().int(),
  answer: z.union([
    z.object({ readings: z.array(Reading).max(100), kind: z.enum(['video', 'sound']) }),
    z.object({ error: FailureReport }),
  ]),
})
export type FromEvaluator = z.infer<typeof FromEvaluator>
