/** Makes parts of a PDF in a thread beside the one that makes the others. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resourceLimits, Worker } from 'node:worker_threads'
import { endThread } from '../../media/end-thread.ts'
import { picturesOf, type ReportDocument } from '../document.ts'
import type { PdfPart } from '../pdf.ts'
import type { RenderedPictures } from '../pictures.ts'

export interface PartsOrder {
  /** Without its sections, which the parts have. */
  readonly document: ReportDocument
  readonly parts: readonly PdfPart[]
  readonly pictures: RenderedPictures
}

export interface Beside {
  /** The parts as PDFs, in their order. */
  readonly made: Promise<Uint8Array[]>
  end(): Promise<void>
}

export function besides(document: ReportDocument, parts: readonly PdfPart[], pictures: RenderedPictures): Beside {
  const script = fileURLToPath(new URL(`part-worker${extname(import.meta.url)}`, import.meta.url))
  const shown = picturesOf({ ...document, sections: parts.flatMap((part) => part.sections.map((one) => one.section)) })
  const own = new Map(
    shown.flatMap(({ sha256 }) => (pictures.has(sha256) ? [[sha256, pictures.get(sha256)!] as const] : [])),
  )
  const order: PartsOrder = { document: { ...document, sections: [] }, parts, pictures: own }
  const env = { NODE_ENV: 'production' }
  // The same heap as the thread that makes the other parts has.
  const thread = new Worker(script, { workerData: order, env, execArgv: [], resourceLimits })
  const made = new Promise<Uint8Array[]>((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', () => reject(new Error('parts of the report were not finished')))
  }).finally(() => endThread(thread))
  // Whoever ends early does not wait for it.
  made.catch(() => {})
  return { made, end: () => endThread(thread) }
}
