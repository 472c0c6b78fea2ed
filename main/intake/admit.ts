/** The door for files: what may be opened at all, and how it is told that a file stayed the same. */
import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { lstat, open, type FileHandle } from 'node:fs/promises'
import { Failure } from '../errors.ts'

/** Largest file taken as one evidence item, bytes. A day of 6 Mbit/s television fits. */
export const MAX_BYTES = 64 * 2 ** 30

/** Opened by our rules: not a link, a regular file, within the size limits. */
export interface AdmittedFile {
  readonly handle: FileHandle
  readonly stat: BigIntStats
  readonly size: number
}

const KINDS: readonly [test: keyof BigIntStats, words: string][] = [
  ['isSymbolicLink', 'It is a link.'],
  ['isDirectory', 'It is a folder.'],
  ['isFIFO', 'It is a named pipe.'],
  ['isSocket', 'It is a socket.'],
  ['isCharacterDevice', 'It is a device.'],
  ['isBlockDevice', 'It is a device.'],
]

function requireRegular(stat: BigIntStats): void {
  if (stat.isFile()) return
  const kind = KINDS.find(([test]) => (stat[test] as () => boolean)())
  throw new Failure('intake.not-regular', kind?.[1])
}

/** What the operating system says about a source, as a failure of ours; anything else passes through unchanged. */
export function sourceFailure(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code
  if (error instanceof Failure || typeof code !== 'string') return error
  const because = { cause: error }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ERR_INVALID_ARG_VALUE':
      return new Failure('intake.not-found', undefined, because)
    case 'ELOOP':
      return new Failure('intake.not-regular', 'It is a link, or lies behind a ring of links.', because)
    case 'ENXIO':
    case 'ENODEV':
      return new Failure('intake.not-regular', undefined, because)
    case 'EILSEQ':
      return new Failure('intake.path-encoding', undefined, because)
    case 'ENAMETOOLONG':
      return new Failure('intake.unreadable', 'Its path is longer than this system allows.', because)
    case 'EACCES':
    case 'EPERM':
      return new Failure('intake.unreadable', 'This user may not read it.', because)
    default:
      return /^E[A-Z0-9]+$/.test(code) ? new Failure('intake.unreadable', `The system says ${code}.`, because) : error
  }
}

/**
 * Opens a file to be read. Looking before opening keeps a device from being woken; opening without following and
 * without blocking, and looking again at what was opened, keeps a swapped name from getting past that.
 *
 * @throws Failure intake.not-found | intake.not-regular | intake.unreadable | intake.empty | intake.too-large |
 * intake.path-encoding
 */
export async function openRegular(path: Uint8Array): Promise<AdmittedFile> {
  const name = Buffer.from(path.buffer, path.byteOffset, path.byteLength)
  try {
    requireRegular(await lstat(name, { bigint: true }))
    // Both flags are undefined on Windows, which has neither links nor pipes of that kind.
    const handle = await open(name, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const stat = await handle.stat({ bigint: true })
      requireRegular(stat)
      if (stat.size === 0n) throw new Failure('intake.empty')
      if (stat.size > BigInt(MAX_BYTES))
        throw new Failure('intake.too-large', `It says it has ${stat.size.toLocaleString('en')} bytes.`)
      return { handle, stat, size: Number(stat.size) }
    } catch (error) {
      await handle.close()
      throw error
    }
  } catch (error) {
    throw sourceFailure(error)
  }
}

/**
 * Checks on the same descriptor that nobody wrote to the file since it was opened. The change time is left out on
 * purpose: renaming, linking or a change of mode does not touch the contents.
 *
 * @throws Failure intake.changed
 */
export async function requireUnchanged(file: AdmittedFile, bytesRead: number): Promise<void> {
  const now = await file.handle.stat({ bigint: true })
  const { size, mtimeNs } = file.stat
  if (now.size !== size || bytesRead !== file.size)
    throw new Failure('intake.changed', `It had ${size} bytes, then ${now.size === size ? bytesRead : now.size}.`)
  if (now.mtimeNs !== mtimeNs) throw new Failure('intake.changed', 'It was written to in the meantime.')
}
