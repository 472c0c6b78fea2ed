/** Opens evidence by our own rules; nothing else in the program opens it for reading its contents. */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { Failure } from '../errors.ts'
import type { EvidenceFile } from '../jobs/protocol.ts'
import type { FileOnDisk, OpenFile } from './types.ts'

// Undefined on Windows, which has neither links nor pipes of that kind.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Opens an evidence file without following a link and without waiting on a pipe, and checks that it is what was recorded:
 * a regular file of that size and, where it lies outside the vault, the same file as then.
 *
 * @throws Failure vault.altered (a stored original) | intake.changed, intake.not-found (one referenced in place)
 */
export async function openEvidence(file: EvidenceFile): Promise<OpenFile> {
  const { identity } = file
  const differs = (detail: string, cause?: unknown): Failure =>
    new Failure(identity ? 'intake.changed' : 'vault.altered', detail, { cause })
  let handle: FileHandle
  try {
    handle = await open(file.path, FLAGS)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && identity) throw new Failure('intake.not-found', undefined, { cause: error })
    throw differs(code === 'ENOENT' ? 'It is missing.' : `It cannot be opened (${code ?? 'unknown'}).`, error)
  }
  try {
    const stat = await handle.stat({ bigint: true })
    if (!stat.isFile()) throw differs('It is no longer a regular file.')
    if (stat.size !== BigInt(file.size)) throw differs(`It has ${stat.size} bytes instead of ${file.size}.`)
    const same =
      !identity ||
      (String(stat.dev) === identity.dev &&
        String(stat.ino) === identity.ino &&
        String(stat.mtimeNs) === identity.mtimeNs)
    if (!same) throw differs('Another file is at its place, or it was written to.')
    return openFile(handle, file.size, file.path)
  } catch (error) {
    await handle.close()
    throw error
  }
}

function openFile(handle: FileHandle, size: number, path: string): OpenFile {
  let closed: Promise<void> | undefined
  return {
    fd: handle.fd,
    size,
    path,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset))
      const bytes = new Uint8Array(wanted)
      let done = 0
      while (done < wanted) {
        const { bytesRead } = await handle.read(bytes, done, wanted - done, offset + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      return done === wanted ? bytes : bytes.subarray(0, done)
    },
    close: () => (closed ??= handle.close()),
  }
}

/**
 * A second descriptor of the very same file with a position of its own, for one child process: descriptors that were
 * only duplicated share their position, and two readers would take each other's bytes.
 */
export async function reopen(file: FileOnDisk): Promise<FileHandle> {
  if (process.platform === 'linux') return open(`/proc/self/fd/${file.fd}`, constants.O_RDONLY)
  if (!file.path) throw new Error('an evidence file without a path cannot be opened again on this system')
  const handle = await open(file.path, FLAGS)
  const again = await handle.stat({ bigint: true })
  if (again.isFile() && again.size === BigInt(file.size)) return handle
  await handle.close()
  throw new Failure('intake.changed')
}
