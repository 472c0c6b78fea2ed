/** Turns a case into the bytes of a report, without keeping the host busy. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker, type ResourceLimits } from 'node:worker_threads'
import { endThread } from '../media/end-thread.ts'
import type { ReportFormat, ReportOptions, ReportPicture } from '../contract/reports.ts'
import type { Exported } from '../cases/exchange/scope.ts'
import { Failure } from '../errors.ts'
import { signalsOf } from '../signals/models/added.ts'
import type { Library } from '../store/library.ts'
import { derivativeFile } from '../store/media.ts'
import { itemTag } from './content/glance.ts'
import { picturesOf, reportDocument, type Picture } from './document.ts'
import { visible } from './neutralised.ts'
import type { OriginalPictures } from './pictures.ts'
import { FOR_PEOPLE } from './formats.ts'
import { caseRecords, RECORD_FORMATS } from './records.ts'
import type { RenderOrder } from './render-worker.ts'
import { redacts } from '../contract/redaction.ts'
import { leftoverWords, type Leftover } from './redaction/names.ts'
import { coverPictures } from './redaction/pictures.ts'
import { redactedSnapshot } from './redaction/snapshot.ts'
import { caseSnapshot, type ReportSnapshot } from './snapshot.ts'

/** Longest time that one report may take, in milliseconds. */
const TIMEOUT = 10 * 60_000

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string
}

/** A case, read once, from which files in any number of formats are made. */
export interface PreparedReport {
  /** Without what the redaction withholds; nothing else leaves here. */
  readonly snapshot: ReportSnapshot
  /** Items that it speaks of, by their ids in the library, which the snapshot may withhold. */
  readonly evidenceIds: readonly string[]
  /** Words of covered names that the report still says, the rarest first. */
  readonly leftover: readonly Leftover[]
  /** Where a format of the records was asked for, and the report does not withhold some of what they say. */
  readonly records: Exported | null
  render(format: ReportFormat): Promise<Uint8Array>
}

/**
 * @param formats that will be asked for
 * @throws Failure record.not-found | report.handling | report.redaction; `render` also report.withheld
 */
export async function prepareReport(
  lib: Library,
  options: ReportOptions,
  formats: readonly ReportFormat[] = [],
): Promise<PreparedReport> {
  const { redaction } = options
  const taken = takeSnapshot(lib, options)
  const { snapshot: said, names } = redactedSnapshot(lib, taken, redaction)
  // In the same turn as the snapshot, so that both say the same.
  const records = formats.some((format) => RECORD_FORMATS.includes(format)) ? caseRecords(lib, said) : null
  const shown = picturesOf(reportDocument(said))
  const originals = await readPictures(lib, shown)
  const { snapshot, pictures } = redacts(redaction)
    ? await coverPictures(said, shown, originals, redaction)
    : { snapshot: said, pictures: originals }
  const document = reportDocument(snapshot)
  return {
    snapshot,
    evidenceIds: taken.items.map((item) => item.evidence.id),
    leftover: names.length ? leftoverWords(names, textsOf({ ...document, words: null })) : [],
    records,
    async render(format) {
      if (RECORD_FORMATS.includes(format) && !records) throw new Failure('report.withheld')
      // No more than the format is made of: all of it is copied into the thread.
      return FOR_PEOPLE.includes(format)
        ? inThread({ format, document, pictures: new Map(pictures), snapshot: null, records: null })
        : inThread({ format, document: null, pictures: new Map(), snapshot, records })
    },
  }
}

const takeSnapshot = (lib: Library, options: ReportOptions): ReportSnapshot =>
  caseSnapshot(lib, options, { signals: signalsOf(lib), version, generatedAt: new Date().toISOString() })

/** Every picture that the report would show, before anything in it is covered. @throws Failure as `prepareReport` */
export function reportPictures(lib: Library, options: ReportOptions): ReportPicture[] {
  const snapshot = takeSnapshot(lib, options)
  return snapshot.items.flatMap((item, place) => {
    const own = picturesOf(reportDocument({ ...snapshot, order: ['evidence'], items: [item] }))
    return own.map(({ sha256, caption, width, height }) => ({
      sha256,
      url: `/file/derived/${sha256}`,
      item: `${itemTag(place)} ${visible(item.evidence.name)}`,
      caption,
      width,
      height,
    }))
  })
}

/** Every text of a document. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value && typeof value === 'object') return Object.values(value).flatMap(textsOf)
  return []
}

/**
 * @returns the bytes, the snapshot that they were made from, and the items of the library in it
 * @throws Failure record.not-found | report.handling
 */
export async function renderReport(
  lib: Library,
  options: ReportOptions,
  format: ReportFormat,
): Promise<{ bytes: Uint8Array; snapshot: ReportSnapshot; evidenceIds: readonly string[] }> {
  const { snapshot, evidenceIds, render } = await prepareReport(lib, options, [format])
  return { bytes: await render(format), snapshot, evidenceIds }
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

/**
 * Heap of a rendering thread, in megabytes: without a limit it grows to gigabytes before it cleans up. A
 * report that needs more, such as one with a section of thousands of records, is made again without one.
 */
const HEAP = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 12 }

async function inThread(order: RenderOrder): Promise<Uint8Array> {
  try {
    return await oneThread(order, HEAP)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error
    return await oneThread(order, {})
  }
}

async function oneThread(order: RenderOrder, resourceLimits: ResourceLimits): Promise<Uint8Array> {
  const script = fileURLToPath(new URL(`render-worker${extname(import.meta.url)}`, import.meta.url))
  const env = { NODE_ENV: 'production' }
  const thread = new Worker(script, { workerData: order, env, execArgv: [], resourceLimits })
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
