/** Ends a reader's thread and waits for it, but never for long. */
import type { Worker } from 'node:worker_threads'

/**
 * Longest wait, milliseconds. Node 24 sometimes never tells that a thread which left by itself at that very moment is
 * gone; whoever waited for it without a limit would wait for good.
 */
const LONGEST = 2000

export async function endThread(thread: Worker): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST)
  })
  try {
    await Promise.race([thread.terminate(), late])
  } finally {
    clearTimeout(timer)
  }
}
