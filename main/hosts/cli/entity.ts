/** `assay entity …`: records, with everything said about them. */
import { Command, Option } from 'commander'
import { EntityKind, type KindInfo } from '../../contract/cases.ts'
import { Tlp } from '../../contract/common.ts'
import type { RecordDetail } from '../../contract/records.ts'
import { datedText } from '../../contract/time.ts'
import { valueText } from '../../contract/values.ts'
import { Failure } from '../../errors.ts'
import { requireCase } from './case.ts'
import {
  addSteps,
  date,
  findRecord,
  json,
  library,
  sourcing,
  withSourcing,
  type Common,
  type SourcingOptions,
} from './records.ts'
import { inLibrary, type Client } from './session.ts'
import { addStatementCommands } from './statements.ts'
import { jsonLine, table, visible } from './terminal.ts'

const collect = (value: string, known: string[]): string[] => [...known, value]

/** `field=value`, several times; a field with many values collects them. */
function fieldsOf(kind: KindInfo, given: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const one of given) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(one) ?? []
    const field = kind.fields.find((known) => known.name === name)
    if (!field)
      throw new Failure(
        'request.invalid',
        `${kind.label} has no field “${visible(name || one)}”; it has ${kind.fields.map((known) => known.name).join(', ')}.`,
      )
    fields[name] = field.many ? [...((fields[name] as string[] | undefined) ?? []), value] : value
  }
  return fields
}

const kindInfo = async (client: Client, kind: EntityKind): Promise<KindInfo> =>
  (await client.cases.kinds()).kinds.find((one) => one.kind === kind)!

export function entityCommand(): Command {
  const command = new Command('entity').description(
    'records: actors, accounts, claims, designations and the other kinds',
  )
  command
    .command('kinds')
    .description('all kinds with their fields')
    .addOption(library())
    .addOption(json())
    .action((options: Common) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { kinds } = await client.cases.kinds()
        if (options.json) return kinds.forEach((one) => console.log(jsonLine(one)))
        console.log(
          table(
            kinds.map((one) => [
              one.kind,
              one.fields.map((field) => (field.many ? `${field.name}…` : field.name)).join(' '),
            ]),
          ),
        )
      }),
    )
  command
    .command('list')
    .description('records of the library by name')
    .addOption(new Option('--kind <kind>', 'of this kind').choices(EntityKind.options))
    .option('--text <text>', 'with this in name or values', '')
    .addOption(library())
    .addOption(json())
    .action((options: Common & { kind?: EntityKind; text: string }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { kind, text } = options
        const found = await client.cases.entities({ text, limit: 5000, ...(kind ? { kind } : {}) })
        if (options.json) return found.forEach((one) => console.log(jsonLine(one)))
        console.log(
          table([['ID', 'KIND', 'TLP', 'NAME'], ...found.map((one) => [one.id, one.kind, one.tlp, one.name])]),
        )
      }),
    )
  withSourcing(command.command('create'))
    .description('make a record; prints its id')
    .addArgument(command.createArgument('<kind>').choices(EntityKind.options))
    .argument('<name>')
    .option('--set <field=value>', 'one field; several times', collect, [])
    .option('--case <case>', 'take it into this case')
    .addOption(new Option('--tlp <mark>', 'handling mark').choices(Tlp.options).default('AMBER'))
    .addOption(library())
    .addOption(json())
    .action(
      (
        kind: EntityKind,
        name: string,
        options: Common & SourcingOptions & { set: string[]; case?: string; tlp: Tlp },
      ) =>
        inLibrary({ folder: options.library, create: true }, async ({ client }) => {
          const attributes = fieldsOf(await kindInfo(client, kind), options.set)
          const caseId = options.case ? (await requireCase(client, options.case)).id : null
          const made = await client.cases.createEntity({
            kind,
            name,
            attributes,
            sourcing: await sourcing(client, options),
            tlp: options.tlp,
            caseId,
          })
          console.log(options.json ? jsonLine(made) : made.id)
        }),
    )
  withSourcing(command.command('edit'))
    .description('say values of a record; what another source says stays beside them')
    .argument('<record>', 'id, name, or kind:name')
    .option('--set <field=value>', 'one value; several times', collect, [])
    .option('--from <date>', 'since when it held')
    .option('--until <date>', 'until when it held')
    .option('--name <name>', 'rename the record')
    .addOption(new Option('--tlp <mark>', 'handling mark').choices(Tlp.options))
    .addOption(library())
    .addOption(json())
    .action(
      (
        given: string,
        options: Common & SourcingOptions & { set: string[]; from?: string; until?: string; name?: string; tlp?: Tlp },
      ) =>
        inLibrary({ folder: options.library }, async ({ client }) => {
          const { id, kind, revision: seen } = await findRecord(client, given)
          let revision = seen
          const { name, tlp } = options
          if (name !== undefined || tlp !== undefined)
            revision = (
              await client.cases.updateEntity({
                id,
                revision,
                fields: { ...(name === undefined ? {} : { name }), ...(tlp ? { tlp } : {}) },
              })
            ).revision
          const said = await sourcing(client, options)
          for (const [field, values] of Object.entries(fieldsOf(await kindInfo(client, kind), options.set)))
            for (const value of [values].flat()) {
              const assertion = {
                field,
                value,
                sourcing: said,
                validFrom: date(options.from),
                validUntil: date(options.until),
              }
              revision = (await client.records.assert({ entityId: id, revision, assertion })).entity.revision
            }
          const detail = await client.records.get({ id })
          console.log(options.json ? jsonLine(detail) : describe(detail, await kindInfo(client, kind)))
        }),
    )
  command
    .command('show')
    .description('one record with every value, who says it, and what it is linked to')
    .argument('<record>', 'id, name, or kind:name')
    .addOption(library())
    .addOption(json())
    .action((given: string, options: Common) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { id, kind } = await findRecord(client, given)
        const detail = await client.records.get({ id })
        console.log(options.json ? jsonLine(detail) : describe(detail, await kindInfo(client, kind)))
      }),
    )
  addStatementCommands(command, 'value', (assertionId) => ({ assertionId }))
  command
    .command('merge')
    .description('make several records of one kind one; unmerge splits them again')
    .argument('<into>', 'the record that stays')
    .argument('<from...>', 'those that are merged into it')
    .option('--reason <text>', 'why they are one', '')
    .addOption(library())
    .addOption(json())
    .action((into: string, from: string[], options: Common & { reason: string }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const target = await findRecord(client, into)
        const ids: string[] = []
        for (const one of from) ids.push((await findRecord(client, one)).id)
        const detail = await client.records.merge({ into: target.id, from: ids, reason: options.reason })
        console.log(options.json ? jsonLine(detail) : describe(detail, await kindInfo(client, target.kind)))
      }),
    )
  command
    .command('unmerge')
    .description('split a merged record off again (show lists them with their ids)')
    .argument('<id>')
    .addOption(library())
    .addOption(json())
    .action((id: string, options: Common) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const detail = await client.records.unmerge({ id })
        console.log(options.json ? jsonLine(detail) : describe(detail, await kindInfo(client, detail.entity.kind)))
      }),
    )
  command
    .command('remove')
    .description('take a record and its links out of the library; undo brings it back')
    .argument('<record>', 'id, name, or kind:name')
    .addOption(library())
    .addOption(json())
    .action((given: string, options: Common) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { id, revision } = await findRecord(client, given)
        const { operation } = await client.records.remove({ id, revision })
        console.log(options.json ? jsonLine(operation) : visible(operation.title))
      }),
    )
  command
    .command('designated')
    .description('was the record on a list on that day, by what is recorded here?')
    .argument('<record>', 'id, name, or kind:name')
    .requiredOption('--on <date>', 'such as 2024-02-09')
    .addOption(library())
    .addOption(json())
    .action((given: string, options: Common & { on: string }) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const { id } = await findRecord(client, given)
        const answer = await client.records.designatedOn({ subjectId: id, date: date(options.on)! })
        if (options.json) return console.log(jsonLine(answer))
        const caveats = answer.listings.filter((one) => one.held !== 'no').flatMap((one) => one.caveats)
        console.log([answer.words, ...caveats].map(visible).join('\n'))
      }),
    )
  command
    .command('duplicates')
    .description('records that may be one, with the reasons; nothing is merged')
    .addOption(library())
    .addOption(json())
    .action((options: Common) =>
      inLibrary({ folder: options.library }, async ({ client }) => {
        const found = await client.records.duplicates()
        if (options.json) return found.forEach((one) => console.log(jsonLine(one)))
        console.log(
          table(
            found.map(({ a, b, reasons }) => [a.id, a.name, b.id, b.name, reasons.map((one) => one.text).join(' ')]),
          ),
        )
      }),
    )
  addSteps(command)
  return command
}

