/**
 * The vault: originals as received, under their own hash, read-only, never written again.
 *
 * Bytes come in through staging/ on the same disk and enter the vault by an atomic rename once they are whole, hashed
 * and on the disk; whatever a kill leaves behind lies in staging/ and counts for nothing.
 */
import { isUtf8 } from 'node:buffer'
import { constants } from 'node:fs'
import { chmod, copyFile, link, lstat, mkdir, open, rename, rm, statfs, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { StorageChoice } from '../contract/intake.ts'
import { Failure } from '../errors.ts'
import { digestFile, type Digests } from '../store/digest.ts'
import { type Reference, type StorageKind, vaultFile } from '../store/evidence.ts'
import type { Library } from '../store/library.ts'
import { requireUnchanged, sourceFailure, type AdmittedFile } from './admit.ts'

/** Left free on the library's disk, bytes, so that the database can still write down what happened. */
const RESERVE = 16 * 2 ** 20

/** Begins the name of every copy in staging/ that intake makes. */
export const STAGING_PREFIX = 'intake-'

/** Bytes written before they are sent to the disk, so that no long flush is left for the end or for the database. */
const FLUSH = 32 * 2 ** 20

/** A file that was read to its end, and where its bytes are until `place` or `discard` takes them. */
export interface Staged extends Digests {
  readonly storage: StorageKind
  /** File in staging/ with the bytes; null for a file left where it is. */
  readonly file: string | null
  readonly reference: Reference | null
}

/** Where the bytes of that file of the intake list lie until they enter the vault. */
export function stagingFile(lib: Library, id: string): string {
  return join(lib.paths.staging, `${STAGING_PREFIX}${id}`)
}

interface StageOptions {
  /** Name of the staging file; two files on their way never share one. */
  readonly id: string
  readonly choice: StorageChoice
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

/**
 * Reads the file once: hashes it and, unless it is left in place, brings its bytes into staging/.
 *
 * @throws Failure intake.changed | intake.unreadable | intake.path-encoding | store.full | store.readonly
 */
export async function stage(
  lib: Library,
  source: AdmittedFile,
  path: Buffer,
  { id, choice, signal, onBytes }: StageOptions,
): Promise<Staged> {
  const reading = { signal, onBytes, limit: source.size }
  if (choice === 'reference') {
    if (!isUtf8(path))
      throw new Failure('intake.path-encoding', 'It cannot be left in place under this name; add it as a copy instead.')
    const digests = await readSource(source, reading)
    const { dev, ino, mtimeNs } = source.stat
    const reference = { dev: String(dev), ino: String(ino), mtimeNs: String(mtimeNs) }
    return {
      ...digests,
      storage: 'referenced',
      file: null,
      reference: { path: path.toString(), size: source.size, ...reference },
    }
  }

  const file = stagingFile(lib, id)
  try {
    await rm(file, { force: true })
    const storage =
      (choice === 'link' && (await linked(source, path, file))) || (await cloned(source, path, file)) || 'copied'
    if (storage === 'copied') return { ...(await copied(lib, source, file, reading)), storage, file, reference: null }
    // What the vault will hold is what gets hashed. A clone is one moment of its source, so that it cannot be torn.
    const held = storage === 'linked' ? source : await reopened(file, source)
    try {
      const digests = await readSource(held, reading)
      await syncToDisk(held.handle)
      // A hard link is the very file that the user keeps: its mode is theirs.
      if (storage === 'reflinked') await chmod(file, 0o444)
      return { ...digests, storage, file, reference: null }
    } finally {
      if (held !== source) await held.handle.close()
    }
  } catch (error) {
    await rm(file, { force: true }).catch(() => {})
    throw error
  }
}

/** Hashes an upload where it lies, in staging/ already, and makes it ready to be placed. */
export async function stageUpload(source: AdmittedFile, file: string, options: StageOptions): Promise<Staged> {
  const digests = await readSource(source, { ...options, limit: source.size })
  await syncToDisk(source.handle)
  await chmod(file, 0o444)
  return { ...digests, storage: 'copied', file, reference: null }
}

async function readSource(source: AdmittedFile, reading: Parameters<typeof digestFile>[1]): Promise<Digests> {
  try {
    const digests = await digestFile(source.handle, reading)
    await requireUnchanged(source, digests.bytes)
    return digests
  } catch (error) {
    throw sourceFailure(error)
  }
}

async function copied(
  lib: Library,
  source: AdmittedFile,
  file: string,
  reading: Parameters<typeof digestFile>[1],
): Promise<Digests> {
  const { bavail, blocks, bsize } = await statfs(lib.paths.staging)
  const free = Math.max(0, bavail * bsize - RESERVE)
  // Some network file systems say that they have no blocks at all.
  if (blocks > 0 && free < source.size)
    throw new Failure('store.full', `It has ${source.size} bytes; ${free} are free for evidence.`)
  const target = await open(file, 'wx', 0o600).catch(throwTarget)
  try {
    let flushing: Promise<void> = Promise.resolve()
    const write = async (chunk: Uint8Array, offset: number): Promise<void> => {
      await writeAll(target, chunk, offset).catch(throwTarget)
      if (Math.floor(offset / FLUSH) === Math.floor((offset + chunk.length) / FLUSH)) return
      await flushing
      flushing = syncToDisk(target)
      flushing.catch(() => {})
    }
    const digests = await readSource(source, { ...reading, write })
    await flushing
    await target.chmod(0o444)
    await syncToDisk(target)
    return digests
  } finally {
    await target.close()
  }
}

async function writeAll(target: FileHandle, chunk: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await target.write(chunk, done, chunk.length - done, offset + done)
    done += bytesWritten
  }
}

/** Trouble on the library's own disk, told apart from trouble with the source. */
function throwTarget(error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code
  const because = { cause: error }
  if (code === 'ENOSPC' || code === 'EDQUOT') throw new Failure('store.full', undefined, because)
  if (code === 'EFBIG')
    throw new Failure(
      'store.full',
      "The library's disk, or a limit set for this user, takes no file this large.",
      because,
    )
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') throw new Failure('store.readonly', undefined, because)
  throw new Error(`writing to staging failed: ${code}`, because)
}

/** Second name for the file, made only if it is still the one that was opened. False: another disk, or not possible. */
async function linked(source: AdmittedFile, path: Buffer, file: string): Promise<'linked' | false> {
  try {
    await link(path, file)
  } catch {
    return false
  }
  // Looked at without following: where the name became a link to the same file, it is that link that was linked.
  const { dev, ino } = await lstat(file, { bigint: true })
  if (dev === source.stat.dev && ino === source.stat.ino) return 'linked'
  await rm(file)
  throw new Failure('intake.changed', 'Another file took its name.')
}

/** Copy-on-write clone where the file system has it (Btrfs, XFS, APFS, ReFS). False: it has not. */
async function cloned(source: AdmittedFile, path: Buffer, file: string): Promise<'reflinked' | false> {
  // On Linux the clone is made from the open descriptor; elsewhere by name, and then checked by what it holds.
  const from = process.platform === 'linux' ? `/proc/self/fd/${source.handle.fd}` : path
  try {
    await copyFile(from, file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE)
    return 'reflinked'
  } catch {
    await rm(file, { force: true })
    return false
  }
}

async function reopened(file: string, source: AdmittedFile): Promise<AdmittedFile> {
  const handle = await open(file, constants.O_RDONLY)
  const stat = await handle.stat({ bigint: true })
  return { handle, stat, size: source.size }
}

/**
 * Moves staged bytes to their place in the vault. A file already there under that hash stays untouched.
 *
 * @throws Failure store.full | store.readonly
 */
export async function place(lib: Library, staged: { readonly file: string; readonly sha256: string }): Promise<string> {
  const target = vaultFile(lib, staged.sha256)
  try {
    await mkdir(dirname(target), { recursive: true })
    if (staged.file !== target) {
      await rename(staged.file, target)
      // Where both names are already the same file, POSIX lets rename do nothing.
      await rm(staged.file, { force: true })
    }
    await syncFolder(dirname(target))
    await syncFolder(lib.paths.vault)
    return target
  } catch (error) {
    throwTarget(error)
  }
}

/** Removes staged bytes that are not needed after all. */
export const discard = (file: string | Buffer): Promise<void> => rm(file, { force: true })

/** Puts a rename on the disk. Windows cannot open a folder for that, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await syncToDisk(handle)
  } finally {
    await handle.close()
  }
}

/** Some file systems, and read-only descriptors on some systems, do not take fsync; there is nothing to do about it. */
async function syncToDisk(handle: FileHandle): Promise<void> {
  try {
    await handle.sync()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!['EINVAL', 'EBADF', 'ENOTSUP'].includes(code)) throwTarget(error)
  }
}
