import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Failure } from '../errors.ts'
import { isHeld, latestVersion, migrations, openDatabase, storeFailure, type Sqlite } from './database.ts'

let folder: string
let file: string
let db: Sqlite | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-database-'))
  file = join(folder, 'library.db')
})
afterEach(() => {
  db?.close()
  rmSync(folder, { recursive: true, force: true })
})
const pragma = (name: string) => db!.pragma(name, { simple: true })

describe('the database', () => {
  it('is made with the latest schema and keeps what was committed through a power cut', () => {
    db = openDatabase(file, { create: true })
    expect(pragma('user_version')).toBe(latestVersion())
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1])
    expect(() => db!.exec("INSERT INTO custody VALUES (1, 'nobody', '', '', '', '')")).toThrow('FOREIGN KEY')
  })

  it('has strict tables only', () => {
    db = openDatabase(file, { create: true })
    const loose = db.prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'",
    )
    expect(loose.pluck().all()).toEqual([])
  })

  it('of an older version is backed up before it is migrated', () => {
    db = openDatabase(file, { create: true })
    for (const table of db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all())
      db.exec(`PRAGMA foreign_keys = OFF; DROP TABLE IF EXISTS ${String(table)}`)
    db.pragma('user_version = 0')
    db.close()
    const seen: unknown[] = []
    db = openDatabase(file, { backup: (old) => seen.push(old.pragma('user_version', { simple: true })) })
    expect(seen).toEqual([0])
    expect(pragma('user_version')).toBe(latestVersion())
  })

  it('of another program is not opened', () => {
    db = openDatabase(file, { create: true })
    db.pragma('application_id = 7')
    db.close()
    expect(() => openDatabase(file)).toThrow('no Assay library')
    expect(() => openDatabase(join(folder, 'absent.db'))).toThrow('no Assay library')
  })

  it('is not held by a process that has closed it, nor where there is none', () => {
    expect(isHeld(file)).toBe(false)
    openDatabase(file, { create: true }).close()
    expect(isHeld(file)).toBe(false)
    writeFileSync(file, 'garbage')
    expect(isHeld(file)).toBe(false)
  })
})

describe('migrations', () => {
  it('are numbered from 1 without a gap', () => {
    expect(migrations().map((step) => step.version)).toEqual(migrations().map((_, index) => index + 1))
  })
})

describe('an error of the database', () => {
  it.each([
    ['SQLITE_BUSY', 'store.locked'],
    ['SQLITE_BUSY_RECOVERY', 'store.locked'],
    ['SQLITE_CORRUPT_VTAB', 'store.corrupt'],
    ['SQLITE_NOTADB', 'store.corrupt'],
    ['SQLITE_FULL', 'store.full'],
    ['ENOSPC', 'store.full'],
    ['SQLITE_READONLY_DIRECTORY', 'store.readonly'],
    ['EROFS', 'store.readonly'],
  ])('%s becomes %s', (code, failure) => {
    expect(storeFailure(Object.assign(new Error('x'), { code }))).toMatchObject({ code: failure })
  })

  it('that is a defect stays what it is', () => {
    const defect = new Error('x')
    expect(storeFailure(defect)).toBe(defect)
    const failure = new Failure('intake.empty')
    expect(storeFailure(failure)).toBe(failure)
    expect(storeFailure(null)).toBeNull()
  })
})
