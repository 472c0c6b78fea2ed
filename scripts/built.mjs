/** Whether what `npm run build` makes is there and newer than its sources, and the making of what is not. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { forward, ROOT, suitableNode, SWITCHES } from './node24.mjs'

/** What is built, the file that is written last, and what it is made from. */
const BUILDS = {
  page: {
    made: 'dist/renderer/index.html',
    from: ['renderer', 'main/contract', 'main/errors.ts', 'vite.config.ts', 'package-lock.json'],
  },
  verifier: {
    made: 'dist/verifier/verify.html',
    from: ['renderer/verifier', 'main/reports/verify', 'scripts/build-verifier.ts', 'package-lock.json'],
  },
  'command-line': {
    made: 'dist/command-line/package.json',
    from: ['main', 'scripts/build.ts', 'scripts/build-command-line.ts', 'package-lock.json'],
  },
  electron: {
    made: 'dist/electron/package.json',
    from: ['main', 'scripts/build.ts', 'scripts/build-electron.ts', 'package.json', 'package-lock.json'],
  },
}

/** Newest change below a path, in ms since the epoch; 0 where there is nothing. Tests change no build. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  if (!found.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : found.mtimeMs
  // A folder's own time tells of files that were removed.
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/** @param {'page' | 'verifier' | 'command-line' | 'electron'} what */
export function isStale(what, root = ROOT) {
  const { made, from } = BUILDS[what]
  const file = join(root, made)
  if (!existsSync(file)) return true
  const builtAt = statSync(file).mtimeMs
  return from.some((path) => newest(join(root, path)) > builtAt)
}

/**
 * Builds what is missing or older than its sources. @returns exit code, 0 when all is there
 * @param {...('page' | 'verifier' | 'command-line' | 'electron')} parts
 */
export async function ensureBuilt(...parts) {
  const stale = parts.filter((part) => isStale(part))
  if (!stale.length) return 0
  console.error(`Building (${stale.join(' and ')}) …`)
  return forward(suitableNode(), [...SWITCHES, join(ROOT, 'scripts', 'build.ts'), '--quiet', ...stale])
}

/** Whether anything can be built: an installation may belong to somebody else. */
export function canBuild(root = ROOT) {
  const folder = join(root, 'dist')
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
