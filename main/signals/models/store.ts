/**
 * The models at hand: the bundled ones beside the program and those that analysts added to the open library. A model
 * comes in only after everything about it was checked and it was tried in a process of its own; until then it lies in
 * staging/, from where one rename takes it into the library, whole or not at all.
 */
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { CatalogueEntry, type ModelDetail, type ModelInfo } from '../../contract/models.ts'
import { Failure, report, type FailureReport } from '../../errors.ts'
import type { Spawner } from '../../jobs/spawner.ts'
import { tryModel, type Trial, type TrialLimits } from '../../jobs/trial.ts'
import { storeFailure } from '../../store/database.ts'
import type { Actor, Library } from '../../store/library.ts'
import { modelIds, readModel } from '../model-card.ts'
import { addedFolder } from './added.ts'
import { inspectFolder, type Inspected } from './inspect.ts'
import { readPackage, sha256, type ModelPackage, type PackageSource } from './package.ts'
import { RECEIPT, REFUSAL, type Receipt, type Refusal } from './receipt.ts'

export interface ModelStoreOptions {
  /** Folder of the bundled models. */
  readonly bundled: string
  readonly spawner: Spawner
  readonly actor: Actor
  /** Ids of the signals that run a model. */
  usedBy(model: Pick<Inspected, 'card' | 'info'>): string[]
  /** Told when models came, went or were checked. */
  onChange?(): void
  readonly limits?: TrialLimits
}

export interface ModelStore {
  list(lib: Library | null): Promise<ModelInfo[]>
  /** @throws Failure model.not-found */
  get(lib: Library | null, id: string): Promise<ModelDetail>
  /** @throws Failure model.package | model.untrusted | model.limit | model.failed | model.exists | store.full */
  add(lib: Library, source: PackageSource): Promise<{ model: ModelInfo; leftOut: string[] }>
  /** @throws Failure model.not-found | model.bundled */
  remove(lib: Library, id: string): Promise<void>
  /** Re-hashes, re-inspects and tries, one after the other. @throws Failure model.not-found */
  verify(lib: Library | null, ids?: readonly string[]): Promise<ModelInfo[]>
  catalogue(): Promise<CatalogueEntry[]>
  /** Removes what a host that was killed left in staging/. Call it while nothing is being added. */
  clear(lib: Library): Promise<void>
}

const STAGED = 'model-'

/** How the last trial of a model ended. */
type Outcome = { readonly at: string } & ({ readonly trial: Trial } | { readonly error: FailureReport })

