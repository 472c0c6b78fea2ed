/** Long work as a screen shows it: how far it is, a way to stop it, and what came of it. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Progress } from '../main/contract/progress.ts'

type Stream<Result> = AsyncIterable<Progress | { readonly type: 'done'; readonly result: Result }>

export interface Told<Input, Result> {
  readonly state: 'idle' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly progress: Progress | null
  readonly result: Result | null
  readonly error: unknown
  start(input: Input): void
  cancel(): void
  /** Forgets what came of it. */
  reset(): void
}

const IDLE = { state: 'idle', progress: null, result: null, error: null } as const

/** Leaving the screen stops the work. */
export function useTold<Input, Result>(
  begin: (input: Input, signal: AbortSignal) => Promise<Stream<Result>>,
  onDone?: (result: Result) => void,
): Told<Input, Result> {
  const [now, setNow] = useState<Omit<Told<Input, Result>, 'start' | 'cancel' | 'reset'>>(IDLE)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const start = async (input: Input): Promise<void> => {
    if (running.current) return
    const controller = new AbortController()
    running.current = controller
    setNow({ ...IDLE, state: 'running' })
    try {
      for await (const one of await begin(input, controller.signal)) {
        if (controller.signal.aborted) break
        if (one.type === 'progress') setNow({ ...IDLE, state: 'running', progress: one })
        else {
          setNow({ ...IDLE, state: 'done', result: one.result })
          onDone?.(one.result)
        }
      }
      if (controller.signal.aborted) setNow({ ...IDLE, state: 'cancelled' })
    } catch (error) {
      setNow(controller.signal.aborted ? { ...IDLE, state: 'cancelled' } : { ...IDLE, state: 'failed', error })
    } finally {
      running.current = null
    }
  }

  return {
    ...now,
    start: (input) => void start(input),
    cancel: useCallback(() => running.current?.abort(), []),
    reset: useCallback(() => setNow(IDLE), []),
  }
}
