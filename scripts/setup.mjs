/**
 * Fetches what install scripts would have fetched (they are switched off in .npmrc): Electron's and ffmpeg-static's
 * binaries. Says in one line what stays missing and how to get it. Plain JavaScript for Node 20; `assay setup`.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { ROOT, suitableNode } from './node24.mjs'

const require = createRequire(import.meta.url)
const STATE = join(ROOT, '.cache', 'setup.json')
/** A failed fetch is not tried again for a day, so that a machine without network starts at once. */
const RETRY_MS = 24 * 3600 * 1000
const CONNECT_MS = 4000
/** Electron is 120 MB: 3 Mbit/s for five minutes. */
const FETCH_MS = 300_000

/** @typedef {{ electron?: boolean, bestFfmpeg?: boolean, force?: boolean }} Wanted */

/** Path of Electron's program, or null where it was not fetched. */
export function electronBinary(root = ROOT) {
  const folder = join(root, 'node_modules', 'electron')
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (
      readFileSync(join(folder, 'dist', 'version'), 'utf8')
        .trim()
        .replace(/^v/, '') !== version
    )
      return null
    const file = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim())
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}

/** The ffmpeg that Assay will use, by the same order as main/media: FFMPEG_BIN, ffmpeg-static, the PATH. */
export function ffmpegBinary() {
  const named = process.env.FFMPEG_BIN
  if (named && runnable(named)) return named
  const fetched = staticFfmpeg()
  if (fetched && runnable(fetched)) return fetched
  return onPath('ffmpeg')
}

/** Where ffmpeg-static keeps its binary; null on a platform it does not serve. */
function staticFfmpeg() {
  try {
    return require('ffmpeg-static')
  } catch {
    return null
  }
}

/** Full path of a program on the PATH, or null. */
export function onPath(name) {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name]
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const candidate of names) if (folder && runnable(join(folder, candidate))) return join(folder, candidate)
  return null
}

function runnable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** True where a window can be shown. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** What triage needs: any ffmpeg. Costs a few file look-ups when it is there. */
export async function prepare() {
  await setup({ electron: false, bestFfmpeg: false })
}

/**
 * Looks, fetches what is missing, and says what stays missing. Never throws for want of a network.
 *
 * @param {Wanted} [wanted] `bestFfmpeg`: fetch ffmpeg-static's build even where the system has an ffmpeg, usually an older one.
 * @returns {Promise<{ ok: boolean, electron: string | null, ffmpeg: string | null }>} `ok`: Assay can run in some form.
 */
export async function setup({ electron = true, bestFfmpeg = true, force = false } = {}) {
  const failures = force ? {} : readState()
  const attempt = async (name, work) => {
    const before = failures[name]
    if (before && Date.now() - before.at < RETRY_MS) return before.reason
    const reason = await work()
    if (reason) failures[name] = { at: Date.now(), reason }
    else delete failures[name]
    writeState(failures)
    return reason
  }

  const named = process.env.FFMPEG_BIN
  if (named && !runnable(named)) say(`FFMPEG_BIN names ${named}, which is not a program; looking elsewhere.`)
  const fetchedFfmpeg = staticFfmpeg()
  const wantFetch = fetchedFfmpeg && !runnable(fetchedFfmpeg) && !(named && runnable(named))
  if (wantFetch && (bestFfmpeg || !ffmpegBinary())) await attempt('ffmpeg', () => fetchFfmpeg(fetchedFfmpeg))
  if (!ffmpegBinary() && isRootOnDebian()) await attempt('apt', installDebianFfmpeg)
  const ffmpeg = ffmpegBinary()
  if (!ffmpeg) say(`ffmpeg is missing, and no video can be analysed without it. ${howToGetFfmpeg()}`)

  let electronReason = null
  if (electron && !electronBinary()) electronReason = await attempt('electron', fetchElectron)
  const binary = electronBinary()
  if (force) {
    say(ffmpeg ? `ffmpeg: ${ffmpeg}` : 'ffmpeg: missing')
    if (binary) say(`Electron: ${binary}`)
    else say(`Electron: missing (${electronReason}); the browser host does the same work: npm start`)
  }
  return { ok: ffmpeg !== null, electron: binary, ffmpeg }
}

