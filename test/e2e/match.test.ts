/** Two items that share footage, in a real browser: played in step, compared, judged. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLibrary } from '../../main/store/library.ts'
import { clipFolder } from '../fixtures/clip.ts'
import { admitted, matched } from '../fixtures/matched-items.ts'
import { accessibilityProblems, findChromium, launch, NO_CHROMIUM } from './browser.ts'
import { startHost, type StartedHost } from './host.ts'

const chromium = findChromium()
if (!chromium) console.log(`skipped: ${NO_CHROMIUM}`)

describe.skipIf(!chromium)('the Match view', () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-e2e-'))
  const clips = clipFolder()
  let host: StartedHost
  let browser: Browser
  let page: Page
  let id = ''
  const wrong: string[] = []

  beforeAll(async () => {
    const library = join(root, 'library')
    const lib = createLibrary(library, 'Match')
    const H264 = '-c:v libx264 -preset veryfast -pix_fmt yuv420p'.split(' ')
    const known = clips.make('broadcast.mp4', ...'-f lavfi -i testsrc2=s=320x240:r=25 -t 9'.split(' '), ...H264)
    const box = 'drawbox=x=30:y=30:w=80:h=50:color=white:t=fill'
    // Mirrored, with a white box on it, two seconds later.
    const fresh = clips.make('seen.mp4', '-ss', '2', '-t', '5.6', '-i', known, '-vf', `${box},hflip`, ...H264)
    const items = [await admitted(lib, fresh), await admitted(lib, known)] as const
    id = matched(lib, items[0], items[1], { mirrored: true })
    lib.close()
    host = await startHost(join(root, 'config'), '--library', library)
    browser = await launch(chromium!)
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
    page.on('pageerror', (error) => wrong.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(`${message.text()} ${message.location().url}`)
    })
    await page.goto(host.address)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.goto(`${new URL(host.address).origin}/#/match/${id}`)
  })

  afterAll(async () => {
    await browser?.close()
    await host?.stop()
    clips.remove()
    rmSync(root, { recursive: true, force: true })
  })

  const timeOf = (name: string) =>
    page.getByLabel(name, { exact: true }).locator('visible=true').first().evaluate((element) => (element as unknown as { currentTime: number }).currentTime) // prettier-ignore
  const until = async (check: () => Promise<boolean>): Promise<void> => {
    await expect.poll(check, { timeout: 60_000, interval: 200 }).toBe(true)
  }
  /** Seconds by which the known video is beside where it belongs. */
  const beside = async (): Promise<number> => (await timeOf('Known item video')) - (await timeOf('New item video')) - 2

  test('compares both when it is asked to, and says in words what differs', async () => {
    await page.getByRole('button', { name: 'Compare frame by frame' }).click()
    const found = page.getByRole('button', { name: /^Logo or caption strength/ })
    await found.waitFor({ timeout: 150_000 })
    await page.getByText('which of them is not known').first().waitFor()
    expect(await page.getByRole('img', { name: /New frame, known frame/ }).count()).toBeGreaterThan(0)
  })

  test('both stand at the same frame after a seek, and run in step while they play', async () => {
    await page.getByRole('button', { name: /^Logo or caption strength/ }).click()
    await until(async () => Math.abs(await beside()) < 0.06)
    await page.keyboard.press('ArrowRight')
    await until(async () => Math.abs(await beside()) < 0.06)
    await page.getByRole('button', { name: 'Play (Space)' }).click()
    await until(async () => (await timeOf('New item video')) > 3.2)
    expect(Math.abs(await beside())).toBeLessThan(0.35)
    await page.getByRole('button', { name: 'Pause (Space)' }).click()
  })

  test('shows the wipe, the blink and the difference map, by key', async () => {
    for (const [key, name] of [
      ['2', 'Wipe (2)'],
      ['3', 'Blink (3)'],
      ['4', 'Difference map (4)'],
      ['1', 'Side by side (1)'],
    ] as const) {
      await page.keyboard.press(key)
      await page.getByRole('radio', { name, checked: true }).waitFor({ state: 'attached' })
      if (key === '4')
        await until(async () =>
          page.locator('canvas[width="40"]').evaluate((element) => {
            const canvas = element as unknown as { width: number; height: number; getContext(kind: '2d'): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } } } // prettier-ignore
            return canvas
              .getContext('2d')
              .getImageData(0, 0, canvas.width, canvas.height)
              .data.some((value) => value > 0)
          }),
        )
    }
  })

  test('has no accessibility problem, in light and in dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await accessibilityProblems(page)).toEqual([])
    }
  })

  test('wants a reason for a rejection, remembers it, and takes it back', async () => {
    await page.keyboard.press('x')
    await page.getByText('Say why it is not the same footage').waitFor()
    await page.getByLabel('Reason').fill('Another take of the same scene.')
    await page.getByRole('button', { name: 'Not the same (X)' }).click()
    await page.getByText('Rejected as not the same footage').waitFor()
    await page.getByRole('button', { name: 'Take the decision back' }).click()
    await page.getByRole('button', { name: 'Same footage (A)' }).click()
    await page.getByText('Accepted as the same footage').waitFor()
  })

  test('says so where there is no such match', async () => {
    await page.goto(`${new URL(host.address).origin}/#/match/7b0c3c1e-4c59-4ac3-9a5c-0d9d3f3c0a11`)
    await page.getByText('There is no such match').waitFor()
    expect(wrong.filter((words) => !words.includes('404'))).toEqual([])
  })
})
