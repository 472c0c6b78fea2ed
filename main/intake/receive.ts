/** One file, from the path it was offered under to an item of the library. */
import { stat } from 'node:fs/promises'
import { Failure } from '../errors.ts'
import {
  acquisitionById,
  addAcquisition,
  evidenceBySha,
  insertEvidence,
  setStored,
  vaultFile,
  type CustodyStep,
  type NewAcquisition,
} from '../store/evidence.ts'
import { markMoving, type IntakeRequest } from '../store/intake.ts'
import type { Actor, Library } from '../store/library.ts'
import { openRegular, sourceFailure, type AdmittedFile } from './admit.ts'
import { displayName } from './name.ts'
import { lastPart } from './path.ts'
import { readAt, sniff, type Container } from './sniff.ts'
import { discard, place, stage, stageUpload, stagingFile, type Staged } from './vault.ts'

export interface Received {
  readonly evidenceId: string
  /** True where the library had these bytes already. */
  readonly duplicate: boolean
}

export interface ReceiveOptions {
  readonly signal: AbortSignal
  readonly uploadPath: (id: string) => string | undefined
  /** Runs work that must not overlap with the same work for another file. */
  readonly enter: <T>(work: () => Promise<T>) => Promise<T>
  /** Called once the file is open and about to be read. */
  readonly onSize: (size: number) => void
  readonly onBytes: (bytes: number) => void
}

/** Where the bytes are to be read, and what is known of the file by its name. */
interface Source {
  readonly path: Buffer
  readonly upload: boolean
  /** True for an upload in staging/: ours to remove. */
  readonly ours: boolean
  readonly name: string
  /** Neutralised; empty for an upload. */
  readonly displayPath: string
}

/**
 * Reads, recognises, hashes and stores one file and writes its arrival down.
 *
 * @param id the id of the file in the intake list, which becomes that of its arrival: done twice, it is still one
 * @throws Failure intake.* | store.full | store.readonly; the signal's reason where it was aborted
 */
export async function receive(
  lib: Library,
  actor: Actor,
  id: string,
  request: IntakeRequest,
  options: ReceiveOptions,
): Promise<Received> {
  const arrived = acquisitionById(lib, id)
  if (arrived) return { evidenceId: arrived.evidenceId, duplicate: !arrived.first }

  const source = await locate(lib, request, options.uploadPath)
  try {
    const acquiredAt = new Date().toISOString()
    const file = await openRegular(source.path)
    try {
      await lib.free()
      options.onSize(file.size)
      const container = await sniff(readAt(file.handle), file.size).catch(throwSource)
      const staging = { id, choice: request.storage, signal: options.signal, onBytes: options.onBytes }
      const staged = source.upload
        ? await stageUpload(file, source.path.toString(), staging)
        : await stage(lib, file, source.path, staging)
      const acquisition = describe(id, source, file, acquiredAt, request, staged)
      return await options.enter(() =>
        enterLibrary(lib, actor, { acquisition, container, staged, upload: source.upload }),
      )
    } finally {
      await file.handle.close()
    }
  } catch (error) {
    await discard(stagingFile(lib, id))
    // The user still has the file that the browser sent; a copy that was refused is not kept. One that is put back is.
    if (source.ours && error !== options.signal.reason) await discard(source.path)
    throw error
  }
}

async function locate(lib: Library, request: IntakeRequest, uploadPath: ReceiveOptions['uploadPath']): Promise<Source> {
  const { file, movedTo } = request
  if ('pathBase64' in file) {
    const path = Buffer.from(file.pathBase64, 'base64')
    const shown = { name: displayName(lastPart(path)), displayPath: displayName(path) }
    return { path, upload: false, ours: false, ...shown }
  }
  const upload = { upload: true, name: displayName(file.name), displayPath: '' }
  const path = uploadPath(file.upload)
  if (path !== undefined && (await isThere(path))) return { ...upload, path: Buffer.from(path), ours: true }
  // A kill may have come between the rename into the vault and the row that says so.
  const moved = movedTo === null ? null : vaultFile(lib, movedTo)
  if (moved !== null && (await isThere(moved))) return { ...upload, path: Buffer.from(moved), ours: false }
  throw new Failure('intake.not-found', 'The upload is no longer here; drop the file again.')
}

