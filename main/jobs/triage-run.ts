/**
 * The signals of a triage once more, over an original that need not be an item of this library: by a worker like any
 * other, with its private folder and its limits. Nothing of it is kept.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SignalOutput } from '../contract/signals.ts'
import { Failure, FAILURES, type FailureCode } from '../errors.ts'
import type { Library } from '../store/library.ts'
import { verdict } from './failure.ts'
import { makePrivateFolder, removePrivateFolder } from './private-folder.ts'
import { progressMeter } from './progress.ts'
import { ProtocolBreach, STEPS, type EvidenceFile, type RunOrder, type StepResult } from './protocol.ts'
import { LIMITS, startRun, type Ending } from './run.ts'
import type { Spawner } from './spawner.ts'
import { checkMade } from './take-files.ts'

export interface TriageOutputs {
  /** Of every signal, in the order in which they ran. */
  readonly signals: readonly SignalOutput[]
  /** SHA-256 of the filmstrip; null where there is no picture. */
  readonly filmstrip: string | null
}

export type TriageMeans = Pick<RunOrder, 'models' | 'added' | 'ffmpeg' | 'threads'>

export interface TriageHooks {
  readonly cancelled: AbortSignal
  /** @param share 0 to 1, never going back within an attempt */
  onProgress(share: number, words: string): void
}

/**
 * Two attempts at most, as a triage has them; the second leaves out models that were added.
 *
 * @param lib in whose staging/ the worker has its folder
 * @throws Failure of the media stage, worker.crashed, job.cancelled
 */
export async function triageOutputs(
  lib: Library,
  spawner: Spawner,
  evidence: EvidenceFile,
  means: TriageMeans,
  hooks: TriageHooks,
): Promise<TriageOutputs> {
  const withAdded = means.added !== undefined && existsSync(means.added) && readdirSync(means.added).length > 0
  for (let attempt = 1; ; attempt += 1) {
    const { ending, outputs } = await runOnce(lib, spawner, evidence, { ...means, leaveOutAdded: attempt > 1 }, hooks)
    if (ending.how === 'completed' && outputs) return outputs
    const { state, error } = verdict(
      ending.how === 'completed' ? { how: 'crashed', detail: 'it left before its work was done' } : ending,
      attempt,
      withAdded,
    )
    if (hooks.cancelled.aborted || state === 'cancelled') throw new Failure('job.cancelled')
    if (state === 'again') continue
    const code = error && error.code in FAILURES ? (error.code as FailureCode) : 'worker.crashed'
    throw new Failure(code, error?.detail)
  }
}

async function runOnce(
  lib: Library,
  spawner: Spawner,
  evidence: EvidenceFile,
  { models, added, ffmpeg, threads, leaveOutAdded }: TriageMeans & Pick<RunOrder, 'leaveOutAdded'>,
  { cancelled, onProgress }: TriageHooks,
): Promise<{ ending: Ending; outputs: TriageOutputs | null }> {
  const folder = await makePrivateFolder(lib)
  const steps = STEPS.triage
  const meter = progressMeter(steps)
  meter.begin([], performance.now())
  const results: StepResult[] = []
  try {
    const run = startRun(
      spawner,
      {
        type: 'run',
        job: { id: randomUUID(), kind: 'triage' },
        evidence,
        folder,
        skip: [],
        leaveOutFingerprint: true,
        models,
        added,
        ffmpeg,
        threads,
        leaveOutAdded,
      },
      {
        onPlan: (weights) => meter.weigh(weights),
        onProgress({ step, words, fraction }) {
          meter.advance(step, fraction)
          onProgress(meter.read(performance.now()).progress.done / 100, words)
        },
        async onStep(result) {
          if (result.step !== steps[results.length])
            throw new ProtocolBreach(`${result.step} came when ${steps[results.length] ?? 'nothing'} was due`)
          // The hash of an exhibit is what is compared: it must be that of a file which the worker really left.
          if ('files' in result) for (const made of result.files) await checkMade(join(folder, made.file), made)
          results.push(result)
          meter.advance(result.step, 1)
        },
      },
      LIMITS,
    )
    const stop = (): void => run.cancel()
    cancelled.addEventListener('abort', stop)
    if (cancelled.aborted) stop()
    const { ending } = await run.ended
    cancelled.removeEventListener('abort', stop)
    return { ending, outputs: results.length === steps.length ? outputsOf(results) : null }
  } finally {
    await removePrivateFolder(folder)
  }
}

function outputsOf(results: readonly StepResult[]): TriageOutputs {
  const decoded = results.find((one) => one.step === 'decode-signals')
  return {
    signals: results.flatMap((one) =>
      one.step === 'container-signals' || one.step === 'decode-signals' ? one.signals : [],
    ),
    filmstrip: decoded?.filmstrip?.sha256 ?? null,
  }
}
