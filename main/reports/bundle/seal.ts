/** Sealing a case: everything about it that its marks allow, in one package whose every byte can be checked. */
import { randomUUID } from 'node:crypto'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, readFile, rename, rm, unlink } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Exported } from '../../cases/exchange/scope.ts'
import type { SealInput } from '../../contract/bundles.ts'
import { redacts } from '../../contract/redaction.ts'
import type { ExportedReport, ReportFormat } from '../../contract/reports.ts'
import { Failure } from '../../errors.ts'
import { endThread } from '../../media/end-thread.ts'
import { links } from '../../store/audit.ts'
import { storeFailure } from '../../store/database.ts'
import { addCustody, evidenceFile } from '../../store/evidence.ts'
import { currentFindings } from '../../store/findings.ts'
import type { Actor, Library } from '../../store/library.ts'
import { derivativeFile } from '../../store/media.ts'
import { insertReport } from '../../store/reports.ts'
import { fileName, withUrl } from '../export.ts'
import { unlockKey } from '../keys.ts'
import { csvSet } from '../csv-set.ts'
import { bundleRecords } from '../received/records.ts'
import { prepareReport, type PreparedReport } from '../render.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import { auditExtract } from './audit-extract.ts'
import { planPayload, type PlannedDerivative } from './plan.ts'
import { bagInfo, readme } from './tag-files.ts'
import { readVerifiers } from './verifiers.ts'
import type { EncryptOrder } from './encrypt-worker.ts'
import type { FromWriter, WriteOrder } from './write-worker.ts'

export interface SealHooks {
  /** What is done at the moment; while the files are written, their bytes so far of all that there are. */
  readonly onProgress?: (words: string, done: number, total: number) => void
  /** Leaves nothing behind. */
  readonly cancelled?: AbortSignal
}

/**
 * Writes a sealed bundle into exports/, or to `out`. It appears whole or not at all.
 *
 * @throws Failure job.cancelled | record.not-found | report.handling | report.redaction | report.no-verifier | key.passphrase | vault.altered | store.full |
 *   request.invalid where `out` exists and may not be overwritten
 */
export async function sealCase(
  lib: Library,
  input: SealInput,
  actor: Actor,
  { onProgress = () => {}, cancelled }: SealHooks = {},
): Promise<ExportedReport> {
  const { formats, evidence, passphrase, encrypt, out, ...options } = input
  if (out && !out.overwrite && existsSync(out.path)) throw taken(out.path)
  if (redacts(options.redaction))
    throw new Failure(
      'report.redaction',
      'A sealed bundle carries records, findings and pictures as they are; seal without a redaction, or export the report files alone.',
    )
  const verifiers = await readVerifiers()
  const stopped = (): void => {
    if (cancelled?.aborted) throw new Failure('job.cancelled')
  }
  onProgress('opening the key', 0, 0)
  const key = await unlockKey(lib, passphrase, actor)
  const prepared = await prepareReport(lib, options, [...formats, 'stix'])
  const { snapshot, records, render } = prepared
  if (!records) throw new Failure('report.withheld')
  // The chain as it was when the case was read: what is recorded from now on is not in the bundle.
  const audit = auditExtract(links(lib.db), snapshot)
  const findings = snapshot.omit.includes('findings')
    ? []
    : snapshot.items.flatMap((item) =>
        currentFindings(
          lib,
          item.evidence.id,
          snapshot.signals.map((signal) => signal.id),
        ),
      )
  const reports = new Map<ReportFormat, Uint8Array>()
  for (const format of new Set(formats)) {
    stopped()
    onProgress(`setting the report (${format})`, reports.size, new Set(formats).size)
    reports.set(format, await render(format))
  }
  stopped()
  const payload = planPayload({
    snapshot,
    reports,
    evidence,
    original: (id) => evidenceFile(lib, id),
    findings,
    derivatives: await derivatives(lib, snapshot),
    exchange: await exchangeFiles(prepared, records),
    records: bundleRecords(records),
    audit,
  })

  const id = randomUUID()
  const file = out ? basename(out.path) : fileName(snapshot.title, snapshot.generatedAt, id, 'bundle')
  const target = out ? resolve(out.path) : join(lib.paths.exports, file)
  const beside = out ? join(dirname(target), `.${id}.part`) : join(lib.paths.staging, `${id}.report`)
  // What is not encrypted yet stays in the library, wherever the bundle goes.
  const draft = encrypt === null ? beside : join(lib.paths.staging, `${id}.open`)
  const total = payload.reduce((sum, one) => sum + ('bytes' in one ? 0 : one.file.size), 0)
  onProgress('writing the bundle', 0, total)
  const folder = `assay-${snapshot.generatedAt.slice(0, 19).replaceAll(':', '-')}-${snapshot.case.id.slice(0, 8)}`
  const written = await writeBundle(
    {
      target: draft,
      folder,
      madeAt: snapshot.generatedAt,
      payload,
      tags: [
        { path: 'bag-info.txt', bytes: Buffer.from(bagInfo(snapshot, payload)) },
        { path: 'README.txt', bytes: Buffer.from(readme(snapshot, key.fingerprint)) },
        ...verifiers,
      ],
      statement: {
        bundle: folder,
        caseId: snapshot.case.id,
        libraryId: snapshot.library.id,
        sealedAt: snapshot.generatedAt,
      },
      key,
    },
    (done) => onProgress('writing the bundle', done, total),
    cancelled,
  )
  const { tagManifest } = written
  const bytes =
    encrypt === null
      ? written.bytes
      : await encrypted(
          { source: draft, target: beside, passphrase: encrypt, madeAt: snapshot.generatedAt },
          (done) => onProgress('encrypting the bundle', done, written.bytes),
          cancelled,
        )
  await putInPlace(beside, target, out?.overwrite ?? false)
  const made: Omit<ExportedReport, 'url'> = {
    id,
    caseId: snapshot.case.id,
    format: 'bundle',
    file,
    bytes,
    sha256: tagManifest,
    tlp: snapshot.tlp,
    at: snapshot.generatedAt,
  }
  try {
    lib.change(actor, (record) => {
      insertReport(lib, made)
      record('report.sealed', made.caseId, { ...made, key: key.fingerprint })
      for (const item of snapshot.items)
        addCustody(
          lib,
          item.evidence.id,
          actor,
          'exported',
          `${included(evidence, item.evidence.id) ? 'with its bytes' : 'by its hashes'} in the sealed bundle “${snapshot.title}” (TLP:${made.tlp})`,
        )
    })
  } catch (error) {
    await rm(target, { force: true })
    throw error
  }
  return withUrl(lib, made)
}

