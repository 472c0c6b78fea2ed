/** Backups of the database: whole copies in backups/, made before every migration, once a day and on request. */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { guarded, type Sqlite } from './database.ts'

const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z)--(.+)\.db$/

/** Backups kept of each reason; older ones are removed when a new one has been made. */
const KEPT = 10

export interface BackupFile {
  /** Name in backups/. */
  readonly file: string
  readonly createdAt: string
  readonly bytes: number
  readonly reason: string
}

/**
 * Writes a consistent copy (`VACUUM INTO`) and answers with its path. It gets its name only once it is whole and on the
 * disk, so that a kill or a full disk leaves no half backup behind that looks like one.
 *
 * @param reason letters and hyphens; part of the name
 * @throws Failure store.full | store.readonly | store.corrupt
 */
export function writeBackup(db: Sqlite, folder: string, reason: string): string {
  const partial = join(folder, `${process.pid}.partial`)
  return guarded(() => {
    mkdirSync(folder, { recursive: true })
    rmSync(partial, { force: true })
    try {
      db.prepare('VACUUM INTO ?').run(partial)
      syncFile(partial)
      const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}--${reason}.db`)
      renameSync(partial, file)
      prune(folder, reason)
      return file
    } catch (error) {
      rmSync(partial, { force: true })
      throw error
    }
  })
}

/** Puts a file's bytes on the disk. */
export function syncFile(file: string): void {
  const fd = openSync(file, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function prune(folder: string, reason: string): void {
  const old = listBackups(folder).filter((one) => one.reason === reason)
  for (const { file } of old.slice(KEPT)) rmSync(join(folder, file), { force: true })
}

/** The backups in a folder, newest first. */
export function listBackups(folder: string): BackupFile[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  return names
    .flatMap((name) => {
      const match = NAME.exec(name)
      if (!match) return []
      const [, stamp = '', reason = ''] = match
      const createdAt = stamp.replace(/T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z/, 'T$1:$2:$3.$4Z')
      return [{ file: name, createdAt, bytes: statSync(join(folder, name)).size, reason }]
    })
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}
