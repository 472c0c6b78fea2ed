/** Chromium for the browser tests, and what a person does with it that needs more than a click. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'

/** `CHROMIUM_BIN`, or a Chromium on the PATH; null where there is none. */
export function findChromium(): string | null {
  if (process.env['CHROMIUM_BIN']) return process.env['CHROMIUM_BIN']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  for (const name of ['chromium', 'chromium-browser', 'google-chrome'])
    for (const folder of folders) if (existsSync(join(folder, name))) return join(folder, name)
  return null
}

export const NO_CHROMIUM = 'no Chromium: apt-get install chromium, or set CHROMIUM_BIN'

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      // Root has no sandbox in Chromium; the page under test is our own.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Drops files and folders onto the middle of the window, as the system's file manager does. */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { width = 800, height = 600 } = page.viewportSize() ?? {}
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', {
      type,
      x: width / 2,
      y: height / 2,
      data: { items: [], files: [...files], dragOperationsMask: 1 },
    })
  await session.detach()
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResults {
  violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[]
}

/** What axe finds against WCAG 2.2 A and AA on the page as it stands, one line per rule and element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  // A sandboxed preview cannot be entered from outside.
  const options = { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.split('\n').at(1)?.trim()}`,
    ),
  )
}
