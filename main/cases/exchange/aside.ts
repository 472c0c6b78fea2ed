/** The host's end of the thread that looks at large files and imports them: starts it, follows it, ends it. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Imported, ImportPreview, TableMapping } from '../../contract/exchange.ts'
import type { ExchangeProgress } from '../../contract/exchange-progress.ts'
import { Failure, type FailureCode } from '../../errors.ts'
import { endThread } from '../../media/end-thread.ts'
import { threadEnvironment } from '../../media/thread-environment.ts'
import type { Actor, Library } from '../../store/library.ts'
import { importFile, previewImport, type GivenFile, type ImportOptions } from './exchange.ts'

/** Files up to this many bytes are dealt with at once: starting a thread takes longer than they do. */
const SMALL = 48 * 2 ** 10

/** Memory of the thread, in MiB; the import of 100,000 objects needs less than half. */
const MEMORY_MIB = 768

export type Task =
  | { readonly kind: 'preview'; readonly mapping: TableMapping | null }
  | { readonly kind: 'import'; readonly options: ImportOptions; readonly actor: Actor }

/** What is given to the thread. */
export interface ThreadData {
  readonly folder: string
  readonly bytes: Uint8Array
  readonly name: string
  readonly task: Task
  /** One 32-bit number: 1 once nobody wants the answer any more. */
  readonly cancelled: SharedArrayBuffer
}

/** What it tells. */
export type FromThread =
  | { readonly kind: 'progress'; readonly progress: ExchangeProgress }
  | { readonly kind: 'done'; readonly answer: ImportPreview | Imported }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly detail: string | undefined }
  | { readonly kind: 'defect'; readonly text: string }

export interface Follow {
  onProgress(progress: ExchangeProgress): void
  readonly signal: AbortSignal
}

/** As `previewImport`, beside the host where the file is large. @throws also Failure exchange.cancelled */
export function previewAside(
  lib: Library,
  file: GivenFile,
  mapping: TableMapping | null,
  follow: Follow,
): Promise<ImportPreview> {
  if (file.bytes.length <= SMALL) return previewImport(lib, file, mapping)
  return lib.share(false, () => run<ImportPreview>(lib, file, { kind: 'preview', mapping }, follow))
}

/** As `importFile`, beside the host where the file is large. @throws also Failure exchange.cancelled */
export async function importAside(
  lib: Library,
  file: GivenFile,
  options: ImportOptions,
  actor: Actor,
  follow: Follow,
): Promise<Imported> {
  if (file.bytes.length <= SMALL) {
    await lib.free()
    return importFile(lib, file, options, actor)
  }
  return lib.share(true, () => run<Imported>(lib, file, { kind: 'import', options, actor }, follow))
}

async function run<T extends ImportPreview | Imported>(
  lib: Library,
  { bytes, name }: GivenFile,
  task: Task,
  { onProgress, signal }: Follow,
): Promise<T> {
  if (signal.aborted) throw new Failure('exchange.cancelled')
  const script = fileURLToPath(new URL(`exchange-thread${extname(import.meta.url)}`, import.meta.url))
  const cancelled = new SharedArrayBuffer(4)
  const data: ThreadData = { folder: lib.folder, bytes, name, task, cancelled }
  const thread = new Worker(script, {
    workerData: data,
    env: threadEnvironment(),
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
  })
  const cancel = (): void => void Atomics.store(new Int32Array(cancelled), 0, 1)
  signal.addEventListener('abort', cancel)
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  thread.on('message', (message: FromThread) => {
    if (message.kind === 'progress') onProgress(message.progress)
    else if (message.kind === 'done') resolve(message.answer as T)
    else if (message.kind === 'failed') reject(new Failure(message.code, message.detail))
    else reject(new Error(message.text))
  })
  thread.on(
    'error',
    (error: Error & { code?: string }) =>
    reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Failure('exchange.limit', 'It needs too much memory.') : error), // prettier-ignore
  )
  thread.on('exit', (code) => reject(new Error(`the thread of an import ended with code ${code}`)))
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', cancel)
    // Its connection is closed by now, or goes with it; only then is the library the host's alone again.
    await endThread(thread)
  }
}
