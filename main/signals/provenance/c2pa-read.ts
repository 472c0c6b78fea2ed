/** Reads and verifies the Content Credentials of an open file, within a wall clock. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Failure } from '../../errors.ts'
import { endThread } from '../../media/end-thread.ts'
import { threadEnvironment } from '../../media/thread-environment.ts'
import type { OpenFile } from '../../media/types.ts'
import { findCarrier } from './c2pa-carrier.ts'
import { ThreadOutput, type ThreadInput } from './c2pa-protocol.ts'
import { ManifestStore } from './c2pa-store.ts'
import type { BoxTree } from './iso-boxes.ts'
import { neutralise } from '../../media/untrusted.ts'

export type Credentials =
  | { readonly state: 'none' }
  /** The format has no place for them that the reader knows. */
  | { readonly state: 'not-carried' }
  /** A manifest is said to lie at an address. It is never fetched. */
  | { readonly state: 'remote'; readonly address: string }
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'present'; readonly store: ManifestStore }

/** Seconds of grace, and bytes hashed a second at the slowest that is still waited for (measured: 200 MB/s). */
const GRACE_S = 120
const SLOWEST = 4e6

/**
 * Verifies the whole file: signature, every hash, including the hash over the media data, read 4 MiB at a time.
 * @param tree the box tree where the file is an ISO file
 * @param options.graceSeconds wall clock beyond what the size explains
 * @throws Failure job.cancelled
 */
export async function readCredentials(
  file: OpenFile,
  tree: BoxTree | null,
  cancelled: AbortSignal,
  options: { readonly graceSeconds?: number } = {},
): Promise<Credentials> {
  const carrier = await findCarrier(file, tree?.boxes, tree?.complete)
  if (!carrier) return { state: 'not-carried' }
  if (carrier.present === false) return { state: 'none' }
  const seconds = (options.graceSeconds ?? GRACE_S) + file.size / SLOWEST
  const output = await runReader({ fd: file.fd, size: file.size, mime: carrier.mime }, seconds, cancelled)
  if ('error' in output) return failed(output.error)
  const store = ManifestStore.safeParse(parseJson(output.store))
  return store.success
    ? { state: 'present', store: store.data }
    : { state: 'unreadable', reason: 'the manifest store has an unknown form' }
}

async function runReader(input: ThreadInput, seconds: number, cancelled: AbortSignal): Promise<ThreadOutput> {
  if (cancelled.aborted) throw new Failure('job.cancelled')
  const script = fileURLToPath(new URL(`c2pa-thread${extname(import.meta.url)}`, import.meta.url))
  const thread = new Worker(script, {
    workerData: input,
    env: threadEnvironment(),
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => void thread.terminate()
  try {
    const output = await new Promise<unknown>((resolve) => {
      timer = setTimeout(() => resolve({ error: `stopped after ${Math.round(seconds)} s` }), seconds * 1000)
      cancelled.addEventListener('abort', stop, { once: true })
      thread.once('message', resolve)
      thread.once('error', (error) => resolve({ error: error.message }))
      thread.once('exit', () => resolve({ error: 'the reader ended unexpectedly' }))
    })
    if (cancelled.aborted) throw new Failure('job.cancelled')
    return ThreadOutput.parse(output)
  } finally {
    clearTimeout(timer)
    cancelled.removeEventListener('abort', stop)
    await endThread(thread)
  }
}

/** c2pa-rs names its errors; two of them are ordinary answers. */
function failed(error: string): Credentials {
  if (/JumbfNotFound|UnsupportedType/u.test(error)) return { state: 'none' }
  const remote = /RemoteManifestUrl\("([^"]*)"\)/u.exec(error)
  if (remote) return { state: 'remote', address: neutralise(remote[1]!) }
  return { state: 'unreadable', reason: neutralise(error.replace(/^C2pa\((.*)\)$/u, '$1')) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
