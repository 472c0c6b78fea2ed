/** `assay models list|add|remove|verify|fetch`: which models there are, and whether each is what it should be. */
import type { Command } from 'commander'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ModelInfo } from '../../contract/models.ts'
import { Failure } from '../../errors.ts'
import { download } from './download.ts'
import { inLibrary, withoutLibrary, type Client } from './session.ts'
import { bytes, jsonLine, table, visible } from './terminal.ts'

interface Where {
  library?: string
}

const LIBRARY = ['--library <dir>', 'the library whose added models count as well'] as const
const INTO = ['--library <dir>', 'the library that takes it in, made if it is not there'] as const

const inPlace = <T>({ library }: Where, work: (client: Client) => Promise<T>): Promise<T> =>
  library === undefined ? withoutLibrary(work) : inLibrary({ folder: library }, ({ client }) => work(client))

const into = <T>({ library }: Where, work: (client: Client) => Promise<T>): Promise<T> =>
  inLibrary({ folder: library!, create: true }, ({ client }) => work(client))

export function manageCommands(models: Command): void {
  models
    .command('list')
    .description('the bundled models, and those of a library')
    .option(...LIBRARY)
    .option('--json', 'one JSON document per model and line', false)
    .action((options: Where & { json: boolean }) =>
      inPlace(options, async (client) => print(await client.models.list(), options.json)),
    )
  models
    .command('add')
    .description('take a model into a library: a folder or zip with model.onnx, card.json and README.md')
    .argument('<path>')
    .requiredOption(...INTO)
    .addHelpText('after', '\nIt is checked and tried in a process of its own first; see docs/models.md for the card.')
    .action((path: string, options: Where) => into(options, (client) => add(client, resolve(path))))
  models
    .command('remove')
    .description('take an added model out of a library; what it found stays on record')
    .argument('<id>')
    .requiredOption(...LIBRARY)
    .action((id: string, options: Where) =>
      inPlace(options, async (client) => {
        await client.models.remove({ id })
        console.log(`${visible(id)} was removed. Add it again with \`assay models add\`.`)
      }),
    )
  models
    .command('verify')
    .description('hash, inspect and try models again; exit status 2 where one is refused')
    .argument('[id]', 'one model (default: all)')
    .option(...LIBRARY)
    .option('--json', 'one JSON document per model and line', false)
    .action((id: string | undefined, options: Where & { json: boolean }) =>
      inPlace(options, async (client) => {
        const checked = await client.models.verify(id === undefined ? {} : { ids: [id] })
        print(checked, options.json)
        const refused = checked.filter((model) => model.state !== 'verified')
        if (refused.length)
          throw new Failure('model.untrusted', `${refused.length} of ${checked.length}: ${names(refused)}.`)
      }),
    )
  models
    .command('fetch')
    .description('fetch a model from the catalogue over the network and add it')
    .argument('[id]', 'which (default: list what can be fetched)')
    .option(...INTO)
    .action(async (id: string | undefined, options: Where) => {
      if (id === undefined) return withoutLibrary(offers)
      if (options.library === undefined)
        throw new Failure('request.invalid', 'Say with --library which library takes the model in.')
      await fetchModel(id, options)
    })
}

const names = (models: readonly ModelInfo[]): string => models.map(({ id }) => id).join(', ')

async function add(client: Client, path: string): Promise<void> {
  const { model, leftOut } = await client.models.add({ path })
  const { id, version, trial } = model
  console.log(visible(`${id} ${version} was added.`))
  if (trial) console.log(`Tried: ${trial.seconds.toFixed(1)} s, ${bytes(trial.peakBytes)} of memory at most.`)
  if (leftOut.length) console.error(visible(`Left out: ${leftOut.slice(0, 20).join(', ')}`))
  console.error(visible(standing(model)))
}

/** What may be made of its scores. */
const standing = ({ calibration, usedBy }: ModelInfo): string =>
  usedBy.length === 0
    ? 'No signal runs it: its card has no "classifier" block.'
    : calibration?.matches
      ? `It runs as ${usedBy.join(', ')}.`
      : `It runs as ${usedBy.join(', ')}: uncalibrated, so it is listed and never counted.`

function print(models: readonly ModelInfo[], json: boolean): void {
  if (json) return models.forEach((model) => console.log(jsonLine(model)))
  if (models.length) console.log(table(models.map(row)))
  for (const { id, error } of models)
    if (error) console.error(visible(`${id}: ${error.detail ?? error.message} (${error.code})\n`.trimEnd()))
}

function row({ id, version, origin, state, kind, bytes: size, sha256, calibration, trial }: ModelInfo): string[] {
  const tried = trial ? `${trial.seconds.toFixed(1)} s, ${bytes(trial.peakBytes)}` : ''
  return [
    state,
    id,
    version,
    origin === 'library' ? 'added' : origin,
    kind,
    size === null ? '' : bytes(size),
    sha256?.slice(0, 12) ?? '',
    calibration?.matches ? 'calibrated' : 'uncalibrated',
    tried,
  ]
}

async function offers(client: Client): Promise<void> {
  const catalogue = await client.models.catalogue()
  if (!catalogue.length) throw new Failure('model.no-source', 'The catalogue of this version is empty.')
  console.log(table(catalogue.map(({ id, bytes: size, licence, title }) => [id, bytes(size), licence, title])))
}

async function fetchModel(id: string, options: Where): Promise<void> {
  const catalogue = await withoutLibrary((client) => client.models.catalogue())
  const entry = catalogue.find((one) => one.id === id)
  if (!entry)
    throw new Failure(
      'model.no-source',
      catalogue.length ? `"${visible(id)}" is not in the catalogue.` : 'The catalogue of this version is empty.',
    )
  const folder = await mkdtemp(join(tmpdir(), 'assay-fetch-'))
  try {
    const file = join(folder, 'model.zip')
    await download(entry, file)
    await into(options, (client) => add(client, file))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
