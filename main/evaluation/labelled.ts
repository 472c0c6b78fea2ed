/**
 * Labelled material: a folder with genuine/ and manipulated/, or a table of paths and labels. Both are the user's files
 * and are read with limits; nothing is opened here but the table itself.
 */
import type { Dirent } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { Failure } from '../errors.ts'

export interface LabelledFile {
  /** Absolute. */
  readonly path: string
  /** As it is shown. */
  readonly name: string
  readonly manipulated: boolean
  /** Where it comes from: a generator, a collection. */
  readonly source: string
  /** What it shares with others that are not independent of it: a person, a source clip. */
  readonly group: string
}

export interface LabelledSet {
  readonly name: string
  readonly files: LabelledFile[]
}

const LIMITS = {
  files: 20_000,
  tableBytes: 16 * 2 ** 20,
  /** Folders below genuine/ and manipulated/. */
  depth: 8,
  path: 4096,
  word: 200,
}

const LABELS: ReadonlyMap<string, boolean> = new Map([
  ['genuine', false],
  ['real', false],
  ['manipulated', true],
  ['fake', true],
])

const refuse = (detail: string): never => {
  throw new Failure('evaluation.material', detail)
}

/** @throws Failure evaluation.material */
export async function readLabelled(path: string): Promise<LabelledSet> {
  const home = resolve(path)
  const stat = await lstat(home).catch(() => refuse(`There is nothing at ${path}.`))
  const name = basename(home) === 'manifest.tsv' ? basename(dirname(home)) : basename(home)
  let files: LabelledFile[]
  if (stat.isFile()) files = await readTable(home)
  else if (!stat.isDirectory()) files = refuse(`${path} is neither a folder nor a table.`)
  else {
    const table = join(home, 'manifest.tsv')
    const has = await lstat(table).then(
      (s) => s.isFile(),
      () => false,
    )
    files = has ? await readTable(table) : await readFolders(home)
  }
  if (!files.length) refuse(`${path} names no files.`)
  return { name, files }
}

async function readTable(path: string): Promise<LabelledFile[]> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    if (size > LIMITS.tableBytes) refuse(`The table has ${size} bytes; the limit is ${LIMITS.tableBytes}.`)
    return parseManifest(await handle.readFile(), dirname(path))
  } finally {
    await handle.close()
  }
}

/**
 * Reads a table: tab-separated, the first line names the columns, `path` and `label` among them; `source` and `group`
 * where present; others are ignored. Relative paths count from `folder`. Empty lines and lines that begin with # are
 * left out.
 *
 * @throws Failure evaluation.material
 */
export function parseManifest(untrusted: Uint8Array, folder: string): LabelledFile[] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(untrusted)
  } catch {
    return refuse('The table is not UTF-8 text.')
  }
  const lines = text.split(/\r?\n/)
  const first = lines.findIndex((line) => line.trim() && !line.startsWith('#'))
  const columns = (lines[first] ?? '').split('\t').map((name) => name.trim().toLowerCase())
  const column = (name: string): number => columns.indexOf(name)
  for (const name of ['path', 'label'])
    if (column(name) < 0) refuse(`The first line of the table must name the columns; there is no "${name}".`)
  const seen = new Set<string>()
  const files: LabelledFile[] = []
  lines.forEach((line, i) => {
    if (i <= first || !line.trim() || line.startsWith('#')) return
    const cells = line.split('\t')
    const cell = (name: string): string => (column(name) < 0 ? '' : (cells[column(name)] ?? '').trim())
    const where = `Line ${i + 1}`
    const untrustedPath = cell('path')
    if (!untrustedPath || untrustedPath.includes('\0')) refuse(`${where} names no file.`)
    if (untrustedPath.length > LIMITS.path) refuse(`${where}: the path is longer than ${LIMITS.path} characters.`)
    const manipulated = LABELS.get(cell('label').toLowerCase())
    if (manipulated === undefined)
      return refuse(`${where}: the label is neither genuine nor manipulated (real and fake are read as these).`)
    const path = isAbsolute(untrustedPath) ? untrustedPath : join(folder, untrustedPath)
    if (seen.has(path)) refuse(`${where}: the file is listed twice.`)
    seen.add(path)
    if (files.length === LIMITS.files) refuse(`The table has more than ${LIMITS.files} files.`)
    const source = word(cell('source')) || word(basename(dirname(path)))
    files.push({ path, name: untrustedPath, manipulated, source, group: word(cell('group')) || path })
  })
  return files
}

const word = (text: string): string => text.slice(0, LIMITS.word)

async function readFolders(home: string): Promise<LabelledFile[]> {
  const files: LabelledFile[] = []
  for (const entry of await entries(home)) {
    const manipulated = LABELS.get(entry.name.toLowerCase())
    if (manipulated === undefined || !entry.isDirectory()) continue
    await collect(join(home, entry.name), 0, (path) => {
      if (files.length === LIMITS.files) refuse(`The folder has more than ${LIMITS.files} files.`)
      const below = relative(join(home, entry.name), path).split(sep)
      const source = word(below.length > 1 ? below[0]! : basename(home))
      files.push({ path, name: relative(home, path), manipulated, source, group: path })
    })
  }
  if (!files.length) refuse('The folder holds neither manifest.tsv nor files in genuine/ and manipulated/.')
  return files
}

/** By name, so that the order does not depend on the disk. */
const entries = async (folder: string): Promise<Dirent[]> =>
  (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))

async function collect(folder: string, depth: number, add: (path: string) => void): Promise<void> {
  if (depth > LIMITS.depth) refuse(`Folders are nested more than ${LIMITS.depth} deep.`)
  for (const entry of await entries(folder)) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await collect(path, depth + 1, add)
    else if (entry.isFile()) add(path)
  }
}
