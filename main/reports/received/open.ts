/**
 * A bundle that somebody sent, as the stages work with it: looked at by the verifier first, then read part by part. Names
 * and paths in it are never used as paths on this machine.
 */
import { constants } from 'node:fs'
import { open, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { BundleCheck } from '../../contract/bundle-check.ts'
import { Failure } from '../../errors.ts'
import type { EvidenceFile } from '../../jobs/protocol.ts'
import { storeFailure } from '../../store/database.ts'
import { filesOfBag } from '../verify/bag.ts'
import { checkBundle } from '../verify/check.ts'
import { CONTENTS, parseContents, type Contents } from '../verify/contents.ts'
import { nodeTools, openPackage } from '../verify/node-tools.ts'
import { BundleRefused, wholeText, type PackedFile } from '../verify/package.ts'

export interface ReceivedBundle {
  readonly check: BundleCheck
  readonly contents: Contents
  /** Inside the bag, by path. */
  readonly files: ReadonlyMap<string, PackedFile>
  /** A JSON member, parsed by its schema. @throws Failure bundle.damaged where it is none */
  json<T>(path: string, schema: z.ZodType<T>): Promise<T>
  close(): Promise<void>
}

export interface OpenOptions {
  readonly passphrase?: string | null
  readonly fingerprint?: string | null
  /** Throws to stop. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Opens and checks a bundle; one that is not as it was sealed is opened all the same, and says so in `check`.
 *
 * @throws Failure bundle.not-found | bundle.not-bundle | bundle.unsafe | bundle.damaged | bundle.encrypted
 */
export async function openReceived(path: string, options: OpenOptions = {}): Promise<ReceivedBundle> {
  let close: (() => Promise<void>) | null = null
  try {
    const opened = await openPackage(path, options.passphrase ?? null)
    close = () => opened.close()
    const check = await checkBundle(opened.contents, nodeTools, options)
    const files = filesOfBag(opened.contents)
    const text = async (name: string): Promise<string> => {
      const file = files.get(name)
      if (!file) throw new Failure('bundle.damaged', `${name} is not in it.`)
      return wholeText(file)
    }
    const contents = parseContents(await text(CONTENTS))
    if (!contents) throw new Failure('bundle.damaged', `${CONTENTS} does not say what the bundle holds.`)
    return {
      check,
      contents,
      files,
      async json(name, schema) {
        const parsed = schema.safeParse(jsonOf(await text(name)))
        if (parsed.success) return parsed.data
        const issue = parsed.error.issues[0]
        throw new Failure('bundle.damaged', `${name}: ${issue?.path.join('.')}: ${issue?.message}`)
      },
      close,
    }
  } catch (error) {
    await close?.()
    throw asFailure(error)
  }
}

/** What the verifier and the system say of a bundle, with a code of ours. */
export function asFailure(error: unknown): unknown {
  if (error instanceof BundleRefused) return new Failure(error.code, error.message, { cause: error })
  const { code } = error as NodeJS.ErrnoException
  if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EPERM', 'EIO'].includes(code ?? ''))
    return new Failure('bundle.not-found', code, { cause: error })
  return error
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Left free on the disk, bytes, so that the database can still write. */
const RESERVE = 64 * 2 ** 20

/**
 * Writes one file of a bundle to a place of ours, hashed on the way.
 *
 * @param target must not exist; it is this user's alone
 * @throws Failure bundle.damaged where it does not have that hash; store.full
 */
export async function extract(
  file: PackedFile,
  target: string,
  sha256: string,
  onBytes: (count: number) => void = () => {},
): Promise<EvidenceFile> {
  const { bavail, blocks, bsize } = await statfs(dirname(target))
  if (blocks > 0 && bavail * bsize < file.size + RESERVE)
    throw new Failure('store.full', `${file.size} bytes are to be unpacked for a while; ${bavail * bsize} are free.`)
  const handle = await open(target, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const part of file.read()) {
      hash.update(part)
      await handle.appendFile(part)
      size += part.length
      onBytes(part.length)
    }
    if (hash.digest('hex') !== sha256)
      throw new Failure('bundle.damaged', `“${file.path}” does not have the hash that the bundle gives.`)
    await handle.sync()
    const { dev, ino, mtimeNs } = await handle.stat({ bigint: true })
    return {
      path: target,
      sha256,
      size,
      identity: { dev: String(dev), ino: String(ino), mtimeNs: String(mtimeNs) },
    }
  } catch (error) {
    throw error instanceof BundleRefused ? asFailure(error) : storeFailure(error)
  } finally {
    await handle.close()
  }
}
