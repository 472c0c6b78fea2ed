import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyChain } from './audit.ts'
import { listBackups, writeBackup } from './backup.ts'
import { scratch, type Scratch } from './fixtures/scratch.ts'
import { openLibrary, type Library } from './library.ts'
import { backupDaily, backupNow, restoreLibrary } from './restore.ts'
import { verifyLibrary } from './verify.ts'

let at: Scratch
let restored: Library | undefined
beforeEach(() => {
  at = scratch()
})
afterEach(() => {
  restored?.close()
  at.remove()
})
const database = () => join(at.lib.folder, 'library.db')
const restore = (name: string) => (restored = restoreLibrary(at.lib.folder, name))

describe('restoring a backup', () => {
  it('brings a damaged library back, with everything up to the backup, and keeps the damaged file', async () => {
    const { id } = await at.item('before')
    const backup = listBackups(at.lib.paths.backups).length
    backupNow(at.lib)
    const [newest] = listBackups(at.lib.paths.backups)
    expect(listBackups(at.lib.paths.backups)).toHaveLength(backup + 1)
    const later = await at.item('after')
    at.lib.close()
    const damage = readFileSync(database()).fill(0x5a, 4096, 20_000)
    writeFileSync(database(), damage)
    expect(() => openLibrary(at.lib.folder)).toThrow('damaged')

    const lib = restore(newest!.file)
    expect(lib.db.prepare('SELECT id FROM evidence').pluck().all()).toEqual([id])
    expect(verifyChain(lib.db).brokenAt).toBeNull()
    const kept = readdirSync(lib.folder).find(
      (name) => name.startsWith('library.db.damaged-') && !/-(wal|shm)$/.test(name),
    )
    expect(readFileSync(join(lib.folder, kept!)).equals(damage)).toBe(true)
    // What came in after the backup is still in the vault, and verification says so.
    const { problems } = await verifyLibrary(lib)
    expect(problems).toEqual([
      expect.objectContaining({ kind: 'vault-stray', subject: expect.stringContaining(later.sha256) }),
    ])
  })

  it('works where the database is gone altogether, and the manifest with it', () => {
    const file = backupNow(at.lib)
    at.lib.close()
    rmSync(database())
    writeFileSync(join(at.lib.folder, 'library.json'), 'xx')
    const lib = restore(file.split('/').at(-1)!)
    expect(lib.manifest).toEqual(at.lib.manifest)
  })

  it('leaves everything as it is where the backup is damaged itself', async () => {
    await at.item('kept')
    const backup = writeBackup(at.lib.db, at.lib.paths.backups, 'requested')
    at.lib.close()
    writeFileSync(backup, readFileSync(backup).fill(0x5a, 4096, 20_000))
    const before = readFileSync(database())
    expect(() => restore(backup.split('/').at(-1)!)).toThrow('damaged')
    expect(readFileSync(database()).equals(before)).toBe(true)
    expect(readdirSync(at.lib.folder).filter((name) => /restoring|damaged/.test(name))).toEqual([])
  })

  it('takes no name that leaves the backups folder', () => {
    for (const name of ['../library.db', 'a/b.db', '..\\x.db', '/etc/passwd'])
      expect(() => restore(name)).toThrow('not valid')
    expect(() => restore('2026-01-01T00-00-00-000Z--nothing.db')).toThrow('no such record')
    expect(() => restore('..')).toThrow('no such record')
  })
})

describe('backups', () => {
  it('are made once a day', () => {
    expect(backupDaily(at.lib)).not.toBeNull()
    expect(backupDaily(at.lib)).toBeNull()
    const [only] = listBackups(at.lib.paths.backups)
    const old = only!.file.replace(/^\d{4}/, '2020')
    writeFileSync(join(at.lib.paths.backups, old), readFileSync(join(at.lib.paths.backups, only!.file)))
    rmSync(join(at.lib.paths.backups, only!.file))
    expect(backupDaily(at.lib)).not.toBeNull()
  })

  it('keep the newest ten of each reason, and nothing that is not a backup', () => {
    const folder = at.lib.paths.backups
    for (let day = 10; day < 25; day += 1) writeFileSync(join(folder, `2020-01-${day}T00-00-00-000Z--daily.db`), 'x')
    writeFileSync(join(folder, '2019-01-01T00-00-00-000Z--before-migration.db'), 'x')
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    const newest = writeBackup(at.lib.db, folder, 'daily')
    const daily = listBackups(folder).filter((one) => one.reason === 'daily')
    expect(daily.map((one) => one.createdAt.slice(0, 10)).slice(1)).toEqual(
      [24, 23, 22, 21, 20, 19, 18, 17, 16].map((day) => `2020-01-${day}`),
    )
    expect(newest.endsWith(daily[0]!.file)).toBe(true)
    expect(readdirSync(folder)).toContain('notes.txt')
    expect(readdirSync(folder)).toContain('2019-01-01T00-00-00-000Z--before-migration.db')
  })

  it('are listed newest first with their size, and a folder that is not there has none', () => {
    const file = writeBackup(at.lib.db, at.lib.paths.backups, 'requested')
    utimesSync(file, 0, 0)
    const [only] = listBackups(at.lib.paths.backups)
    expect(only).toMatchObject({ reason: 'requested', bytes: statSync(file).size })
    expect(Date.now() - Date.parse(only!.createdAt)).toBeLessThan(60_000)
    expect(listBackups(join(at.folder, 'absent'))).toEqual([])
  })
})
