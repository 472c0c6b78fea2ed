/** `assay report CASE`. */
import { Command, Option } from 'commander'
import { constants, existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Tlp } from '../../contract/common.ts'
import { ReportFormat } from '../../contract/reports.ts'
import { Failure } from '../../errors.ts'
import { requireCase } from './case.ts'
import { inLibrary } from './session.ts'
import { bytes, jsonLine } from './terminal.ts'
import { writeFailure } from './write-failure.ts'

interface Options {
  library: string
  format: ReportFormat
  out: string
  force: boolean
  title: string
  tlp?: Tlp
  json: boolean
}

const EXAMPLES = `
Example:
  assay report "Election clips" --library ~/cases/2024 --format pdf --out election.pdf`

export function reportCommand(): Command {
  return new Command('report')
    .description('write the report of a case to a file')
    .argument('<case>', 'id or exact title')
    .requiredOption('--library <dir>', 'the library')
    .addOption(new Option('--format <format>', 'kind of file').choices(ReportFormat.options).default('pdf'))
    .requiredOption('--out <file>', 'where to write it')
    .option('--force', 'overwrite the file', false)
    .option('--title <text>', 'title of the report (default: that of the case)', '')
    .addOption(new Option('--tlp <mark>', 'mark of the report (default: that of the case)').choices(Tlp.options))
    .option('--json', 'print what was written as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((idOrTitle: string, options: Options) => write(idOrTitle, options))
}

async function write(idOrTitle: string, options: Options): Promise<void> {
  const out = resolve(options.out)
  const taken = (): Failure => new Failure('request.invalid', `${options.out} exists; give --force to overwrite it.`)
  if (!options.force && existsSync(out)) throw taken()
  await inLibrary({ folder: options.library }, async ({ client, bench }) => {
    const { id: caseId } = await requireCase(client, idOrTitle)
    const { format, title, tlp = null } = options
    const exported = await client.reports.export({ caseId, format, title, tlp })
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