function describe(detail: RecordDetail, info: KindInfo): string {
  const { entity, fields, links, merged, names } = detail
  const source = (id: string | null): string => (id ? (names[id] ?? id) : 'the analyst')
  const rows = fields.flatMap(({ field, standing, conflict }) => {
    const known = info.fields.find((one) => one.name === field)!
    return standing.map((one) => [
      known.label,
      valueText(known.type, one.value, (id) => names[id]),
      [source(one.sourcing.sourceId), `${one.sourcing.reliability}${one.sourcing.credibility}`].join(', '),
      [
        ...(one.validFrom ? [`from ${datedText(one.validFrom)}`] : []),
        ...(one.validUntil ? [`until ${datedText(one.validUntil)}`] : []),
        ...(conflict ? ['sources differ'] : []),
        ...(one.disputed ? ['disputed'] : []),
        ...(one.replacedFindings.length ? ['rests on a finding that was replaced'] : []),
      ].join(', '),
      one.id,
    ])
  })
  return [
    `${visible(entity.name)} (${info.label.toLowerCase()}, TLP:${entity.tlp}, ${entity.id})`,
    ...(rows.length ? [table(rows)] : []),
    ...links.map(({ relation, direction, other }) =>
      visible(
        `${direction === 'from' ? `${relation.type} →` : `← ${relation.type}`} ${other.name} (${other.kind})${relation.disputed ? ', disputed' : ''}  ${relation.id}`,
      ),
    ),
    ...merged.map((one) => visible(`holds ${one.name}, merged ${one.mergedAt}: ${one.id}`)),
  ].join('\n')
}
