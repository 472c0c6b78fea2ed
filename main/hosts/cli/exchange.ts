/** `assay export`, `assay import`, `assay sample`. */
import { Command, Option } from 'commander'
import { constants, existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EntityKind } from '../../contract/cases.ts'
import { Tlp } from '../../contract/common.ts'
import { ExchangeFormat, type ImportPreview, type TableMapping } from '../../contract/exchange.ts'
import { Failure } from '../../errors.ts'
import { requireCase } from './case.ts'
import { inLibrary, withoutLibrary } from './session.ts'
import { bytes, jsonLine, table, visible } from './terminal.ts'
import { writeFailure } from './write-failure.ts'

export function exportCommand(): Command {
  return new Command('export')
    .description('write records to a file: a STIX 2.1 bundle, MISP events or a table')
    .requiredOption('--library <dir>', 'the library')
    .addOption(new Option('--format <format>', 'kind of file').choices(ExchangeFormat.options).default('stix'))
    .requiredOption('--out <file>', 'where to write it')
    .option('--case <case...>', 'only these cases and what they rest on, by id or exact title (default: everything)')
    .addOption(new Option('--tlp <mark>', 'refuse, by name, what is above this mark').choices(Tlp.options))
    .option('--force', 'overwrite the file', false)
    .option('--json', 'print what was written as JSON', false)
    .addHelpText(
      'after',
      '\nExample:\n  assay export --library ~/lib --format stix --case "Clips of May" --out may.json',
    )
    .action((options: ExportOptions) => write(options))
}

interface ExportOptions {
  library: string
  format: ExchangeFormat
  out: string
  case?: string[]
  tlp?: Tlp
  force: boolean
  json: boolean
}

async function write({ library, format, out, case: cases = [], tlp, force, json }: ExportOptions): Promise<void> {
  const target = resolve(out)
  const taken = (): Failure => new Failure('request.invalid', `${out} exists; give --force to overwrite it.`)
  if (!force && existsSync(target)) throw taken()
  await inLibrary({ folder: library }, async ({ client, bench }) => {
    const caseIds: string[] = []
    for (const one of cases) caseIds.push((await requireCase(client, one)).id)
    const made = await client.exchange.export({ format, caseIds, tlp: tlp ?? null })
    const file = await bench.file(`export/${made.id}`)
    if (!file) throw new Error('an exported file is not there')
    try {
      await copyFile(file.path, target, force ? 0 : constants.COPYFILE_EXCL)
    } catch (error) {
      throw writeFailure(error, out, taken)
    }
    if (json) console.log(jsonLine({ ...made, out: target }))
    else console.log(`${target} (${format}, ${bytes(made.bytes)}, TLP:${made.tlp}, sha256 ${made.sha256})`)
  })
}

interface ImportOptions {
  library: string
  yes: boolean
  theirs: boolean
  case?: string
  kind?: EntityKind
  column?: string[]
  json: boolean
}

export function importCommand(): Command {
  return new Command('import')
    .description('take in a STIX 2.1 bundle, a MISP event or a table; without --yes only shows what it would do')
    .argument('<file>', 'at most 64 MiB')
    .requiredOption('--library <dir>', 'the library')
    .option('--yes', 'write it, as one step that can be taken back', false)
    .option(
      '--theirs',
      'where a record is here in another state, take in what the file says (default: keep ours)',
      false,
    )
    .option('--case <case>', 'put the records into this case as well, by id or exact title')
    .addOption(new Option('--kind <kind>', 'what the rows of a table are').choices(EntityKind.options))
    .option('--column <heading=field...>', 'what a column of a table says; FIELD empty: leave it out')
    .option('--json', 'print the preview, or what was written, as JSON', false)
    .action((file: string, options: ImportOptions) => take(file, options))
}

async function take(file: string, { library, yes, theirs, json, ...options }: ImportOptions): Promise<void> {
  await inLibrary({ folder: library }, async ({ client }) => {
    const caseId = options.case ? (await requireCase(client, options.case)).id : null
    const source = { path: resolve(file) }
    const first = await client.exchange.preview({ source, caseId, mapping: null })
    const mapping = first.table ? mappingFor(first.table.mapping, options) : null
    const seen = mapping ? await client.exchange.preview({ source, caseId, mapping }) : first
    if (!yes) {
      if (json) console.log(jsonLine(seen))
      else {
        console.log(describe(seen))
        console.error('\nNothing was written. Add --yes to import it.')
      }
      return
    }
    const onConflict = theirs ? 'theirs' : 'ours'
    const done = await client.exchange.import({ source, caseId, mapping, sha256: seen.sha256, onConflict })
    if (json) return console.log(jsonLine(done))
    const { added, updated, kept, operation } = done
    if (!operation) return console.log('Everything in it is here already.')
    console.log(`${added} added, ${updated} brought up to date, ${kept} kept as they came (${operation.id})`)
  })
}

function mappingFor(
  guessed: TableMapping,
  { kind, column = [] }: Pick<ImportOptions, 'kind' | 'column'>,
): TableMapping | null {
  if (!kind && !column.length) return null
  const said = new Map(
    column.map((one) => {
      const at = one.lastIndexOf('=')
      if (at < 1) throw new Failure('request.invalid', `“${visible(one)}”: give HEADING=FIELD.`)
      return [one.slice(0, at), one.slice(at + 1) || null] as const
    }),
  )
  return {
    kind: kind ?? guessed.kind,
    columns: guessed.columns.map((one) => ({
      ...one,
      field: said.has(one.column) ? said.get(one.column)! : one.field,
    })),
  }
}

function describe(seen: ImportPreview): string {
  const section = (title: string, rows: string[][]): string[] => (rows.length ? ['', title, table(rows)] : [])
  const { table: columns } = seen
  return [
    `${visible(seen.name)}: ${seen.format}, ${bytes(seen.bytes)}, ${seen.size} ${columns ? 'rows' : 'objects'}`,
    ...section('What it would do', [
      ['KIND', 'NEW', 'SAME', 'DIFFERENT'],
      ...seen.counts.map((one) => [one.kind, String(one.added), String(one.same), String(one.differs)]),
      ...(seen.kept ? [['kept as they came', String(seen.kept), '', '']] : []),
    ]),
    ...(columns
      ? section(
          `Columns, read as ${columns.mapping.kind}`,
          columns.mapping.columns.map(({ column, field }, n) => [
            column,
            field ?? '(left out)',
            columns.rows[0]?.[n] ?? '',
          ]),
        )
      : []),
    ...section(
      'Here in another state',
      seen.conflicts.slice(0, 20).map((one) => [one.kind, one.name, one.reason]),
    ),
    ...section(
      'New, and looks like one that is here',
      seen.duplicates.slice(0, 20).map((one) => [one.kind, one.name, `${one.reason} as “${one.of.name}”`]),
    ),
    ...section(
      'Notes',
      seen.troubles.slice(0, 30).map((one) => [`${one.count}×`, one.text]),
    ),
  ].join('\n')
}

export function sampleCommand(): Command {
  return new Command('sample')
    .description('make a library with the worked example, to look around in')
    .requiredOption('--library <dir>', 'an empty or new folder')
    .option('--json', 'print what was made as JSON', false)
    .action(({ library, json }: { library: string; json: boolean }) =>
      withoutLibrary(async (client) => {
        const folder = resolve(library)
        const { library: made, caseId } = await client.exchange.sample({ folder })
        if (json) console.log(jsonLine({ folder: made.folder, id: made.id, caseId }))
        else
          console.log(`${made.folder}: the worked example, case ${caseId}\nOpen it: assay serve --library ${library}`)
      }),
    )
}
