/** The Models screen in a real browser: a model of one's own from the drop to the model's page, and one that is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  BRIGHTNESS_CARD,
  brightness,
  externalData,
  filesOf,
  negate,
  someBundledModel,
  writeModel,
} from '../fixtures/model.ts'
import { entriesOf, zip } from '../fixtures/zip.ts'
import { accessibilityProblems, dropFiles, findChromium, launch, NO_CHROMIUM } from './browser.ts'
import { startHost, type StartedHost } from './host.ts'

const chromium = findChromium()
if (!chromium) console.log(`skipped: ${NO_CHROMIUM}`)

describe.skipIf(!chromium)('the Models screen', () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-models-e2e-'))
  let host: StartedHost
  let browser: Browser
  let page: Page
  const wrong: string[] = []

  beforeAll(async () => {
    host = await startHost(join(root, 'config'))
    browser = await launch(chromium!)
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
    page.on('pageerror', (error) => wrong.push(String(error)))
    await page.goto(host.address)
  })
  afterAll(async () => {
    await browser?.close()
    await host?.stop()
    rmSync(root, { recursive: true, force: true })
  })

  const goTo = (path: string) => page.goto(`${new URL(host.address).origin}/#${path}`)
  const added = () => page.getByRole('region', { name: 'Added to this library' })

  test('without a library it lists what comes with Assay, and says where models are added', async () => {
    await page.getByText('Drop the videos in').waitFor()
    await page.keyboard.press('Alt+5')
    await page.getByText('Models are added to a library').waitFor()
    const row = page.getByRole('row').filter({ hasText: someBundledModel().title })
    await row.getByText('Verified').waitFor()
  })

  test('a dropped folder is checked, tried and taken in', async () => {
    await goTo('/')
    await page.getByRole('textbox', { name: 'Name' }).fill('Models desk')
    await page.getByRole('textbox', { name: 'Folder', exact: true }).fill(join(root, 'library'))
    await page.getByRole('button', { name: 'Create library' }).click()
    await page.getByText('Drop videos or folders here').waitFor()
    await goTo('/models')
    await page.getByText('No model has been added to this library yet.').waitFor()
    await dropFiles(page, [writeModel(root, 'mine', filesOf('brightness', brightness(), BRIGHTNESS_CARD))])
    await page.getByText('Mean brightness of the picture was added.').waitFor({ timeout: 60_000 })
    const row = added().getByRole('row').filter({ hasText: 'Mean brightness of the picture' })
    await row.getByText('Verified').waitFor()
    await row.getByText('Uncalibrated').waitFor()
    await row.getByText('n = 45').waitFor()
    await row.getByText('a signal of its own').waitFor()
  })

  test('a chosen zip is taken in as well', async () => {
    const file = join(root, 'negate.zip')
    writeFileSync(file, zip(entriesOf(filesOf('negate', negate()), 'negate-1.0.0/')))
    await page.getByTestId('model-zip').setInputFiles(file)
    await page.getByText('The test model negate was added.').waitFor({ timeout: 60_000 })
    await added().getByText('no signal').waitFor()
  })

  test('what is refused says why and what to do, by mouse and by keyboard', async () => {
    await dropFiles(page, [writeModel(root, 'external', filesOf('external', externalData()))])
    const notice = page.getByRole('alert')
    await notice.getByText('It keeps tensor data outside the file.').waitFor()
    await notice.getByText('model.untrusted').waitFor()
    await dropFiles(page, [writeModel(root, 'nothing', { 'letter.txt': new TextEncoder().encode('Dear editor') })])
    await notice.getByText('There is no model in what was dropped.').waitFor()
    const path = page.getByRole('textbox', { name: 'Path on this machine' })
    await path.fill(join(root, 'mine'))
    await path.press('Enter')
    await notice.getByText('There is already a model with this id.').waitFor()
  })

  test('the model page puts false positives first, says what may be counted, and shows the licence', async () => {
    await added().getByRole('link', { name: 'Mean brightness of the picture' }).click()
    await page.getByText('Uncalibrated: its scores are listed, never counted in the review priority.').waitFor()
    const [first, second] = await page.getByRole('rowheader').allTextContents()
    expect([first, second]).toEqual(['False-positive rate at 0.5', 'AUC'])
    await page.getByText('0.27 to 0.55').waitFor()
    await page.getByText('Every bright picture scores high, whoever made it.').waitFor()
    await page.getByText('in the public domain', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('Verified: Mean brightness of the picture').waitFor({ timeout: 60_000 })
  })

  test.each(['light', 'dark'] as const)('list and page pass axe in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme })
    for (const path of ['/models', '/models/brightness']) {
      await goTo(path)
      await page.getByText(path === '/models' ? 'Added to this library' : 'Intended use').waitFor()
      await expect.poll(() => accessibilityProblems(page), { timeout: 20_000 }).toEqual([])
    }
  })

  test('a removed model is gone, and can be added again', async () => {
    await goTo('/models/brightness')
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Mean brightness of the picture was removed.').waitFor()
    await expect.poll(() => added().getByText('Mean brightness of the picture').count()).toBe(0)
    await page.getByRole('textbox', { name: 'Path on this machine' }).fill(join(root, 'mine'))
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await added().getByText('Mean brightness of the picture').waitFor({ timeout: 60_000 })
    expect(wrong).toEqual([])
  })
})
