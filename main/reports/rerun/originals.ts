/** Finds originals by their SHA-256: inside the bundle, in the library, or in a folder that somebody names. */
import { readdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../errors.ts'
import { openRegular, requireUnchanged } from '../../intake/admit.ts'
import type { EvidenceFile } from '../../jobs/protocol.ts'
import { digestFile } from '../../store/digest.ts'
import { evidenceBySha, evidenceFile } from '../../store/evidence.ts'
import type { Library } from '../../store/library.ts'
import type { AccountItem } from './account.ts'

/** Files of a folder that are looked at; a folder with more is none of evidence. */
const MOST = 100_000

/** In the library's vault, or where the library left it; null where it is not. */
export function inLibrary(lib: Library, sha256: string): EvidenceFile | null {
  const item = evidenceBySha(lib, sha256)
  if (!item) return null
  const file = evidenceFile(lib, item.id)
  return existsSync(file.path) ? file : null
}

/**
 * Looks through a folder and the folders in it. Only files of a length that is looked for are read; links are not followed,
 * and what cannot be read is passed over.
 *
 * @returns by SHA-256
 */
export async function inFolder(
  folder: string,
  items: readonly Pick<AccountItem, 'sha256' | 'size'>[],
  cancelled: AbortSignal,
): Promise<Map<string, EvidenceFile>> {
  const wanted = Map.groupBy(items, (item) => item.size)
  const found = new Map<string, EvidenceFile>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new Failure('bundle.not-found', `The folder cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  })
  if (entries.length > MOST) throw new Failure('request.invalid', `The folder holds more than ${MOST} files.`)
  for (const entry of entries) {
    if (!entry.isFile()) continue
    if (cancelled.aborted) throw new Failure('job.cancelled')
    const file = await original(join(entry.parentPath, entry.name), wanted).catch((error: unknown) => {
      if (error instanceof Failure && error.code.startsWith('intake.')) return null
      throw error
    })
    if (file && !found.has(file.sha256)) found.set(file.sha256, file)
    if (found.size === new Set(items.map(({ sha256 }) => sha256)).size) break
  }
  return found
}

async function original(
  path: string,
  wanted: ReadonlyMap<number, readonly Pick<AccountItem, 'sha256'>[]>,
): Promise<EvidenceFile | null> {
  const file = await openRegular(Buffer.from(path))
  try {
    const candidates = wanted.get(file.size)
    if (!candidates) return null
    const { sha256, bytes } = await digestFile(file.handle, { limit: file.size })
    await requireUnchanged(file, bytes)
    if (!candidates.some((one) => one.sha256 === sha256)) return null
    const { dev, ino, mtimeNs } = file.stat
    return { path, sha256, size: file.size, identity: { dev: String(dev), ino: String(ino), mtimeNs: String(mtimeNs) } }
  } finally {
    await file.handle.close()
  }
}
