/** How a worker process is started and ended, whatever kind of process the host can make. */

/** One worker process. */
export interface WorkerHandle {
  /** Undefined until the system has started it. */
  readonly pid: number | undefined
  /** True where the worker leads a process group of its own, so that `terminate` and `kill` reach all of it at once. */
  readonly ownGroup: boolean
  /** Ignored once the process has ended. */
  send(message: unknown): void
  onMessage(listener: (untrustedMessage: unknown) => void): void
  /** Called once, after the process has ended or could not be started. */
  onExit(listener: (exit: WorkerExit) => void): void
  /** Resident memory of the worker process in bytes; null where the system does not tell. */
  residentBytes(): number | null
  /** Asks the worker, with its group where it leads one, to end (SIGTERM). */
  terminate(): void
  /** Ends the worker, with its group where it leads one (SIGKILL). Safe to call after its end. */
  kill(): void
}

export interface WorkerExit {
  readonly code: number | null
  readonly signal: string | null
  /** The last lines of its standard error. */
  readonly stderr: string
}

export interface Spawner {
  /** Starts a worker in its private folder, with an environment that holds nothing of the host's. */
  start(options: { folder: string }): WorkerHandle
}

/** Most heap a worker's JavaScript may use, in MB; with decoded frames and models beside it, see `LIMITS.residentBytes` in run.ts. */
export const WORKER_HEAP_MB = 448

/** Command line switches of a worker process. */
export const WORKER_SWITCHES: readonly string[] = [
  `--max-old-space-size=${WORKER_HEAP_MB}`,
  '--disable-warning=ExperimentalWarning',
]

/**
 * The whole environment of a worker: temporary files go to its private folder, and no variable of the user's reaches a
 * process that reads hostile bytes. Windows cannot start programs without SystemRoot; what Node compiled before saves a
 * third of the start.
 */
export function workerEnvironment(folder: string): Record<string, string> {
  const { SystemRoot: root, NODE_COMPILE_CACHE: compiled } = process.env
  return {
    TMPDIR: folder,
    TEMP: folder,
    TMP: folder,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    ...(root ? { SystemRoot: root } : {}),
    ...(compiled ? { NODE_COMPILE_CACHE: compiled } : {}),
  }
}

/** Keeps the last `limit` characters of a text that arrives in pieces. */
export function tail(limit = 8000): { add(chunk: string | Uint8Array): void; text(): string } {
  let kept = ''
  return {
    add(chunk) {
      kept = (kept + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))).slice(-limit)
    },
    text: () => kept,
  }
}
