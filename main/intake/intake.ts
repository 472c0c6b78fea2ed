/** The queue of files on their way in: written down first, read one or two at a time, and never lost by a kill. */
import { randomUUID } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { AcquisitionDetails, IntakeFile, IntakeItem, StorageChoice } from '../contract/intake.ts'
import { Failure, report } from '../errors.ts'
import type { Actor, Library } from '../store/library.ts'
import * as rows from '../store/intake.ts'
import { expand, type Offer } from './expand.ts'
import { receive, type Received } from './receive.ts'
import { STAGING_PREFIX } from './vault.ts'

export interface IntakeOptions {
  /** Who changes are recorded under. */
  readonly actor: Actor
  /** Told of every change of a file, and of its progress at most ten times a second. */
  readonly onItem: (item: IntakeItem) => void
  /**
   * Called once the item is safely in the library and before its file counts as done. A kill in between makes it come
   * again after the next `resume`, so that it must do no harm twice. What it throws is kept with the file.
   */
  readonly onAdmitted: (admitted: {
    evidenceId: string
    duplicate: boolean
    caseId: string | null
  }) => void | Promise<void>
  /** File in staging/ that holds the finished upload of that id; undefined where there is none. */
  readonly uploadPath: (id: string) => string | undefined
  /** Told of defects, which the file's own line only shows as `internal`. */
  readonly onDefect?: (error: unknown, itemId: string) => void
}

export interface IntakeOrder {
  readonly files: readonly z.infer<typeof IntakeFile>[]
  readonly storage: StorageChoice
  readonly details: AcquisitionDetails
  readonly caseId: string | null
}

export interface Intake {
  /**
   * Queues files and the files inside folders, and answers as soon as they are written down.
   *
   * @throws Failure request.invalid for more than 10,000 files | store.none once closed
   */
  add(order: IntakeOrder): Promise<IntakeItem[]>
  /** Files under way and the last 1,000 that ended, newest first. */
  list(): IntakeItem[]
  /** Takes up what an earlier run left unfinished and clears its leftovers. Call it once, before anything is added. */
  resume(): IntakeItem[]
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>
  /** Stops at the next chunk; what is unfinished is taken up by `resume` in the next run. */
  close(): Promise<void>
}

const MAX_FILES = 10_000
/** Rows per transaction when files are written down, so that thousands do not hold the event loop. */
const BATCH = 200
const ENDED_LISTED = 1000
/** Files read at once. The disk is the limit; the second hides the waits for it. */
const LANES = 2
const PROGRESS_MS = 100