function throwSource(error: unknown): never {
  throw sourceFailure(error)
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

function describe(
  id: string,
  source: Source,
  file: AdmittedFile,
  acquiredAt: string,
  request: IntakeRequest,
  staged: Staged,
): NewAcquisition {
  const modifiedAt = source.upload ? null : instant(Number(file.stat.mtimeMs))
  const origin = source.upload ? 'received from a browser' : `read from ${source.displayPath}`
  const custody: CustodyStep[] = [
    { at: acquiredAt, action: 'acquired', detail: `${source.name}, ${file.size} bytes, ${origin}` },
    { at: new Date().toISOString(), action: 'hashed', detail: `sha256:${staged.sha256} blake3:${staged.blake3}` },
  ]
  return { id, name: source.name, path: source.displayPath, acquiredAt, modifiedAt, details: request.details, custody }
}

/** Null for times beyond the years 1 to 9999, which some file systems hold and no calendar means. */
function instant(milliseconds: number): string | null {
  const plausible = milliseconds >= Date.parse('0001-01-01T00:00:00Z') && milliseconds < Date.UTC(10_000, 0, 1)
  return plausible ? new Date(milliseconds).toISOString() : null
}

/** A file that was read, on the threshold of the library. */
interface Arrival {
  readonly acquisition: NewAcquisition
  readonly container: Container
  readonly staged: Staged
  readonly upload: boolean
}

async function enterLibrary(lib: Library, actor: Actor, arrival: Arrival): Promise<Received> {
  const { acquisition, container, staged, upload } = arrival
  const { sha256, blake3, bytes, storage, file, reference } = staged
  const arrivedAs = (...steps: CustodyStep[]) => ({ ...acquisition, custody: [...acquisition.custody, ...steps] })

  await lib.free()
  const known = evidenceBySha(lib, sha256)
  if (!known) {
    if (file !== null) {
      if (upload) markMoving(lib, actor, acquisition.id, sha256)
      await place(lib, { file, sha256 })
    }
    await lib.free()
    try {
      const item = { sha256, blake3, size: bytes, container, storage, reference }
      const stored = arrivedAs(storedStep(storage, sha256))
      return { evidenceId: insertEvidence(lib, actor, { ...item, acquisition: stored }), duplicate: false }
    } catch (error) {
      if (file !== null) await discard(vaultFile(lib, sha256))
      throw error
    }
  }

  // Bytes that the vault lacks, because they were left in place or have gone missing, are kept; others are not needed.
  const lacking = file !== null && storage !== 'referenced' && !(await isThere(vaultFile(lib, sha256)))
  if (lacking) await place(lib, { file, sha256 })
  else if (file !== null && file !== vaultFile(lib, sha256)) await discard(file)
  const received = {
    at: new Date().toISOString(),
    action: 'duplicate-received',
    detail: `the same bytes as ${known.name}`,
  }
  await lib.free()
  lib.change(actor, () => {
    addAcquisition(lib, actor, known.id, arrivedAs(received))
    if (lacking) setStored(lib, actor, known.id, storage, storedStep(storage, sha256))
  })
  return { evidenceId: known.id, duplicate: true }
}

const STORED = { copied: 'copied to', reflinked: 'cloned to', linked: 'hard-linked to' } as const

function storedStep(storage: Staged['storage'], sha256: string): CustodyStep {
  const detail = storage === 'referenced' ? 'left in place' : `${STORED[storage]} vault/${sha256.slice(0, 2)}/${sha256}`
  return { at: new Date().toISOString(), action: 'stored', detail }
}
