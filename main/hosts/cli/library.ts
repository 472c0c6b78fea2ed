/** `assay library create|backups|restore|reindex` and `assay verify`. */
import { Command } from 'commander'
import { basename, resolve } from 'node:path'
import { Failure } from '../../errors.ts'
import { inLibrary, withoutLibrary } from './session.ts'
import { bytes, jsonLine, table } from './terminal.ts'

export function libraryCommand(): Command {
  const command = new Command('library').description(
    'libraries: create one, list its backups, restore one, make its search index anew',
  )
  command
    .command('create')
    .description('make a library in an empty or new folder')
    .argument('<dir>')
    .option('--name <text>', 'name of the library (default: that of the folder)')
    .action((dir: string, { name }: { name?: string }) =>
      withoutLibrary(async (client) => {
        const folder = resolve(dir)
        const made = await client.library.create({ folder, name: name ?? (basename(folder) || 'Library') })
        console.log(`${made.folder} (${made.id})`)
      }),
    )
  command
    .command('backups')
    .description('list the backups of the database, newest first')
    .argument('<dir>')
    .option('--json', 'one JSON document per backup and line', false)
    .action((dir: string, { json }: { json: boolean }) =>
      withoutLibrary(async (client) => {
        const backups = await client.library.backups({ folder: resolve(dir) })
        if (json) return backups.forEach((one) => console.log(jsonLine(one)))
        if (!backups.length) return console.error('There is no backup in this folder.')
        console.log(table(backups.map((one) => [one.createdAt, bytes(one.bytes), one.reason, one.file])))
      }),
    )
  command
    .command('restore')
    .description('put a backup in place of a damaged database; the damaged file is kept beside it')
    .argument('<dir>')
    .option('--file <name>', 'which backup (default: the newest)')
    .action((dir: string, options: { file?: string }) =>
      withoutLibrary(async (client) => {
        const folder = resolve(dir)
        const [newest] = await client.library.backups({ folder })
        const file = options.file ?? newest?.file
        if (file === undefined) throw new Failure('record.not-found', 'There is no backup in this folder.')
        const restored = await client.library.restore({ folder, file })
        console.log(
          `${restored.folder} is back as of ${file}: ${restored.counts.evidence} items, ${restored.counts.cases} cases`,
        )
      }),
    )
  command
    .command('reindex')
    .description('make the search index anew; the records themselves are not touched')
    .argument('<dir>')
    .option('--json', 'how many as JSON', false)
    .action((dir: string, { json }: { json: boolean }) =>
      inLibrary({ folder: dir }, async ({ client }) => {
        const { indexed } = await client.search.rebuild()
        console.log(json ? jsonLine({ indexed }) : `${indexed} records indexed`)
      }),
    )
  return command
}

export function verifyCommand(exit: (code: number) => void): Command {
  return new Command('verify')
    .description('re-hash every original and walk the audit chain; exit status 2 where something is wrong')
    .argument('<library>', 'folder of the library')
    .option('--json', 'the result as JSON', false)
    .action((folder: string, { json }: { json: boolean }) =>
      inLibrary({ folder }, async ({ client }) => {
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
      }),
    )
}
