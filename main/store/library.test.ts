import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { latestVersion } from './database.ts'
import { scratch, type Scratch } from './fixtures/scratch.ts'
import { createLibrary, openLibrary } from './library.ts'
import { restoreLibrary } from './restore.ts'

let at: Scratch
let children: ChildProcess[]
beforeEach(() => {
  at = scratch()
  children = []
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  at.remove()
})

async function heldByAnother(folder: string): Promise<ChildProcess> {
  const child = fork(new URL('./fixtures/hold.ts', import.meta.url), [folder], { stdio: 'ignore' })
  children.push(child)
  await once(child, 'message')
  return child
}
const code = (work: () => unknown): string | undefined => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

describe('a library', () => {
  it('opens again as it was closed', () => {
    at.lib.change('analyst', (record) => record('test', 'x'))
    const head = at.lib.auditHead()
    at.lib.close()
    const again = openLibrary(at.lib.folder)
    expect(again.auditHead()).toBe(head)
    expect(again.manifest).toEqual(at.lib.manifest)
    again.close()
  })

  it('is refused to a second process, and opens once the first was killed', async () => {
    at.lib.close()
    const other = await heldByAnother(at.lib.folder)
    expect(code(() => openLibrary(at.lib.folder))).toBe('store.locked')
    other.kill('SIGKILL')
    await once(other, 'exit')
    const again = openLibrary(at.lib.folder)
    expect(again.db.prepare("SELECT count(*) FROM audit WHERE action = 'test.held'").pluck().get()).toBe(1)
    again.close()
  })

  it('is not restored from under another process, even where its file is damaged', async () => {
    at.lib.close()
    const backup = join(at.lib.paths.backups, '2026-01-01T00-00-00-000Z--daily.db')
    copyFileSync(join(at.lib.folder, 'library.db'), backup)
    await heldByAnother(at.lib.folder)
    writeFileSync(join(at.lib.folder, 'library.db'), 'garbage'.repeat(1000), { flag: 'r+' })
    expect(code(() => restoreLibrary(at.lib.folder, '2026-01-01T00-00-00-000Z--daily.db'))).toBe('store.locked')
  })

  it('written by a newer Assay is refused and left byte for byte', () => {
    at.lib.db.pragma(`user_version = ${latestVersion() + 1}`)
    at.lib.close()
    const files = () => readdirSync(at.lib.folder).filter((name) => name.startsWith('library.'))
    const bytes = () => files().map((name) => [name, readFileSync(join(at.lib.folder, name), 'hex')])
    const before = bytes()
    expect(code(() => openLibrary(at.lib.folder))).toBe('store.newer')
    expect(bytes()).toEqual(before)
  })

  it('written by a newer Assay and not tidied up after a kill is left byte for byte too', () => {
    at.lib.close()
    const file = join(at.lib.folder, 'library.db')
    const bytes = readFileSync(file)
    bytes.writeUInt32BE(latestVersion() + 1, 60)
    writeFileSync(file, bytes)
    writeFileSync(`${file}-wal`, 'what a newer one had left')
    expect(code(() => openLibrary(at.lib.folder))).toBe('store.newer')
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readFileSync(`${file}-wal`, 'utf8')).toBe('what a newer one had left')
  })

  it('whose database was overwritten is refused as damaged', () => {
    at.lib.close()
    const file = join(at.lib.folder, 'library.db')
    const bytes = readFileSync(file)
    for (const [from, to] of [
      [0, 200],
      [4096, 12_000],
      [0, bytes.length],
    ] as const) {
      writeFileSync(file, Buffer.from(bytes).fill(0x5a, from, to))
      expect(code(() => openLibrary(at.lib.folder))).toBe('store.corrupt')
    }
    writeFileSync(file, '')
    expect(code(() => openLibrary(at.lib.folder))).toBe('store.corrupt')
  })

  it('is only opened where there is one', () => {
    const empty = join(at.folder, 'empty')
    mkdirSync(empty)
    expect(code(() => openLibrary(empty))).toBe('store.not-library')
    expect(code(() => openLibrary(join(at.folder, 'absent')))).toBe('store.not-library')
    writeFileSync(join(empty, 'library.json'), '{')
    expect(code(() => openLibrary(empty))).toBe('store.corrupt')
  })

  it('is never made over something else, and a failed try leaves nothing behind', () => {
    const folder = join(at.folder, 'taken')
    mkdirSync(folder)
    writeFileSync(join(folder, 'letter.txt'), 'mine')
    expect(code(() => createLibrary(folder, 'x'))).toBe('store.exists')
    expect(readdirSync(folder)).toEqual(['letter.txt'])
    expect(code(() => createLibrary(join(folder, 'letter.txt'), 'x'))).toBe('store.exists')
    expect(code(() => createLibrary(at.lib.folder, 'x'))).toBe('store.exists')
    expect(existsSync(join(at.lib.folder, 'library.json'))).toBe(true)
  })
})
