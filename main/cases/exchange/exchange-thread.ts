/**
 * Looks at a file, or imports it, in a thread of its own: a hundred thousand objects take half a minute, and the host must
 * stay awake. It joins the library through a connection of its own; the host reads on meanwhile and writes nothing
 * (`Library.share`). What ends it, or kills it, leaves its one transaction unwritten.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Failure } from '../../errors.ts'
import { joinLibrary } from '../../store/library.ts'
import type { FromThread, ThreadData } from './aside.ts'
import { importFile, previewImport } from './exchange.ts'
import { SHARES, type Watch } from './watch.ts'

/** Milliseconds between two messages about progress. */
const TELL_MS = 100

const { folder, bytes, name, task, cancelled } = workerData as ThreadData
const flag = new Int32Array(cancelled)
// A thread's port has no origin; the rule takes it for a window.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const tell = (message: FromThread): void => parentPort?.postMessage(message)

let toldAt = 0
const watch: Watch = (progress) => {
  if (Atomics.load(flag, 0) === 1) throw new Failure('exchange.cancelled')
  const now = performance.now()
  if (now - toldAt < TELL_MS) return
  toldAt = now
  tell({ kind: 'progress', progress })
}
const [from, to] = SHARES.import.indexing
const onIndexed = (done: number): void =>
  watch({ phase: 'indexing', fraction: from + (to - from) * (1 - 1 / (1 + done / 20_000)) })

try {
  const lib = joinLibrary(folder, onIndexed)
  try {
    const file = { bytes, name }
    const answer =
      task.kind === 'preview'
        ? await previewImport(lib, file, task.mapping, watch)
        : importFile(lib, file, task.options, task.actor, watch)
    tell({ kind: 'done', answer })
  } finally {
    lib.close()
  }
} catch (error) {
  tell(
    error instanceof Failure
      ? { kind: 'failed', code: error.code, detail: error.detail }
      : { kind: 'defect', text: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  )
}
