/**
 * The queue: jobs are written down before they run, each runs in a worker process of its own, and every finished step is
 * in the library before the next counts. Whatever is killed, what was committed stays and the rest runs again.
 */
import { availableParallelism, totalmem } from 'node:os'
import type { Job } from '../contract/jobs.ts'
import { Failure, report } from '../errors.ts'
import { storeFailure } from '../store/database.ts'
import * as store from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import { attempt } from './attempt.ts'
import type { InCommit } from './commit.ts'
import type { Verdict } from './failure.ts'
import { removeStrayFolders } from './private-folder.ts'
import { progressMeter, throttled, type ProgressMeter } from './progress.ts'
import { STEPS, type StepName, type FfmpegBuild } from './protocol.ts'
import { LIMITS, type Limits, type Run } from './run.ts'
import { share } from './share.ts'
import type { Spawner } from './spawner.ts'
import { createTimings } from './timings.ts'

/** Progress of one job is told at most ten times a second. */
const TELL_MS = 100
/** Memory that a worker and its ffmpeg may need side by side, in bytes. */
const MEMORY_PER_WORKER = 2 * 2 ** 30

export interface QueueOptions {
  readonly spawner: Spawner
  /** The ffmpeg to use. @throws Failure media.no-ffmpeg */
  ffmpeg(): Promise<FfmpegBuild>
  /** Folder of model folders. */
  readonly models: string
  /** Folder of the models that were added to the library. */
  readonly added?: string
  /** Worker processes at once; by default one per core, as far as memory goes. */
  readonly concurrency?: number
  /** Decoder threads of a worker that runs alone; workers side by side share the cores. By default 4. */
  readonly threads?: number
  /** True to make no fingerprints: for measuring what they cost. */
  readonly leaveOutFingerprint?: boolean
  /** Told at every change of state, and of progress at most ten times a second. */
  onJob?(job: Job): void
  /** Writes what follows from a step's results, in the same change. */
  inCommit?: InCommit
  /** Told when a step's results are in the library. */
  onStep?(step: { evidenceId: string; jobId: string; step: StepName }): void
  /** Told of every run that neither completed nor was cancelled, for the log. */
  onTrouble?(trouble: Trouble): void
  readonly limits?: Partial<Limits>
}

export interface Queue {
  /** Writes the job down and runs it when its turn comes; an equal one that is still pending is answered instead. */
  enqueue(kind: Job['kind'], evidenceId: string, matchId?: string): Job
  /** Newest first; of one item where given. */
  list(evidenceId?: string): Job[]
  /** Resolves when every one has ended, at the latest 7 s later. @throws Failure job.not-found */
  cancel(ids: readonly string[]): Promise<Job[]>
  /** Runs failed and cancelled jobs again, from the first step not committed. @throws Failure job.not-retryable */
  retry(ids: readonly string[]): Job[]
  /** Takes up what a host that went away left behind. Call it once after opening. */
  resume(): void
  /** Resolves when nothing waits or runs. @throws the failure that stopped the queue, such as store.full */
  idle(): Promise<void>
  /** Seconds by part, and `total`, of a job that ran since the library was opened. */
  timings(jobId: string): Record<string, number>
  /** Ends all workers; their jobs wait for the next opening. */
  close(): Promise<void>
}

/** Why a run went wrong, for whoever reads the log; never shown to the user as it is. */
export interface Trouble {
  readonly jobId: string
  readonly evidenceId: string
  readonly attempt: number
  readonly what: string
  /** The last lines of the worker's standard error. */
  readonly stderr: string
}

/** A job that has a worker. */
interface Live {
  job: Job
  readonly meter: ProgressMeter
  readonly teller: ReturnType<typeof throttled>
  words: string
  run: Run | null
  cancelled: boolean
  readonly finished: Promise<void>
}

