/** Brings originals and pictures out of a bundle to where the library can take them in: recognised and hashed here anew. */
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure } from '../../errors.ts'
import { openRegular } from '../../intake/admit.ts'
import { readAt, sniff } from '../../intake/sniff.ts'
import { discard, place } from '../../intake/vault.ts'
import { digestFile } from '../../store/digest.ts'
import { vaultFile } from '../../store/evidence.ts'
import type { Library } from '../../store/library.ts'
import { derivedFile } from '../../store/media.ts'
import { existsSync } from 'node:fs'
import { extract, type ReceivedBundle } from '../received/open.ts'
import type { Plan } from './plan.ts'

export interface StagedOriginal {
  readonly sha256: string
  readonly blake3: string
  /** Bytes. */
  readonly size: number
  readonly container: string
}
export interface StagedPicture {
  readonly bytes: number
}

/** An exhibit is at most this large (`take-files.ts`). Bytes. */
const LARGEST_PICTURE = 32 * 2 ** 20

export interface StagingHooks {
  readonly cancelled: AbortSignal
  onBytes(count: number): void
}

/**
 * Puts each new original into the vault under its own hash. What is no video or sound is left out, and told in `left`.
 *
 * @param placed gets the path of each file as soon as it lies there, for whoever has to take it away again
 * @throws Failure bundle.damaged | store.full | job.cancelled
 */
export async function stageOriginals(
  lib: Library,
  bundle: ReceivedBundle,
  plan: Plan,
  { cancelled, onBytes }: StagingHooks,
  placed: string[],
  left: string[],
): Promise<Map<string, StagedOriginal>> {
  const found = new Map<string, StagedOriginal>()
  const files = new Map(
    bundle.contents.evidence.flatMap(({ sha256, file }) => (file === null ? [] : [[sha256, file] as const])),
  )
  for (const { sha256, name } of plan.evidence) {
    if (cancelled.aborted) throw new Failure('job.cancelled')
    const file = bundle.files.get(files.get(sha256) ?? '')
    if (!file || found.has(sha256)) continue
    const part = join(lib.paths.staging, `received-${randomUUID()}`)
    try {
      await extract(file, part, sha256, (count) => {
        if (cancelled.aborted) throw new Failure('job.cancelled')
        onBytes(count)
      })
      const about = await lookAt(part)
      if ('refused' in about) {
        left.push(`“${name}” is not taken in: ${about.refused}`)
        continue
      }
      await chmod(part, 0o444)
      const already = existsSync(vaultFile(lib, sha256))
      const path = await place(lib, { file: part, sha256 })
      if (!already) placed.push(path)
      found.set(sha256, { ...about, sha256 })
    } finally {
      await discard(part)
    }
  }
  return found
}

async function lookAt(path: string): Promise<Omit<StagedOriginal, 'sha256'> | { refused: string }> {
  const file = await openRegular(Buffer.from(path))
  try {
    const container = await sniff(readAt(file.handle), file.size)
    const { blake3, bytes } = await digestFile(file.handle, { limit: file.size })
    return { blake3, size: bytes, container }
  } catch (error) {
    if (error instanceof Failure && error.code.startsWith('intake.')) return { refused: error.message }
    throw error
  } finally {
    await file.handle.close()
  }
}

/** Exhibits of the findings that come in, into derived/ under their hash; a file there without a row is harmless. */
export async function stagePictures(
  lib: Library,
  bundle: ReceivedBundle,
  plan: Plan,
): Promise<Map<string, StagedPicture>> {
  const wanted = new Set(
    plan.findings.flatMap(({ finding }) =>
      finding.output.evidence.flatMap((one) => (one.kind === 'image' ? [one.sha256] : [])),
    ),
  )
  const found = new Map<string, StagedPicture>()
  for (const { sha256, file } of bundle.contents.derivatives) {
    const packed = file === null ? undefined : bundle.files.get(file)
    if (!packed || !wanted.has(sha256) || found.has(sha256) || packed.size === 0 || packed.size > LARGEST_PICTURE)
      continue
    const part = join(lib.paths.staging, `received-${randomUUID()}`)
    try {
      const { size } = await extract(packed, part, sha256)
      const target = derivedFile(lib, sha256)
      await mkdir(dirname(target), { recursive: true })
      await chmod(part, 0o444)
      if (!existsSync(target)) await rename(part, target)
      found.set(sha256, { bytes: size })
    } finally {
      await rm(part, { force: true })
    }
  }
  return found
}
