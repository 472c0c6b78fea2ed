/**
 * `npm run build`: the page into dist/renderer, the stand-alone verifiers of bundles into dist/verifier, the
 * command line into dist/command-line and the Electron program into dist/electron. Name parts to build only those.
 */
import { join } from 'node:path'
import { build } from 'vite'
import { buildCommandLine } from './build-command-line.ts'
import { buildElectron } from './build-electron.ts'
import { buildVerifier } from './build-verifier.ts'
import { ROOT } from './node24.mjs'

const quiet = process.argv.includes('--quiet')
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const PARTS = ['page', 'verifier', 'command-line', 'electron']
const unknown = named.find((part) => !PARTS.includes(part))
if (unknown) {
  console.error(`There is no part ${unknown}; the parts are ${PARTS.join(', ')}.`)
  process.exit(2)
}
const wanted = (part: string): boolean => named.length === 0 || named.includes(part)

if (wanted('page')) await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: quiet ? 'warn' : 'info' })
if (wanted('verifier')) {
  await buildVerifier(ROOT, join(ROOT, 'dist', 'verifier'))
  if (!quiet) console.log('dist/verifier: verify.html and verify.mjs')
}
if (wanted('command-line')) await buildCommandLine(ROOT, join(ROOT, 'dist', 'command-line'))
if (wanted('electron')) {
  const count = await buildElectron(ROOT, join(ROOT, 'dist', 'electron'))
  if (!quiet) console.log(`dist/electron: ${count} modules`)
}