async function fetchElectron() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com'
  const unreachable = await reach(mirror)
  if (unreachable) return unreachable
  say('Fetching Electron (about 120 MB, once) …')
  // Its own installer checks the SHA-256 of what it fetched against the list inside the package.
  const run = spawnSync(suitableNode(), [join(ROOT, 'node_modules', 'electron', 'install.js')], fetching())
  return electronBinary() ? null : explain(run, 'Electron')
}

async function fetchFfmpeg(target) {
  const unreachable = await reach(process.env.FFMPEG_BINARIES_URL ?? 'https://github.com')
  if (unreachable) return unreachable
  say('Fetching ffmpeg (about 30 MB, once) …')
  const run = spawnSync(suitableNode(), [join(ROOT, 'node_modules', 'ffmpeg-static', 'install.js')], fetching())
  const works =
    run.status === 0 && runnable(target) && spawnSync(target, ['-version'], { timeout: 20_000 }).status === 0
  // The installer writes in place: half a download must not be taken for the program.
  if (!works) rmSync(target, { force: true })
  return works ? null : explain(run, 'ffmpeg')
}

const fetching = () => ({
  timeout: FETCH_MS,
  stdio: ['ignore', 'ignore', 'pipe'],
  encoding: 'utf8',
  killSignal: 'SIGKILL',
})

function explain(run, what) {
  if (run.error?.code === 'ETIMEDOUT') return `fetching ${what} took longer than ${FETCH_MS / 60_000} minutes`
  const line = (run.stderr ?? '').split('\n').find((text) => /error|fail|ENO|ECONN/i.test(text)) ?? ''
  return `fetching ${what} failed${line ? `: ${line.trim().slice(0, 200)}` : ''}`
}

/** Null where a connection to the server (or to the proxy before it) can be made; else why not. */
export function reach(address, limit = CONNECT_MS) {
  const proxy = process.env.HTTPS_PROXY ?? process.env.https_proxy
  const { hostname, port, protocol } = new URL(proxy || address)
  return new Promise((done) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'http:' ? 80 : 443) })
    const end = (reason) => {
      socket.destroy()
      done(reason)
    }
    socket.setTimeout(limit, () => end(`${hostname} did not answer`))
    socket.on('connect', () => end(null))
    socket.on('error', (error) => end(`${hostname} cannot be reached: ${error.code ?? error.message}`))
  })
}

const isRootOnDebian = () =>
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  existsSync('/etc/debian_version') &&
  onPath('apt-get') !== null

async function installDebianFfmpeg() {
  say('Installing ffmpeg with apt-get …')
  const options = {
    timeout: FETCH_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  spawnSync('apt-get', ['update', '-q'], options)
  const run = spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'ffmpeg'], options)
  return onPath('ffmpeg') ? null : explain(run, 'ffmpeg')
}

function howToGetFfmpeg() {
  if (process.platform === 'darwin') return 'Get it with `brew install ffmpeg`, or set FFMPEG_BIN to its path.'
  if (process.platform === 'win32') return 'Get it with `winget install ffmpeg`, or set FFMPEG_BIN to its path.'
  const command = existsSync('/etc/debian_version') ? '`sudo apt-get install ffmpeg`' : 'your package manager'
  return `Get it with ${command}, or set FFMPEG_BIN to its path.`
}

function readState() {
  try {
    const stored = JSON.parse(readFileSync(STATE, 'utf8'))
    return stored && typeof stored === 'object' ? stored : {}
  } catch {
    return {}
  }
}

/** A checkout that cannot be written only forgets what failed. */
function writeState(failures) {
  try {
    mkdirSync(join(ROOT, '.cache'), { recursive: true })
    writeFileSync(STATE, JSON.stringify(failures))
  } catch {}
}

/** Standard output belongs to the command's own results. */
const say = (line) => console.error(line)
