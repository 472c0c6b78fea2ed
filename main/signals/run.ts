/**
 * Runs a set of signals over one video while the worker's decode drives it: start, feed frames and sound, finish.
 * A signal that fails is reported as failed; the others go on.
 */
import type { Region } from '../contract/common.ts'
import {
  SignalOutput,
  type EvidenceExhibit,
  type Observation,
  type SignalSegment,
  type Track,
} from '../contract/signals.ts'
import { join } from 'node:path'
import { Failure } from '../errors.ts'
import type { Frame, FrameStreamId, ProbedMedia, Sound } from '../media/types.ts'
import type { Calibration } from './calibration.ts'
import { readCalibration } from './calibration-file.ts'
import { openFaceFinder } from './faces/finder.ts'
import type { Face, FaceFinder } from './faces/face.ts'
import { gate } from './gate.ts'
import { openModel, type ModelRunner } from './onnx.ts'
import type { Exhibit, Signal, SignalResult, SignalRun } from './signal.ts'

/** No signal draws random numbers; the seed stands in the provenance so that one which does has its place. */
const SEED = 0

export interface SignalSetContext {
  readonly media: ProbedMedia
  /** Folder of model folders. */
  readonly models: string
  /** Folder of the models that were added to the library; only the signal `model:<id>` runs one of them. */
  readonly added?: string | undefined
  /** True to leave every score as the signal gave it, and hold nothing back: for fitting a calibration. */
  readonly raw?: boolean
  readonly cancelled: AbortSignal
  /** Told of defects (not of expected failures), for the log; findings only say that the signal failed. */
  readonly onDefect?: (signal: string, error: unknown) => void
}
/** Stores the bytes of an exhibit image and returns its hash. */
export type SaveExhibit = (bytes: Uint8Array, mime: string) => Promise<{ sha256: string }>

export interface SignalSet {
  /** Frame streams that some running signal wants. */
  streamsNeeded(): FrameStreamId[]
  readonly needsSound: boolean
  /** @throws Failure job.cancelled */
  frame(frame: Frame): Promise<void>
  /** @throws Failure job.cancelled */
  sound(sound: Sound): Promise<void>
  /** One output per signal, in the order given; frees the models. Call once. @throws Failure job.cancelled */
  finish(saveExhibit: SaveExhibit): Promise<SignalOutput[]>
  /** Frees the models without results, where the decode failed or was cancelled. */
  close(): Promise<void>
  /** Seconds spent in each signal so far; for the log and the bench, never part of a finding. */
  timings(): Record<string, number>
}

/** Frame streams that these signals want. */
export const streamsOf = (signals: readonly Signal[]): FrameStreamId[] => [
  ...new Set(signals.flatMap(({ needs, needsFaces }) => (needsFaces ? [...needs, 'detail' as const] : needs))),
]

interface Entry {
  readonly signal: Signal
  run: SignalRun | undefined
  failure: string | undefined
  seconds: number
}