export function createModelStore(options: ModelStoreOptions): ModelStore {
  const { bundled, spawner, actor } = options
  const outcomes = new Map<string, Outcome>()
  const checking = new Set<string>()
  let turn: Promise<unknown> = Promise.resolve()
  const changed = (): void => options.onChange?.()

  /** One at a time: trials keep the machine busy, and two additions of one id must not both be the first. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  function describe(found: Inspected): ModelDetail {
    const { info, receipt } = found
    const outcome = outcomes.get(key(found))
    const failed = outcome && 'error' in outcome ? outcome.error : found.refusal
    const trial =
      outcome && 'trial' in outcome
        ? { at: outcome.at, ...outcome.trial }
        : receipt && !failed
          ? { at: receipt.addedAt, ...receipt.trial }
          : null
    return {
      ...info,
      state: checking.has(info.id) ? 'checking' : failed ? 'refused' : info.state,
      error: info.error ?? failed,
      usedBy: info.state === 'verified' && !failed ? options.usedBy(found) : [],
      trial,
    }
  }
  const key = ({ info, card }: Inspected): string => `${info.origin} ${info.id} ${card?.sha256}`

  async function all(lib: Library | null): Promise<Inspected[]> {
    const found: Inspected[] = []
    const ours = await modelIds(bundled)
    for (const id of ours) found.push(await inspectFolder(bundled, id, 'bundled'))
    if (!lib) return found
    for (const id of await modelIds(addedFolder(lib))) {
      const one = await inspectFolder(addedFolder(lib), id, 'library')
      found.push(ours.includes(id) ? clashing(one) : one)
    }
    return found
  }

  /** Checks what was handed over in a folder of its own. @returns the receipt that goes with it */
  async function check(folder: string, { id, files }: ModelPackage): Promise<Receipt> {
    const { card } = await readModel(folder, id)
    const trial = await tryModel(spawner, { models: folder, id }, options.limits)
    return {
      format: 'assay-added-model-1',
      model: card.sha256,
      card: sha256(files.get('card.json')!),
      addedAt: new Date().toISOString(),
      addedBy: actor,
      trial,
    }
  }

  async function add(lib: Library, source: PackageSource): Promise<{ model: ModelInfo; leftOut: string[] }> {
    const given = await readPackage(source)
    const { id } = given
    if ((await modelIds(bundled)).includes(id)) throw new Failure('model.exists', `"${id}" comes with Assay.`)
    const home = join(addedFolder(lib), id)
    if (await lstat(home).catch(() => null)) throw new Failure('model.exists', `"${id}" is in this library.`)
    const staged = join(lib.paths.staging, STAGED + randomUUID())
    try {
      await mkdir(join(staged, id), { recursive: true, mode: 0o700 })
      for (const [name, bytes] of given.files) await writeDown(join(staged, id, name), bytes)
      const receipt = await check(staged, given)
      await writeDown(join(staged, id, RECEIPT), new TextEncoder().encode(`${JSON.stringify(receipt, null, 2)}\n`))
      await mkdir(addedFolder(lib), { recursive: true })
      await rename(join(staged, id), home)
      try {
        lib.change(actor, (record) => record('model.added', id, { sha256: receipt.model, card: receipt.card }))
      } catch (error) {
        await rm(home, { recursive: true, force: true })
        throw error
      }
    } catch (error) {
      throw storeFailure(error)
    } finally {
      await rm(staged, { recursive: true, force: true }).catch(() => {})
    }
    const model = describe(await inspectFolder(addedFolder(lib), id, 'library'))
    changed()
    return { model, leftOut: [...given.leftOut] }
  }

  async function remove(lib: Library, id: string): Promise<void> {
    const inLibrary = (await modelIds(addedFolder(lib))).includes(id)
    if (!inLibrary) {
      if ((await modelIds(bundled)).includes(id)) throw new Failure('model.bundled', `"${id}".`)
      throw new Failure('model.not-found', `"${id}".`)
    }
    const { card } = await inspectFolder(addedFolder(lib), id, 'library')
    const doomed = join(lib.paths.staging, STAGED + randomUUID())
    try {
      await rename(join(addedFolder(lib), id), doomed)
      lib.change(actor, (record) => record('model.removed', id, { sha256: card?.sha256 ?? null }))
      await rm(doomed, { recursive: true, force: true })
    } catch (error) {
      throw storeFailure(error)
    }
    changed()
  }

  async function verify(lib: Library | null, ids: readonly string[] | undefined): Promise<ModelInfo[]> {
    const found = await all(lib)
    for (const id of ids ?? [])
      if (!found.some(({ info }) => info.id === id)) throw new Failure('model.not-found', `"${id}".`)
    const wanted = found.filter(({ info }) => !ids || ids.includes(info.id))
    for (const { info } of wanted) checking.add(info.id)
    changed()
    try {
      for (const one of wanted) {
        const folder = one.info.origin === 'bundled' ? bundled : addedFolder(lib!)
        if (one.info.state === 'verified') {
          const outcome = await outcomeOf(folder, one.info.id)
          outcomes.set(key(one), outcome)
          if (one.info.origin === 'library') await remember(join(folder, one.info.id), outcome)
        }
        checking.delete(one.info.id)
        changed()
      }
    } finally {
      for (const { info } of wanted) checking.delete(info.id)
    }
    return wanted.map((one) => brief(describe(one)))
  }

  async function outcomeOf(models: string, id: string): Promise<Outcome> {
    const at = new Date().toISOString()
    try {
      return { at, trial: await tryModel(spawner, { models, id }, options.limits) }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { at, error: report(error) }
    }
  }

  /** A model that failed is not run in any later session either, until it passes. */
  async function remember(home: string, outcome: Outcome): Promise<void> {
    await rm(join(home, REFUSAL), { force: true })
    if ('trial' in outcome) return
    const refusal: z.infer<typeof Refusal> = { format: 'assay-refused-model-1', ...outcome }
    await writeDown(join(home, REFUSAL), new TextEncoder().encode(`${JSON.stringify(refusal, null, 2)}\n`))
  }

  return {
    list: async (lib) => (await all(lib)).map((one) => brief(describe(one))),
    async get(lib, id) {
      const found = (await all(lib)).find(({ info }) => info.id === id)
      if (!found) throw new Failure('model.not-found', `"${id.slice(0, 100)}".`)
      return describe(found)
    },
    add: (lib, source) => inTurn(() => add(lib, source)),
    remove: (lib, id) => inTurn(() => remove(lib, id)),
    verify: (lib, ids) => inTurn(() => verify(lib, ids)),
    async catalogue() {
      const text = await readFile(join(bundled, 'catalogue.json'), 'utf8').catch(() => '[]')
      return z.array(CatalogueEntry).max(1000).parse(JSON.parse(text))
    },
    async clear(lib) {
      for (const name of await readdir(lib.paths.staging))
        if (name.startsWith(STAGED)) await rm(join(lib.paths.staging, name), { recursive: true, force: true })
    },
  }
}

/** A folder that was put into the library under the name of a bundled model must not pass for it. */
const clashing = (one: Inspected): Inspected => ({
  ...one,
  info: {
    ...one.info,
    state: 'refused',
    error: report(new Failure('model.exists', `"${one.info.id}" comes with Assay.`)),
  },
})

/** What a list shows. */
const brief = ({
  card: _card,
  readme: _readme,
  opset: _opset,
  operators: _operators,
  ...info
}: ModelDetail): ModelInfo => info

/** On the disk when this returns. */
async function writeDown(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
