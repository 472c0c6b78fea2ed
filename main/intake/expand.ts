/** What was dropped, file by file: a folder becomes the files inside it, and nothing is left out without a word. */
import { lstat, readdir } from 'node:fs/promises'
import type { IntakeFile } from '../contract/intake.ts'
import { Failure } from '../errors.ts'
import type { z } from 'zod'
import { sourceFailure } from './admit.ts'
import { baseName, displayName } from './name.ts'
import { child, lastPart, toBytes } from './path.ts'

/** One file to be taken in, or one that is refused at the door. */
export interface Offer {
  readonly source: { readonly path: Buffer } | { readonly upload: string; readonly name: string }
  /** Both neutralised for display. */
  readonly name: string
  readonly path: string
  /** Bytes, where it costs nothing to know. */
  readonly size: number | null
  readonly error: unknown
}

type File = z.infer<typeof IntakeFile>

/** Folders deeper than this are a mistake or a trap. */
const MAX_DEPTH = 64

/**
 * Files and the files inside folders, folders in order of the bytes of their names. Links are never followed: a link,
 * pipe or device in a folder is offered like a file, and refused where files are opened, so that it gets its line.
 *
 * @param skip the folder of the library itself, whose originals are not evidence a second time
 */
export async function* expand(file: File, skip: { dev: bigint; ino: bigint }): AsyncGenerator<Offer> {
  if ('upload' in file) {
    const name = baseName(file.name)
    yield { source: { upload: file.upload, name }, name: displayName(name), path: '', size: null, error: null }
    return
  }
  let path: Buffer
  try {
    path = await toBytes(file.path)
  } catch (error) {
    yield offer(Buffer.from(file.path), null, error)
    return
  }
  const stat = await lstat(path, { bigint: true }).catch(() => null)
  if (!stat?.isDirectory()) {
    yield offer(path, stat?.isFile() ? Number(stat.size) : null)
    return
  }
  let any = false
  for await (const inside of walk(path, skip, 0)) {
    any = true
    yield inside
  }
  if (!any) yield offer(path, null, new Failure('intake.not-regular', 'It is a folder without any file in it.'))
}

async function* walk(folder: Buffer, skip: { dev: bigint; ino: bigint }, depth: number): AsyncGenerator<Offer> {
  try {
    const { dev, ino } = await lstat(folder, { bigint: true })
    if (dev === skip.dev && ino === skip.ino)
      throw new Failure('intake.not-regular', 'It is the folder of the open library.')
    if (depth > MAX_DEPTH) throw new Failure('intake.unreadable', `It lies more than ${MAX_DEPTH} folders deep.`)
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
    entries.sort((a, b) => Buffer.compare(a.name, b.name))
    for (const entry of entries) {
      const path = child(folder, entry.name)
      if (entry.isDirectory()) yield* walk(path, skip, depth + 1)
      else yield offer(path, null)
    }
  } catch (error) {
    yield offer(folder, null, sourceFailure(error))
  }
}

const offer = (path: Buffer, size: number | null, error: unknown = null): Offer => ({
  source: { path },
  name: displayName(lastPart(path)),
  path: displayName(path),
  size,
  error,
})