/** Starts every signal. A signal that cannot start is reported as failed by `finish`. */
export async function startSignals(signals: readonly Signal[], context: SignalSetContext): Promise<SignalSet> {
  const { media, cancelled } = context
  const models = new Map<string, Promise<ModelRunner>>()
  const openFrom = (folder: string) => (id: string) => {
    const path = join(folder, id)
    let opened = models.get(path)
    if (!opened) models.set(path, (opened = openModel(folder, id)))
    return opened
  }
  const model = openFrom(context.models)
  /** Where the models of a signal lie: no signal of Assay's own ever runs, or is calibrated by, what was added. */
  const folderOf = ({ id }: Signal) => (id.startsWith('model:') ? (context.added ?? context.models) : context.models)
  const calibrationOf = async (signal: Signal) =>
    context.raw ? undefined : readCalibration(join(folderOf(signal), signal.id.replace(/^model:/, '')))
  const close = async () => {
    const opened = [...models.values()]
    models.clear()
    for (const runner of await Promise.allSettled(opened)) if (runner.status === 'fulfilled') await runner.value.close()
  }

  /** Runs one step of one signal; what it throws ends that signal only. Cancelling ends the whole set. */
  const guarded = async <T>(entry: Entry, step: () => T | Promise<T>): Promise<T | undefined> => {
    const began = performance.now()
    try {
      return await step()
    } catch (error) {
      if (cancelled.aborted) throw new Failure('job.cancelled')
      entry.run = undefined
      entry.failure =
        error instanceof Failure ? `${error.message} (${error.code})` : 'It stopped on a defect of its own.'
      if (!(error instanceof Failure)) context.onDefect?.(entry.signal.id, error)
      return undefined
    } finally {
      entry.seconds += (performance.now() - began) / 1000
    }
  }

  const entries: Entry[] = signals.map((signal) => ({ signal, run: undefined, failure: undefined, seconds: 0 }))
  for (const entry of entries) {
    entry.run = await guarded(entry, () =>
      entry.signal.start({ media, model: openFrom(folderOf(entry.signal)), cancelled }),
    )
  }
  let finder: Promise<FaceFinder> | undefined
  let faceSeconds = 0
  const feed = async (wants: (signal: Signal) => boolean, give: (run: SignalRun) => void | Promise<void>) => {
    for (const entry of entries) {
      if (cancelled.aborted) throw new Failure('job.cancelled')
      const { run } = entry
      if (run && wants(entry.signal)) await guarded(entry, () => give(run))
    }
  }

  /** Undefined where no signal wants faces (any longer). A finder that fails ends every signal that needs it. */
  const findFaces = async (frame: Frame): Promise<Face[] | undefined> => {
    const wanting = entries.filter((entry) => entry.run && entry.signal.needsFaces)
    if (!wanting.length) return undefined
    const began = performance.now()
    try {
      finder ??= openFaceFinder(model)
      const { width, height } = frame.stream
      return await (await finder).find({ data: frame.data, width, height, time: frame.time })
    } catch (error) {
      for (const entry of wanting)
        await guarded(entry, () => {
          throw error
        })
      return undefined
    } finally {
      faceSeconds += (performance.now() - began) / 1000
    }
  }

  return {
    streamsNeeded: () => streamsOf(entries.filter(({ run }) => run).map(({ signal }) => signal)),
    needsSound: entries.some((entry) => entry.run && entry.signal.needsSound),
    async frame(frame) {
      await feed(
        (signal) => signal.needs.includes(frame.stream.id),
        (run) => run.frame?.(frame),
      )
      if (frame.stream.id !== 'detail') return
      const faces = await findFaces(frame)
      if (!faces) return
      await feed(
        (signal) => signal.needsFaces === true,
        (run) => run.faces?.(frame, faces),
      )
    },
    sound: (sound) =>
      feed(
        (signal) => signal.needsSound,
        (run) => run.sound?.(sound),
      ),
    async finish(saveExhibit) {
      const outputs: SignalOutput[] = []
      try {
        for (const entry of entries) {
          if (cancelled.aborted) throw new Failure('job.cancelled')
          const { run } = entry
          const output =
            run &&
            (await guarded(entry, async () => {
              const result = weighed(entry.signal, await run.finish(), await calibrationOf(entry.signal))
              return complete(entry.signal, result, media, saveExhibit)
            }))
          outputs.push(output ?? failed(entry.signal, media, entry.failure ?? 'It did not start.'))
        }
      } finally {
        await close()
      }
      return outputs
    },
    close,
    timings: () => ({
      ...Object.fromEntries(entries.map((entry) => [entry.signal.id, entry.seconds])),
      ...(finder && { faces: faceSeconds }),
    }),
  }
}

const base = (signal: Signal, media: ProbedMedia) => ({
  id: signal.id,
  version: signal.version,
  calibration: null,
  provenance: { model: null, parameters: { ...signal.parameters }, ffmpeg: media.ffmpegBuild, seed: SEED },
})

