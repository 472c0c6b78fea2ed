/** An analyst's way through the workbench in a real browser: from a dropped video to the text of the exported report. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clipFolder, type ClipFolder } from '../fixtures/clip.ts'
import { accessibilityProblems, dropFiles, findChromium, launch, NO_CHROMIUM } from './browser.ts'
import { startHost, type StartedHost } from './host.ts'
import { pdfText } from './pdf-text.ts'

const chromium = findChromium()
if (!chromium) console.log(`skipped: ${NO_CHROMIUM}`)

describe.skipIf(!chromium)('the workbench in a browser', () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-e2e-'))
  let clips: ClipFolder
  let host: StartedHost
  let browser: Browser
  let page: Page
  const wrong: string[] = []
  let evidence = ''
  let caseId = ''

  beforeAll(async () => {
    clips = clipFolder()
    const folder = join(clips.path, 'from the desk')
    mkdirSync(folder)
    // Eight seconds that move, the last three of them frozen.
    clips.make(
      'from the desk/broadcast.mp4',
      ...'-f lavfi -i testsrc2=size=320x240:rate=25 -f lavfi -i sine=frequency=330:sample_rate=48000'.split(' '),
      ...'-vf trim=end=5,tpad=stop_mode=clone:stop_duration=3 -t 8'.split(' '),
      ...'-c:v libx264 -pix_fmt yuv420p -c:a aac'.split(' '),
    )
    writeFileSync(join(folder, 'letter.mp4'), 'Dear editor, this is not a video.')
    host = await startHost(join(root, 'config'))
    browser = await launch(chromium!)
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
    page.on('pageerror', (error) => wrong.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(`${message.text()} ${message.location().url}`)
    })
    await page.goto(host.address)
  })

  afterAll(async () => {
    await browser?.close()
    await host?.stop()
    clips?.remove()
    rmSync(root, { recursive: true, force: true })
  })

  const heading = () => page.getByRole('heading', { level: 1 })
  const goTo = (path: string) => page.goto(`${new URL(host.address).origin}/#${path}`)
  /** What the video element itself says. */
  const player = () =>
    page.getByLabel('Video under examination').evaluate((element) => {
      const { readyState, currentTime } = element as unknown as { readyState: number; currentTime: number }
      return { readyState, currentTime }
    })

  /** Each screen, its address, and what stands there once it is complete. */
  const screens = (): [name: string, path: string, complete: string][] => [
    ['Start', '/', 'This machine'],
    ['Intake', '/intake', 'broadcast.mp4'],
    ['Triage board', '/triage', 'broadcast.mp4'],
    ['Bench', `/evidence/${evidence}`, 'Known to mislead here'],
    ['File the finding', `/evidence/${evidence}/file`, 'Your judgement'],
    ['Cases', '/cases', 'The interrupted broadcast'],
    ['Case', `/cases/${caseId}`, 'The interrupted broadcast'],
    ['Report', `/cases/${caseId}/report`, 'The interrupted broadcast'],
    ['Not found', '/nowhere', 'There is nothing at this address'],
  ]

  test('a first visit teaches what to do and makes a library', async () => {
    await page.getByText('Drop the videos in').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('Election desk')
    await page.getByRole('textbox', { name: 'Folder', exact: true }).fill(join(root, 'library'))
    await page.getByRole('button', { name: 'Create library' }).click()
    await page.getByText('Drop videos or folders here').waitFor()
    expect(await heading().textContent()).toBe('Intake')
  })

  test('a dropped folder is taken in, and what is no video is refused with a way on', async () => {
    await page.getByRole('textbox', { name: 'Source' }).fill('@witness')
    await dropFiles(page, [join(clips.path, 'from the desk')])
    const files = page.getByRole('table', { name: 'Files added' })
    const refused = files.getByRole('row').filter({ hasText: 'letter.mp4' })
    await refused.getByText('intake.not-video').waitFor()
    const taken = files.getByRole('row').filter({ hasText: 'broadcast.mp4' })
    const hash = createHash('sha256')
      .update(readFileSync(join(clips.path, 'from the desk/broadcast.mp4')))
      .digest('hex')
    await taken.getByText(hash.slice(0, 12)).waitFor()
    await taken.getByText('In the library, triage done').waitFor({ timeout: 150_000 })
  })

  test('the board lists it with its signals, and the keyboard leads to the Bench', async () => {
    await page.keyboard.press('Alt+3')
    const row = page.getByRole('grid', { name: 'Triage board' }).getByRole('row').filter({ hasText: 'broadcast.mp4' })
    await row.getByRole('img', { name: /^Provenance/ }).waitFor()
    await row.getByText('@witness').waitFor()
    // The library is compared with when the triage has ended: that lane comes last, and by itself.
    const waiting = row.getByRole('img', { name: 'not run yet' })
    await expect.poll(() => waiting.count(), { timeout: 30_000 }).toBe(0)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('slider', { name: 'Playhead' }).waitFor()
    evidence = /evidence\/([0-9a-f-]{36})/.exec(page.url())![1]!
    expect(await heading().textContent()).toContain('broadcast.mp4')
  })

  test('the Bench steps by exactly one frame', async () => {
    await expect.poll(async () => (await player()).readyState, { timeout: 30_000 }).toBeGreaterThan(1)
    await page.keyboard.press('Home')
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight')
    await page.getByText('frame 5', { exact: true }).waitFor()
    await expect.poll(async () => Math.floor((await player()).currentTime * 25 + 0.001)).toBe(5)
    await page.keyboard.press('Shift+ArrowRight')
    await page.getByText('frame 15', { exact: true }).waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.getByText('frame 14', { exact: true }).waitFor()
  })

  test('a click on a marked segment goes to its beginning', async () => {
    const segment = page
      .getByRole('region', { name: 'Time axis' })
      .getByRole('button', { name: /frozen/i })
      .first()
    await segment.click()
    const start = Number(/(\d+):([\d.]+) to/.exec((await segment.getAttribute('aria-label'))!)![2])
    expect(start).toBeGreaterThan(4)
    await expect.poll(async () => (await player()).currentTime).toBeCloseTo(start, 1)
  })

  test('provenance shows what the source claims beside what the file says', async () => {
    await page.getByRole('tab', { name: 'Provenance' }).click()
    const panel = page.getByRole('tabpanel')
    await panel.getByText('@witness').waitFor()
    await panel.getByText('320 × 240').waitFor()
    await panel.getByText('Custody log').waitFor()
  })

  test('the finding is filed into a new case with a judgement', async () => {
    await page.keyboard.press('f')
    await page.getByText('Your judgement').waitFor()
    await page.getByRole('radio', { name: /^very likely/i }).check({ force: true })
    await page.getByRole('textbox', { name: 'Reasoning' }).fill('The picture stands still from the fifth second on.')
    await page.getByRole('textbox', { name: 'Title of the new case' }).fill('The interrupted broadcast')
    await page.getByRole('button', { name: 'File', exact: true }).click()
    await expect.poll(() => heading().textContent(), { timeout: 20_000 }).toContain('The interrupted broadcast')
    caseId = /cases\/([0-9a-f-]{36})/.exec(page.url())![1]!
  })

  test('the exported PDF holds the case, the hash, the judgement and the handling mark', async () => {
    await goTo(`/cases/${caseId}/report`)
    await page.getByRole('button', { name: 'Export PDF' }).click()
    const link = page.getByRole('link', { name: 'PDF' })
    await link.waitFor({ timeout: 60_000 })
    const answer = await page.request.get(new URL((await link.getAttribute('href'))!, page.url()).href)
    const text = pdfText(await answer.body())
    expect(text).toContain('Theinterruptedbroadcast')
    expect(text).toContain('Thepicturestandsstillfromthefifthsecondon.')
    expect(text).toContain('TLP:AMBER')
    const hash = createHash('sha256')
      .update(readFileSync(join(clips.path, 'from the desk/broadcast.mp4')))
      .digest('hex')
    expect(text).toContain(hash)
  })

  test('a name and a region are withheld, the preview follows, and the choice is kept as a template', async () => {
    await page.getByRole('button', { name: 'Choose what to withhold' }).click()
    await page.getByLabel('Or any name').fill('The interrupted broadcast')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('application', { name: /^Regions on/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Region 1', { exact: true }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Done' }).click()
    const preview = () => page.getByTitle('Preview of the report').getAttribute('srcdoc')
    await expect.poll(preview, { timeout: 60_000 }).toContain('1 place in 1 picture')
    expect(await preview()).toContain('<h1 dir="auto">[Name 1]</h1>')
    // A part of the name that the report still says, in the name of the file.
    await page.getByRole('button', { name: 'Cover broadcast too' }).click()
    await expect.poll(preview, { timeout: 60_000 }).not.toContain('broadcast.mp4')
    await page.getByRole('button', { name: 'Move Method appendix up' }).click()
    await page.getByRole('button', { name: 'Save as' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Desk B')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Rename' }).waitFor()
    const language = page.getByRole('combobox', { name: 'Language of the report' })
    await language.click()
    await page.getByRole('option', { name: /^German/ }).click()
    // What was chosen is of this visit: the next one begins with nothing withheld, but in the language of the last one.
    await page.getByRole('link', { name: 'Cases', exact: true }).click()
    await expect.poll(() => heading().textContent(), { timeout: 20_000 }).toBe('Cases')
    await goTo(`/cases/${caseId}/report`)
    await page.getByText('Nothing is withheld.').waitFor()
    expect(await language.inputValue()).toBe('German (Deutsch)')
    await expect.poll(preview, { timeout: 60_000 }).toContain('<html lang="de" dir="ltr">')
    expect(await preview()).toContain('<h2>Zusammenfassung</h2>')
    expect(await preview()).toContain('The picture stands still from the fifth second on.')
    await language.click()
    await page.getByRole('option', { name: /^English/ }).click()
  })

  test('the case is sealed into a bundle, and the bundle checked, on the same screen', async () => {
    const words = 'correct horse battery'
    await page.getByLabel('Passphrase for the new signing key').fill(words)
    await page.getByLabel('The same passphrase once more').fill(words)
    await page.getByRole('radio', { name: /^(The original itself|All \d+ originals)/ }).check()
    await page.getByRole('checkbox', { name: 'PDF' }).uncheck()
    await page.getByRole('button', { name: 'Seal the case' }).click()
    const link = page.getByRole('link', { name: /^Save the bundle/ })
    await link.waitFor({ timeout: 120_000 })
    const answer = await page.request.get(new URL((await link.getAttribute('href'))!, page.url()).href)
    const bundle = Buffer.from(await answer.body())
    const check = async (bytes: Buffer): Promise<void> => {
      const chooser = page.locator('input[type="file"][accept*="zip"]')
      await chooser.setInputFiles({ name: 'bundle.zip', mimeType: 'application/zip', buffer: bytes })
    }
    await check(bundle)
    await page.getByText('The bundle is whole').waitFor({ timeout: 60_000 })
    bundle[Math.floor(bundle.length / 2)]! ^= 1
    await check(bundle)
    await page.getByText('The bundle is not as it was sealed').waitFor({ timeout: 60_000 })
    expect(await accessibilityProblems(page)).toEqual([])
  })

  describe('for everybody', () => {
    for (const scheme of ['light', 'dark'] as const)
      test(`every screen meets WCAG 2.2 AA in the ${scheme} theme`, async () => {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
        const problems: string[] = []
        for (const [name, path, complete] of screens()) {
          await goTo(path)
          await page.getByText(complete).first().waitFor()
          problems.push(...(await accessibilityProblems(page)).map((problem) => `${name}: ${problem}`))
        }
        expect(problems).toEqual([])
      })

    test('nothing went wrong on the page meanwhile', () => {
      expect(wrong).toEqual([])
    })
  })
})
