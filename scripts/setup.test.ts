import { createServer } from 'node:net'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { canBuild, isStale } from './built.mjs'
import { electronBinary, ffmpegBinary, onPath, reach } from './setup.mjs'

let root = ''
const put = (file: string, text = ''): string => {
  mkdirSync(join(root, file, '..'), { recursive: true })
  writeFileSync(join(root, file), text)
  return join(root, file)
}
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'assay-setup-'))))
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true })
})

describe('set-up', () => {
  it('takes Electron as there only when it is whole and of the version asked for', () => {
    put('node_modules/electron/package.json', '{"version":"45.4.1"}')
    expect(electronBinary(root)).toBeNull()
    put('node_modules/electron/dist/version', '45.4.1')
    put('node_modules/electron/path.txt', 'electron')
    expect(electronBinary(root)).toBeNull()
    const program = put('node_modules/electron/dist/electron')
    expect(electronBinary(root)).toBe(program)
    put('node_modules/electron/dist/version', '44.0.0')
    expect(electronBinary(root)).toBeNull()
  })

  it.skipIf(process.platform === 'win32')('takes FFMPEG_BIN before any other ffmpeg, and only a program', () => {
    const mine = put('mine/ffmpeg')
    vi.stubEnv('FFMPEG_BIN', mine)
    expect(ffmpegBinary()).not.toBe(mine)
    chmodSync(mine, 0o755)
    expect(ffmpegBinary()).toBe(mine)
  })

  it.skipIf(process.platform === 'win32')('looks along the PATH for files that can be run', () => {
    chmodSync(put('b/tool'), 0o755)
    put('a/tool')
    mkdirSync(join(root, 'c/tool'), { recursive: true })
    vi.stubEnv('PATH', ['c', 'a', 'b'].map((folder) => join(root, folder)).join(':'))
    expect(onPath('tool')).toBe(join(root, 'b/tool'))
    expect(onPath('other')).toBeNull()
  })

  it('tells at once whether a server can be reached', async () => {
    vi.stubEnv('HTTPS_PROXY', '')
    vi.stubEnv('https_proxy', '')
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    expect(await reach(`https://127.0.0.1:${port}`)).toBeNull()
    await new Promise((done) => server.close(done))
    expect(await reach(`https://127.0.0.1:${port}`)).toMatch(/cannot be reached: ECONNREFUSED/)
  })
})

describe('what was built', () => {
  it('is stale when it is missing or a source is newer, and tests are no sources', async () => {
    expect(isStale('page', root)).toBe(true)
    put('renderer/main.tsx')
    await new Promise((done) => setTimeout(done, 20))
    put('dist/renderer/index.html')
    expect(isStale('page', root)).toBe(false)
    await new Promise((done) => setTimeout(done, 20))
    writeFileSync(join(root, 'renderer/main.tsx'), 'changed')
    expect(isStale('page', root)).toBe(true)
  })

  it('can be made anew only where its folder can be written', () => {
    expect(canBuild(root)).toBe(true)
    put('elsewhere/dist')
    expect(canBuild(join(root, 'elsewhere'))).toBe(false)
  })
})
