/**
 * `npm run bench:graph`: is the graph of a large case fluid? Makes a library with one case of `--nodes N` (default 5,000)
 * records and `--edges N` (default 15,000) links drawn at random from a fixed seed, most of them within groups, starts the
 * workbench as `npm start` does, opens the graph in Chromium (1440 × 900, no graphics card) and works with it. Prints
 * median and 95th percentile of the time between two frames, in milliseconds, and what the page computed for each frame on
 * average; the first holds what other programs on the machine took. Nothing of it is kept.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type CDPSession, type Page } from 'playwright-core'
import { createCase } from '../main/cases/cases.ts'
import { CaseFields } from '../main/contract/cases.ts'
import { Sourcing } from '../main/contract/common.ts'
import { randomNumbers } from '../main/signals/random.ts'
import { createLibrary } from '../main/store/library.ts'

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '5000' }, edges: { type: 'string', default: '15000' } },
})
const NODES = Number(values.nodes)
const EDGES = Number(values.edges)
const GROUP = 50
const KINDS = ['account', 'account', 'account', 'identity', 'incident', 'channel', 'actor', 'narrative']

const root = mkdtempSync(join(tmpdir(), 'assay-bench-graph-'))
const uuid = (n: number, of: string): string => `${of}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`

function fill(folder: string): string {
  const lib = createLibrary(folder, 'Bench')
  const { id: caseId } = createCase(lib, CaseFields.parse({ title: 'Bench' }), 'assay')
  const random = randomNumbers(20240209)
  const at = '2024-02-09T12:00:00.000Z'
  const sourcing = JSON.stringify(Sourcing.parse({ reliability: 'B', credibility: '2' }))
  const { db } = lib
  db.exec('BEGIN')
  const entity = db.prepare(
    'INSERT INTO entity (id, kind, name, sourcing, tlp, revision, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 1, ?, ?)',
  )
  const member = db.prepare('INSERT INTO case_entity (case_id, entity_id, added_at) VALUES (?, ?, ?)')
  const kindAt = (n: number): string => KINDS[n % KINDS.length]!
  for (let n = 0; n < NODES; n++) {
    entity.run(uuid(n, 'e'), kindAt(n), `${kindAt(n)} number ${n}`, sourcing, 'AMBER', at, at)
    member.run(caseId, uuid(n, 'e'), at)
  }
  const relation = db.prepare(
    `INSERT INTO relation (id, type, from_kind, from_id, to_kind, to_id, sourcing, disputed, note, created_at)
     VALUES (?, 'related-to', ?, ?, ?, ?, ?, ?, '', ?)`,
  )
  for (let n = 0, made = 0; made < EDGES; n++) {
    const from = Math.floor(random() * NODES)
    const near = Math.floor(from / GROUP) * GROUP + Math.floor(random() * GROUP)
    const to = random() < 0.85 ? Math.min(NODES - 1, near) : Math.floor(random() * NODES)
    if (from === to) continue
    relation.run(uuid(n, 'f'), kindAt(from), uuid(from, 'e'), kindAt(to), uuid(to, 'e'), sourcing, made % 50 === 0 ? 1 : 0, at) // prettier-ignore
    made++
  }
  db.exec('COMMIT')
  lib.close()
  return caseId
}

function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const named = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) => folders.map((folder) => join(folder, name))) // prettier-ignore
  return process.env['CHROMIUM_BIN'] ?? named.find(existsSync)
}

function startHost(folder: string): Promise<{ address: string; stop(): Promise<void> }> {
  const script = join(import.meta.dirname, 'start.mjs')
  const child = spawn(process.execPath, [script, '--browser', '--no-open', '--library', folder], {
    env: { ...process.env, ASSAY_CONFIG_DIR: join(root, 'config') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  return new Promise((resolve, reject) => {
    let log = ''
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\S+/.exec(log)
      if (found) resolve({ address: found[0], stop })
    })
    child.once('exit', (code) => reject(new Error(`the host ended with code ${code}: ${log}`)))
  })
}

/** Begins to note the time of every frame. */
const WATCH = `(() => { const s = window.__frames = { at: [], on: true }
  const tick = (now) => { if (!s.on) return; s.at.push(now); requestAnimationFrame(tick) }; requestAnimationFrame(tick) })()`

