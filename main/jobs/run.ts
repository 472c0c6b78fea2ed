/**
 * One run of one worker process: started, listened to with suspicion, watched, and ended for certain. The ways a run can
 * end are enumerated; the queue decides what each means for the job.
 */
import type { z } from 'zod'
import type { FailureReport } from '../contract/common.ts'
import { storeFailure } from '../store/database.ts'
import { Failure } from '../errors.ts'
import { descendants, groupMembers, isAlive, signalProcess, type ProcessIdentity } from './process-tree.ts'
import { parseFromWorker, ProtocolBreach, type FromWorker, type RunOrder, type StepResult } from './protocol.ts'
import type { Spawner, WorkerExit } from './spawner.ts'

/** Limits of one run; milliseconds and bytes. */
export const LIMITS = {
  /** After the cancel message, before the process group is asked to end. */
  politeMs: 2000,
  /** After that, before it is killed. */
  terminateMs: 2000,
  /** After that, before it is given up as one that cannot be killed: 7 s in all. */
  killMs: 3000,
  /** A worker that is done has this long to leave by itself. */
  leaveMs: 5000,
  /** Longest silence: a worker whose event loop runs tells where it is every 20 s, however slow the disk. */
  silenceMs: 5 * 60_000,
  /** Resident memory of the worker process; ffmpeg has its own limit. */
  residentBytes: 800 * 2 ** 20,
  watchMs: 250,
  /** More than any honest worker sends: it tells its progress ten times a second. */
  messagesPerSecond: 500,
}
export type Limits = typeof LIMITS

export type Ending =
  /** Everything was done and committed. */
  | { readonly how: 'completed' }
  /** The worker says why it cannot go on. */
  | { readonly how: 'failed'; readonly untrustedError: z.infer<typeof FailureReport> }
  /** It ended without a word, or said something no worker of ours says. */
  | { readonly how: 'crashed'; readonly detail: string }
  | { readonly how: 'out-of-memory'; readonly detail: string }
  | { readonly how: 'silent' }
  | { readonly how: 'cancelled' }
  /** Its result could not be written to the library. */
  | { readonly how: 'not-stored'; readonly failure: Failure }
  /** It is still there after SIGKILL: waiting in the kernel for a broken disk, for instance. */
  | { readonly how: 'unkillable'; readonly pids: readonly number[] }

export interface RunHooks {
  onPlan(weights: Extract<FromWorker, { type: 'plan' }>['weights']): void
  onProgress(progress: Extract<FromWorker, { type: 'progress' }>): void
  /** Commits a finished step. One at a time, in order. @throws ProtocolBreach | Failure */
  onStep(result: StepResult): Promise<void>
}

export interface Run {
  readonly ended: Promise<{ ending: Ending; stderr: string }>
  /** Asks the worker to stop, then ends it within 7 s. */
  cancel(): void
  /** Ends it at once: the host is closing. */
  abandon(): void
}

