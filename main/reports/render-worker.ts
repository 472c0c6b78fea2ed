/**
 * Renders one report in a thread of its own: setting 50 pages keeps a core busy for seconds, and the host must stay
 * awake. Gets everything it needs, opens no library, answers once with the bytes.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Exported } from '../cases/exchange/scope.ts'
import type { ReportFormat } from '../contract/reports.ts'
import { picturesOf, type ReportDocument } from './document.ts'
import { FORMATS } from './formats.ts'
import { renderPictures } from './pictures.ts'
import type { ReportSnapshot } from './snapshot.ts'

export interface RenderOrder {
  readonly format: ReportFormat
  /** What the format is not made of is null. */
  readonly document: ReportDocument | null
  readonly pictures: Map<string, Uint8Array>
  readonly snapshot: ReportSnapshot | null
  readonly records: Exported | null
}

const order = workerData as RenderOrder
const render = await FORMATS[order.format]()
/** Formats that show pictures; the others name them at most. */
const SHOWN: readonly ReportFormat[] = ['pdf', 'html', 'docx']
const needed = <T>(part: T | null): T => {
  if (part === null) throw new Error(`the report as ${order.format} was not given what it is made of`)
  return part
}
const pictures = SHOWN.includes(order.format)
  ? await renderPictures(picturesOf(needed(order.document)), order.pictures)
  : new Map<string, never>()
// Not wanted any more, and a report holds many.
order.pictures.clear()
const bytes = await render({
  get document() {
    return needed(order.document)
  },
  get snapshot() {
    return needed(order.snapshot)
  },
  pictures,
  records: order.records,
})
// Given away rather than copied, where nothing else lies in its memory.
const given = bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer as ArrayBuffer] : []
parentPort?.postMessage(bytes, given)
