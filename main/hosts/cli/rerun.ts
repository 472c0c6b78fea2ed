/** `assay rerun BUNDLE|METHOD-JSON`: do the findings come out again? */
import { Command } from 'commander'
import { resolve } from 'node:path'
import type { Shutdown } from '../shutdown.ts'
import { bundlePassphrase } from './passphrase.ts'
import { inLibrary } from './session.ts'
import { followed } from './told.ts'
import { jsonLine, visible } from './terminal.ts'

interface Options {
  library?: string
  evidence?: string
  passphraseFile?: string
  json: boolean
}

const EXAMPLES = `
Examples:
  assay rerun may.zip                                the originals are in the bundle
  assay rerun may.zip --library ~/cases/2024         only their hashes are; the library has the originals
  assay rerun may.method.json --evidence /media/usb  from the method appendix of a report, originals by their SHA-256

Exit status: 0 what could be repeated came out the same, 2 something differs, nothing could be repeated or it was refused.`

export function rerunCommand(shutdown: Shutdown, exit: (code: number) => void): Command {
  return new Command('rerun')
    .description('repeat the findings of a bundle or a method appendix from the evidence, and name what differs')
    .argument('<path>', 'a sealed bundle (zip or unpacked), or a method appendix (*.method.json)')
    .option('--library <dir>', 'a library that has the originals, and models that were added')
    .option('--evidence <dir>', 'a folder that has the originals, under any names')
    .option('--passphrase-file <file>', 'of an encrypted bundle: file that holds its passphrase')
    .option('--json', 'the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((path: string, options: Options) =>
      inLibrary(options.library === undefined ? 'ephemeral' : { folder: options.library }, async ({ client }) => {
        const folder = options.evidence === undefined ? null : resolve(options.evidence)
        const { signal } = shutdown
        const made = await bundlePassphrase(options.passphraseFile, async (passphrase) =>
          followed(await client.bundles.rerun({ source: { path: resolve(path) }, folder, passphrase }, { signal })),
        )
        if (options.json) console.log(jsonLine(made))
        else for (const line of made.lines) console.log(visible(line))
        if (!made.ok) exit(2)
      }),
    )
}
