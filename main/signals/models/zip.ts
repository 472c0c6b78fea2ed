/** Reads a few small files out of a zip that somebody else made. Nothing is unpacked to disk, and no name in it is used as a path. */
import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { fromFdPromise, type Entry } from 'yauzl'
import { Failure } from '../../errors.ts'

/** Bounds on an archive as a whole; what is read from it is bounded by the caller, file by file. */
export const ZIP_LIMITS = {
  entries: 100,
  /** Sum of the sizes that the archive declares, bytes. */
  total: 300 * 2 ** 20,
  /** Expansion of one file over `ratioFrom` bytes. Weights hardly shrink at all; a bomb grows a thousandfold. */
  ratio: 200,
  ratioFrom: 2 ** 20,
}

/** Upper half of the external attributes is a Unix mode where the archive was made on Unix; type bits as in stat(2). */
const TYPE_MASK = 0o170000
const LINK = 0o120000
const REGULAR = 0o100000
const FOLDER = 0o040000

const refuse = (detail: string, cause?: unknown): Failure => new Failure('model.package', detail, { cause })

export interface ZipContents {
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Names of what was not asked for, without the folder that holds everything. */
  readonly leftOut: readonly string[]
}

/**
 * The wanted files, from the top of the archive or from the one folder that holds everything in it. Every entry is
 * checked before the first byte is unpacked.
 *
 * @param file open for reading; stays open
 * @param wanted largest size in bytes by name
 * @throws Failure model.package
 */
export async function readZip(file: FileHandle, wanted: ReadonlyMap<string, number>): Promise<ZipContents> {
  // The names are checked by the reader: absolute ones, drive letters, backslashes and `..` are errors there.
  const zip = await fromFdPromise(file.fd, { autoClose: false, lazyEntries: true, strictFileNames: true }).catch(
    (error: unknown) => {
      throw refuse('The zip file is damaged or is none.', error)
    },
  )
  const entries: Entry[] = []
  let total = 0
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= ZIP_LIMITS.entries) throw refuse(`The zip holds more than ${ZIP_LIMITS.entries} entries.`)
      total += entry.uncompressedSize
      if (total > ZIP_LIMITS.total) throw refuse(`Unpacked it would have more than ${ZIP_LIMITS.total} bytes.`)
      checkEntry(entry)
      if (!entry.fileName.endsWith('/') && !isLitter(entry.fileName)) entries.push(entry)
    }
  } catch (error) {
    if (error instanceof Failure) throw error
    const names = /invalid (relative path|characters)|absolute path/.test((error as Error).message)
    throw refuse(
      names ? 'A name in the zip leads out of its folder.' : 'The zip file is damaged or uses an unknown feature.',
      error,
    )
  }

  const top = commonFolder(entries.map((entry) => entry.fileName))
  const files = new Map<string, Uint8Array>()
  const leftOut: string[] = []
  for (const entry of entries) {
    const name = entry.fileName.slice(top.length)
    const limit = wanted.get(name)
    if (limit === undefined) {
      leftOut.push(name)
      continue
    }
    if (files.has(name)) throw refuse(`The zip holds ${name} twice.`)
    if (entry.uncompressedSize > limit)
      throw refuse(`${name} has ${entry.uncompressedSize} bytes; the limit is ${limit}.`)
    try {
      files.set(name, await inflate(await zip.openReadStreamPromise(entry), entry.uncompressedSize))
    } catch (error) {
      throw refuse(`${name} could not be unpacked: the zip file is damaged.`, error)
    }
  }
  return { files, leftOut }
}

function checkEntry(entry: Entry): void {
  if (entry.isEncrypted()) throw refuse('The zip is encrypted.')
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK
  if (type === LINK) throw refuse('The zip holds a link.')
  if (type !== 0 && type !== REGULAR && type !== FOLDER) throw refuse('The zip holds something that is no file.')
  const { uncompressedSize: large, compressedSize: small } = entry
  if (large > ZIP_LIMITS.ratioFrom && large > ZIP_LIMITS.ratio * Math.max(1, small))
    throw refuse(`A file in the zip grows more than ${ZIP_LIMITS.ratio}-fold when it is unpacked.`)
}

/** What systems add to archives by themselves. */
const isLitter = (name: string): boolean => name.startsWith('__MACOSX/') || /(^|\/)(\.DS_Store|Thumbs\.db)$/.test(name)

/** `folder/` where all names lie in one folder, otherwise nothing. */
function commonFolder(names: readonly string[]): string {
  const first = names[0] ?? ''
  const top = first.slice(0, first.indexOf('/') + 1)
  return names.every((name) => name.startsWith(top)) ? top : ''
}

/** The reader itself fails where more or fewer bytes come out than declared. */
async function inflate(stream: Readable, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
