/**
 * `node verify.mjs [BUNDLE] [--key FINGERPRINT]`: the verifier as one file without dependencies, as it lies in each
 * bundle. Without a path it checks the folder in which it lies. Exit status: 0 whole, 1 something differs, 2 refused.
 */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkBundle } from './check.ts'
import { nodeTools, openPackage } from './node-tools.ts'
import { BundleRefused, shown } from './package.ts'
import { checkLines } from './words.ts'

const HELP = `node verify.mjs [BUNDLE] [--key FINGERPRINT] [--json]

Checks a sealed bundle: a zip, or the folder that it was unpacked into (by default the folder of this script).
--passphrase-file   a file that holds the passphrase of an encrypted bundle; or set ASSAY_BUNDLE_PASSPHRASE
--key   the fingerprint of the desk's key, as the desk gave it to you another way`

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      'passphrase-file': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) console.log(HELP)
  else process.exitCode = await run(positionals[0] ?? dirname(fileURLToPath(import.meta.url)), values)
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  console.error(`${shown(message)} (${error instanceof BundleRefused ? error.code : (code ?? 'error')})`)
  process.exitCode = 2
}

async function run(
  path: string,
  { key, json, 'passphrase-file': file }: { key?: string; json?: boolean; 'passphrase-file'?: string },
): Promise<number> {
  const passphrase = file === undefined ? null : readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  const opened = await openPackage(path, passphrase ?? process.env['ASSAY_BUNDLE_PASSPHRASE'] ?? null)
  try {
    const check = await checkBundle(opened.contents, nodeTools, { fingerprint: key ?? null })
    if (json) console.log(JSON.stringify(check))
    else for (const line of checkLines(check)) console.log(line)
    return check.ok ? 0 : 1
  } finally {
    await opened.close()
  }
}
