/**
 * What somebody hands over as a model: a folder, a zip, or the single files of a folder that was dropped into a browser.
 * Reads the few files a model consists of, bounded, without following links; nothing else in it is touched.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../errors.ts'
import { MODEL_LIMITS } from '../model-card.ts'
import { readZip } from './zip.ts'

/** The files of a model and their largest sizes in bytes. Nothing else is kept. */
export const MODEL_FILES: ReadonlyMap<string, number> = new Map([
  ['model.onnx', MODEL_LIMITS.bytes],
  ['card.json', 256 * 1024],
  ['README.md', 256 * 1024],
])
const REQUIRED = ['model.onnx', 'card.json']
/** More than this in one folder is not a model. */
const MAX_ENTRIES = 1000

export interface ModelPackage {
  /** As the card says; a plain folder name. */
  readonly id: string
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Names of what is not part of a model and was left where it was. Untrusted. */
  readonly leftOut: readonly string[]
}

/** Files by the name they had, at the place where they lie now. */
export type PackageSource =
  { readonly path: string } | { readonly files: readonly { readonly name: string; readonly path: string }[] }

const refuse = (detail: string, cause?: unknown): Failure => new Failure('model.package', detail, { cause })

/** @throws Failure model.package | intake.not-found */
export async function readPackage(source: PackageSource): Promise<ModelPackage> {
  const { files, leftOut } = 'path' in source ? await readPath(source.path) : await readFiles(source.files)
  for (const name of REQUIRED) if (!files.has(name)) throw refuse(`There is no ${name} in it.`)
  return { id: idOf(files.get('card.json')!), files, leftOut }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function readPath(path: string): Promise<Omit<ModelPackage, 'id'>> {
  const about = await lstat(path).catch(() => null)
  if (!about) throw new Failure('intake.not-found', path)
  if (about.isSymbolicLink()) throw refuse('It is a link; give the folder or file that it points to.')
  return about.isDirectory() ? readFolder(path) : readArchive(path)
}

async function readFolder(folder: string): Promise<Omit<ModelPackage, 'id'>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw refuse('The folder cannot be read.', error)
  })
  if (entries.length > MAX_ENTRIES) throw refuse(`The folder holds more than ${MAX_ENTRIES} entries.`)
  const files = new Map<string, Uint8Array>()
  const leftOut: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const limit = MODEL_FILES.get(entry.name)
    if (limit === undefined) leftOut.push(entry.name)
    else if (!entry.isFile()) throw refuse(`${entry.name} is not a regular file.`)
    else files.set(entry.name, await withFile(join(folder, entry.name), (file) => readWhole(file, entry.name, limit)))
  }
  return { files, leftOut }
}

const readArchive = (path: string): Promise<Omit<ModelPackage, 'id'>> =>
  withFile(path, (file) => readZip(file, MODEL_FILES))

async function readFiles(given: readonly { name: string; path: string }[]): Promise<Omit<ModelPackage, 'id'>> {
  const [only] = given
  if (given.length === 1 && only && !MODEL_FILES.has(only.name)) return readArchive(only.path)
  const files = new Map<string, Uint8Array>()
  const leftOut: string[] = []
  for (const { name, path } of given) {
    const limit = MODEL_FILES.get(name)
    if (limit === undefined) leftOut.push(name)
    else if (files.has(name)) throw refuse(`There are two files named ${name}; add one model at a time.`)
    else files.set(name, await withFile(path, (file) => readWhole(file, name, limit)))
  }
  return { files, leftOut }
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  // Neither flag exists on Windows, where a pipe cannot be opened by such a path either.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const file = await open(path, flags).catch((error: unknown) => {
    throw refuse('A file of it cannot be opened.', error)
  })
  try {
    if (!(await file.stat()).isFile()) throw refuse('It is neither a folder nor a zip file.')
    return await work(file)
  } finally {
    await file.close()
  }
}

async function readWhole(file: FileHandle, name: string, limit: number): Promise<Uint8Array> {
  const { size } = await file.stat()
  if (size > limit) throw refuse(`${name} has ${size} bytes; the limit is ${limit}.`)
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(bytes, at, size - at, at)
    if (!bytesRead) throw refuse(`${name} shrank while it was read.`)
    at += bytesRead
  }
  return bytes
}

/** Only enough of the card to know where it belongs; `readModel` holds all of it against the schema. */
function idOf(card: Uint8Array): string {
  let id: unknown
  try {
    id = (JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(card)) as { id?: unknown } | null)?.id
  } catch (error) {
    throw new Failure('model.untrusted', 'card.json is not JSON.', { cause: error })
  }
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    throw new Failure('model.untrusted', 'card.json: id: use small letters, digits and hyphens, at most 64.')
  return id
}
