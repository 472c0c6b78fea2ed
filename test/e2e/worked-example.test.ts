/**
 * The worked example entered by hand, by somebody who never saw the window: one of every kind of fact, each with its
 * source, without a workaround. Then the same facts are looked for where a reader would look.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clipFolder, type ClipFolder } from '../fixtures/clip.ts'
import { accessibilityProblems, dropFiles, findChromium, launch, NO_CHROMIUM } from './browser.ts'
import { choose, fill, front, press } from './form.ts'
import { startHost, type StartedHost } from './host.ts'

const chromium = findChromium()
if (!chromium) console.log(`skipped: ${NO_CHROMIUM}`)

const NEWS = 'News report, February 2024'
const MICROSOFT = 'Iran surges cyber-enabled influence operations'

describe.skipIf(!chromium)('the worked example by hand', () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-example-'))
  let clips: ClipFolder
  let host: StartedHost
  let browser: Browser
  let page: Page
  let caseUrl = ''
  const wrong: string[] = []

  beforeAll(async () => {
    clips = clipFolder()
    mkdirSync(join(clips.path, 'video'))
    clips.make(
      'video/hijack.mp4',
      ...'-f lavfi -i testsrc2=size=320x240:rate=25 -t 3 -c:v libx264 -pix_fmt yuv420p'.split(' '),
    )
    host = await startHost(join(root, 'config'))
    browser = await launch(chromium!)
    page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    })
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

  const part = (name: string) => page.getByRole('navigation', { name: 'Parts of the case' }).getByRole('link', { name })
  const goTo = (name: string) => page.goto(name ? `${caseUrl}/${name}` : caseUrl)
  const noDialogue = () => expect.poll(() => page.getByRole('dialog').count(), { timeout: 15_000 }).toBe(0)

  /** Opens the form of a new record, fills it by `enter`, says where it comes from, and saves it. */
  async function record(
    kind: string,
    name: string,
    source: string | null,
    enter: () => Promise<void> = async () => {},
  ) {
    await page.getByRole('button', { name: 'Add a record' }).click()
    await page.getByRole('menuitem', { name: kind, exact: true }).click()
    await page.getByRole('dialog').waitFor()
    if (kind === 'Technique') await choose(page, 'Find in DISARM', name, name)
    else await fill(page, 'Name', name)
    await enter()
    if (source) await choose(page, 'Source', source, source)
    await press(page, 'Create record')
    await noDialogue()
    await page
      .getByRole('link', { name: kind === 'Technique' ? /AI-Generated/ : name })
      .first()
      .waitFor()
  }

  async function link(from: string, verb: string, to: string, enter: () => Promise<void> = async () => {}) {
    await page.getByRole('button', { name: 'Add a link' }).click()
    await choose(page, 'Who or what', from, from.replace(/ \(.*/, ''))
    await choose(page, 'does what', verb, verb)
    await choose(page, 'to whom or what', to, to)
    await enter()
    await press(page, 'Link')
    await noDialogue()
  }

  test('a library, a video and a case', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('Election desk')
    await page.getByRole('textbox', { name: 'Folder', exact: true }).fill(join(root, 'library'))
    await page.getByRole('button', { name: 'Create library' }).click()
    await page.getByText('Drop videos or folders here').waitFor()
    await dropFiles(page, [join(clips.path, 'video')])
    await page.getByText('hijack.mp4').first().waitFor()
    await page.keyboard.press('Alt+4')
    await page.getByRole('button', { name: 'New case' }).first().click()
    await fill(page, 'Title', 'Iran-linked influence')
    await fill(page, 'Question', 'Who interrupted the streams?')
    await press(page, 'Create case')
    await page.getByText('The case in five questions').waitFor()
    caseUrl = page.url()
    await page.getByRole('button', { name: 'Write: Actor' }).click()
    await page.getByRole('textbox', { name: 'Actor' }).fill('Actors that Microsoft tracks as Iran-affiliated.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Actors that Microsoft tracks as Iran-affiliated.').waitFor()
  })

  test('sources, with their grades and definitions in place', async () => {
    await part('Records').click()
    await record('Source', NEWS, null, async () => {
      await fill(page, 'Publisher', 'A newspaper')
      await choose(page, 'Reliability of the source', 'C · fairly reliable')
      await (await front(page)).getByText('Fairly reliable: some doubts; it has been right before.').waitFor()
    })
    await record('Source', MICROSOFT, null, async () => {
      await fill(page, 'Publisher', 'Microsoft')
      await choose(page, 'Reliability of the source', 'B · usually reliable')
    })
  })

  test('who, and the removal of the accounts', async () => {
    await record('Identity', 'Meta', NEWS)
    await record('Identity', 'Tehran', NEWS)
    await record('Account', 'Instagram account of Ali Khamenei', NEWS, async () => {
      await fill(page, 'Platform', 'Instagram')
      await choose(page, 'State', 'removed')
      await fill(page, 'Follower counts', '5000000')
      await fill(page, 'On', '2024-02-08')
    })
    await record('Enforcement', 'Removal of the accounts', NEWS, async () => {
      await choose(page, 'Who acted', 'Meta', 'Meta')
      await choose(page, 'Action', 'account removal')
      await fill(page, 'Policy', 'Dangerous Organizations & Individuals')
      await choose(page, 'Permanence', 'permanent')
      await fill(page, 'Date', '2024-02-08')
    })
    await link('Removal of the accounts', 'was enforced against', 'Instagram account of Ali Khamenei')
  })

  test('the designation as it stood on the day', async () => {
    await record('Identity', 'Hamas', NEWS)
    await record('Designation', 'FTO listing of Hamas', NEWS, async () => {
      await fill(page, 'List', 'Foreign Terrorist Organization')
      await fill(page, 'Authority', 'U.S. Department of State')
      await fill(page, 'In force from', '1997-10-08')
    })
    await link('Hamas (identity)', 'is designated by', 'FTO listing of Hamas')
    await page.getByRole('link', { name: 'Hamas', exact: true }).first().click()
    await page.getByText('Was it listed on this date?').waitFor()
    await page.getByRole('textbox', { name: 'Date' }).fill('2024-02-09')
    await page.getByText(/On 2024-02-09, Hamas was listed: Foreign Terrorist Organization/).waitFor()
    await page.getByRole('textbox', { name: 'Date' }).fill('1995')
    await page.getByText('Not in force then.').waitFor()
  })

  test('the operation, the incident with its countries, and how it was done', async () => {
    await goTo('records')
    await record('Actor', 'Cotton Sandstorm', MICROSOFT, async () => {
      await fill(page, 'Other names', 'NEPTUNIUM')
      await fill(page, 'Used by', 'Microsoft')
    })
    await record('Operation', 'For Humanity', MICROSOFT)
    await record('Incident', 'Streams interrupted', MICROSOFT, async () => {
      await fill(page, 'Start', '2023-12')
      await fill(page, 'Countries', 'United Arab Emirates')
      await press(page, 'Add another: Countries')
      await (await front(page)).getByLabel('Countries', { exact: true }).nth(1).fill('Canada')
    })
    await record('Technique', 'T0087.001', MICROSOFT)
    await record('Location', 'United Arab Emirates', MICROSOFT, () => fill(page, 'Country', 'United Arab Emirates'))
    await link('Streams interrupted', 'is part of', 'For Humanity')
    await link('Streams interrupted', 'uses', 'Develop AI-Generated Videos')
    await link('Streams interrupted', 'is located at', 'United Arab Emirates')
    await link('For Humanity', 'is attributed to', 'Cotton Sandstorm', async () => {
      await page.getByText('Likelihood, confidence, when it was seen, evidence').click()
      await choose(page, 'Likelihood', 'likely')
      await choose(page, 'Confidence', 'moderate')
    })
  })

  test('narrative, claim against denial, metric, forecast, hypotheses', async () => {
    await record('Narrative', 'The attacks are justified', MICROSOFT)
    await record('Claim', 'Tehran denies involvement', NEWS, async () => {
      await choose(page, 'Stance', 'denial')
      await choose(page, 'Speaker', 'Tehran', 'Tehran')
      await fill(page, 'Date', '2023-10')
    })
    await record('Claim', 'Iran helped to plan the attack', NEWS, () => choose(page, 'Stance', 'statement'))
    await link('Tehran denies involvement', 'denies', 'Iran helped to plan the attack')
    await record('Metric', 'Iranian influence operations', MICROSOFT, async () => {
      await fill(page, 'Unit', 'operations')
      await choose(page, 'Window', 'month')
      await fill(page, 'Values', '11')
      await fill(page, 'On', '2023-10')
      await fill(page, 'Baseline', 'sporadic before')
    })
    await record('Forecast', 'The election of November', MICROSOFT, async () => {
      await fill(page, 'Event', 'An operation against the election is attributed in public.')
      await fill(page, 'Horizon', '2024-11-05')
      await (await front(page)).getByLabel('Likelihood', { exact: true }).first().click()
      await page.getByRole('option', { name: 'likely', exact: true }).click()
    })
    await record('Hypothesis', 'Cotton Sandstorm did it', null)
    await record('Hypothesis', 'Somebody else used the name', null)
  })

  test('a second source is kept beside the first', async () => {
    await page.getByRole('link', { name: 'Streams interrupted', exact: true }).first().click()
    await page.getByRole('button', { name: 'Another source says: Start' }).click()
    await fill(page, 'Start', '2023-11')
    await choose(page, 'Source', NEWS, NEWS)
    await press(page, 'Add value')
    await noDialogue()
    const values = page.locator('dl > div').filter({ hasText: 'Start' })
    await values.getByText('2023-12', { exact: true }).waitFor()
    await values.getByText('2023-11', { exact: true }).waitFor()
    await values.getByText('Sources differ').waitFor()
  })

  test('a value rests on a place in the video, and a click opens exactly that', async () => {
    await page.getByRole('button', { name: 'Add a value' }).click()
    await choose(page, 'What is said', 'Effect')
    await fill(page, 'Effect', 'Viewers saw a fake newscast.')
    await page.getByText('Likelihood, confidence, when it was seen, evidence').click()
    await press(page, 'A place in a video')
    await choose(page, 'Video', 'hijack.mp4')
    await fill(page, 'From', '0:01.20')
    await fill(page, 'To', '0:02')
    await press(page, 'Add value')
    await noDialogue()
    await page.getByRole('link', { name: /hijack\.mp4/ }).click()
    await page.getByRole('slider', { name: 'Playhead' }).waitFor()
    const time = () =>
      page.locator('video').evaluate((element) => (element as unknown as { currentTime: number }).currentTime)
    await expect.poll(time, { timeout: 30_000 }).toBeGreaterThanOrEqual(1.15)
    await page.getByRole('tab', { name: /Judgements/ }).click()
    await page.getByRole('link', { name: 'Streams interrupted' }).waitFor()
  })

  test('what was done is taken back with one click', async () => {
    await goTo('records')
    await page.getByRole('link', { name: 'The attacks are justified' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Deleted The attacks are justified.').waitFor()
    // Notices of earlier steps may still stand beside it, each with its own button.
    const notice = page.getByRole('alert').filter({ hasText: 'Deleted The attacks are justified.' })
    await notice.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByText('Taken back.').first().waitFor()
    await goTo('records')
    await page.getByRole('link', { name: 'The attacks are justified' }).waitFor()
  })

  test('two records that are one are merged after a look at both, and split again', async () => {
    await record('Identity', 'Meta Platforms', NEWS)
    await page.getByRole('link', { name: 'Meta', exact: true }).first().click()
    await page.getByRole('button', { name: 'Merge' }).click()
    await choose(page, 'Record that is the same', 'Meta Platforms', 'Meta Platforms')
    await (await front(page)).getByRole('table', { name: 'Both records side by side' }).waitFor()
    await press(page, 'Merge')
    await noDialogue()
    await page.getByRole('button', { name: 'Split off Meta Platforms' }).click()
    await page.getByText('Split off Meta Platforms.').waitFor()
    await goTo('records')
    await page.getByRole('link', { name: 'Meta Platforms' }).first().waitFor()
  })

  test('the matrix of hypotheses ranks them and says what it hangs on', async () => {
    await goTo('hypotheses')
    await choose(page, 'Weigh another item', 'Streams interrupted', 'Streams')
    await choose(page, 'What of it', 'All of it')
    const rate = (hypothesis: string, rating: string) =>
      page.getByRole('combobox', { name: `Streams interrupted against ${hypothesis}` }).selectOption(rating)
    await rate('Cotton Sandstorm did it', 'C')
    await page
      .getByRole('cell', { name: 'Cotton Sandstorm did it' })
      .or(page.locator('td[data-rating="C"]'))
      .first()
      .waitFor()
    await rate('Somebody else used the name', 'II')
    await page.locator('td[data-rating="II"]').waitFor()
    await page.getByText('rank 1').waitFor()
    await page.getByText('What the ranking hangs on').waitFor()
    await choose(page, 'Weigh another item', 'Streams interrupted', 'Streams')
    await choose(page, 'What of it', 'Effect: Viewers saw a fake newscast.')
    await page.getByRole('link', { name: /Effect: Viewers saw/ }).click()
    await page.locator('[data-assertion][data-cited]').getByText('Viewers saw a fake newscast.').waitFor()
    await page.goBack()
    await page.getByRole('textbox', { name: 'What is open' }).fill('Which services were hit?')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('Which services were hit?').waitFor()
    await page.getByText('likely (55–80 %)').waitFor()
    await page.getByText('Where sources differ').waitFor()
  })

  test('every drawing shows what was entered', async () => {
    await goTo('graph')
    await page.getByRole('application', { name: /^Graph of \d+ records/ }).waitFor()
    await page.getByText('Sentences').click()
    await page.getByRole('table', { name: 'Links as sentences' }).getByText('was enforced against').waitFor()
    await goTo('timeline')
    await page.getByRole('application', { name: /^Timeline of \d+ entries/ }).waitFor()
    await page.getByText('List', { exact: true }).click()
    await page.getByRole('table', { name: 'List' }).getByText('1997-10-08').waitFor()
    await goTo('trends')
    const chart = page.getByRole('img', { name: /Iranian influence operations/ })
    await expect
      .poll(() => chart.locator('rect').allTextContents(), { timeout: 15_000 })
      .toEqual([expect.stringMatching(/2023-10.*11/)])
    await goTo('map')
    await page.locator('path[data-country="AE"][data-known]').waitFor({ state: 'attached', timeout: 30_000 })
    await page.getByRole('row', { name: /Canada/ }).waitFor()
    await goTo('techniques')
    await page.getByRole('button', { name: /T0087\.001/ }).click()
    await page.getByRole('link', { name: 'Streams interrupted' }).waitFor()
  })

  test('a list of designations is looked at, read otherwise, imported and taken back', async () => {
    await goTo('exchange')
    const give = (name: string, text: string) =>
      page.getByTestId('exchange-file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
    await give('torn.json', '{"type":"bundle","objects":[{}')
    await page.getByText('exchange.unreadable').waitFor()
    // The browser notes the refusal; nothing else may have gone wrong until then.
    expect(wrong.splice(0)).toEqual([expect.stringMatching(/422 .*exchange\/preview$/)])
    await give(
      'list.csv',
      'Name,Program,Date Listed,Remarks\nA new group,A new list,2024-01-05,seen\nOther,A new list,3/4/2024,\n',
    )
    const count = (kind: string) => page.getByRole('row', { name: new RegExp(`^${kind} 2 0 0$`) })
    await count('Designations').waitFor()
    await page.getByText('(“3/4/2024”)').waitFor()
    await page.getByRole('columnheader').getByRole('combobox').nth(3).click()
    await page.getByRole('option', { name: 'Legal basis' }).click()
    await page.getByText('Column “Remarks”: not read').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('7 added, 0 brought up to date').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('The import was taken back.').waitFor()
    await page.getByRole('button', { name: 'Import another file' }).click()
  })

  test('a case goes out as a bundle, and the same bundle is all here already', async () => {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const link = page.getByRole('link', { name: /^Save records--/ })
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    const out = join(root, 'case.json')
    await download.saveAs(out)
    expect(readFileSync(out, 'utf8')).toContain('"Cotton Sandstorm"')
    await page.getByTestId('exchange-file').setInputFiles(out)
    await page.getByText('Everything in this file is here already.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Put aside' }).click()
  })

  test('anything is found from anywhere with Ctrl+K', async () => {
    await page.keyboard.press('Control+k')
    const box = page.getByPlaceholder('Search everything, or go to …')
    await box.fill('neptun')
    await page
      .getByRole('button', { name: /Cotton Sandstorm/ })
      .first()
      .click()
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toContain('Cotton Sandstorm')
  })

  describe('for everybody', () => {
    for (const scheme of ['light', 'dark'] as const)
      test(`every part of a case meets WCAG 2.2 AA in the ${scheme} theme`, async () => {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
        const problems: string[] = []
        const check = async (name: string): Promise<void> => {
          problems.push(...(await accessibilityProblems(page)).map((problem) => `${name}: ${problem}`))
        }
        const parts: [name: string, complete: string][] = [
          ['', 'The case in five questions'],
          ['records', 'Operations'],
          ['graph', 'Kinds'],
          ['timeline', 'A bar is as wide as its date is uncertain'],
          ['trends', 'As recorded here'],
          ['map', 'Countries'],
          ['techniques', 'DISARM'],
          ['hypotheses', 'Open questions and tasks'],
          ['activity', 'History'],
        ]
        for (const [name, complete] of parts) {
          await goTo(name)
          await page.getByText(complete).first().waitFor()
          await check(name)
        }
        await goTo('records')
        await page.getByRole('link', { name: 'Streams interrupted' }).first().click()
        await page.getByText('What is said about it').waitFor()
        await check('record')
        await page.getByRole('button', { name: 'Add a link' }).click()
        await page.getByRole('dialog').waitFor()
        await check('link')
        await page.keyboard.press('Escape')
        await page.goto(`${new URL(host.address).origin}/#/search`)
        await page.getByRole('textbox', { name: 'Search the library' }).fill('stream')
        await page
          .getByRole('link', { name: /Streams interrupted/ })
          .first()
          .waitFor()
        await check('search')
        expect(problems).toEqual([])
      })

    test('nothing went wrong on the page meanwhile', () => {
      expect(wrong).toEqual([])
    })
  })
})