async function measure(page: Page, session: CDPSession, name: string, work: () => Promise<void>): Promise<void> {
  const computed = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find((one) => one.name === 'TaskDuration')!.value * 1000
  }
  await page.waitForTimeout(500)
  const before = await computed()
  await page.evaluate(WATCH)
  await work()
  const at = await page.evaluate<number[]>('window.__frames.on = false, window.__frames.at')
  const spent = (await computed()) - before
  const gaps = at.slice(1).map((now, i) => now - at[i]!).sort((a, b) => a - b) // prettier-ignore
  const part = (share: number): string => gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))]!.toFixed(1)
  console.log(
    `${name.padEnd(34)} median ${part(0.5).padStart(6)}   95 % ${part(0.95).padStart(6)}   worst ${part(1).padStart(6)}   computing ${(spent / gaps.length).toFixed(1).padStart(5)} a frame   n = ${gaps.length}`,
  )
}

/** Real input, a step for about every frame. */
async function sweep(page: Page, steps: number, at: (share: number) => [number, number]): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    const [x, y] = at(step / steps)
    await page.mouse.move(x, y)
    await page.waitForTimeout(10)
  }
}

const executablePath = findChromium()
if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or set CHROMIUM_BIN')
let stop = async (): Promise<void> => {}
try {
  const library = join(root, 'library')
  const caseId = fill(library)
  const host = await startHost(library)
  stop = host.stop
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args: ['--disable-gpu', ...sandbox] })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    await page.goto(host.address)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    const opened = performance.now()
    await page.evaluate(`location.hash = '#/cases/${caseId}/graph'`)
    const canvas = page.getByRole('application', { name: /^Graph of/ })
    await canvas.waitFor({ timeout: 60_000 })
    console.log(`${NODES} records, ${EDGES} links; drawn ${((performance.now() - opened) / 1000).toFixed(1)} s after asking for it; ms`) // prettier-ignore
    const progress = page.getByRole('progressbar')
    await measure(page, session, 'while the layout runs', () => page.waitForTimeout(8000))
    await progress.waitFor({ state: 'detached', timeout: 300_000 })
    const box = (await canvas.boundingBox())!
    const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2]
    const round = (share: number): [number, number] => [cx + 150 * Math.sin(7 * share), cy + 120 * Math.cos(7 * share)]
    await measure(page, session, 'nothing happens', () => page.waitForTimeout(3000))
    await measure(page, session, 'the pointer moves over it', () => sweep(page, 150, round))
    await page.mouse.move(box.x + 8, box.y + 8)
    await page.mouse.down()
    await measure(page, session, 'dragging all of it', () =>
      sweep(page, 150, (share) => [box.x + 8 + 200 * Math.sin(6 * share), box.y + 8 + 100 * (1 - Math.cos(6 * share))]),
    )
    await page.mouse.up()
    await page.keyboard.press('0')
    await page.mouse.move(cx, cy)
    await measure(page, session, 'zooming in and out', async () => {
      for (let step = 0; step < 120; step++) {
        await page.mouse.wheel(0, step % 60 < 30 ? -60 : 60)
        await page.waitForTimeout(12)
      }
    })
    await canvas.focus()
    await page.keyboard.press('0')
    // Some node near the middle: the first that a click selects.
    const help = page.locator(
      '#' + (await canvas.getAttribute('aria-describedby'))!.replaceAll(/[^\w-]/g, String.raw`\$&`),
    )
    const spots = Array.from({ length: 400 }, (_, n): [number, number] => [cx + 3 * n ** 0.5 * Math.cos(2.4 * n), cy + 3 * n ** 0.5 * Math.sin(2.4 * n)]) // prettier-ignore
    const unselected = await page.keyboard.press('Escape').then(() => help.textContent())
    for (const [x, y] of spots) {
      await page.mouse.click(x, y)
      if ((await help.textContent()) === unselected) continue
      await page.mouse.down()
      await measure(page, session, 'dragging one record', () =>
        sweep(page, 150, (share) => [x + 120 * Math.sin(6 * share), y + 90 * (1 - Math.cos(6 * share))]),
      )
      await page.mouse.up()
      break
    }
  } finally {
    await browser.close()
  }
} finally {
  await stop()
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
