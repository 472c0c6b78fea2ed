/** Being asked to end: by a signal, by the terminal closing, or by the launcher's death. */

export interface Shutdown {
  /** Aborted once, at the first request. */
  readonly signal: AbortSignal
  /** Exit code by convention (128 + signal number); null while nobody asked. */
  code(): number | null
}

const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
/** A key press reaches us twice, from the terminal and from the launcher; one this much later is a second one. */
const AGAIN_MS = 1000

/** A second request, made on purpose, ends the process where it stands: the library is safe against that. */
export function awaitShutdown(): Shutdown {
  const controller = new AbortController()
  let code: number | null = null
  let first = 0
  const ask = (asked: number): void => {
    if (code === null) {
      code = asked
      first = Date.now()
      controller.abort()
    } else if (Date.now() - first > AGAIN_MS) process.exit(asked)
  }
  for (const [name, number] of Object.entries(CODES)) process.on(name, () => ask(number))
  // The launcher was killed: a host that nobody can see must not keep the library.
  process.on('disconnect', () => ask(CODES.SIGTERM))
  // The reader of our output is gone (`| head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    ask(CODES.SIGTERM)
  })
  process.channel?.unref()
  return { signal: controller.signal, code: () => code }
}
