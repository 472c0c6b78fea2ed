/** `assay verify PATH`: is a library, or a sealed bundle, as it was? */
import { Command } from 'commander'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BundleCheck } from '../../contract/bundles.ts'
import { bundlePassphrase } from './passphrase.ts'
import { inLibrary, withoutLibrary } from './session.ts'
import { bytes, jsonLine, table, visible } from './terminal.ts'

const EXAMPLES = `
Examples:
  assay verify ~/cases/2024                          a library: every original and the audit chain
  assay verify may.zip --key 3f2a9c…                 a bundle: every file, the signature and whose it is
  assay verify may/                                  the same, unpacked

Exit status: 0 as it was, 2 something differs or was refused.`

export function verifyCommand(exit: (code: number) => void): Command {
  return new Command('verify')
    .description('check a library, or a sealed bundle (zip or unpacked), and name exactly what differs')
    .argument('<path>', 'folder of a library, or a bundle')
    .option('--key <fingerprint>', 'of a bundle: the key that must have sealed it, as the desk gave it to you')
    .option('--passphrase-file <file>', 'of an encrypted bundle: file that holds its passphrase')
    .option('--json', 'the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((path: string, { json, key, passphraseFile }: { json: boolean; key?: string; passphraseFile?: string }) =>
      existsSync(join(path, 'library.json'))
        ? verifyLibrary(path, json, exit)
        : verifyBundle(path, key ?? null, passphraseFile, json, exit),
    )
}

function verifyLibrary(folder: string, json: boolean, exit: (code: number) => void): Promise<void> {
  return inLibrary({ folder }, async ({ client }) => {
    const found = await client.library.verify()
    if (json) console.log(jsonLine(found))
    else {
      for (const { kind, subject, message } of found.problems) console.log(table([[kind, subject, message]]))
      const { length, head } = found.audit
      console.log(
        `${found.evidenceChecked} originals (${bytes(found.bytesChecked)}) and ${length} audit entries checked`,
      )
      console.log(`audit head ${head ?? 'none'}`)
      console.log(found.ok ? 'The library is whole.' : `${found.problems.length} problems found.`)
    }
    if (!found.ok) exit(2)
  })
}

function verifyBundle(
  path: string,
  fingerprint: string | null,
  passphraseFile: string | undefined,
  json: boolean,
  exit: (code: number) => void,
): Promise<void> {
  return withoutLibrary(async (client) => {
    const { check, lines } = await bundlePassphrase(passphraseFile, (passphrase) =>
      client.bundles.verify({ path: resolve(path), fingerprint, passphrase }),
    )
    if (json) console.log(jsonLine(check satisfies BundleCheck))
    else for (const line of lines) console.log(visible(line))
    if (!check.ok) exit(2)
  })
}
