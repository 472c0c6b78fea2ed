/**
 * A worker that is started before its job is known, while the file is still on its way in: it starts beside the hashing
 * instead of after it.
 */
import type { Library } from '../store/library.ts'
import { makePrivateFolder, removePrivateFolder } from './private-folder.ts'
import type { Spawner, WorkerHandle } from './spawner.ts'

/** How long a worker waits for its order, milliseconds. The file may have been refused, or be hours long. */
const UNUSED_MS = 30_000

export interface Place {
  /** Private folder of the run. */
  readonly folder: string
  /** Starts the worker in it, or hands out the one that waits there. */
  readonly spawner: Spawner
}

export interface Spare {
  /** Starts a worker, unless one waits already. Never fails: without one, the next job starts its own. */
  warm(): void
  /** Where the next run takes place; its folder is the caller's to remove. */
  take(): Promise<Place>
  /** Ends the worker that waits, and removes its folder. */
  close(): Promise<void>
}

interface Waiting {
  readonly folder: string
  readonly worker: WorkerHandle
  readonly ended: Promise<void>
  /** True once it has ended: it can take no order. */
  gone: boolean
}

export function createSpare(lib: Library, spawner: Spawner, unusedMs = UNUSED_MS): Spare {
  let ready: Promise<Waiting | null> | null = null
  let timer: NodeJS.Timeout | undefined

  async function start(): Promise<Waiting | null> {
    const folder = await makePrivateFolder(lib).catch(() => null)
    if (folder === null) return null
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const waiting: Waiting = { folder, worker: spawner.start({ folder }), ended, gone: false }
    waiting.worker.onExit(() => {
      waiting.gone = true
      resolve()
    })
    return waiting
  }

  /** What was ready; nothing is afterwards. */
  function unready(): Promise<Waiting | null> | null {
    const was = ready
    ready = null
    clearTimeout(timer)
    return was
  }

  async function end(waiting: Waiting): Promise<void> {
    if (!waiting.gone) waiting.worker.kill()
    await waiting.ended
    await removePrivateFolder(waiting.folder)
  }

  async function close(): Promise<void> {
    const waiting = await unready()
    if (waiting) await end(waiting)
  }

  return {
    warm() {
      if (ready) return
      // What it left in staging is removed at the next opening.
      ready = start().catch(() => null)
      timer = setTimeout(() => void close(), unusedMs)
      timer.unref()
    },
    async take() {
      const waiting = await unready()
      if (waiting?.gone) await end(waiting)
      else if (waiting) return { folder: waiting.folder, spawner: { start: () => waiting.worker } }
      return { folder: await makePrivateFolder(lib), spawner }
    },
    close,
  }
}
