/** Threads that may be started before their order is known, so that loading them costs no waiting. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { threadEnvironment } from './thread-environment.ts'

export interface PreparedThread {
  /** Starts the next thread beforehand, where there is something else to wait for. */
  prepare(): void
  /** The thread that waits, or a new one; it is the caller's to end. */
  take(): Worker
}

/** @param name of the script beside this module, without its extension */
export function preparedThread(name: string, options: WorkerOptions = {}): PreparedThread {
  let waiting: Worker | undefined
  function start(): Worker {
    const script = fileURLToPath(new URL(`${name}${extname(import.meta.url)}`, import.meta.url))
    return new Worker(script, { env: threadEnvironment(), execArgv: [], ...options })
  }
  return {
    prepare() {
      if (waiting) return
      const thread = start()
      // It keeps no process alive, and is not taken where it has ended; why is no matter then.
      thread.unref()
      thread.on('error', () => {})
      thread.on('exit', () => {
        if (waiting === thread) waiting = undefined
      })
      waiting = thread
    },
    take() {
      const thread = waiting ?? start()
      waiting = undefined
      thread.ref()
      return thread
    },
  }
}
