/**
 * The catalogue of a library on disk, so that it need not be built again at every opening: which fingerprints it holds,
 * and the two indexes. It is a copy. Whatever is wrong with it, it is built again from the database.
 *
 * Three files in derived/matching: two indexes, named after a number that is drawn for each writing, and `catalogue`,
 * which names them and is put in place last. So a crash leaves the old catalogue or the new one, whole.
 */
import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Sha256 } from '../contract/common.ts'
import { MATCHING_VERSION } from './version.ts'
import type { CatalogueParts } from './catalogue.ts'
import { readIndexFile, writeIndexFile } from './index/index-file.ts'

/** One video of a catalogue; null in the place of one that was removed. */
const Entry = z.object({ id: z.uuid(), sha256: Sha256 }).nullable()
export type CatalogueEntry = z.infer<typeof Entry>

const Body = z.object({
  version: z.literal(MATCHING_VERSION),
  library: z.uuid(),
  generation: z.uuid(),
  entries: z.array(Entry).max(10_000_000),
  /** Base64 of the runs, see `CatalogueParts`. */
  frameRuns: z.base64(),
  cornerRuns: z.base64(),
  wordRuns: z.base64(),
  /** Base64 of the words of sound and of the step of each. */
  words: z.base64(),
  wordSteps: z.base64(),
})
const Sealed = z.object({ sha256: Sha256, body: z.string() })

const FILE = 'catalogue'
const MOST_BYTES = 1 << 30

export interface StoredCatalogue {
  readonly entries: CatalogueEntry[]
  readonly parts: CatalogueParts
}
export type ReadCatalogue =
  | { readonly state: 'read'; readonly stored: StoredCatalogue }
  | { readonly state: 'missing' }
  | { readonly state: 'damaged'; readonly reason: string }

/**
 * Writes it whole, then puts it in place and removes the one before.
 * @param folder derived/matching; made if need be, but not the folder above it: a library that was moved away is not made anew
 * @throws Error of the file system
 */
export async function writeCatalogue(
  folder: string,
  library: string,
  { entries, parts }: StoredCatalogue,
): Promise<void> {
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const generation = randomUUID()
  const bytes = (words: Uint32Array): string =>
    Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('base64')
  await writeIndexFile(join(folder, `frames-${generation}`), parts.frames, generation)
  await writeIndexFile(join(folder, `corners-${generation}`), parts.corners, generation)
  const body = JSON.stringify({
    version: MATCHING_VERSION,
    library,
    generation,
    entries,
    frameRuns: bytes(parts.frameRuns),
    cornerRuns: bytes(parts.cornerRuns),
    wordRuns: bytes(parts.wordRuns),
    words: bytes(parts.words),
    wordSteps: bytes(parts.wordSteps),
  } satisfies z.infer<typeof Body>)
  const partial = join(folder, `${FILE}.partial`)
  await rm(partial, { force: true })
  const handle = await open(partial, 'wx', 0o600)
  try {
    await handle.writeFile(JSON.stringify({ sha256: sha256(body), body }))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(partial, join(folder, FILE))
  for (const name of await readdir(folder))
    if (/^(frames|corners)-/.test(name) && !name.includes(generation)) await rm(join(folder, name), { force: true })
}

/** Reads it back; nothing but a failing disk makes it throw. */
export async function readCatalogue(folder: string, library: string): Promise<ReadCatalogue> {
  const text = await readSmall(join(folder, FILE))
  if (text === null) return { state: 'missing' }
  const body = parse(text)
  if (typeof body === 'string') return { state: 'damaged', reason: body }
  if (body.library !== library) return { state: 'damaged', reason: 'it belongs to another library' }
  const [frames, corners] = [
    await readIndexFile(join(folder, `frames-${body.generation}`)),
    await readIndexFile(join(folder, `corners-${body.generation}`)),
  ]
  for (const part of [frames, corners])
    if (part.state !== 'read')
      return { state: 'damaged', reason: part.state === 'missing' ? 'an index is missing' : part.reason }
  if (frames.state !== 'read' || corners.state !== 'read') return { state: 'damaged', reason: 'an index is missing' }
  if (frames.source !== body.generation || corners.source !== body.generation)
    return { state: 'damaged', reason: 'its parts are of different times' }
  const frameRuns = runs(body.frameRuns, frames.index.count, body.entries.length)
  const cornerRuns = runs(body.cornerRuns, corners.index.count, body.entries.length)
  const [words, wordSteps] = [wordsOf(body.words), wordsOf(body.wordSteps)]
  const wordRuns = runs(body.wordRuns, words.length, body.entries.length)
  if (!frameRuns || !cornerRuns || !wordRuns || words.length !== wordSteps.length)
    return { state: 'damaged', reason: 'its runs contradict its indexes' }
  const indexes = { frames: frames.index, corners: corners.index, words, wordSteps }
  const parts = { videos: body.entries.length, ...indexes, frameRuns, cornerRuns, wordRuns }
  return { state: 'read', stored: { entries: body.entries, parts } }
}

/** The body, or what is wrong with it. */
function parse(untrustedText: string): z.infer<typeof Body> | string {
  try {
    const sealed = Sealed.parse(JSON.parse(untrustedText))
    if (sha256(sealed.body) !== sealed.sha256) return 'its checksum does not match'
    const body = Body.safeParse(JSON.parse(sealed.body))
    return body.success ? body.data : 'it is of another version'
  } catch {
    return 'it cannot be read'
  }
}

/** Whole 32-bit numbers; what is left over is cut off. */
function wordsOf(base64: string): Uint32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Uint32Array(bytes.buffer, 0, bytes.length >> 2)
}

/** Null where they do not start at 0, do not rise, or point beyond what there is. */
function runs(base64: string, entries: number, videos: number): Uint32Array | null {
  const words = wordsOf(base64)
  if (words.length % 3) return null
  for (let at = 0; at < words.length; at += 3) {
    const [start, video] = [words[at]!, words[at + 1]!]
    if (at ? start <= words[at - 3]! : start !== 0) return null
    if (start >= entries || video >= videos) return null
  }
  return words.length || !entries ? words : null
}

/** Null where there is none. A link or a pipe in its place is not followed. */
async function readSmall(file: string): Promise<string | null> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  let handle
  try {
    handle = await open(file, flags)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : ''
  }
  try {
    const about = await handle.stat()
    return about.isFile() && about.size <= MOST_BYTES ? await handle.readFile('utf8') : ''
  } finally {
    await handle.close()
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
