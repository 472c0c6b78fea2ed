/** `assay keys list|create|export`: the keys that seal bundles. */
import { Command, Option } from 'commander'
import { Failure } from '../../errors.ts'
import { readPassphrase } from './passphrase.ts'
import { inLibrary } from './session.ts'
import { jsonLine, table } from './terminal.ts'

const library = (): Option => new Option('--library <dir>', 'the library').makeOptionMandatory()

export function keysCommand(): Command {
  const command = new Command('keys').description('the keys of a library that seal bundles')
  command
    .command('list', { isDefault: true })
    .description('fingerprints, the key in use first')
    .addOption(library())
    .option('--json', 'one JSON document per key and line', false)
    .action(({ library: folder, json }: { library: string; json: boolean }) =>
      inLibrary({ folder }, async ({ client }) => {
        const keys = await client.bundles.keys()
        if (json) return keys.forEach((key) => console.log(jsonLine(key)))
        if (!keys.length) return console.error('There is no key yet; the first bundle makes one, or assay keys create.')
        console.log(
          table(
            keys.map((key) => [key.fingerprint, key.createdAt, key.retiredAt ? `until ${key.retiredAt}` : 'in use']),
          ),
        )
      }),
    )
  command
    .command('create')
    .description('make the key; its passphrase is asked for, read from a file or from ASSAY_PASSPHRASE')
    .addOption(library())
    .option('--passphrase-file <file>', 'file that holds the passphrase')
    .option('--replace', 'put a new key in the place of the one in use', false)
    .action((options: { library: string; passphraseFile?: string; replace: boolean }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { replace } = options
        const passphrase = await readPassphrase(options.passphraseFile, { prompt: 'New passphrase', twice: true })
        const { fingerprint } = await client.bundles.createKey({ passphrase, replace })
        console.log(fingerprint)
        console.error('Tell this fingerprint to those who check your bundles, another way than the bundles go.')
      }),
    )
  command
    .command('export')
    .description('the public key as PEM, to give to those who check your bundles')
    .argument('[fingerprint]', 'which one (default: the one in use)')
    .addOption(library())
    .action((fingerprint: string | undefined, { library: folder }: { library: string }) =>
      inLibrary({ folder }, async ({ client }) => {
        const keys = await client.bundles.keys()
        const key = keys.find((one) => (fingerprint ? one.fingerprint.startsWith(fingerprint.toLowerCase()) : true))
        if (!key) throw new Failure('record.not-found', 'There is no such key.')
        console.log(`${key.pem.trimEnd()}\n# SHA-256 of the 32 bytes of the key: ${key.fingerprint}`)
      }),
    )
  return command
}
