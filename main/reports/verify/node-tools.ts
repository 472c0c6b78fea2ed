/** The verifier on Node: hashes and signatures by its own crypto, a zip by position, an unpacked folder file by file. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { BundleRefused, requireSafeNames, type Package, type PackedFile, type Source, type Tools } from './package.ts'
import { LIMITS, openZip } from './zip.ts'

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410, section 10.1) up to its 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')
const CHUNK = 1 << 20

export const nodeTools: Tools = {
  sha256() {
    const hash = createHash('sha256')
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
  },
  async ed25519(publicKey, message, signature) {
    try {
      const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })
      return verify(null, message, key, signature)
    } catch {
      return false
    }
  },
  unlock: async (source, passphrase) => (await import('./locked.ts')).unlock(source, passphrase),
}

export interface OpenedPackage {
  readonly contents: Package
  close(): Promise<void>
}

/** A bundle on disk, as zip or unpacked. @throws BundleRefused, or what the system says of the path */
export async function openPackage(path: string, passphrase: string | null = null): Promise<OpenedPackage> {
  if ((await lstat(path)).isDirectory()) return { contents: await folder(path), async close() {} }
  const handle = await openFile(path)
  try {
    const { size } = await handle.stat()
    return { contents: await openZip(fileSource(handle, size), nodeTools, passphrase), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

const openFile = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))

function fileSource(handle: FileHandle, size: number): Source {
  return {
    size,
    async read(at, length) {
      const bytes = new Uint8Array(length)
      for (let done = 0; done < length;) {
        const { bytesRead } = await handle.read(bytes, done, length - done, at + done)
        if (bytesRead === 0) throw new BundleRefused('bundle.damaged', 'The file ends too early.')
        done += bytesRead
      }
      return bytes
    },
  }
}

/** Links and devices are refused: what they lead to is no part of the bundle. */
async function folder(root: string): Promise<Package> {
  const files: PackedFile[] = []
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  if (found.length > LIMITS.entries) throw new BundleRefused('bundle.unsafe', `It holds ${found.length} files.`)
  for (const entry of found) {
    if (entry.isDirectory()) continue
    const full = join(entry.parentPath, entry.name)
    const path = relative(root, full).split(sep).join('/')
    const stat = await lstat(full)
    if (!stat.isFile()) throw new BundleRefused('bundle.unsafe', `“${path}” is a link or a device.`)
    files.push({ path, size: stat.size, read: () => readFileInParts(full) })
  }
  requireSafeNames(files.map((file) => file.path))
  return { files }
}

async function* readFileInParts(path: string): AsyncGenerator<Uint8Array> {
  const handle = await openFile(path)
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(CHUNK), 0, CHUNK)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