export function createQueue(lib: Library, options: QueueOptions): Queue {
  const limits = { ...LIMITS, ...options.limits }
  const cores = availableParallelism()
  const roomFor = Math.max(1, Math.floor(totalmem() / MEMORY_PER_WORKER))
  const caps = { concurrency: options.concurrency ?? Math.min(cores, roomFor), threads: options.threads ?? 4, cores }
  const live = new Map<string, Live>()
  const timings = createTimings()
  const waiters = new Set<{ resolve: () => void; reject: (error: unknown) => void }>()
  let closing = false
  /** Why the queue stopped: its own bookkeeping could not be written. Cleared by the next request. */
  let halted: unknown = null
  let pumping = false

  /** The job as the library has it, with what its worker reports on top. */
  function seen(job: Job): Job {
    const now = live.get(job.id)
    if (job.state !== 'running' || !now) return job
    return { ...job, step: now.words, ...now.meter.read(performance.now()) }
  }
  const tell = (job: Job): void => options.onJob?.(seen(job))

  function move(id: string, to: Job['state'], error: Job['error'] = null): Job {
    const job = store.moveJob(lib, id, to, error as Parameters<typeof store.moveJob>[3])
    const running = live.get(id)
    if (running) {
      running.job = job
      running.teller.stop()
    }
    tell(job)
    return job
  }

  /** Starts what may start, after the caller's own transaction has ended. */
  function pump(): void {
    if (pumping) return
    pumping = true
    setImmediate(() => {
      pumping = false
      if (closing || halted) return settle()
      try {
        for (;;) {
          const waiting = store.queuedJobs(lib, caps.concurrency)
          const { workers, threads } = share(live.size + waiting.length, caps)
          const next = waiting.find((job) => !live.has(job.id))
          if (!next || live.size >= workers) break
          begin(next, threads)
        }
      } catch (error) {
        halt(error)
      }
      settle()
    })
  }

  function settle(): void {
    if (live.size) return
    try {
      if (!halted && !closing && store.queuedJobs(lib, 1).length) return
    } catch (error) {
      halted = storeFailure(error)
    }
    for (const { resolve, reject } of waiters) {
      if (halted) reject(halted)
      else resolve()
    }
    waiters.clear()
  }

  function halt(error: unknown): void {
    halted = storeFailure(error)
  }

  function begin(job: Job, threads: number): void {
    const { promise: finished, resolve } = Promise.withResolvers<void>()
    const entry: Live = {
      job,
      meter: progressMeter(STEPS[job.kind]),
      teller: throttled(() => tell(entry.job), TELL_MS),
      words: 'starting',
      run: null,
      cancelled: false,
      finished,
    }
    live.set(job.id, entry)
    void execute(entry, threads)
      .catch(halt)
      .finally(() => {
        entry.teller.stop()
        live.delete(job.id)
        resolve()
        pump()
      })
  }

  /** Runs a job to its end: at most two attempts. */
  async function execute(entry: Live, threads: number): Promise<void> {
    const { id } = entry.job
    const startedAt = performance.now()
    for (let number = 1; ; number += 1) {
      await lib.free()
      move(id, 'running')
      const { state, error } = await attemptOnce(entry, threads, number)
      const last = closing || state !== 'again'
      await lib.free()
      if (last) timings.add(id, { total: (performance.now() - startedAt) / 1000 })
      if (closing && state !== 'succeeded') return void move(id, 'queued')
      if (entry.cancelled && state === 'again') return void move(id, 'cancelled')
      if (state !== 'again') return void move(id, state, error)
    }
  }

  async function attemptOnce(entry: Live, threads: number, number: number): Promise<Verdict> {
    const { id, evidenceId } = entry.job
    const trouble = (what: string, stderr: string): void =>
      options.onTrouble?.({ jobId: id, evidenceId, attempt: number, what, stderr })
    try {
      if (closing || entry.cancelled) return { state: 'cancelled', error: null }
      const { spawner, models, added, leaveOutFingerprint } = options
      return await attempt(
        lib,
        entry.job,
        number,
        {
          spawner,
          models,
          added,
          leaveOutFingerprint,
          ffmpeg: await options.ffmpeg(),
          threads,
          limits,
          inCommit: options.inCommit,
        },
        {
          onStart(run, done) {
            entry.run = run
            entry.words = 'starting'
            entry.meter.begin(done, performance.now())
            if (closing) run.abandon()
            else if (entry.cancelled) run.cancel()
          },
          onPlan: (weights) => entry.meter.weigh(weights),
          onProgress({ step, words, fraction }) {
            entry.words = words
            entry.meter.advance(step, fraction)
            entry.teller.call()
          },
          onCommitted(result) {
            timings.add(id, result.timings)
            entry.meter.advance(result.step, 1)
            options.onStep?.({ evidenceId, jobId: id, step: result.step })
            entry.teller.call()
          },
          onTrouble: trouble,
        },
      )
    } catch (error) {
      trouble(error instanceof Error ? (error.stack ?? error.message) : String(error), '')
      return { state: 'failed', error: report(storeFailure(error)) }
    } finally {
      entry.run = null
    }
  }

  /** A new request is a reason to try again: what could not be written before may be possible now. */
  function wake(): void {
    if (halted) store.requeueRunning(lib, new Set(live.keys()))
    halted = null
    pump()
  }

  return {
    enqueue(kind, evidenceId, matchId) {
      const about = matchId ?? null
      const job = store.pendingJob(lib, kind, evidenceId, about) ?? store.insertJob(lib, kind, evidenceId, about)
      tell(job)
      wake()
      return seen(job)
    },
    list: (evidenceId) => store.listJobs(lib, evidenceId).map(seen),
    async cancel(ids) {
      const jobs = ids.map((id) => store.jobById(lib, id))
      const ends = jobs.map((job) => {
        const running = live.get(job.id)
        if (running) {
          running.cancelled = true
          running.run?.cancel()
          return running.finished
        }
        if (job.state === 'queued') move(job.id, 'cancelled')
        return undefined
      })
      await Promise.all(ends)
      pump()
      return ids.map((id) => store.jobById(lib, id))
    },
    retry(ids) {
      const jobs = [...new Set(ids)].map((id) => store.jobById(lib, id))
      const twins = new Set<string>()
      for (const job of jobs) {
        if (job.state !== 'failed' && job.state !== 'cancelled')
          throw new Failure('job.not-retryable', `${job.subject}: ${job.state}.`)
        const same = `${job.kind} ${job.evidenceId} ${job.matchId}`
        if (twins.has(same) || store.pendingJob(lib, job.kind, job.evidenceId, job.matchId))
          throw new Failure('job.not-retryable', `${job.subject} is already queued again.`)
        twins.add(same)
      }
      const queued = jobs.map(({ id }) => move(id, 'queued'))
      wake()
      return queued
    },
    resume() {
      removeStrayFolders(lib)
      store.requeueRunning(lib, new Set(live.keys()))
      wake()
    },
    idle() {
      return new Promise<void>((resolve, reject) => {
        waiters.add({ resolve, reject })
        pump()
      })
    },
    timings: timings.of,
    async close() {
      closing = true
      for (const { run } of live.values()) run?.abandon()
      await Promise.all([...live.values()].map(({ finished }) => finished))
      settle()
    },
  }
}
