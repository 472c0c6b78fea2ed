/** A file that arrives through the browser: streamed into the library's staging folder, never held in memory. */
import { open, statfs } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname } from 'node:path'
import { Failure } from '../../errors.ts'
import type { Workbench } from '../../workbench.ts'

/** A sender that says nothing for this long is gone. */
const SILENCE_MS = 120_000

export type Uploads = Pick<Workbench, 'beginUpload' | 'abortUpload'>

/**
 * Answers with the id that `intake.add` takes. What was not received whole leaves no file behind.
 *
 * @throws Failure store.none | store.full | store.readonly | intake.too-large | intake.changed for an upload cut short
 */
export async function receiveUpload(bench: Uploads, request: IncomingMessage, limit = 64 * 2 ** 30): Promise<string> {
  const announced = request.headers['content-length'] === undefined ? null : Number(request.headers['content-length'])
  if (announced !== null && announced > limit) throw new Failure('intake.too-large')
  const { id, path } = bench.beginUpload()
  try {
    if (announced !== null) await requireSpace(path, announced)
    request.setTimeout(SILENCE_MS, () => request.destroy())
    // Only this user may read what is not yet in the vault.
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(bounded(request, limit))
    } finally {
      await file.close()
    }
    return id
  } catch (error) {
    await bench.abortUpload(id)
    throw uploadFailure(error)
  }
}

/** The request stays open when reading stops early, so that the sender can be told why. */
async function* bounded(request: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  let received = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    received += chunk.length
    if (received > limit) throw new Failure('intake.too-large')
    yield chunk
  }
}

/** Refuses before the first byte what cannot fit; free space is only a hint on systems that do not tell. */
async function requireSpace(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path))
  if (bavail * bsize < bytes) throw new Failure('store.full')
}

function uploadFailure(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Failure('store.full', undefined, { cause: error })
  if (code === 'EACCES' || code === 'EROFS') return new Failure('store.readonly', undefined, { cause: error })
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET')
    return new Failure('intake.changed', 'The upload was cut short.', { cause: error })
  return error
}
