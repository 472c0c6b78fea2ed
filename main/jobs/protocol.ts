/**
 * What a worker process and the host say to each other. Parsed on both sides: a worker that read hostile bytes is not
 * trusted by the host.
 */
import { z } from 'zod'
import { FailureReport, Id, Sha256 } from '../contract/common.ts'
import { JobKind, Progress } from '../contract/jobs.ts'
import { MediaFacts } from '../contract/media.ts'
import { SignalOutput } from '../contract/signals.ts'

/** Where the original lies and what it must be: the worker opens it without following links and checks identity. */
export const EvidenceFile = z.object({
  path: z.string(),
  sha256: Sha256,
  size: z.number().int().positive(),
  /** For files referenced in place: what `fstat` must still say. */
  identity: z.object({ dev: z.string(), ino: z.string(), mtimeNs: z.string() }).nullable(),
})
export type EvidenceFile = z.infer<typeof EvidenceFile>

/** Host to worker. Anything else is ignored. */
export const ToWorker = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    job: z.object({ id: Id, kind: JobKind }),
    evidence: EvidenceFile,
    /** Private folder for this run; files named in `files` must lie directly in it. Removed by the host. */
    folder: z.string(),
    /** Folder of model folders. */
    models: z.string(),
    ffmpeg: z.string(),
    threads: z.number().int().min(1).max(16),
    /** Steps already committed; their results are not sent again. */
    skip: z.array(z.string()),
  }),
  z.object({ type: z.literal('cancel') }),
])
export type ToWorker = z.infer<typeof ToWorker>

/** A file the worker left in its folder, to be taken into derived/ under its hash. */
export const MadeFile = z.object({
  file: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/),
  sha256: Sha256,
  mime: z.string().max(100),
  role: z.enum(['filmstrip', 'exhibit', 'proxy']),
})

/** One finished step: everything the host must commit for it, in one transaction. */
export const StepResult = z.object({
  step: z.enum(['probe', 'container-signals', 'decode-signals', 'proxy']),
  facts: MediaFacts.optional(),
  /** Packet table of the main video stream, encoded by media/packets.ts. */
  packets: z.instanceof(Uint8Array).optional(),
  waveform: z.object({ bucketSeconds: z.number(), peaks: z.array(z.number()) }).nullable().optional(),
  filmstrip: z
    .object({
      sha256: Sha256,
      tiles: z.number().int(),
      tileWidth: z.number().int(),
      tileHeight: z.number().int(),
      times: z.array(z.number()),
    })
    .nullable()
    .optional(),
  signals: z.array(SignalOutput).default([]),
  files: z.array(MadeFile).default([]),
  /** Seconds spent, by part; shown by the command line, never part of a finding. */
  timings: z.record(z.string(), z.number()).default({}),
})
export type StepResult = z.infer<typeof StepResult>

/** Worker to host. */
export const FromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), step: z.string().max(200), progress: Progress }),
  z.object({ type: z.literal('step'), result: StepResult }),
  z.object({ type: z.literal('failed'), error: FailureReport }),
  z.object({ type: z.literal('done') }),
])
export type FromWorker = z.infer<typeof FromWorker>
