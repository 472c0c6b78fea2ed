import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { configFolder, recents, remember, suggestedFolder } from './recent.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'assay-recent-'))
  vi.stubEnv('ASSAY_CONFIG_DIR', join(home, 'config'))
  vi.stubEnv('HOME', home)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})
const list = () => join(home, 'config', 'recent.json')

describe('recent libraries', () => {
  it('come last opened first, each once, and say whether they are still there', () => {
    mkdirSync(join(home, 'a'))
    writeFileSync(join(home, 'a', 'library.json'), '{}')
    remember(join(home, 'a'), 'A')
    remember(join(home, 'b'), 'B')
    remember(join(home, 'a'), 'A renamed')
    expect(recents().map(({ name, present }) => [name, present])).toEqual([
      ['A renamed', true],
      ['B', false],
    ])
  })

  it('stay few', () => {
    for (let i = 0; i < 30; i += 1) remember(join(home, `l${i}`), `L${i}`)
    expect(recents()).toHaveLength(12)
    expect(recents()[0]!.name).toBe('L29')
  })

  it.each(['', '{', 'null', '"x"', '[1, {"folder": 2}]', '\0\0\0'])('survive a damaged list: %j', (damage) => {
    mkdirSync(join(home, 'config'))
    writeFileSync(list(), damage)
    expect(recents()).toEqual([])
    remember('/somewhere', 'S')
    expect(recents().map((one) => one.name)).toEqual(['S'])
  })

  it('keep the good entries of a list with a bad one', () => {
    remember('/good', 'Good')
    const good = JSON.parse(readFileSync(list(), 'utf8')) as unknown[]
    writeFileSync(list(), JSON.stringify([{ folder: 7 }, ...good]))
    expect(recents().map((one) => one.name)).toEqual(['Good'])
  })

  it('do not keep a library from opening where they cannot be written', () => {
    writeFileSync(join(home, 'config'), 'a file where the folder should be')
    expect(() => remember('/x', 'X')).not.toThrow()
    expect(recents()).toEqual([])
  })

  it('lie where the system keeps configuration', () => {
    expect(configFolder({ XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/x/assay')
    expect(configFolder({ XDG_CONFIG_HOME: 'relative' }, 'linux')).toBe(join(home, '.config', 'assay'))
    expect(configFolder({}, 'darwin')).toBe(join(home, 'Library', 'Application Support', 'Assay'))
    expect(configFolder({ APPDATA: '/roaming' }, 'win32')).toBe('/roaming/Assay')
  })
})

describe('the suggested folder', () => {
  it('is one that is not there yet, in Documents where there is such a folder', () => {
    expect(suggestedFolder()).toBe(join(home, 'Assay Library'))
    mkdirSync(join(home, 'Documents', 'Assay Library'), { recursive: true })
    expect(suggestedFolder()).toBe(join(home, 'Documents', 'Assay Library 2'))
    expect(existsSync(suggestedFolder())).toBe(false)
  })
})
