/** `npm run build`: the page into dist/renderer and the Electron program into dist/electron. Name parts to build only those. */
import { join } from 'node:path'
import { build } from 'vite'
import { buildElectron } from './build-electron.ts'
import { ROOT } from './node24.mjs'

const quiet = process.argv.includes('--quiet')
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const unknown = named.find((part) => part !== 'page' && part !== 'electron')
if (unknown) {
  console.error(`There is no part ${unknown}; the parts are page and electron.`)
  process.exit(2)
}
const wanted = (part: string): boolean => named.length === 0 || named.includes(part)

if (wanted('page')) await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: quiet ? 'warn' : 'info' })
if (wanted('electron')) {
  const count = await buildElectron(ROOT, join(ROOT, 'dist', 'electron'))
  if (!quiet) console.log(`dist/electron: ${count} modules`)
}
