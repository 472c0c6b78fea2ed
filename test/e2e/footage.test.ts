/** Known footage in a real browser: from two videos that share it to the analyst's decision, and a hash list. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clipFolder, type ClipFolder } from '../fixtures/clip.ts'
import { accessibilityProblems, dropFiles, findChromium, launch, NO_CHROMIUM } from './browser.ts'
import { startHost, type StartedHost } from './host.ts'

const chromium = findChromium()
if (!chromium) console.log(`skipped: ${NO_CHROMIUM}`)

const SCENE = `mandelbrot=s=640x360:r=12:start_scale=0.08:end_scale=0.02:end_pts=120,crop=320:180:x='160+150*sin(2.1*t)*sin(0.53*t)':y='90+85*sin(1.3*t)*cos(0.9*t)',eq=contrast=1.4`

describe.skipIf(!chromium)('known footage', () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-footage-e2e-'))
  let clips: ClipFolder
  let host: StartedHost
  let browser: Browser
  let page: Page
  const wrong: string[] = []

  beforeAll(async () => {
    clips = clipFolder()
    const coded = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p']
    const original = clips.make('first.mp4', '-f', 'lavfi', '-i', SCENE, '-t', '8', ...coded)
    clips.make('second.mp4', '-i', original, '-vf', 'hflip', '-crf', '30', ...coded)
    host = await startHost(join(root, 'config'))
    browser = await launch(chromium!)
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
    page.setDefaultTimeout(120_000)
    page.on('pageerror', (error) => wrong.push(String(error)))
    await page.goto(host.address)
  })
  afterAll(async () => {
    await browser?.close()
    await host?.stop()
    clips?.remove()
    rmSync(root, { recursive: true, force: true })
  })
  const goTo = (path: string) => page.goto(`${new URL(host.address).origin}/#${path}`)

  test('two videos that share footage are marked on the board, and the filter finds them', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('Footage desk')
    await page.getByRole('textbox', { name: 'Folder', exact: true }).fill(join(root, 'library'))
    await page.getByRole('button', { name: 'Create library' }).click()
    await page.getByText('Drop videos or folders here').waitFor()
    await dropFiles(page, [join(clips.path, 'first.mp4'), join(clips.path, 'second.mp4')])
    await goTo('/triage')
    await page.getByRole('link', { name: 'near-duplicate of first.mp4' }).waitFor()
    await page.getByRole('link', { name: 'near-duplicate of second.mp4' }).waitFor()
    await page.getByRole('button', { name: 'Known footage 2' }).click()
    await expect.poll(() => page.getByRole('row').count()).toBe(3)
    await page
      .getByRole('img', { name: /Known footage: shared with 1 item/ })
      .first()
      .waitFor()
  })

  test('the Bench shows where, and a rejection asks for a reason and can be taken back', async () => {
    await page.getByRole('link', { name: 'second.mp4', exact: true }).click()
    await page.getByRole('tab', { name: 'Footage (1)' }).click()
    await page
      .getByText(/same footage, \d+ s, mirrored/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Reject…' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Reject this match' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Why' }).fill('Another wall.')
    await dialog.getByRole('button', { name: 'Reject this match' }).click()
    await page.getByText('Rejected by analyst').waitFor()
    await page.getByText('Another wall.').waitFor()
    await page.getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Accept' }).click()
    await page.getByText('Accepted by analyst').waitFor()
  })

  test.each(['light', 'dark'] as const)('board, Bench and Start pass axe in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme })
    await expect.poll(() => accessibilityProblems(page), { timeout: 30_000 }).toEqual([])
    for (const [path, word] of [
      ['/triage', 'first.mp4'],
      ['/', 'Hash lists'],
    ] as const) {
      await goTo(path)
      await page.getByText(word).first().waitFor()
      await expect.poll(() => accessibilityProblems(page), { timeout: 30_000 }).toEqual([])
    }
  })

  test('a hash list is taken in, told when it is wrong, and taken out', async () => {
    await goTo('/')
    const wrongList = join(root, 'wrong.csv')
    writeFileSync(wrongList, 'hash,quality\nabc,50\n')
    await page.getByTestId('hash-list').setInputFiles(wrongList)
    await page.getByText('no hash of 64 hex digits', { exact: false }).waitFor()
    const right = join(root, 'right.csv')
    writeFileSync(right, `hash,quality,id\n${'0f'.repeat(32)},90,one\nabc,50,two\n`)
    await page.getByTestId('hash-list').setInputFiles(right)
    await page.getByText('1 hash · 1 entry left out').waitFor()
    await page.getByRole('button', { name: 'Remove right.csv' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect.poll(() => page.getByText('1 hash · 1 entry left out').count()).toBe(0)
    expect(wrong).toEqual([])
  })
})
