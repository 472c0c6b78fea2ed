/** The real window: starts the built program in Electron and looks at it from outside. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../scripts/built.mjs'
import { electronBinary, hasDisplay } from '../../scripts/setup.mjs'

const ROOT = join(import.meta.dirname, '..', '..')
const binary = electronBinary()
const why = binary === null ? 'no Electron binary' : hasDisplay() ? null : 'no display'
if (why) console.log(`The tests of the Electron window are skipped: ${why}.`)

describe.skipIf(why !== null)('the desktop program', () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-electron-'))
  let app: ElectronApplication
  beforeAll(async () => {
    expect(await ensureBuilt('page', 'electron')).toBe(0)
    app = await _electron.launch({
      executablePath: binary ?? '',
      // Root gets no sandbox from Chromium; only this test, on our own page, goes on without.
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${join(root, 'profile')}`, ROOT],
      env: { ...(process.env as Record<string, string>), ASSAY_CONFIG_DIR: join(root, 'config') },
    })
  })
  afterAll(async () => {
    await app?.close()
    rmSync(root, { recursive: true, force: true })
  })

  it('shows the page from app://, with the desktop bridge and nothing of Node', async () => {
    const page = await app.firstWindow()
    await page.waitForLoadState()
    expect(page.url()).toMatch(/^app:\/\/assay\//)
    const seen = await page.evaluate(() => {
      const scope = globalThis as unknown as Record<string, unknown> & { assay?: { kind: string } }
      return { kind: scope.assay?.kind, require: typeof scope['require'], process: typeof scope['process'] }
    })
    expect(seen).toEqual({ kind: 'electron', require: 'undefined', process: 'undefined' })
  })

  it('reaches the workbench over its port', async () => {
    const page = await app.firstWindow()
    await expect.poll(() => page.locator('#root').innerText(), { timeout: 20_000 }).not.toBe('')
    expect(await page.title()).toContain('Assay')
  })

  it('goes nowhere else', async () => {
    const page = await app.firstWindow()
    const reached = await page.evaluate(() => fetch('https://example.org/').then(() => true, () => false)) // prettier-ignore
    expect(reached).toBe(false)
    await page.evaluate(() => void (globalThis as unknown as { open(url: string): void }).open('https://example.org/'))
    expect(app.windows()).toHaveLength(1)
  })
})
