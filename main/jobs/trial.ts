/**
 * Tries a model that nobody has vouched for: in a process of its own, for a bounded time, within bounded memory. Whatever
 * the graph does, the process ends and the answer is a plain one.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure, FAILURES, type FailureCode } from '../errors.ts'
import type { Spawner } from './spawner.ts'
import { TrialMessage, type TrialOrder } from './trial-protocol.ts'

export const TRIAL_LIMITS = {
  /** From the order to the first word of the worker, milliseconds. */
  startMs: 60_000,
  /** For loading and running it, milliseconds. */
  runMs: 20_000,
  /** Resident memory of the worker; what a worker may use at its real work (`LIMITS.residentBytes` in run.ts). */
  residentBytes: 800 * 2 ** 20,
  /**
   * Writable memory that the kernel lets the worker have (RLIMIT_DATA, set with prlimit on Linux). A worker without a model
   * has about 600 MiB of it, most of which it never touches.
   */
  dataBytes: 2 * 2 ** 30,
  watchMs: 25,
}
export type TrialLimits = typeof TRIAL_LIMITS

/** What a model that behaved took. */
export interface Trial {
  readonly seconds: number
  readonly peakBytes: number
}

/** @throws Failure model.limit | model.failed | model.untrusted */
export async function tryModel(
  spawner: Spawner,
  order: Pick<TrialOrder, 'models' | 'id'>,
  limits: TrialLimits = TRIAL_LIMITS,
): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-trial-'))
  try {
    return await run(spawner, folder, order, limits)
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

const tooMuch = (limits: TrialLimits): Failure =>
  new Failure('model.limit', `It asked for more than ${Math.round(limits.residentBytes / 2 ** 20)} MiB of memory.`)

function run(
  spawner: Spawner,
  folder: string,
  order: Pick<TrialOrder, 'models' | 'id'>,
  limits: TrialLimits,
): Promise<Trial> {
  return new Promise((resolve, reject) => {
    const worker = spawner.start({ folder })
    let outcome: { passed: Trial } | { failure: Failure } | null = null
    let capped = false

    const end = (how: typeof outcome): void => {
      outcome ??= how
      clearTimeout(clock)
      worker.kill()
    }
    let clock = setTimeout(
      () => end({ failure: new Failure('model.limit', 'The process that should try it did not start in time.') }),
      limits.startMs,
    )
    const watch = setInterval(() => {
      if (worker.pid === undefined) return
      if (!capped) {
        capped = true
        capMemory(worker.pid, limits.dataBytes)
      }
      if ((worker.residentBytes() ?? 0) > limits.residentBytes) end({ failure: tooMuch(limits) })
    }, limits.watchMs)

    worker.onMessage((untrustedMessage) => {
      const message = TrialMessage.safeParse(untrustedMessage)
      if (!message.success || outcome) return
      if (message.data.type === 'trial-began') {
        clearTimeout(clock)
        const seconds = Math.round(limits.runMs / 1000)
        const failure = new Failure('model.limit', `It had not finished after ${seconds} s on two small inputs.`)
        clock = setTimeout(() => end({ failure }), limits.runMs)
      } else if (message.data.type === 'trial-passed') {
        const { seconds, peakBytes } = message.data
        end({ passed: { seconds, peakBytes } })
      } else end({ failure: ourFailure(message.data.error) })
    })
    worker.onExit(({ signal, code, stderr }) => {
      clearTimeout(clock)
      clearInterval(watch)
      if (outcome && 'passed' in outcome) return resolve(outcome.passed)
      if (outcome) return reject(outcome.failure)
      // The kernel kills what a container's memory does not hold; V8 and the runtime say so and abort.
      const memory = signal === 'SIGKILL' || /out of memory|bad_alloc|allocation failed|allocate/i.test(stderr)
      reject(
        memory
          ? tooMuch(limits)
          : new Failure('model.failed', `It ended the process that tried it (${signal ?? `code ${code}`}).`),
      )
    })
    worker.send({ type: 'trial', ...order, residentBytes: limits.residentBytes } satisfies TrialOrder)
  })
}

/** The kernel refuses what goes beyond; where there is no prlimit, the watch on resident memory holds alone. */
function capMemory(pid: number, bytes: number): void {
  if (process.platform === 'linux') execFile('prlimit', ['--pid', String(pid), `--data=${bytes}`], () => {})
}

/** Only a code of ours crosses, with a short plain detail. */
function ourFailure(untrusted: { code: string; detail?: string | undefined }): Failure {
  const detail = untrusted.detail?.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 300)
  const known = Object.hasOwn(FAILURES, untrusted.code) && untrusted.code.startsWith('model.')
  return new Failure(known ? (untrusted.code as FailureCode) : 'model.failed', detail)
}
