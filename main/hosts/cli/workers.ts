/** The worker processes of the command line. */
import { earlySpawner, type EarlySpawner } from '../../jobs/spawn-early.ts'
import { forkSpawner } from '../../jobs/spawn-node.ts'
import type { Spawner } from '../../jobs/spawner.ts'

export const WORKER = new URL('../../worker.ts', import.meta.url)

let early: EarlySpawner | null = null

/** Starts the first worker before anything asks for it. Never fails: without it, the first job starts its own. */
export function startEarly(): void {
  try {
    early = earlySpawner(forkSpawner(WORKER))
  } catch {
    // There is no temporary folder to be had: whatever truly needs one will say so.
  }
}

/** What starts workers in this process; the first may run already. */
export const workers = (): Spawner => early ?? forkSpawner(WORKER)

/** Ends the first worker where nothing asked for it; it would keep this process alive. */
export const endEarly = (): void => early?.close()