async function exchangeFiles(
  { snapshot, render }: PreparedReport,
  records: Exported,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  files.set('data/exchange/case.stix.json', await render('stix'))
  files.set('data/exchange/case.misp.json', await render('misp'))
  for (const [name, bytes] of csvSet(snapshot, records)) files.set(`data/exchange/tables/${name}`, bytes)
  return files
}

const included = (evidence: SealInput['evidence'], id: string): boolean =>
  evidence === 'all' || (Array.isArray(evidence) && evidence.includes(id))

const taken = (path: string): Failure => new Failure('request.invalid', `${basename(path)} exists already.`)

/** Pictures that the current findings show, and the filmstrips; those that are gone or altered are named without a file. */
async function derivatives(lib: Library, snapshot: ReportSnapshot): Promise<PlannedDerivative[]> {
  const found = new Map<string, PlannedDerivative>()
  for (const { evidence, filmstrip, findings } of snapshot.items) {
    const wanted = [
      ...(filmstrip ? [{ sha256: filmstrip.sha256, role: 'filmstrip' as const }] : []),
      ...(snapshot.omit.includes('findings') ? [] : findings)
        .flatMap((finding) => finding.output.evidence)
        .flatMap((exhibit) => (exhibit.kind === 'image' ? [{ sha256: exhibit.sha256, role: 'exhibit' as const }] : [])),
    ]
    for (const { sha256, role } of wanted) {
      if (found.has(sha256)) continue
      const known = derivativeFile(lib, sha256)
      const bytes = known && (await readFile(known.path).catch(() => null))
      const whole = bytes && bytes.length > 0 && createHash('sha256').update(bytes).digest('hex') === sha256
      found.set(sha256, {
        sha256,
        role,
        mime: known?.mime ?? '',
        evidenceId: evidence.id,
        file: known && whole ? { path: known.path, sha256, size: bytes.length, identity: null } : null,
      })
    }
  }
  return [...found.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
}

/** Writes a file in a thread of its own; what is not finished does not stay. */
async function inThread<T extends { type: string }>(
  name: string,
  order: { readonly target: string },
  wanted: T['type'],
  onBytes: (done: number) => void,
  cancelled: AbortSignal | undefined,
): Promise<T> {
  const script = fileURLToPath(new URL(`${name}${extname(import.meta.url)}`, import.meta.url))
  const thread = new Worker(script, { workerData: order, execArgv: [] })
  try {
    return await new Promise((done, reject) => {
      thread.on('message', (message: FromWriter | T) => {
        if (message.type === wanted) return done(message as T)
        const other = message as FromWriter
        if (other.type === 'progress') onBytes(other.done)
        else if (other.type === 'failed') reject(new Failure(other.code, other.detail || undefined))
      })
      thread.once('error', reject)
      thread.once('exit', () => reject(new Error('the bundle was not finished')))
      const stop = (): void => reject(new Failure('job.cancelled'))
      cancelled?.addEventListener('abort', stop, { once: true })
      if (cancelled?.aborted) stop()
    })
  } catch (error) {
    // First the thread, which would otherwise make the file once more.
    await endThread(thread)
    await rm(order.target, { force: true })
    throw storeFailure(error)
  } finally {
    await endThread(thread)
  }
}

type Written = Extract<FromWriter, { type: 'done' }>

const writeBundle = (order: WriteOrder, onBytes: (done: number) => void, cancelled?: AbortSignal): Promise<Written> =>
  inThread<Written>('write-worker', order, 'done', onBytes, cancelled)

/** @returns bytes of the encrypted zip; the open one is gone in any case */
async function encrypted(
  order: EncryptOrder,
  onBytes: (done: number) => void,
  cancelled?: AbortSignal,
): Promise<number> {
  try {
    const { bytes } = await inThread<{ type: 'encrypted'; bytes: number }>('encrypt-worker', order, 'encrypted', onBytes, cancelled) // prettier-ignore
    return bytes
  } finally {
    await rm(order.source, { force: true })
  }
}

async function putInPlace(draft: string, target: string, overwrite: boolean): Promise<void> {
  try {
    if (overwrite) return await rename(draft, target)
    // A link fails where something has taken the name meanwhile; a rename would put it away.
    await link(draft, target)
    await unlink(draft)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') {
      await rm(draft, { force: true })
      throw taken(target)
    }
    // Some file systems have no links.
    if (existsSync(target)) throw taken(target)
    await rename(draft, target)
  }
}