export function createIntake(lib: Library, options: IntakeOptions): Intake {
  const { actor, onItem } = options
  const queue: string[] = []
  /** Files being read now, and those whose end could not be written down because the library's disk is full. */
  const live = new Map<string, IntakeItem>()
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  let waiters: (() => void)[] = []
  /** Adds that are still looking into folders. */
  let adding = 0
  /** Items enter the library one after another, so that two copies of the same bytes cannot both be the first. */
  let entering: Promise<unknown> = Promise.resolve()

  const enter = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = entering.then(work)
    entering = turn.catch(() => {})
    return turn
  }

  function tell(item: IntakeItem, keep: boolean): void {
    if (keep) live.set(item.id, item)
    else live.delete(item.id)
    onItem(item)
  }

  function pump(): void {
    while (!closing.signal.aborted && running.size < LANES) {
      const id = queue.shift()
      if (id === undefined) break
      const run: Promise<void> = take(id)
        .catch((error: unknown) => options.onDefect?.(error, id))
        .finally(() => {
          running.delete(run)
          pump()
        })
      running.add(run)
    }
    if (closing.signal.aborted || (queue.length === 0 && running.size === 0 && adding === 0)) {
      for (const wake of waiters) wake()
      waiters = []
    }
  }

  async function take(id: string): Promise<void> {
    let { item, request } = rows.intakeById(lib, id)
    try {
      const received = await receive(lib, actor, id, request, {
        signal: closing.signal,
        uploadPath: options.uploadPath,
        enter,
        onSize(size) {
          rows.markReading(lib, actor, id, size)
          item = { ...item, state: 'reading', size }
          tell(item, true)
        },
        onBytes: throttled((done) => {
          item = { ...item, done }
          tell(item, true)
        }),
      })
      item = { ...item, done: item.size ?? 0 }
      await lib.free()
      await deliver(item, request.caseId, received)
    } catch (error) {
      if (closing.signal.aborted && error === closing.signal.reason) return putBack(item)
      await lib.free()
      refuse(item, error)
    }
  }

  async function deliver(item: IntakeItem, caseId: string | null, { evidenceId, duplicate }: Received): Promise<void> {
    let error = null
    try {
      await options.onAdmitted({ evidenceId, duplicate, caseId })
    } catch (thrown) {
      error = report(thrown)
      if (error.code === 'internal') options.onDefect?.(thrown, item.id)
    }
    const state = duplicate ? 'duplicate' : 'admitted'
    const saved = written(() => rows.markTaken(lib, actor, item.id, { state, evidenceId, error }))
    tell({ ...item, state, evidenceId, error }, !saved)
  }

  function refuse(item: IntakeItem, thrown: unknown): void {
    const error = report(thrown)
    if (error.code === 'internal') options.onDefect?.(thrown, item.id)
    const saved = written(() => rows.markRefused(lib, actor, item, error))
    tell({ ...item, state: 'refused', done: 0, error }, !saved)
  }

  function putBack(item: IntakeItem): void {
    written(() => rows.markWaiting(lib, actor, item.id))
    tell({ ...item, state: 'waiting', done: 0 }, false)
  }

  /** Writes a batch down and queues it; what was refused at the door is only told. */
  function accept(offers: readonly Offer[], order: Omit<IntakeOrder, 'files'>): IntakeItem[] {
    const batch = offers.map((one) => intakeRow(one, order))
    rows.insertIntake(lib, actor, batch)
    for (const { item } of batch) {
      if (item.state === 'waiting') queue.push(item.id)
      onItem(item)
    }
    return batch.map(({ item }) => item)
  }

  return {
    async add({ files, ...order }) {
      if (closing.signal.aborted) throw new Failure('store.none')
      adding += 1
      try {
        const skip = await stat(lib.folder, { bigint: true })
        const offers: Offer[] = []
        for (const file of files) {
          for await (const one of expand(file, skip)) {
            offers.push(one)
            if (offers.length > MAX_FILES)
              throw new Failure('request.invalid', `More than ${MAX_FILES} files at once; add the folders one by one.`)
          }
        }
        const items: IntakeItem[] = []
        for (let at = 0; at < offers.length; at += BATCH) {
          if (closing.signal.aborted) throw new Failure('store.none')
          items.push(...accept(offers.slice(at, at + BATCH), order))
          pump()
          if (at + BATCH < offers.length) await new Promise(setImmediate)
        }
        return items
      } finally {
        adding -= 1
        pump()
      }
    },
    list() {
      return rows.listIntake(lib, ENDED_LISTED).map((item) => live.get(item.id) ?? item)
    },
    resume() {
      const pending = rows.requeueIntake(lib, actor)
      clearStaging(lib, pending)
      for (const { item } of pending) queue.push(item.id)
      pump()
      return pending.map(({ item }) => item)
    },
    idle() {
      return new Promise((resolve) => {
        waiters.push(resolve)
        pump()
      })
    },
    async close() {
      closing.abort()
      await Promise.all(running)
      pump()
    },
  }
}

function intakeRow(offer: Offer, order: Omit<IntakeOrder, 'files'>): rows.IntakeRow {
  const { source, name, path, size } = offer
  return {
    item: {
      id: randomUUID(),
      name,
      path,
      size,
      state: offer.error ? 'refused' : 'waiting',
      done: 0,
      evidenceId: null,
      error: offer.error ? report(offer.error) : null,
      at: new Date().toISOString(),
    },
    request: {
      file: 'path' in source ? { pathBase64: source.path.toString('base64') } : source,
      movedTo: null,
      ...order,
    },
  }
}

/** Copies that were cut short, and uploads that no file in the queue is waiting for. */
function clearStaging(lib: Library, pending: readonly rows.IntakeRow[]): void {
  const wanted = new Set(pending.map(({ request: { file } }) => ('upload' in file ? `${file.upload}.part` : '')))
  for (const name of readdirSync(lib.paths.staging)) {
    if (name.startsWith(STAGING_PREFIX) || (name.endsWith('.part') && !wanted.has(name)))
      rmSync(join(lib.paths.staging, name), { force: true })
  }
}

/** False where the disk is too full to write even that down: the row stays unfinished for the next run to take up. */
function written(write: () => void): boolean {
  try {
    write()
    return true
  } catch (error) {
    if (error instanceof Failure && error.code === 'store.full') return false
    throw error
  }
}

/** Lets through one call per `PROGRESS_MS` at most. */
function throttled(call: (done: number) => void): (done: number) => void {
  let last = 0
  return (done) => {
    const now = performance.now()
    if (now - last < PROGRESS_MS) return
    last = now
    call(done)
  }
}
