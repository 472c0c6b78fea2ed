/** `assay report CASE`. */
import { Command, Option } from 'commander'
import { constants, existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Tlp } from '../../contract/common.ts'
import { ExportFormat, ReportFormat } from '../../contract/reports.ts'
import { Failure } from '../../errors.ts'
import { requireCase } from './case.ts'
import { newBundlePassphrase, readPassphrase } from './passphrase.ts'
import { LAYOUT_HELP, layoutOf, withLayout, type LayoutOptions } from './report-options.ts'
import { inLibrary, type Client } from './session.ts'
import { bytes, jsonLine } from './terminal.ts'
import { followed } from './told.ts'
import { writeFailure } from './write-failure.ts'

interface Options extends LayoutOptions {
  library: string
  format: ExportFormat
  out: string
  force: boolean
  title: string
  tlp?: Tlp
  json: boolean
  with: ReportFormat[]
  evidence: string
  passphraseFile?: string
  encrypt: boolean
  encryptPassphraseFile?: string
}

const EXAMPLES = `
Examples:
  assay report "Election clips" --library ~/cases/2024 --format pdf --out election.pdf
  assay report "Election clips" --library ~/cases/2024 --template public --redact names.json --out public.pdf
  assay report "Election clips" --library ~/cases/2024 --format bundle --evidence all --out election.zip

A bundle is sealed with the key of the library. Its passphrase is asked for, or read from --passphrase-file or
ASSAY_PASSPHRASE; the first bundle makes the key.`

export function reportCommand(): Command {
  return withLayout(new Command('report'))
    .description('write the report of a case to a file')
    .argument('<case>', 'id or exact title')
    .requiredOption('--library <dir>', 'the library')
    .addOption(new Option('--format <format>', 'kind of file').choices(ExportFormat.options).default('pdf'))
    .requiredOption('--out <file>', 'where to write it')
    .option('--force', 'overwrite the file', false)
    .option('--title <text>', 'title of the report (default: that of the case)', '')
    .addOption(new Option('--tlp <mark>', 'mark of the report (default: that of the case)').choices(Tlp.options))
    .addOption(
      new Option('--with <formats...>', 'of a bundle: report files in it')
        .choices(ReportFormat.options)
        .default(['pdf', 'html']),
    )
    .option('--evidence <which>', 'of a bundle: all, hashes, or SHA-256 hashes with commas between them', 'hashes')
    .option('--passphrase-file <file>', 'of a bundle: file that holds the passphrase of the key')
    .option(
      '--encrypt',
      'of a bundle: encrypt the zip (AES-256) under a passphrase of its own, which is asked for',
      false,
    )
    .option('--encrypt-passphrase-file <file>', 'with --encrypt: file that holds that passphrase')
    .option('--json', 'print what was written as JSON', false)
    .addHelpText('after', EXAMPLES + '\n' + LAYOUT_HELP)
    .action((idOrTitle: string, options: Options) => write(idOrTitle, options))
}

async function write(idOrTitle: string, options: Options): Promise<void> {
  const out = resolve(options.out)
  const taken = (): Failure => new Failure('request.invalid', `${options.out} exists; give --force to overwrite it.`)
  if (!options.force && existsSync(out)) throw taken()
  await inLibrary({ folder: options.library }, async ({ client, bench }) => {
    const { id: caseId } = await requireCase(client, idOrTitle)
    const { format, title } = options
    const layout = await layoutOf(client, options)
    if (format === 'bundle') return seal(client, caseId, out, options, layout)
    const exported = await client.reports.export({ caseId, format, title, ...layout })
    const file = await bench.file(`export/${exported.id}`)
    if (!file) throw new Error('an exported report is not there')
    try {
      await copyFile(file.path, out, options.force ? 0 : constants.COPYFILE_EXCL)
    } catch (error) {
      throw writeFailure(error, options.out, taken)
    }
    if (options.json) console.log(jsonLine({ ...exported, out }))
    else console.log(`${out} (${bytes(exported.bytes)}, TLP:${exported.tlp}, sha256 ${exported.sha256})`)
  })
}

async function seal(
  client: Client,
  caseId: string,
  out: string,
  options: Options,
  layout: Awaited<ReturnType<typeof layoutOf>>,
): Promise<void> {
  const [inUse] = await client.bundles.keys()
  const passphrase = await readPassphrase(options.passphraseFile, {
    prompt: inUse ? 'Passphrase of the signing key' : 'Passphrase for the new signing key',
    twice: !inUse,
  })
  const encrypt = options.encrypt ? await newBundlePassphrase(options.encryptPassphraseFile) : null
  const { title, with: formats, force: overwrite } = options
  const evidence = await chosen(client, caseId, options.evidence)
  const made = await followed(
    await client.bundles.seal({
      caseId,
      title,
      ...layout,
      formats,
      evidence,
      passphrase,
      encrypt,
      out: { path: out, overwrite },
    }),
  )
  const [key] = await client.bundles.keys()
  if (options.json) return console.log(jsonLine({ ...made, out, key: key?.fingerprint }))
  console.log(`${out} (${bytes(made.bytes)}, TLP:${made.tlp}, seal ${made.sha256})`)
  console.log(`sealed with the key ${key?.fingerprint}`)
}

async function chosen(client: Client, caseId: string, which: string): Promise<'all' | 'hashes' | string[]> {
  if (which === 'all' || which === 'hashes') return which
  const { evidence } = await client.cases.get({ id: caseId })
  return which.split(',').map((hash) => {
    const found = evidence.find((item) => hash.length >= 8 && item.evidence.sha256.startsWith(hash.toLowerCase()))
    if (!found) throw new Failure('request.invalid', `--evidence: no item of the case has a SHA-256 beginning ${hash}.`)
    return found.evidence.id
  })
}
