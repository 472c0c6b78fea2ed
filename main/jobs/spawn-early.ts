/** A spawner whose first worker is already on its way: it starts while its host still loads. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Spawner, WorkerHandle } from './spawner.ts'

export interface EarlySpawner extends Spawner {
  /** Ends the worker that nobody asked for. */
  close(): void
}

/**
 * Starts a worker now, in a private folder of its own under the system's temporary one, since no library is open yet. The
 * first `start` hands it out: what it makes goes where its order says, and the folder named to `start` stays unused.
 */
export function earlySpawner(spawner: Spawner): EarlySpawner {
  const folder = mkdtempSync(join(tmpdir(), 'assay-worker-'))
  const worker = spawner.start({ folder })
  let waiting: WorkerHandle | null = worker
  const ended = (): void => {
    waiting = null
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  worker.onExit(ended)
  return {
    start(options) {
      if (!waiting) return spawner.start(options)
      waiting = null
      return {
        ...worker,
        onExit: (receive) =>
          worker.onExit((exit) => {
            ended()
            receive(exit)
          }),
      }
    },
    close: () => waiting?.kill(),
  }
}
