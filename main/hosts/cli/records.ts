/** What the commands for records share: finding one by name, reading sourcing from options, printing steps. */
import { Option, type Command } from 'commander'
import { EntityKind, type Entity } from '../../contract/cases.ts'
import { type DatedValue, Sourcing } from '../../contract/common.ts'
import type { Operation } from '../../contract/records.ts'
import { datedOf } from '../../contract/time.ts'
import { Failure } from '../../errors.ts'
import { inLibrary, type Client } from './session.ts'
import { jsonLine, table, visible } from './terminal.ts'

export const library = (): Option => new Option('--library <dir>', 'the library').makeOptionMandatory()
export const json = (): Option => new Option('--json', 'JSON instead of text').default(false)

export interface Common {
  readonly library: string
  readonly json: boolean
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** `kind:name`, a name that only one record has, or an id. @throws Failure record.not-found | request.invalid */
export async function findRecord(client: Client, given: string): Promise<Entity> {
  if (UUID.test(given)) return (await client.records.get({ id: given })).entity
  const [, before = '', after = ''] = /^([a-z]+):(.+)$/s.exec(given) ?? []
  const kind = EntityKind.safeParse(before)
  const [name, only] = kind.success ? [after, kind.data] : [given, undefined]
  const found = await client.cases.entities({ text: name.trim(), limit: 5000, ...(only ? { kind: only } : {}) })
  const exact = found.filter((one) => one.name === name.trim())
  if (exact.length === 1) return exact[0]!
  if (!exact.length)
    throw new Failure('record.not-found', `No record is named “${visible(given)}”; see assay entity list.`)
  const ids = exact.map((one) => `${one.id} (${one.kind})`).join(', ')
  throw new Failure('request.invalid', `${exact.length} records have this name; give one by id: ${ids}.`)
}

/** `evidence:SHA256-or-id` or a record. */
export async function findNode(client: Client, given: string) {
  const [, ref] = /^evidence:(.+)$/.exec(given) ?? []
  if (ref === undefined) {
    const { kind, id, name } = await findRecord(client, given)
    return { kind, id, name }
  }
  const rows = await client.findings.board()
  const item = rows.find((row) => row.evidenceId === ref || row.sha256 === ref || row.name === ref)
  if (!item) throw new Failure('record.not-found', `No item is “${visible(ref)}”.`)
  return { kind: 'evidence' as const, id: item.evidenceId, name: item.name }
}

/** @throws Failure request.invalid */
export function date(text: string | undefined): DatedValue | null {
  if (text === undefined) return null
  const dated = datedOf(text)
  if (!dated) throw new Failure('request.invalid', `“${visible(text)}” is no date such as 2024, 2024-02 or 2024-02-09.`)
  return dated
}

export interface SourcingOptions {
  readonly source?: string
  readonly grade?: string
  readonly likelihood?: string
  readonly confidence?: string
}

/** Who says so, how far they are trusted. */
export const withSourcing = (command: Command): Command =>
  command
    .option('--source <record>', 'the source record that says so (default: the analyst)')
    .option('--grade <code>', 'Admiralty code of reliability and credibility, such as B2 (default: F6)')
    .option('--likelihood <term>', 'ICD 203 term, such as very-likely')
    .option('--confidence <level>', 'analytic confidence: low, moderate or high')

export async function sourcing(client: Client, options: SourcingOptions): Promise<Sourcing> {
  const { source, grade = 'F6', likelihood, confidence } = options
  const read = Sourcing.safeParse({
    sourceId: source ? (await findRecord(client, source)).id : null,
    reliability: grade[0]?.toUpperCase(),
    credibility: grade.slice(1),
    likelihood: likelihood ?? null,
    confidence: confidence ?? null,
  })
  if (read.success) return read.data
  throw new Failure(
    'request.invalid',
    read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
  )
}

/** Steps newest first, and taking one back: the same for cases, records and links. */
export function addSteps(command: Command): void {
  command
    .command('history')
    .description('the last steps, newest first, with the ids by which they can be undone')
    .argument('[record]', 'only those about this record')
    .addOption(library())
    .option('--limit <n>', 'how many', '50')
    .addOption(json())
    .action((given: string | undefined, options: Common & { limit: string }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const subject =
          given === undefined ? {} : { subject: UUID.test(given) ? given : (await findRecord(client, given)).id }
        const steps = await client.records.operations({ ...subject, limit: Number(options.limit) })
        if (options.json) return steps.forEach((one) => console.log(jsonLine(one)))
        console.log(table(steps.map((one) => [one.id, one.at, one.undoneBy ? 'undone' : '', one.title])))
      }),
    )
  command
    .command('undo')
    .description('take a step back, the last one by default; undo the undoing to do it again')
    .argument('[operation]', 'id of the step (see history)')
    .addOption(library())
    .addOption(json())
    .action((id: string | undefined, options: Common) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const operationId = id ?? (await lastStanding(client)).id
        const { operation } = await client.records.undo({ operationId })
        console.log(options.json ? jsonLine(operation) : visible(operation.title))
      }),
    )
}

async function lastStanding(client: Client): Promise<Operation> {
  const last = (await client.records.operations({ limit: 500 })).find((one) => !one.undoneBy && !one.undoes)
  if (!last) throw new Failure('record.not-found', 'There is no step to undo.')
  return last
}
