/** Backups of the database: whole copies in backups/, made before every migration and on request. */
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Sqlite } from './database.ts'

const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z)--(.+)\.db$/

/** Writes a consistent copy (`VACUUM INTO`) and answers with its path. */
export function writeBackup(db: Sqlite, folder: string, reason: string): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}--${reason}.db`)
  db.prepare('VACUUM INTO ?').run(file)
  return file
}

/** The backups in a folder, newest first. */
export function listBackups(folder: string): { file: string; createdAt: string; bytes: number; reason: string }[] {
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
