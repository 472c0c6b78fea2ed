/** Long work that somebody waits for, as a stream: its progress, at most ten times a second, and its result at the end. */
import type { Progress } from '../contract/progress.ts'

const TELL_MS = 100

export type Told<T> = Progress | { readonly type: 'done'; readonly result: T }
export type Tell = (words: string, done: number, total: number) => void

/**
 * Runs `work` while it is listened to; who stops listening cancels it. A slow listener gets the latest state, not every one.
 *
 * @throws what the work throws
 */
export async function* told<T>(
  signal: AbortSignal | undefined,
  work: (tell: Tell, cancelled: AbortSignal) => Promise<T>,
): AsyncGenerator<Told<T>> {
  const ended = new AbortController()
  const cancelled = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal
  let latest: Progress | null = null
  let wake = (): void => {}
  const working = work((words, done, total) => {
    latest = { type: 'progress', words, done, total }
    wake()
  }, cancelled)
  let over = false
  const finish = (): void => {
    over = true
    wake()
  }
  working.then(finish, finish)
  try {
    let last = -Infinity
    while (!over) {
      const wait = latest ? last + TELL_MS - performance.now() : Infinity
      if (latest && wait <= 0) {
        const next: Progress = latest
        latest = null
        last = performance.now()
        yield next
        continue
      }
      await new Promise<void>((resolve) => {
        const timer = Number.isFinite(wait) ? setTimeout(resolve, wait) : undefined
        wake = () => {
          if (latest && !over && timer !== undefined) return
          clearTimeout(timer)
          resolve()
        }
        if (over) wake()
      })
    }
    yield { type: 'done', result: await working }
  } finally {
    ended.abort()
    await working.catch(() => {})
  }
}
