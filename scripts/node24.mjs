/**
 * The launcher: runs a TypeScript file of this project under a Node that can, whatever Node npm was started with.
 * Plain JavaScript for Node 20. `node scripts/node24.mjs FILE [ARGUMENTS…]`
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import nodeModule from 'node:module'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * True where this version runs our sources as they are: types are stripped without a switch and without a warning from
 * 22.18 and 24.3 on (nodejs.org/api/typescript.html, history). 23.x never lost the warning and is out of support. The
 * SQLite binding needs 22 as well; it crashes on 20.
 *
 * @param {string} version such as `20.20.2`
 */
export function suits(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 3) || (major === 22 && minor >= 18)
}

/** The Node that npm installed beside us, or null: there is one for Linux on x64 and arm64 and for Windows on x64. */
export function bundledNode(root = ROOT, platform = process.platform, arch = process.arch) {
  const file = join(
    root,
    'node_modules',
    `node-${platform === 'win32' ? 'win' : platform}-${arch}`,
    'bin',
    platform === 'win32' ? 'node.exe' : 'node',
  )
  return existsSync(file) ? file : null
}

/** Our own scripts strip types by Node's function for that, which still warns of being new. */
export const SWITCHES = ['--disable-warning=ExperimentalWarning']

/** Path of a Node that runs our sources; the caller's own where it is new enough. Ends the process with one line else. */
export function suitableNode() {
  if (suits(process.versions.node)) return process.execPath
  const bundled = bundledNode()
  if (bundled) return bundled
  console.error(
    `Assay needs Node 22.18, 24.3 or newer; this is ${process.version}, and no Node is bundled for ` +
      `${process.platform}-${process.arch}. Install Node 24 from https://nodejs.org, then run the same command again.`,
  )
  process.exit(1)
}

/**
 * Keeps what Node compiled for the next start, which is a third shorter then, in a worker's case too; where the folder cannot
 * be written nothing is kept, and nothing else changes. Damaged entries are noticed by V8 and compiled anew
 * (nodejs.org/api/module.html, module compile cache).
 */
const COMPILED = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || join(ROOT, '.cache', 'compile') }

/**
 * The C library of Linux gives each thread a heap of its own, and what the picture library gives back in one is of no
 * use in another: two are enough (mallopt(3), M_ARENA_MAX). A report with 300 pictures takes some 80 MiB less.
 */
const FEW_HEAPS = process.platform === 'linux' ? { MALLOC_ARENA_MAX: '2' } : {}

/**
 * Runs a program with our standard streams, hands it the signals we get, and answers with its exit code
 * (128 + number where a signal ended it). It gets a channel to us, which closes when we are killed: a host that holds a
 * library ends then instead of living on unseen.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string | undefined>, onMessage?: (message: any) => void }} [options]
 * @returns {Promise<number>}
 */
export function forward(program, args, { env = process.env, onMessage } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...FEW_HEAPS, ...COMPILED, ...env },
    })
    if (onMessage) child.on('message', onMessage)
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
    const listeners = signals.map((signal) => {
      const listener = () => void child.kill(signal)
      process.on(signal, listener)
      return () => process.off(signal, listener)
    })
    const end = (code) => {
      for (const remove of listeners) remove()
      done(code)
    }
    child.on('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`)
      end(1)
    })
    child.on('exit', (code, signal) => end(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)))
  })
}

/** Runs one of our TypeScript files, in this process where it can, and ends with its exit code. */
export async function launch(script, args) {
  const node = suitableNode()
  if (node === process.execPath) {
    process.argv = [node, script, ...args]
    Object.assign(process.env, COMPILED)
    nodeModule.enableCompileCache?.(COMPILED.NODE_COMPILE_CACHE)
    await import(pathToFileURL(script).href)
    return
  }
  process.exit(await forward(node, [...SWITCHES, script, ...args]))
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2)
  if (!script) {
    console.error('Usage: node scripts/node24.mjs FILE [ARGUMENTS…]')
    process.exit(2)
  }
  // Not awaited: a script that imports this module waits until it has run to its end.
  void launch(resolve(script), args)
}
