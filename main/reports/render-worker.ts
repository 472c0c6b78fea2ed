/**
 * Renders one report in a thread of its own: setting 50 pages keeps a core busy for seconds, and the host must stay
 * awake. Gets everything it needs, opens no library, answers once with the bytes.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Exported } from '../cases/exchange/scope.ts'
import type { ReportFormat } from '../contract/reports.ts'
import { picturesOf, type ReportDocument } from './document.ts'
import { FORMATS } from './formats.ts'
import { renderPictures, type OriginalPictures } from './pictures.ts'
import type { ReportSnapshot } from './snapshot.ts'

export interface RenderOrder {
  readonly format: ReportFormat
  readonly document: ReportDocument
  readonly pictures: OriginalPictures
  readonly snapshot: ReportSnapshot
  readonly records: Exported | null
}

const order = workerData as RenderOrder
const render = await FORMATS[order.format]()
/** Formats that show pictures; the others name them at most. */
const SHOWN: readonly ReportFormat[] = ['pdf', 'html', 'docx']
const pictures = SHOWN.includes(order.format)
  ? await renderPictures(picturesOf(order.document), order.pictures)
  : new Map<string, never>()
// A thread's port has no origin; the rule takes it for a window.
const { document, snapshot, records } = order
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(await render({ document, pictures, snapshot, records }))
