/** Records in and out. A file is told apart by what it holds, looked at first, and written as one step. */
import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExchangeFile, ExchangeFormat, Imported, ImportPreview, TableMapping } from '../../contract/exchange.ts'
import type { Tlp } from '../../contract/common.ts'
import { Failure } from '../../errors.ts'
import { caseById } from '../../store/cases.ts'
import { addCustody } from '../../store/evidence.ts'
import { insertExchangeFile, exchangeFiles } from '../../store/exchange/files.ts'
import type { Actor, Library } from '../../store/library.ts'
import { writeWhole } from '../../store/write-whole.ts'
import { fieldsFor, guessMapping } from './csv/columns.ts'
import { readRecords } from './csv/read.ts'
import { readTable } from './csv/table.ts'
import { writeRecords } from './csv/write.ts'
import type { Reading } from './incoming.ts'
import { LIMITS } from './json-objects.ts'
import { readEvents } from './misp/read.ts'
import { writeEvents } from './misp/write.ts'
import { exported, refuseAbove } from './scope.ts'
import { writeBundle } from './stix/export.ts'
import { readBundle } from './stix/read.ts'
import { survey } from './survey.ts'
import type { Watch } from './watch.ts'
import { writeAll } from './write.ts'

/** A file as it was given: its bytes, and the name under which it is spoken of. */
export interface GivenFile {
  readonly bytes: Uint8Array
  readonly name: string
}

/** Rows of a table that a preview shows. */
const SHOWN = 20

/**
 * Reads a file whole.
 *
 * @throws Failure intake.not-found | intake.not-regular | intake.unreadable | exchange.limit
 */
export async function givenFile(path: string, name: string): Promise<GivenFile> {
  let handle
  try {
    // A pipe that nobody writes to would otherwise never open.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure(code === 'ENOENT' || code === 'ENOTDIR' ? 'intake.not-found' : 'intake.unreadable', name, {
      cause: error,
    })
  }
  try {
    const { size, isFile } = await handle.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }))
    if (!isFile) throw new Failure('intake.not-regular', name)
    if (size > LIMITS.bytes) throw new Failure('exchange.limit', `It has ${size} bytes; ${LIMITS.bytes} are allowed.`)
    // One byte more than it said: a file that grows while it is read is refused by its length.
    const bytes = Buffer.alloc(size + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
      if (bytesRead === 0 || length + bytesRead > size) break
      length += bytesRead
    }
    return { bytes: bytes.subarray(0, length), name }
  } finally {
    await handle.close()
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** By its first character: bundles and events are objects or lists, and anything else is a table. */
function readingOf(
  lib: Library,
  { bytes, name }: GivenFile,
  mapping: TableMapping | null,
): Reading & { table: ImportPreview['table'] } {
  const start = Buffer.from(bytes.subarray(0, 4096))
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  if (/^[{[]/.test(start)) {
    const stix = /"objects"|"type"\s*:\s*"bundle"/.test(start) || looksLikeBundle(bytes)
    return { ...(stix ? readBundle(lib, bytes, name) : readEvents(bytes, name)), table: null }
  }
  const table = readTable(bytes)
  const chosen = mapping ?? guessMapping(table.headings, null)
  return {
    ...readRecords(lib, { table, bytes, name }, chosen),
    table: {
      mapping: chosen,
      rows: table.rows.slice(0, SHOWN).map((row) => row.map((cell) => cell.slice(0, 500))),
      fields: fieldsFor(chosen.kind),
    },
  }
}

/** Canonical bundles have their type at the end. */
const looksLikeBundle = (bytes: Uint8Array): boolean =>
  /"type"\s*:\s*"bundle"\s*}\s*$/.test(Buffer.from(bytes.subarray(Math.max(0, bytes.length - 200))).toString('utf8'))

/** What importing the file would do; nothing is written. @throws Failure exchange.unreadable | exchange.limit */
export async function previewImport(
  lib: Library,
  file: GivenFile,
  mapping: TableMapping | null,
  watch?: Watch,
): Promise<ImportPreview> {
  const { table, ...reading } = readingOf(lib, file, mapping)
  return {
    format: reading.format,
    name: file.name,
    bytes: file.bytes.length,
    sha256: hashOf(file.bytes),
    ...(await survey(lib, reading, watch)),
    table,
  }
}

export interface ImportOptions {
  readonly mapping: TableMapping | null
  readonly caseId: string | null
  readonly onConflict: 'ours' | 'theirs'
  /** Hash of the file that was looked at. */
  readonly sha256: string
}

/**
 * Imports the file that was looked at, as one operation.
 *
 * @throws Failure exchange.changed | exchange.unreadable | exchange.limit | record.not-found for the case
 */
export function importFile(
  lib: Library,
  file: GivenFile,
  options: ImportOptions,
  actor: Actor,
  watch?: Watch,
): Imported {
  const { mapping, sha256, ...rest } = options
  if (hashOf(file.bytes) !== sha256) throw new Failure('exchange.changed', file.name)
  if (rest.caseId) caseById(lib, rest.caseId)
  return writeAll(lib, readingOf(lib, file, mapping), { ...rest, name: file.name, sha256 }, actor, watch)
}

const WRITERS = { stix: writeBundle, misp: writeEvents, csv: writeRecords }
const ENDINGS: Readonly<Record<ExchangeFormat, string>> = { stix: 'stix.json', misp: 'misp.json', csv: 'csv' }

/**
 * Writes cases, or the whole library, into exports/. The file appears whole or not at all.
 *
 * @param limit the mark that the file may carry; null: whatever is in it
 * @throws Failure record.not-found | report.handling | store.full | store.readonly
 */
export async function exportRecords(
  lib: Library,
  { format, caseIds, tlp: limit }: { format: ExchangeFormat; caseIds: readonly string[]; tlp: Tlp | null },
  actor: Actor,
): Promise<ExchangeFile> {
  const from = exported(lib, caseIds)
  if (limit) refuseAbove(from, limit)
  const bytes = WRITERS[format](from)
  const id = randomUUID()
  const at = new Date().toISOString()
  const file = `records--${at.slice(0, 19).replaceAll(':', '-')}--${id.slice(0, 8)}.${ENDINGS[format]}`
  const made = { id, format, file, bytes: bytes.length, sha256: hashOf(bytes), tlp: from.tlp, at }
  await writeWhole(join(lib.paths.staging, `${id}.exchange`), join(lib.paths.exports, file), bytes)
  try {
    lib.change(actor, (record) => {
      insertExchangeFile(lib, { ...made, cases: [...caseIds] })
      record('exchange.exported', id, { ...made, cases: [...caseIds] })
      for (const itemId of from.evidence.keys())
        addCustody(
          lib,
          itemId,
          actor,
          'exported',
          `named in ${format === 'csv' ? 'a table' : `a ${format} file`} (TLP:${made.tlp})`,
        )
    })
  } catch (error) {
    await rm(join(lib.paths.exports, file), { force: true })
    throw error
  }
  return { ...made, url: `/file/export/${id}` }
}

/** Newest first. */
export const listExports = (lib: Library): ExchangeFile[] =>
  exchangeFiles(lib).map((one) => ({ ...one, url: `/file/export/${one.id}` }))
