/**
 * What a worker process and the host say to each other. Parsed on both sides: a worker that read hostile bytes is not
 * trusted by the host.
 */
import { z } from 'zod'
import { FailureReport, Id, Sha256 } from '../contract/common.ts'
import { JobKind } from '../contract/jobs.ts'
import { Comparison } from '../contract/differences.ts'
import { MatchSegment } from '../contract/matching.ts'
import { MediaFacts } from '../contract/media.ts'
import { SignalOutput } from '../contract/signals.ts'
import { DerivativeRole, Filmstrip, Waveform } from '../store/media.ts'

/** Where the original lies and what it must be: the worker opens it without following links and checks identity. */
export const EvidenceFile = z.object({
  path: z.string(),
  sha256: Sha256,
  size: z.number().int().positive(),
  /** For files referenced in place: what `fstat` must still say. */
  identity: z.object({ dev: z.string(), ino: z.string(), mtimeNs: z.string() }).nullable(),
})
export type EvidenceFile = z.infer<typeof EvidenceFile>

/**
 * The parts of a job that are committed one by one. `container-signals` are those that need no frames and no sound, so
 * that the board has something to show while the rest is decoded.
 */
export const StepName = z.enum(['probe', 'container-signals', 'decode-signals', 'proxy', 'compare', 'fingerprint'])
export type StepName = z.infer<typeof StepName>

/** What a worker can be asked for: every kind of job, and the fingerprint of a file that is not in the library. */
export const RunKind = z.enum([...JobKind.options, 'fingerprint'])
export type RunKind = z.infer<typeof RunKind>

/** Steps of each kind of run, in order. */
export const STEPS: Readonly<Record<RunKind, readonly StepName[]>> = {
  triage: ['probe', 'container-signals', 'decode-signals'],
  proxy: ['proxy'],
  compare: ['compare'],
  fingerprint: ['fingerprint'],
}

/** What is known about the build to use (`ffmpegInfo` of the media stage), so that no worker has to ask it again. */
const FfmpegBuild = z.object({
  path: z.string(),
  version: z.string(),
  build: z.string(),
  hasFd: z.boolean(),
  hasFpsMode: z.boolean(),
  encoders: z.set(z.string()).readonly(),
  notice: z.string().nullable(),
})
export type FfmpegBuild = z.infer<typeof FfmpegBuild>

/** Host to worker. Anything else is ignored. */
export const ToWorker = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    job: z.object({ id: Id, kind: RunKind }),
    evidence: EvidenceFile,
    /** For `compare`: the known item of the match, and the segments that it shares with the evidence. */
    compare: z.object({ known: EvidenceFile, segments: z.array(MatchSegment).max(1000) }).optional(),
    /** Private folder for this run; files named in `files` must lie directly in it. Removed by the host. */
    folder: z.string(),
    /** Folder of model folders. */
    models: z.string(),
    /** Folder of the models that were added to the library. */
    added: z.string().optional(),
    /** An earlier attempt ended badly: those models are not run, and are reported as failed. */
    leaveOutAdded: z.boolean().optional(),
    /** Makes no fingerprint: for measuring what it costs. */
    leaveOutFingerprint: z.boolean().optional(),
    ffmpeg: FfmpegBuild,
    threads: z.number().int().min(1).max(16),
    /** Steps already committed; their results are not sent again. */
    skip: z.array(StepName),
  }),
  /** Stop; and, after `done` or `failed`, the leave to go: nothing that was sent is lost then. */
  z.object({ type: z.literal('cancel') }),
])
export type ToWorker = z.infer<typeof ToWorker>
export type RunOrder = Extract<ToWorker, { type: 'run' }>

/** A file the worker left in its folder, to be taken into derived/ under its hash. */
export const MadeFile = z.object({
  file: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/),
  sha256: Sha256,
  mime: z.enum(['image/png', 'image/webp', 'image/jpeg', 'video/mp4', 'video/webm', 'audio/mp4', 'audio/webm']),
  role: DerivativeRole,
})
export type MadeFile = z.infer<typeof MadeFile>

const MADE_FILES = z.array(MadeFile).max(500).default([])
const OUTPUTS = z.array(SignalOutput).max(200)
/** Seconds spent, by part; shown by the command line, never part of a finding. */
const TIMINGS = z.record(z.string().max(100), z.number().nonnegative()).default({})

const BYTES = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes')
/** What the video is known again by, encoded by matching/prints-bytes.ts; parsed there when it is read. */
const FINGERPRINT = z.object({
  bytes: BYTES,
  /** Seconds, and frames that were hashed. */
  duration: z.number().nonnegative(),
  hashes: z.number().int().nonnegative(),
})

