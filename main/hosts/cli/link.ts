/** `assay link …`: relations between records and to evidence. */
import { Command, Option } from 'commander'
import { RELATION_TYPES, type RelationType } from '../../contract/cases.ts'
import { requireCase } from './case.ts'
import {
  addSteps,
  date,
  findNode,
  json,
  library,
  sourcing,
  withSourcing,
  type Common,
  type SourcingOptions,
} from './records.ts'
import { inLibrary } from './session.ts'
import { addStatementCommands } from './statements.ts'
import { jsonLine, table, visible } from './terminal.ts'

export function linkCommand(): Command {
  const command = new Command('link').description('relations between records, and to evidence (evidence:SHA256)')
  withSourcing(command.command('create'))
    .description('link two records; prints the id of the relation')
    .argument('<from>', 'id, name, kind:name, or evidence:SHA256')
    .addArgument(command.createArgument('<type>').choices(RELATION_TYPES))
    .argument('<to>')
    .option('--note <text>', 'what to know about it', '')
    .option('--from <date>', 'since when it holds')
    .option('--until <date>', 'until when it held')
    .option('--case <case>', 'take both ends into this case')
    .addOption(library())
    .addOption(json())
    .action(
      (
        from: string,
        type: RelationType,
        to: string,
        options: Common & SourcingOptions & { note: string; from?: string; until?: string; case?: string },
      ) =>
        inLibrary({ folder: options.library }, async ({ client }) => {
          const [start, end] = [await findNode(client, from), await findNode(client, to)]
          const made = await client.cases.relate({
            type,
            from: { kind: start.kind, id: start.id },
            to: { kind: end.kind, id: end.id },
            note: options.note,
            sourcing: await sourcing(client, options),
            validFrom: date(options.from),
            validUntil: date(options.until),
            caseId: options.case ? (await requireCase(client, options.case)).id : null,
          })
          console.log(options.json ? jsonLine(made) : made.id)
        }),
    )
  command
    .command('list')
    .description('what a record is linked to, to a depth')
    .argument('<record>', 'id, name, kind:name, or evidence:SHA256')
    .addOption(new Option('--depth <n>', 'steps').choices(['1', '2', '3', '4']).default('1'))
    .addOption(library())
    .addOption(json())
    .action((given: string, options: Common & { depth: string }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { id } = await findNode(client, given)
        const graph = await client.graph.neighbours({ id, depth: Number(options.depth) })
        if (options.json) return console.log(jsonLine(graph))
        const names = new Map(graph.nodes.map((node) => [node.id, node.name]))
        console.log(
          table(
            graph.edges.map((edge) => [
              edge.id,
              names.get(edge.from)!,
              edge.type,
              names.get(edge.to)!,
              edge.grade,
              edge.disputed ? 'disputed' : '',
            ]),
          ),
        )
        for (const { id: node, more } of graph.capped)
          console.error(visible(`${names.get(node) ?? node} has ${more} more.`))
      }),
    )
  command
    .command('path')
    .description('a shortest path between two records')
    .argument('<from>')
    .argument('<to>')
    .addOption(library())
    .addOption(json())
    .action((from: string, to: string, options: Common) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const [start, end] = [await findNode(client, from), await findNode(client, to)]
        const graph = await client.graph.path({ from: start.id, to: end.id })
        if (options.json) return console.log(jsonLine(graph))
        if (!graph.nodes.length) return console.error('No path of at most six links.')
        console.log(
          visible(
            graph.nodes
              .toSorted((a, b) => a.depth - b.depth)
              .map((node) => node.name)
              .join(' – '),
          ),
        )
      }),
    )
  addStatementCommands(command, 'relation', (relationId) => ({ relationId }))
  addSteps(command)
  return command
}
