/** `assay fingerprints export|import|lists|remove`: hashes of footage, to and from other desks. */
import { Command, Option } from 'commander'
import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { FingerprintFormat, type HashList } from '../../contract/matching.ts'
import { Failure } from '../../errors.ts'
import { inLibrary, type Client } from './session.ts'
import { bytes, jsonLine, table, visible } from './terminal.ts'

const library = (): Option => new Option('--library <dir>', 'the library').makeOptionMandatory()

const EXAMPLES = `
Examples:
  assay fingerprints export --library ~/lib --format exchange-json --out ours.json
      the PDQ hashes of all items, under the SHA-256 of each; no names leave the library
  assay fingerprints import theirs.csv --library ~/lib --name "Hashes of the other desk"
      a list of others: every item, and every one to come, is held against it`

export function fingerprintsCommand(): Command {
  const command = new Command('fingerprints')
    .description('PDQ hashes of footage: export those of a library, import lists of others')
    .addHelpText('after', EXAMPLES)
  command
    .command('export')
    .description('write the hashes of all items, or of some, into exports/ or to a file')
    .addOption(library())
    .addOption(
      new Option('--format <name>', 'hash,quality,id lines; frames of one video; or everything')
        .choices(FingerprintFormat.options)
        .default('pdq-csv'),
    )
    .option('--item <sha256...>', 'only items of these SHA-256 or ids')
    .option('--out <file>', 'write a copy here; an existing file is not replaced')
    .option('--json', 'the result as JSON', false)
    .action((options: { library: string; format: FingerprintFormat; item?: string[]; out?: string; json: boolean }) =>
      inLibrary({ folder: options.library }, async ({ client, bench }) => {
        const evidenceIds = options.item ? await itemsOf(client, options.item) : null
        const made = await client.matching.exportFingerprints({ format: options.format, evidenceIds })
        const kept = join(bench.current().lib.paths.exports, made.file)
        const target = options.out === undefined ? kept : resolve(options.out)
        if (options.out !== undefined) await copyNew(kept, target)
        if (options.json) return console.log(jsonLine({ ...made, file: target }))
        console.log(visible(`${target}: ${made.hashes} hashes of ${made.items} items, ${bytes(made.bytes)}`))
        console.log(`sha256 ${made.sha256}`)
      }),
    )
  command
    .command('import')
    .description('take a hash list in (PDQ CSV, vPDQ text or exchange JSON) and hold every item against it')
    .argument('<file>')
    .addOption(library())
    .option('--name <text>', 'what to call it (default: the name of the file)', '')
    .option('--json', 'the result as JSON', false)
    .action((file: string, options: { library: string; name: string; json: boolean }) =>
      inLibrary({ folder: options.library }, async ({ client, bench }) => {
        const list = await client.matching.importList({ file: { path: resolve(file) }, name: options.name })
        await bench.current().matching.idle()
        const board = await client.findings.board()
        const hit = board.filter(({ footage }) => footage.listed > 0)
        if (options.json) return console.log(jsonLine({ ...list, items: hit.map(({ evidenceId }) => evidenceId) }))
        printList(list)
        console.log(`${hit.length} of ${board.length} items show something of the lists in this library.`)
      }),
    )
  command
    .command('lists')
    .description('the hash lists of a library')
    .addOption(library())
    .option('--json', 'one JSON document per list and line', false)
    .action((options: { library: string; json: boolean }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const lists = await client.matching.lists()
        if (options.json) return lists.forEach((one) => console.log(jsonLine(one)))
        if (!lists.length)
          return console.error('No hash lists. Take one in: assay fingerprints import FILE --library DIR')
        console.log(table([['ID', 'HASHES', 'IMPORTED', 'NAME'], ...lists.map((one) => [one.id, String(one.entries), one.importedAt, one.name])])) // prettier-ignore
      }),
    )
  command
    .command('remove')
    .description('take a hash list out of a library')
    .argument('<id>', 'as `assay fingerprints lists` shows it')
    .addOption(library())
    .action((id: string, options: { library: string }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        await client.matching.removeList({ id })
        console.log('The list was removed.')
      }),
    )
  return command
}

function printList({ id, name, entries, leftOut, reasons, first }: HashList): void {
  console.log(visible(`“${name}” (${id}): ${entries} hashes`))
  if (!leftOut) return
  console.error(`Left out: ${leftOut} entries that could not be read`)
  for (const [reason, count] of Object.entries(reasons)) console.error(visible(`  ${count}: ${reason}`))
  for (const { line, reason, text } of first.slice(0, 5)) console.error(visible(`  line ${line}, ${reason}: ${text}`))
}

async function itemsOf(client: Client, wanted: readonly string[]): Promise<string[]> {
  const board = await client.findings.board()
  return wanted.map((key) => {
    const found = board.find(({ evidenceId, sha256 }) => evidenceId === key || sha256 === key.toLowerCase())
    if (!found) throw new Failure('record.not-found', `No item has the SHA-256 or id “${visible(key)}”.`)
    return found.evidenceId
  })
}

async function copyNew(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure('request.invalid', `--out: ${code === 'EEXIST' ? 'there is a file already' : `it cannot be written (${code})`}. The export lies in ${from}.`) // prettier-ignore
  }
}
