/**
 * The database file of a library: opening, refusing, migrating. The only importer of the SQLite binding.
 *
 * One process holds the file: `locking_mode = EXCLUSIVE` keeps the operating system's lock for the life of the
 * connection, so a second Assay is refused and a killed one leaves no stale lock behind.
 */
// oxlint-disable-next-line import/default -- its types say `export =`
import Database from 'better-sqlite3'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../errors.ts'

export type Sqlite = InstanceType<typeof Database>

/** `ASAY` in ASCII: marks the file as ours (SQLite header, `application_id`). */
const APPLICATION_ID = 0x41534159
const MIGRATIONS = join(import.meta.dirname, 'migrations')

interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/** The numbered SQL files, in order: `0001-library.sql` is version 1. */
export function migrations(folder = MIGRATIONS): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 4)), name, sql: readFileSync(join(folder, name), 'utf8') }))
}

export function latestVersion(): number {
  return migrations().at(-1)?.version ?? 0
}

/** Turns the binding's error codes into ours; anything else passes through unchanged. */
export function storeFailure(error: unknown): unknown {
  const code = codeOf(error)
  if (isBusy(error)) return new Failure('store.locked', undefined, { cause: error })
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new Failure('store.corrupt', (error as Error).message, { cause: error })
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return new Failure('store.full', undefined, { cause: error })
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_CANTOPEN' || code === 'EACCES' || code === 'EROFS')
    return new Failure('store.readonly', undefined, { cause: error })
  return error
}

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? ''

/** True where another connection has the lock. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(error))

/** Runs `work` and turns the binding's errors into failures with a code. */
export function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeFailure(error)
  }
}

/**
 * Opens (or with `create` makes) the database, checks that it is ours, whole and not newer, and migrates it.
 *
 * @param backup called before the first migration of an existing database.
 * @throws Failure store.locked | store.newer | store.corrupt | store.not-library | store.full | store.readonly
 */
export function openDatabase(file: string, options: { create?: boolean; backup?: (db: Sqlite) => void } = {}): Sqlite {
  if (!options.create && !existsSync(file)) throw new Failure('store.not-library', 'library.db is missing.')
  if (!options.create) guarded(() => refuseNewer(file))
  const db = guarded(() => new Database(file, { timeout: 0 }))
  try {
    guarded(() => {
      db.pragma('locking_mode = EXCLUSIVE')
      const application = db.pragma('application_id', { simple: true })
      const version = Number(db.pragma('user_version', { simple: true }))
      if (!options.create && application !== APPLICATION_ID)
        throw new Failure(application === 0 && version === 0 ? 'store.corrupt' : 'store.not-library')
      requireKnown(version)
      db.pragma('journal_mode = WAL')
      db.pragma('synchronous = FULL')
      db.pragma('foreign_keys = ON')
      db.pragma('trusted_schema = OFF')
      db.exec('BEGIN EXCLUSIVE; COMMIT')
      if (!options.create) {
        const check = db.pragma('quick_check(1)', { simple: true })
        // The search index holds nothing of its own: `search.find` says that it is damaged, and how to make it anew.
        if (check !== 'ok' && !/fts5.*search_(names|texts)/i.test(String(check)))
          throw new Failure('store.corrupt', String(check))
        if (version < latestVersion()) options.backup?.(db)
      }
      migrate(db, version)
    })
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Reads the version from the file header (SQLite file format, section 1.3: user version at 60, application id at 68,
 * big-endian). Opening a newer library to ask it would already tidy up its write-ahead log.
 */
function refuseNewer(file: string): void {
  const header = Buffer.alloc(72)
  const fd = openSync(file, 'r')
  try {
    if (readSync(fd, header, 0, header.length, 0) < header.length) return
  } finally {
    closeSync(fd)
  }
  if (header.readUInt32BE(68) === APPLICATION_ID) requireKnown(header.readUInt32BE(60))
}

function requireKnown(version: number): void {
  if (version > latestVersion())
    throw new Failure('store.newer', `Its version is ${version}; this Assay knows ${latestVersion()}.`)
}

/**
 * Lets other connections of this process read and write beside `db`, such as one in a thread. Another process stays
 * shut out: it opens with `locking_mode = EXCLUSIVE`, which this connection's shared lock refuses. A write-ahead log that
 * was opened exclusively has its index in private memory, so that it is opened once more the first time.
 */
export function letOthersIn(db: Sqlite): void {
  guarded(() => {
    db.pragma('journal_mode = DELETE')
    db.pragma('locking_mode = NORMAL')
    db.pragma('journal_mode = WAL')
    db.prepare('SELECT 1 FROM sqlite_schema').get()
  })
}

/** The lock is this connection's alone again, as soon as no other of the process is open. */
export function shutOthersOut(db: Sqlite): void {
  db.pragma('locking_mode = EXCLUSIVE')
  db.exec('BEGIN EXCLUSIVE; COMMIT')
}

/** A connection beside the one that opened the library, while that lets others in. @throws Failure store.locked */
export function joinDatabase(file: string): Sqlite {
  return guarded(() => {
    const db = new Database(file, { timeout: 5000, fileMustExist: true })
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    return db
  })
}

/** True while another process has the database open. The file, damaged or not, is only looked at. */
export function isHeld(file: string): boolean {
  if (!existsSync(file)) return false
  let db: Sqlite | undefined
  try {
    db = new Database(file, { timeout: 0, readonly: true })
    db.prepare('SELECT 1 FROM sqlite_schema').get()
    return false
  } catch (error) {
    const failure = storeFailure(error)
    return failure instanceof Failure && failure.code === 'store.locked'
  } finally {
    db?.close()
  }
}

function migrate(db: Sqlite, from: number): void {
  for (const step of migrations().filter((m) => m.version > from)) {
    db.transaction(() => {
      db.exec(step.sql)
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.pragma(`user_version = ${step.version}`)
    })()
  }
}
