/** The stand-alone verifier as its reader has it: a page opened from a file, in a browser, without any network. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sealedCase, unpack, unzip, type SealedCase } from '../fixtures/sealed-case.ts'
import { accessibilityProblems, findChromium, launch, NO_CHROMIUM } from './browser.ts'

const chromium = findChromium()
if (!chromium) console.log(`skipped: ${NO_CHROMIUM}`)

describe.skipIf(!chromium)('verify.html', () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-verifier-'))
  const folder = join(root, 'bundle')
  let sealed: SealedCase
  let browser: Browser
  let page: Page
  const asked: string[] = []
  const wrong: string[] = []

  beforeAll(async () => {
    sealed = await sealedCase()
    unpack(await unzip(readFileSync(sealed.zipFile)), folder)
    browser = await launch(chromium!)
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } })
    page.on('request', (request) => asked.push(request.url()))
    page.on('pageerror', (error) => wrong.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text())
    })
    await page.goto(pathToFileURL(join(folder, 'verify.html')).href)
  })
  afterAll(async () => {
    await browser?.close()
    sealed?.remove()
    rmSync(root, { recursive: true, force: true })
  })

  const verdict = () => page.locator('#verdict')

  test('finds a bundle whole and compares the key', async () => {
    await page.getByLabel('Fingerprint of the desk').fill(sealed.fingerprint)
    await page.getByLabel('The bundle as a zip').setInputFiles(sealed.zipFile)
    await expect.poll(() => verdict().textContent(), { timeout: 60_000 }).toContain('The bundle is whole')
    expect(await page.locator('#signature').textContent()).toContain('That is the key you gave')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  test('names what differs in an unpacked folder', async () => {
    writeFileSync(join(folder, 'data', 'custody.json'), '[]')
    rmSync(join(folder, 'data', 'report', 'report.html'))
    await page.getByLabel('or the folder').setInputFiles(folder)
    await expect.poll(() => verdict().textContent(), { timeout: 60_000 }).toContain('not as it was sealed')
    const rows = await page.locator('#problems tbody tr').allInnerTexts()
    expect(rows.join('\n')).toMatch(/altered\s+data\/custody\.json/)
    expect(rows.join('\n')).toMatch(/missing\s+data\/report\/report\.html/)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  test('opens an encrypted bundle with its passphrase, and says that it needs one', async () => {
    const locked = await sealed.seal({ encrypt: 'told another way entirely' })
    await page.getByLabel('The bundle as a zip').setInputFiles(locked)
    await expect.poll(() => verdict().textContent(), { timeout: 60_000 }).toContain('bundle.encrypted')
    await page.keyboard.type('told another way entirely')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Check again' }).click()
    await expect.poll(() => verdict().textContent(), { timeout: 60_000 }).toContain('The bundle is whole')
    await page.getByLabel('Passphrase').fill('')
  })

  test('refuses what is no bundle, with a code', async () => {
    writeFileSync(join(root, 'letter.zip'), 'Dear editor, this is not a bundle at all.')
    await page.getByLabel('The bundle as a zip').setInputFiles(join(root, 'letter.zip'))
    await expect.poll(() => verdict().textContent(), { timeout: 60_000 }).toContain('bundle.not-bundle')
  })

  test('asked nobody for anything, and nothing went wrong', () => {
    expect(asked.filter((address) => !address.startsWith('file:') && !address.startsWith('blob:'))).toEqual([])
    expect(wrong).toEqual([])
  })
})
