/** `npm start`: the workbench in Electron where that can run, otherwise in the local browser. Plain JavaScript for Node 20. */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './built.mjs'
import { forward, ROOT, suitableNode } from './node24.mjs'
import { electronBinary, hasDisplay, onPath, setup } from './setup.mjs'

const HELP = `npm start -- [options]

Opens the workbench: in its own window (Electron) where that can run, otherwise in the local browser.

  --library DIR  open this library at once
  --browser      use the browser even where Electron could run
  --port N       port of the browser host (default: any free one)
  --no-open      print the address, but open no browser
  --help         this text`

function options() {
  try {
    return parseArgs({
      options: {
        library: { type: 'string' },
        port: { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        browser: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(2)
  }
}

/** Null where a window can be opened; else why not, for the user. */
function noWindow() {
  if (given.browser || given.port !== undefined) return 'as asked'
  if (!hasDisplay()) return 'there is no display here'
  if (process.platform === 'linux' && process.getuid?.() === 0)
    return 'Chromium keeps no sandbox for root, and Assay does not open untrusted video without one'
  return null
}

function openBrowser(url) {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url]
  if (process.platform === 'linux' && (!hasDisplay() || !onPath('xdg-open'))) return
  // The address was printed as well: a browser that does not open is no failure.
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

const given = options()
if (given.help) {
  console.log(HELP)
  process.exit(0)
}
const library = given.library === undefined ? [] : ['--library', resolve(given.library)]
let reason = noWindow()
await setup({ electron: reason === null })
if (reason === null && !electronBinary()) reason = 'Electron could not be fetched'

const built = await ensureBuilt('page', 'verifier', ...(reason === null ? ['electron'] : []))
if (built !== 0) process.exit(built)

if (reason === null) {
  const began = Date.now()
  const code = await forward(electronBinary(), [ROOT, ...library])
  // It leaves at once where the system denies Chromium its sandbox or the display cannot be reached.
  if (code === 0 || Date.now() - began > 5000) process.exit(code)
  reason = `Electron ended at once with code ${code}`
}
const host = await ensureBuilt('command-line')
if (host !== 0) process.exit(host)
console.error(`Opening in the browser: ${reason}. It is the same workbench.`)
const port = given.port === undefined ? [] : ['--port', given.port]
process.exit(
  await forward(suitableNode(), [join(ROOT, 'dist', 'command-line', 'cli.js'), 'serve', ...port, ...library], {
    onMessage(message) {
      if (!given['no-open'] && typeof message?.address === 'string') openBrowser(message.address)
    },
  }),
)