export function startRun(spawner: Spawner, order: RunOrder, hooks: RunHooks, limits: Limits = LIMITS): Run {
  const worker = spawner.start({ folder: order.folder })
  const { promise: ended, resolve } = Promise.withResolvers<{ ending: Ending; stderr: string }>()
  let ending: Ending | null = null
  let exit: WorkerExit | null = null
  let escalation: NodeJS.Timeout | undefined
  let commits = Promise.resolve()
  let heardAt = performance.now()
  let second = { number: 0, messages: 0 }
  const started = new Map<number, ProcessIdentity>()

  const remember = (): void => {
    if (worker.pid !== undefined) for (const found of descendants(worker.pid)) started.set(found.pid, found)
  }
  const survivors = (): number[] => {
    const inGroup = worker.ownGroup && worker.pid !== undefined ? groupMembers(worker.pid) : []
    const others = [...started.values()].filter(isAlive).map((found) => found.pid)
    return [...new Set([...(exit || worker.pid === undefined ? [] : [worker.pid]), ...inGroup, ...others])]
  }
  const signalAll = (signal: 'SIGTERM' | 'SIGKILL'): void => {
    remember()
    if (signal === 'SIGTERM') worker.terminate()
    else worker.kill()
    for (const found of started.values()) if (isAlive(found)) signalProcess(found.pid, signal)
  }

  /** Decides how the run ends (the first reason counts) and sees to it that the process does. */
  function stop(why: Ending, polite: boolean): void {
    if (ending) return
    ending = why
    if (exit) return
    worker.send({ type: 'cancel' })
    if (polite) escalate(limits.politeMs, () => signalAll('SIGTERM'), terminate)
    else kill()
  }
  const terminate = (): void => escalate(limits.terminateMs, () => {}, kill)
  function kill(): void {
    signalAll('SIGKILL')
    escalate(limits.killMs, () => finish({ how: 'unkillable', pids: survivors() }))
  }
  function escalate(afterMs: number, act: () => void, next?: () => void): void {
    clearTimeout(escalation)
    escalation = setTimeout(() => {
      act()
      next?.()
    }, afterMs)
  }

  function finish(how: Ending): void {
    clearTimeout(escalation)
    clearInterval(watch)
    resolve({ ending: how, stderr: exit?.stderr ?? '' })
  }

  function receive(untrustedMessage: unknown): void {
    if (ending) return
    heardAt = performance.now()
    const number = Math.floor(heardAt / 1000)
    second = number === second.number ? { number, messages: second.messages + 1 } : { number, messages: 1 }
    try {
      if (second.messages > limits.messagesPerSecond) throw new ProtocolBreach('it floods the host with messages')
      const message = parseFromWorker(untrustedMessage)
      if (message.type === 'plan') hooks.onPlan(message.weights)
      else if (message.type === 'progress') hooks.onProgress(message)
      else commits = commits.then(() => handle(message)).catch(refuse)
    } catch (error) {
      refuse(error)
    }
  }
  async function handle(message: Exclude<FromWorker, { type: 'plan' | 'progress' }>): Promise<void> {
    if (ending) return
    if (message.type === 'step') return hooks.onStep(message.result)
    ending = message.type === 'done' ? { how: 'completed' } : { how: 'failed', untrustedError: message.error }
    if (exit) return
    worker.send({ type: 'cancel' })
    escalate(limits.leaveMs, kill)
  }
  function refuse(error: unknown): void {
    if (error instanceof ProtocolBreach) return stop({ how: 'crashed', detail: error.message }, false)
    const failure = storeFailure(error)
    if (failure instanceof Failure) return stop({ how: 'not-stored', failure }, false)
    stop({ how: 'crashed', detail: `its result could not be committed: ${String(error)}` }, false)
  }

  const watch = setInterval(() => {
    if (worker.pid === undefined || exit) return
    remember()
    const bytes = worker.residentBytes()
    if (bytes !== null && bytes > limits.residentBytes)
      stop({ how: 'out-of-memory', detail: `${Math.round(bytes / 2 ** 20)} MB in use` }, false)
    if (performance.now() - heardAt > limits.silenceMs) stop({ how: 'silent' }, false)
  }, limits.watchMs)

  worker.onMessage(receive)
  worker.onExit((how) => {
    exit = how
    clearTimeout(escalation)
    clearInterval(watch)
    // Results that came before the end count: their files are checked like any other.
    void commits.then(async () => {
      const reason = ending ?? unexpected(how)
      for (const until = performance.now() + limits.killMs; ;) {
        signalLeftovers()
        const left = survivors()
        if (!left.length) return finish(reason)
        if (performance.now() > until) return finish({ how: 'unkillable', pids: left })
        await new Promise((done) => setTimeout(done, 20))
      }
    })
  })
  const signalLeftovers = (): void => {
    for (const found of started.values()) if (isAlive(found)) signalProcess(found.pid, 'SIGKILL')
  }
  worker.send(order)

  return {
    ended,
    cancel: () => stop({ how: 'cancelled' }, true),
    abandon: () => stop({ how: 'cancelled' }, false),
  }
}

/** What an end that nobody asked for means. V8 says on standard error when its heap is full, then aborts. */
function unexpected(exit: WorkerExit): Ending {
  if (/heap out of memory|Array buffer allocation failed/.test(exit.stderr))
    return { how: 'out-of-memory', detail: 'its heap is full' }
  return { how: 'crashed', detail: exit.signal ? `it was ended by ${exit.signal}` : `it ended with code ${exit.code}` }
}
