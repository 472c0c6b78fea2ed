/** Sealing a case: everything about it that its marks allow, in one package whose every byte can be checked. */
import { randomUUID } from 'node:crypto'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, readFile, rename, rm, unlink } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
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
import { prepareReport } from '../render.ts'
import type { ReportSnapshot } from '../snapshot.ts'
import { auditExtract } from './audit-extract.ts'
import { planPayload, type PlannedDerivative } from './plan.ts'
import { bagInfo, readme } from './tag-files.ts'
import { readVerifiers } from './verifiers.ts'
import type { FromWriter, WriteOrder } from './write-worker.ts'

/**
 * Writes a sealed bundle into exports/, or to `out`. It appears whole or not at all.
 *
 * @param onBytes called with the bytes of evidence written so far
 * @throws Failure record.not-found | report.handling | report.redaction | report.no-verifier | key.passphrase | vault.altered | store.full |
 *   request.invalid where `out` exists and may not be overwritten
 */
export async function sealCase(
  lib: Library,
  input: SealInput,
  actor: Actor,
  onBytes?: (done: number) => void,
): Promise<ExportedReport> {
  const { formats, evidence, passphrase, out, ...options } = input
  if (out && !out.overwrite && existsSync(out.path)) throw taken(out.path)
  if (redacts(options.redaction))
    throw new Failure(
      'report.redaction',
      'A sealed bundle carries records, findings and pictures as they are; seal without a redaction, or export the report files alone.',
    )
  const verifiers = await readVerifiers()
  const key = await unlockKey(lib, passphrase, actor)
  const { snapshot, render } = await prepareReport(lib, options)
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
  for (const format of new Set(formats)) reports.set(format, await render(format))
  const payload = planPayload({
    snapshot,
    reports,
    evidence,
    original: (id) => evidenceFile(lib, id),
    findings,
    derivatives: await derivatives(lib, snapshot),
    audit,
  })

  const id = randomUUID()
  const file = out ? basename(out.path) : fileName(snapshot.title, snapshot.generatedAt, id, 'bundle')
  const target = out ? resolve(out.path) : join(lib.paths.exports, file)
  const draft = out ? join(dirname(target), `.${id}.part`) : join(lib.paths.staging, `${id}.report`)
  const folder = `assay-${snapshot.generatedAt.slice(0, 19).replaceAll(':', '-')}-${snapshot.case.id.slice(0, 8)}`
  const { tagManifest, bytes } = await writeBundle(
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
    onBytes,
  )
  await putInPlace(draft, target, out?.overwrite ?? false)
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

async function writeBundle(
  order: WriteOrder,
  onBytes?: (done: number) => void,
): Promise<{ tagManifest: string; bytes: number }> {
  const script = fileURLToPath(new URL(`write-worker${extname(import.meta.url)}`, import.meta.url))
  const thread = new Worker(script, { workerData: order, execArgv: [] })
  try {
    return await new Promise((done, reject) => {
      thread.on('message', (message: FromWriter) => {
        if (message.type === 'progress') onBytes?.(message.done)
        else if (message.type === 'failed') reject(new Failure(message.code, message.detail || undefined))
        else done(message)
      })
      thread.once('error', reject)
      thread.once('exit', () => reject(new Error('the bundle was not finished')))
    })
  } catch (error) {
    await rm(order.target, { force: true })
    throw storeFailure(error)
  } finally {
    await endThread(thread)
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
