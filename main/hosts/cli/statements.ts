/** `dispute` and `withdraw`, of a value or of a relation. */
import type { Command } from 'commander'
import type { Statement } from '../../contract/records.ts'
import { json, library, type Common } from './records.ts'
import { inLibrary } from './session.ts'
import { jsonLine, visible } from './terminal.ts'

/** @param of makes the statement that an id stands for */
export function addStatementCommands(
  command: Command,
  what: 'value' | 'relation',
  of: (id: string) => Statement,
): void {
  const argument = what === 'value' ? '<assertion>' : '<relation>'
  const help = what === 'value' ? 'id of the value, see show' : 'id, see list'
  command
    .command('dispute')
    .description(`mark a ${what} as disputed, or with --settle take the mark off`)
    .argument(argument, help)
    .option('--reason <text>', 'why', '')
    .option('--settle', 'no longer disputed', false)
    .addOption(library())
    .addOption(json())
    .action((id: string, options: Common & { reason: string; settle: boolean }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { reason, settle } = options
        const { operation } = await client.records.dispute({ of: of(id), disputed: !settle, reason })
        console.log(options.json ? jsonLine(operation) : visible(operation.title))
      }),
    )
  command
    .command('withdraw')
    .description(`no longer state a ${what}; it stays in the history`)
    .argument(argument, help)
    .option('--reason <text>', 'why', '')
    .addOption(library())
    .addOption(json())
    .action((id: string, options: Common & { reason: string }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { operation } = await client.records.withdraw({ of: of(id), reason: options.reason })
        console.log(options.json ? jsonLine(operation) : visible(operation.title))
      }),
    )
}
