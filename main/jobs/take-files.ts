/** Takes files that a worker made into derived/, under the hash they really have. */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, mkdir, open, rename, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Library } from '../store/library.ts'
import { derivedFile, type DerivativeRole } from '../store/media.ts'
import { ProtocolBreach, type MadeFile } from './protocol.ts'

/** Largest file of each role, in bytes; a proxy of three hours stays well below. */
const MAX_BYTES: Readonly<Record<DerivativeRole, number>> = {
  exhibit: 32 * 2 ** 20,
  filmstrip: 32 * 2 ** 20,
  'difference-map': 32 * 2 ** 20,
  proxy: 32 * 2 ** 30,
}
const CHUNK = 2 ** 20

export interface TakenFile {
  readonly sha256: string
  readonly role: DerivativeRole
  readonly mime: string
  readonly bytes: number
}

/**
 * Checks every file, then moves all of them. They are on the disk under their final names when this returns, so that a
 * row may refer to them; a file without a row is harmless and is replaced by the next run.
 *
 * @throws ProtocolBreach where a file is missing, not plain, too large, or not what its hash says.
 */
export async function takeFiles(lib: Library, folder: string, made: readonly MadeFile[]): Promise<TakenFile[]> {
  if (new Set(made.map((one) => one.file)).size !== made.length) throw new ProtocolBreach('a file is listed twice')
  const taken: TakenFile[] = []
  for (const one of made) {
    const bytes = await checkMade(join(folder, one.file), one)
    taken.push({ sha256: one.sha256, role: one.role, mime: one.mime, bytes })
  }
  for (const one of made) {
    const target = derivedFile(lib, one.sha256)
    await mkdir(dirname(target), { recursive: true })
    await chmod(join(folder, one.file), 0o444)
    await rename(join(folder, one.file), target)
    await sync(dirname(target))
  }
  if (made.length) await sync(lib.paths.derived)
  return taken
}

/**
 * Size of the file, once it is known to be whole, ours and safely on the disk.
 *
 * @throws ProtocolBreach
 */
export async function checkMade(path: string, made: MadeFile): Promise<number> {
  const file = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      throw new ProtocolBreach(`${made.file}: ${error.code ?? 'cannot be opened'}`)
    },
  )
  try {
    const about = await file.stat()
    if (!about.isFile() || about.nlink !== 1) throw new ProtocolBreach(`${made.file} is not a plain file`)
    if (about.size === 0 || about.size > MAX_BYTES[made.role])
      throw new ProtocolBreach(`${made.file} has ${about.size} bytes`)
    if ((await hash(file)) !== made.sha256) throw new ProtocolBreach(`${made.file} is not what its hash says`)
    await file.sync()
    return about.size
  } finally {
    await file.close()
  }
}

async function hash(file: FileHandle): Promise<string> {
  const sha256 = createHash('sha256')
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (let offset = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK, offset)
    if (!bytesRead) return sha256.digest('hex')
    sha256.update(buffer.subarray(0, bytesRead))
    offset += bytesRead
  }
}

/** Makes a rename last: the folder itself goes to the disk. Windows has no such call and needs none. */
async function sync(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
