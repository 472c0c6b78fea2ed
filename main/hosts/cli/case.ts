/** `assay case list|create|edit|show|history|undo`. */
import { Command, Option } from 'commander'
import { Tlp } from '../../contract/common.ts'
import { CaseStatus } from '../../contract/cases.ts'
import { Failure } from '../../errors.ts'
import { addSteps } from './records.ts'
import { inLibrary, type Client } from './session.ts'
import { jsonLine, table, visible } from './terminal.ts'

/** The case of this id or exact title. @throws Failure record.not-found | request.invalid where several have the title */
export async function findCase(client: Client, idOrTitle: string): Promise<{ id: string; title: string } | null> {
  const all = await client.cases.list()
  const byId = all.find((one) => one.id === idOrTitle)
  if (byId) return byId
  const titled = all.filter((one) => one.title === idOrTitle.trim())
  if (titled.length > 1)
    throw new Failure(
      'request.invalid',
      `${titled.length} cases have this title; give one by id: ${titled.map((one) => one.id).join(', ')}.`,
    )
  return titled[0] ?? null
}

export async function ensureCase(client: Client, idOrTitle: string): Promise<{ id: string; title: string }> {
  const { id, title } = (await findCase(client, idOrTitle)) ?? (await client.cases.create({ title: idOrTitle }))
  return { id, title }
}

export async function requireCase(client: Client, idOrTitle: string): Promise<{ id: string; title: string }> {
  const found = await findCase(client, idOrTitle)
  if (!found)
    throw new Failure('record.not-found', `No case has the id or title “${visible(idOrTitle)}”; see assay case list.`)
  return found
}

const library = (): Option => new Option('--library <dir>', 'the library').makeOptionMandatory()

export function caseCommand(): Command {
  const command = new Command('case').description('case records: list them, create one, change one, show one')
  command
    .command('list')
    .description('all cases of a library')
    .addOption(library())
    .option('--json', 'one JSON document per case and line', false)
    .action((options: { library: string; json: boolean }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const cases = await client.cases.list()
        if (options.json) return cases.forEach((one) => console.log(jsonLine(one)))
        if (!cases.length) return console.error('No cases yet. Create one: assay case create TITLE --library DIR')
        const rows = cases.map((one) => [one.id, one.status, one.tlp, `${one.counts.evidence} items`, one.title])
        console.log(table([['ID', 'STATUS', 'TLP', 'EVIDENCE', 'TITLE'], ...rows]))
      }),
    )
  command
    .command('create')
    .description('create a case; prints its id')
    .argument('<title>', 'title of the case')
    .addOption(library())
    .option('--question <text>', 'the question the case is to answer', '')
    .option('--owner <name>', 'who works on it', '')
    .addOption(new Option('--tlp <mark>', 'handling mark').choices(Tlp.options).default('AMBER'))
    .option('--json', 'print the whole record as JSON', false)
    .action((title: string, { library: folder, json, ...fields }: { library: string; json: boolean; tlp: Tlp }) =>
      inLibrary({ folder, create: true }, async ({ client }) => {
        const made = await client.cases.create({ title, ...fields })
        console.log(json ? jsonLine(made) : made.id)
      }),
    )
  command
    .command('edit')
    .description('change a case')
    .argument('<case>', 'id or exact title')
    .addOption(library())
    .option('--title <text>', 'title')
    .option('--question <text>', 'the question the case is to answer')
    .option('--owner <name>', 'who works on it')
    .option('--summary <text>', 'what is known so far')
    .addOption(new Option('--status <status>', 'status').choices(CaseStatus.options))
    .addOption(new Option('--tlp <mark>', 'handling mark').choices(Tlp.options))
    .option('--json', 'print the whole record as JSON', false)
    .action((idOrTitle: string, { library: folder, json, ...fields }: { library: string; json: boolean }) =>
      inLibrary({ folder }, async ({ client }) => {
        const { id } = await requireCase(client, idOrTitle)
        const { revision } = (await client.cases.get({ id })).case
        const changed = await client.cases.update({ id, revision, fields })
        console.log(json ? jsonLine(changed) : visible(changed.title))
      }),
    )
  command
    .command('show')
    .description('one case with its evidence, entities, relations and judgements')
    .argument('<case>', 'id or exact title')
    .addOption(library())
    .option('--json', 'the whole record as JSON', false)
    .action((idOrTitle: string, options: { library: string; json: boolean }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { id } = await requireCase(client, idOrTitle)
        const detail = await client.cases.get({ id })
        console.log(options.json ? jsonLine(detail) : describe(detail))
      }),
    )
  addSteps(command)
  return command
}

const section = (title: string, rows: string[][]): string[] => (rows.length ? ['', title, table(rows)] : [])

function describe(detail: Awaited<ReturnType<Client['cases']['get']>>): string {
  const { case: one, evidence, entities, relations, judgements } = detail
  const names = new Map([
    ...entities.map((entity) => [entity.id, entity.name] as const),
    ...evidence.map((item) => [item.evidence.id, item.evidence.name] as const),
  ])
  const name = (id: string): string => names.get(id) ?? id
  return [
    visible(one.title),
    table([
      ['id', one.id],
      ['status', one.status],
      ['handling', `TLP:${one.tlp}`],
      ['question', one.question],
      ['summary', one.summary],
    ]),
    ...section(
      'Evidence',
      evidence.map(({ evidence: item, priority }) => [
        item.sha256.slice(0, 16),
        priority?.words ?? 'not triaged',
        item.name,
      ]),
    ),
    ...section(
      'Entities',
      entities.map((entity) => [entity.kind, entity.name]),
    ),
    ...section(
      'Relations',
      relations.map((relation) => [name(relation.from.id), relation.type, name(relation.to.id)]),
    ),
    ...section(
      'Judgements',
      judgements.map((judgement) => [
        judgement.at,
        judgement.author,
        judgement.statement,
        judgement.likelihood ?? 'no likelihood given',
        judgement.confidence ? `${judgement.confidence} confidence` : 'no confidence given',
      ]),
    ),
  ].join('\n')
}