/** One finished step: everything the host must commit for it, in one transaction. */
export const StepResult = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('probe'),
    facts: MediaFacts,
    /** Packet table of the main video stream, encoded by media/packets.ts. */
    packets: BYTES,
    timings: TIMINGS,
  }),
  z.object({ step: z.literal('container-signals'), signals: OUTPUTS, files: MADE_FILES, timings: TIMINGS }),
  z.object({
    step: z.literal('decode-signals'),
    signals: OUTPUTS,
    waveform: Waveform.nullable(),
    filmstrip: Filmstrip.nullable(),
    /** Null where there is no picture. */
    fingerprint: FINGERPRINT.nullable(),
    files: MADE_FILES,
    timings: TIMINGS,
  }),
  z.object({ step: z.literal('proxy'), files: z.array(MadeFile).length(1), timings: TIMINGS }),
  z.object({ step: z.literal('compare'), comparison: Comparison, files: MADE_FILES, timings: TIMINGS }),
  z.object({ step: z.literal('fingerprint'), fingerprint: FINGERPRINT.nullable(), timings: TIMINGS }),
])
export type StepResult = z.infer<typeof StepResult>

/** Worker to host. */
export const FromWorker = z.discriminatedUnion('type', [
  /** Relative cost of the steps; may be sent again once the length of the video is known. */
  z.object({
    type: z.literal('plan'),
    weights: z.array(z.object({ step: StepName, weight: z.number().positive().max(1e9) })).max(10),
  }),
  z.object({
    type: z.literal('progress'),
    step: StepName,
    /** What is being done, in words: "reading packets". */
    words: z.string().max(200),
    /** Share of the step that is done, 0 to 1. */
    fraction: z.number().min(0).max(1),
  }),
  z.object({ type: z.literal('step'), result: StepResult }),
  z.object({ type: z.literal('failed'), error: FailureReport }),
  z.object({ type: z.literal('done') }),
])
export type FromWorker = z.infer<typeof FromWorker>

/** Bounds on what one worker may send; a day of video at 50 frames a second is about 60 MB of deflated packet table. */
const MAX_PACKET_BYTES = 128 * 2 ** 20
const MAX_TEXT_BYTES = 32 * 2 ** 20
/** Four hours of video, with corners in every second. */
const MAX_FINGERPRINT_BYTES = 160 * 2 ** 20

/** A message that is not what a worker of ours would send. The worker is ended. */
export class ProtocolBreach extends Error {
  override readonly name = 'ProtocolBreach'
}

/** Reads a message of a worker. @throws ProtocolBreach */
export function parseFromWorker(untrustedMessage: unknown): FromWorker {
  const message = FromWorker.safeParse(untrustedMessage)
  if (!message.success) throw new ProtocolBreach(z.prettifyError(message.error).slice(0, 2000))
  if (message.data.type === 'step') checkResult(message.data.result)
  return message.data
}

/** What each step may leave. */
const ROLES: Readonly<Record<Exclude<StepName, 'probe' | 'fingerprint'>, readonly DerivativeRole[]>> = {
  'container-signals': ['exhibit'],
  'decode-signals': ['exhibit', 'filmstrip'],
  proxy: ['proxy'],
  compare: ['exhibit', 'difference-map'],
}

/** What the schema alone cannot say: sizes, and that everything a result refers to comes with it. */
function checkResult(result: StepResult): void {
  if (result.step === 'probe') {
    if (result.packets.byteLength > MAX_PACKET_BYTES) throw new ProtocolBreach('the packet table is too large')
    const { packets: _, ...rest } = result
    if (JSON.stringify(rest).length > MAX_TEXT_BYTES) throw new ProtocolBreach('the facts are too large')
    return
  }
  if (result.step === 'fingerprint' || result.step === 'decode-signals') {
    if ((result.fingerprint?.bytes.byteLength ?? 0) > MAX_FINGERPRINT_BYTES)
      throw new ProtocolBreach('the fingerprint is too large')
    if (result.step === 'fingerprint') return
  }
  const text = result.step === 'decode-signals' ? { ...result, fingerprint: null } : result
  if (JSON.stringify(text).length > MAX_TEXT_BYTES) throw new ProtocolBreach('the result is too large')
  const roles = ROLES[result.step]
  for (const made of result.files) {
    if (!roles.includes(made.role)) throw new ProtocolBreach(`${result.step} makes no ${made.role}`)
    if (made.mime.startsWith('image/') === (made.role === 'proxy'))
      throw new ProtocolBreach(`${made.role} is ${made.mime}`)
  }
  if (result.step === 'proxy') return
  const sent = (sha256: string, role: DerivativeRole): boolean =>
    result.files.some((made) => made.sha256 === sha256 && made.role === role)
  if (result.step === 'compare') {
    const { segments, pairs } = result.comparison
    if (segments.some(({ maps }) => maps && !sent(maps.sha256, 'difference-map')))
      throw new ProtocolBreach('difference maps did not come with the result')
    if (pairs.some(({ sha256 }) => !sent(sha256, 'exhibit')))
      throw new ProtocolBreach('a pair of frames did not come with the result')
    return
  }
  const ids = result.signals.map((output) => output.id)
  if (new Set(ids).size !== ids.length) throw new ProtocolBreach('a signal reports twice')
  for (const output of result.signals)
    for (const exhibit of output.evidence)
      if (exhibit.kind === 'image' && !sent(exhibit.sha256, 'exhibit'))
        throw new ProtocolBreach(`${output.id} shows an image that did not come with it`)
  if (result.step === 'decode-signals' && result.filmstrip && !sent(result.filmstrip.sha256, 'filmstrip'))
    throw new ProtocolBreach('the filmstrip did not come with the result')
}