/** A result with the ratio that the calibration gives it. */
type Calibrated = SignalResult & { calibration?: SignalOutput['calibration'] }

/** Adds the likelihood ratio, or turns a result for input unlike the calibration data into an abstention. */
function weighed(signal: Signal, result: SignalResult, calibration: Calibration | undefined): Calibrated {
  if (result.state === 'abstained') return result
  const { score, domain = {}, model, observations } = result
  const found = gate(signal, { score, domain, modelSha256: model?.sha256 ?? null }, calibration)
  if (!found) return result
  return 'ratio' in found
    ? { ...result, calibration: found.ratio }
    : { state: 'abstained', reason: found.outside, observations }
}

const failed = (signal: Signal, media: ProbedMedia, reason: string): SignalOutput => ({
  ...base(signal, media),
  applicability: { state: 'failed', reason },
  score: null,
  segments: [],
  observations: [],
  tracks: [],
  evidence: [],
  explanation: `${signal.title} failed: nothing was measured.`,
  knownFailures: [],
})

/** Turns what a signal returned into a validated output. @throws Error where the signal broke its contract */
async function complete(
  signal: Signal,
  result: Calibrated,
  media: ProbedMedia,
  saveExhibit: SaveExhibit,
): Promise<SignalOutput> {
  const duration = media.facts.container.duration ?? Number.POSITIVE_INFINITY
  const time = (seconds: number) => round(Math.min(duration, Math.max(0, finite(seconds))))
  const observe = (list: readonly Observation[] | undefined): Observation[] =>
    (list ?? []).map((o) => (o.at === undefined ? o : { ...o, at: time(o.at) }))
  if (result.state === 'abstained')
    return SignalOutput.parse({
      ...failed(signal, media, result.reason),
      applicability: { state: 'abstained', reason: result.reason },
      observations: observe(result.observations),
      explanation: `Not measured: ${result.reason}.`,
    })

  const evidence: EvidenceExhibit[] = []
  for (const exhibit of result.exhibits) evidence.push(await keep(exhibit, time, saveExhibit))
  const common = base(signal, media)
  return SignalOutput.parse({
    ...common,
    calibration: result.calibration ?? null,
    provenance: { ...common.provenance, model: result.model ?? null },
    applicability: { state: 'ran', reason: '' },
    score: round(finite(result.score)),
    segments: result.segments
      .map((s): SignalSegment => ({
        ...s,
        start: time(s.start),
        end: Math.max(time(s.start), time(s.end)),
        score: round(finite(s.score)),
        region: s.region && clampRegion(s.region),
      }))
      .sort((a, b) => a.start - b.start || a.end - b.end),
    observations: observe(result.observations),
    tracks: result.tracks.map((track): Track => ({
      ...track,
      start: round(track.start),
      step: round(track.step),
      values: track.values.map((v) => (v === null || !Number.isFinite(v) ? null : round(v))),
    })),
    evidence,
    explanation: result.explanation,
    knownFailures: result.knownFailures,
  })
}

async function keep(exhibit: Exhibit, time: (s: number) => number, save: SaveExhibit): Promise<EvidenceExhibit> {
  if (exhibit.kind === 'table') return exhibit
  const { bytes, at, region, ...shown } = exhibit
  const { sha256 } = await save(bytes, exhibit.mime)
  return {
    ...shown,
    sha256,
    at: at === undefined ? undefined : time(at),
    region: region && clampRegion(region),
  }
}

const clampRegion = (region: Region): Region => {
  const unit = (v: number) => Math.min(1, Math.max(0, finite(v)))
  const x = unit(region.x)
  const y = unit(region.y)
  return {
    x: round(x),
    y: round(y),
    width: round(Math.min(1 - x, unit(region.width))),
    height: round(Math.min(1 - y, unit(region.height))),
  }
}

/** Six decimals: below every measurement's accuracy, and equal text for equal input. */
const round = (value: number) => Math.round(value * 1e6) / 1e6

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Error('A signal returned a value that is not a number.')
  return value
}
