/** The way back: a backup every day, and putting one in place of a database that is damaged. */
import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Failure } from '../errors.ts'
import { listBackups, syncFile, writeBackup } from './backup.ts'
import { guarded, isHeld, openDatabase, type Sqlite } from './database.ts'
import { type Library, type Manifest, openLibrary, readManifest } from './library.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** The files that make up one SQLite database in write-ahead mode. */
const PARTS = ['', '-wal', '-shm'] as const

/** Makes a backup now and answers with its path. @throws Failure store.full | store.readonly */
export function backupNow(lib: Library, reason = 'requested'): string {
  return writeBackup(lib.db, lib.paths.backups, reason)
}

/**
 * Makes a backup where the newest is older than a day; null where none was due, or where the disk has no room for one:
 * that must keep nobody from opening or closing a library.
 */
export function backupDaily(lib: Library): string | null {
  const newest = listBackups(lib.paths.backups)[0]
  if (newest && Date.now() - Date.parse(newest.createdAt) < DAY_MS) return null
  try {
    return backupNow(lib, 'daily')
  } catch (error) {
    if (error instanceof Failure && (error.code === 'store.full' || error.code === 'store.readonly')) return null
    throw error
  }
}

/**
 * Puts a backup in place of the database and opens the library. The database as it was stays beside it as
 * `library.db.damaged-<time>`. The backup is checked before anything is moved.
 *
 * @param backupFile name of a file in backups/, as `listBackups` gives it
 * @throws Failure request.invalid | record.not-found | store.locked | store.corrupt | store.newer | store.full
 */
export function restoreLibrary(folder: string, backupFile: string): Library {
  const root = resolve(folder)
  if (/[/\\]/.test(backupFile)) throw new Failure('request.invalid', 'A backup is named without a folder.')
  const backups = join(root, 'backups')
  if (!listBackups(backups).some((one) => one.file === backupFile))
    throw new Failure('record.not-found', `backup ${backupFile}`)
  const database = join(root, 'library.db')
  if (isHeld(database)) throw new Failure('store.locked')

  const next = `${database}.restoring`
  const damaged = `${database}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`
  guarded(() => {
    try {
      copyFileSync(join(backups, backupFile), next)
      const db = openDatabase(next)
      const manifest = manifestFrom(db)
      db.close()
      syncFile(next)
      // A kill between these lines leaves no library.db, or none yet in place: restoring again puts that right.
      for (const part of PARTS) if (existsSync(database + part)) renameSync(database + part, damaged + part)
      renameSync(next, database)
      repairManifest(root, manifest)
    } finally {
      for (const part of PARTS) rmSync(next + part, { force: true })
    }
  })
  const library = openLibrary(root)
  const kept = existsSync(damaged) ? basename(damaged) : null
  library.change('analyst', (record) => record('library.restored', library.manifest.id, { backup: backupFile, kept }))
  return library
}

/** What `library.json` said when the library was made: the first link of the chain holds it. */
function manifestFrom(db: Sqlite): Manifest | null {
  const first = db
    .prepare(
      "SELECT subject AS id, body ->> '$.createdAt' AS createdAt, body ->> '$.name' AS name FROM audit WHERE action = 'library.created'",
    )
    .get() as Omit<Manifest, 'format'> | undefined
  return first ? { format: 'assay-library', id: first.id, name: first.name, createdAt: first.createdAt } : null
}

/** Writes `library.json` again where whatever damaged the database took it too. */
function repairManifest(root: string, manifest: Manifest | null): void {
  try {
    readManifest(root)
  } catch (error) {
    if (!manifest) throw error
    writeFileSync(join(root, 'library.json'), JSON.stringify(manifest, null, 2) + '\n')
  }
}
