/** Where faces are in the pictures of a report. */
import { join } from 'node:path'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Region } from '../../contract/common.ts'
import { Failure } from '../../errors.ts'
import { endThread } from '../../media/end-thread.ts'
import type { FaceOrder, FacesFound } from './face-worker.ts'

/** Beside the program, or among an installed app's resources. */
const MODELS = process.env['ASSAY_MODELS'] ?? join(import.meta.dirname, '..', '..', '..', 'models')

/** What was found, by SHA-256 of the picture: equal bytes have equal faces, and a preview asks again and again. */
const known = new Map<string, readonly Region[]>()
const KEPT = 5000

/**
 * @param pictures those of `tiles` above 1 are strips of equal tiles, each looked at by itself
 * @returns boxes with a margin, as shares of the whole picture; nothing for pictures that cannot be decoded
 * @throws Failure report.redaction where the detector cannot be run
 */
export async function findFaces(pictures: FaceOrder['pictures']): Promise<FacesFound> {
  const open = pictures.filter(({ sha256 }) => !known.has(sha256))
  if (open.length) {
    if (known.size > KEPT) known.clear()
    for (const [sha256, faces] of await inThread({ models: MODELS, pictures: open })) known.set(sha256, faces)
  }
  return new Map(pictures.flatMap(({ sha256 }) => (known.has(sha256) ? [[sha256, known.get(sha256)!] as const] : [])))
}

async function inThread(order: FaceOrder): Promise<FacesFound> {
  const script = fileURLToPath(new URL(`face-worker${extname(import.meta.url)}`, import.meta.url))
  const thread = new Worker(script, { workerData: order, execArgv: [] })
  try {
    return await new Promise<FacesFound>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.once('exit', () => reject(new Error('the search for faces ended early')))
    })
  } catch (cause) {
    throw new Failure('report.redaction', 'Faces could not be looked for.', { cause })
  } finally {
    await endThread(thread)
  }
}
