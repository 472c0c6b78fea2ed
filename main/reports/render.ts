/** Turns a case into the bytes of a report, without keeping the host busy. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { endThread } from '../media/end-thread.ts'
import type { ReportFormat, ReportOptions } from '../contract/reports.ts'
import type { Exported } from '../cases/exchange/scope.ts'
import { Failure } from '../errors.ts'
import { signalsOf } from '../signals/models/added.ts'
import type { Library } from '../store/library.ts'
import { derivativeFile } from '../store/media.ts'
import { picturesOf, reportDocument, type Picture } from './document.ts'
import type { OriginalPictures } from './pictures.ts'
import { caseRecords, RECORD_FORMATS } from './records.ts'
import type { RenderOrder } from './render-worker.ts'
import { caseSnapshot, type ReportSnapshot } from './snapshot.ts'

/** Longest time that one report may take, in milliseconds. */
const TIMEOUT = 10 * 60_000

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string
}

/** A case, read once, from which files in any number of formats are made. */
export interface PreparedReport {
  readonly snapshot: ReportSnapshot
  /** Where a format of the records was asked for, and the report does not withhold some of what they say. */
  readonly records: Exported | null
  render(format: ReportFormat): Promise<Uint8Array>
}

/**
 * @param formats that will be asked for
 * @throws Failure record.not-found | report.handling; `render` also report.withheld
 */
export async function prepareReport(
  lib: Library,
  options: ReportOptions,
  formats: readonly ReportFormat[] = [],
): Promise<PreparedReport> {
  const snapshot = caseSnapshot(lib, options, {
    signals: signalsOf(lib),
    version,
    generatedAt: new Date().toISOString(),
  })
  // In the same turn as the snapshot, so that both say the same.
  const records = formats.some((format) => RECORD_FORMATS.includes(format)) ? caseRecords(lib, snapshot) : null
  const document = reportDocument(snapshot)
  const pictures = await readPictures(lib, picturesOf(document))
  return {
    snapshot,
    records,
    async render(format) {
      if (RECORD_FORMATS.includes(format) && !records) throw new Failure('report.withheld')
      return inThread({ format, document, pictures, snapshot, records })
    },
  }
}

/**
 * @returns the bytes, and the snapshot that they were made from
 * @throws Failure record.not-found | report.handling
 */
export async function renderReport(
  lib: Library,
  options: ReportOptions,
  format: ReportFormat,
): Promise<{ bytes: Uint8Array; snapshot: ReportSnapshot }> {
  const { snapshot, render } = await prepareReport(lib, options, [format])
  return { bytes: await render(format), snapshot }
}

/** Reads what is there and whole; what is missing or altered is left out, and the report says so in its place. */
async function readPictures(lib: Library, wanted: readonly Picture[]): Promise<OriginalPictures> {
  const found = new Map<string, Uint8Array>()
  for (const { sha256 } of wanted) {
    const file = derivativeFile(lib, sha256)
    const bytes = file ? await readFile(file.path).catch(() => null) : null
    if (bytes && createHash('sha256').update(bytes).digest('hex') === sha256) found.set(sha256, bytes)
  }
  return found
}

async function inThread(order: RenderOrder): Promise<Uint8Array> {
  const script = fileURLToPath(new URL(`render-worker${extname(import.meta.url)}`, import.meta.url))
  const thread = new Worker(script, { workerData: order, env: { NODE_ENV: 'production' }, execArgv: [] })
  const limit = setTimeout(() => void thread.terminate(), TIMEOUT)
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.once('exit', () => reject(new Error('The report could not be set in time.')))
    })
  } finally {
    clearTimeout(limit)
    await endThread(thread)
  }
}
