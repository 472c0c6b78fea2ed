/**
 * Checks that a library is what it says: every original against its hashes, the audit chain link by link, the rows
 * against what the chain recorded of them, and the database file itself.
 */
import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { z } from 'zod'
import type { Problem, Verification } from '../contract/library.ts'
import type { EvidenceFile } from '../jobs/protocol.ts'
import { Failure } from '../errors.ts'
import { walkChain, type ChainCheck } from './audit.ts'
import { storeFailure } from './database.ts'
import { digestFile } from './digest.ts'
import { evidenceFile, listEvidence, vaultFile } from './evidence.ts'
import type { Library } from './library.ts'
import { derivedFile } from './media.ts'
import { compareWithChain } from './verify-rows.ts'

type Found = z.infer<typeof Problem>

/** Bytes of originals read so far, of all that there are. */
export interface VerifyProgress {
  readonly done: number
  readonly total: number
}

/**
 * Reads every original once. The library stays usable meanwhile; what is admitted after the start is not looked at.
 *
 * @param onProgress called after each chunk read, about a thousand times a second at most
 */
export async function verifyLibrary(
  lib: Library,
  onProgress?: (progress: VerifyProgress) => void,
): Promise<Verification> {
  const problems: Found[] = []
  const chain = await survives(problems, () => checkChain(lib, problems))
  await survives(problems, () => checkDatabase(lib, problems))
  await survives(problems, async () => void problems.push(...(await compareWithChain(lib))))
  const originals = await survives(problems, () => checkOriginals(lib, problems, onProgress))
  await survives(problems, () => findStrays(lib, problems))
  await survives(problems, () => checkDerived(lib, problems))
  return {
    ok: problems.length === 0,
    folder: lib.folder,
    audit: { length: chain?.length ?? 0, head: chain?.head ?? null },
    evidenceChecked: originals?.items ?? 0,
    bytesChecked: originals?.bytes ?? 0,
    problems,
  }
}

/** Damage found by one check becomes a problem in the list, and the other checks still run. */
async function survives<T>(problems: Found[], check: () => Promise<T>): Promise<T | null> {
  try {
    return await check()
  } catch (error) {
    const failure = storeFailure(error)
    if (!(failure instanceof Failure) || failure.code !== 'store.corrupt') throw error
    problems.push({ kind: 'database', subject: 'library.db', message: failure.message })
    return null
  }
}

async function checkChain(lib: Library, problems: Found[]): Promise<ChainCheck> {
  const walk = walkChain(lib.db)
  for (;;) {
    const step = walk.next()
    if (step.done) {
      const { brokenAt, why } = step.value
      if (brokenAt !== null)
        problems.push({
          kind: 'audit-broken',
          subject: `audit row ${brokenAt}`,
          message: `The chain breaks here: ${why}.`,
        })
      return step.value
    }
    await turn()
  }
}

async function checkDatabase(lib: Library, problems: Found[]): Promise<void> {
  const tables = lib.db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  for (const table of tables) {
    const lines = lib.db.prepare('SELECT integrity_check FROM pragma_integrity_check(?)').pluck().all(table) as string[]
    for (const message of lines.filter((line) => line !== 'ok'))
      problems.push({ kind: 'database', subject: `table ${table}`, message })
    await turn()
  }
  const dangling = lib.db.prepare('SELECT "table", rowid, parent FROM pragma_foreign_key_check').all() as {
    table: string
    rowid: number
    parent: string
  }[]
  for (const { table, rowid, parent } of dangling)
    problems.push({
      kind: 'database',
      subject: `${table} row ${rowid}`,
      message: `It names a ${parent} that is not there.`,
    })
}

async function checkOriginals(
  lib: Library,
  problems: Found[],
  onProgress?: (progress: VerifyProgress) => void,
): Promise<{ items: number; bytes: number }> {
  const items = listEvidence(lib)
  const total = items.reduce((sum, item) => sum + item.size, 0)
  let bytes = 0
  for (const item of items) {
    const file = evidenceFile(lib, item.id)
    const subject = `${item.name} (sha256:${item.sha256})`
    const found = await checkOriginal(file, item.blake3, (read) => onProgress?.({ done: bytes + read, total }))
    if (found.problem) problems.push({ ...found.problem, subject })
    bytes += found.bytes
  }
  return { items: items.length, bytes }
}

type Outcome = { bytes: number; problem: Omit<Found, 'subject'> | null }

const altered = (bytes: number, message: string): Outcome => ({ bytes, problem: { kind: 'vault-altered', message } })

async function checkOriginal(file: EvidenceFile, blake3: string, onBytes: (bytes: number) => void): Promise<Outcome> {
  const where = file.identity ? 'The file left in place' : 'The original in the vault'
  let handle
  try {
    handle = await open(file.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { bytes: 0, problem: { kind: 'vault-missing', message: `${where} is missing.` } }
    return altered(0, `${where} cannot be opened (${code}).`)
  }
  try {
    const now = await handle.stat({ bigint: true })
    if (!now.isFile()) return altered(0, `${where} is no longer a regular file.`)
    const digests = await digestFile(handle, { limit: file.size, onBytes })
    const { bytes } = digests
    if (Number(now.size) !== file.size)
      return altered(bytes, `${where} has ${now.size} bytes; ${file.size} are recorded.`)
    if (digests.sha256 !== file.sha256) return altered(bytes, `${where} now has sha256:${digests.sha256}.`)
    if (digests.blake3 !== blake3) return altered(bytes, `${where} does not match its recorded BLAKE3.`)
    if (file.identity && !sameFile(file.identity, now))
      return altered(bytes, `${where} holds the recorded bytes, but it was replaced or touched since; add it again.`)
    return { bytes, problem: null }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    return altered(0, `${where} cannot be read to its end (${code}).`)
  } finally {
    await handle.close()
  }
}

function sameFile(
  identity: NonNullable<EvidenceFile['identity']>,
  now: { dev: bigint; ino: bigint; mtimeNs: bigint },
): boolean {
  return (
    identity.dev === String(now.dev) && identity.ino === String(now.ino) && identity.mtimeNs === String(now.mtimeNs)
  )
}

async function findStrays(lib: Library, problems: Found[]): Promise<void> {
  const entries = await readdir(lib.paths.vault, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  // Asked for last, so that what came in while the originals were read is known by now.
  const known = new Set(listEvidence(lib).map((item) => vaultFile(lib, item.sha256)))
  for (const path of paths.filter((one) => !known.has(one)))
    problems.push({
      kind: 'vault-stray',
      subject: relative(lib.folder, path),
      message: 'No evidence item of this library has this file; add it again if it belongs here.',
    })
}

async function checkDerived(lib: Library, problems: Found[]): Promise<void> {
  const rows = lib.db.prepare('SELECT DISTINCT sha256, bytes FROM derivative').all() as {
    sha256: string
    bytes: number
  }[]
  for (const { sha256, bytes } of rows) {
    const size = await stat(derivedFile(lib, sha256)).then(
      (found) => found.size,
      () => null,
    )
    if (size === bytes) continue
    const what = size === null ? 'is missing' : `has ${size} bytes; ${bytes} are recorded`
    problems.push({
      kind: 'derived-missing',
      subject: `derived/${sha256.slice(0, 2)}/${sha256}`,
      message: `This derived file ${what}. Run the analysis again to make it anew.`,
    })
  }
}
