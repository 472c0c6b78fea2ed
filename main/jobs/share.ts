/** How the cores are shared: one file gets many decoder threads while somebody waits for it, a batch gets one each. */

export interface Share {
  /** Worker processes at once. */
  readonly workers: number
  /** Decoder threads of a worker that starts now. */
  readonly threads: number
}

/**
 * @param pending jobs running or waiting, the one to start included
 * @param concurrency most worker processes at once
 * @param threads most decoder threads of one worker
 * @param cores of this machine
 */
export function share(pending: number, limits: { concurrency: number; threads: number; cores: number }): Share {
  const workers = Math.max(1, Math.min(limits.concurrency, pending))
  // A file alone gets two decoder threads per core: ffmpeg's own thread, which scales and writes, holds up as many as wait
  // for it, and on two cores two more make its run a twelfth shorter. Side by side that only costs memory.
  const cores = workers === 1 ? 2 * limits.cores : limits.cores
  return { workers, threads: Math.max(1, Math.min(limits.threads, 16, Math.floor(cores / workers))) }
}
