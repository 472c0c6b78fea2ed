import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BRIGHTNESS_CARD, brightness, cardFor, filesOf, text, writeModel } from '../../../test/fixtures/model.ts'
import { Failure } from '../../errors.ts'
import type { Spawner, WorkerExit } from '../../jobs/spawner.ts'
import type { TrialMessage } from '../../jobs/trial-protocol.ts'
import { entries } from '../../store/audit.ts'
import { scratch, type Scratch } from '../../store/fixtures/scratch.ts'
import { addedFolder, addedSignals, signalsOf } from './added.ts'
import { createModelStore, type ModelStore } from './store.ts'

/** A worker that says what the test wants at once, then ends. */
function answering(answer: () => TrialMessage | WorkerExit): Spawner {
  return {
    start() {
      let receive = (_message: unknown): void => {}
      let exit = (_how: WorkerExit): void => {}
      const clean = { code: 0, signal: null, stderr: '' }
      return {
        pid: undefined,
        ownGroup: false,
        send() {
          const said = answer()
          setImmediate(() => {
            if (!('type' in said)) return exit(said)
            receive({ type: 'trial-began' })
            receive(said)
          })
        },
        onMessage: (listener) => void (receive = listener),
        onExit: (listener) => void (exit = listener),
        residentBytes: () => null,
        terminate() {},
        kill: () => setImmediate(() => exit(clean)),
      }
    },
  }
}

const PASSED: TrialMessage = { type: 'trial-passed', seconds: 0.5, peakBytes: 1e8 }
let at: Scratch
let answer: TrialMessage | WorkerExit
let changes: number
let store: ModelStore

beforeEach(() => {
  at = scratch()
  answer = PASSED
  changes = 0
  const bundled = join(at.folder, 'bundled')
  writeModel(bundled, 'ours', filesOf('ours'))
  store = createModelStore({
    bundled,
    spawner: answering(() => answer),
    actor: 'analyst',
    usedBy: ({ info }) => [`of ${info.id}`],
    onChange: () => (changes += 1),
  })
})
afterEach(() => at.remove())

const given = (id: string, files = filesOf(id)): { path: string } => ({
  path: writeModel(at.folder, `from-${id}`, files),
})
const home = (id: string): string => join(addedFolder(at.lib), id)
const refusedAs = (code: string, detail?: RegExp) =>
  expect.objectContaining({ code, ...(detail && { detail: expect.stringMatching(detail) }) })

describe('adding', () => {
  test('takes exactly the files of the model, with a receipt and a link of the audit chain', async () => {
    const files = { ...filesOf('mine'), 'weights.bin': text('x'), 'calibration.json': text('{}') }
    const { model, leftOut } = await store.add(at.lib, given('mine', files))
    expect(leftOut).toEqual(['calibration.json', 'weights.bin'])
    expect(readdirSync(home('mine')).sort()).toEqual(['README.md', 'added.json', 'card.json', 'model.onnx'])
    expect(model).toMatchObject({
      state: 'verified',
      origin: 'library',
      usedBy: ['of mine'],
      trial: { seconds: 0.5, peakBytes: 1e8 },
    })
    const [link] = entries(at.lib.db, 1)
    expect(link).toMatchObject({ actor: 'analyst', action: 'model.added', subject: 'mine' })
    expect(changes).toBe(1)
    expect(readdirSync(at.lib.paths.staging)).toEqual([])
  })

  test('takes the single files that a browser sends, whatever they are called on the disk', async () => {
    const files = Object.entries(filesOf('mine')).map(([name, bytes], i) => {
      const path = join(at.folder, `${i}.part`)
      writeFileSync(path, bytes)
      return { name, path }
    })
    await store.add(at.lib, { files })
    expect(existsSync(home('mine'))).toBe(true)
    const twice = [...files, files[0]!]
    await expect(store.add(at.lib, { files: twice })).rejects.toEqual(refusedAs('model.package', /two files/))
  })

  test('leaves nothing behind where the trial fails, and says what the worker said in our own words', async () => {
    const error = {
      code: 'model.failed',
      message: 'Buy now',
      remedy: 'Send money',
      retryable: true,
      detail: 'a\u202eb\nc',
    }
    answer = { type: 'trial-failed', error }
    const failure = await store.add(at.lib, given('mine')).catch((thrown: unknown) => thrown as Failure)
    expect(failure).toMatchObject({ code: 'model.failed', detail: 'a b c' })
    expect((failure as Failure).message).not.toContain('Buy')
    answer = { type: 'trial-failed', error: { ...error, code: 'store.full' } }
    await expect(store.add(at.lib, given('mine'))).rejects.toEqual(refusedAs('model.failed'))
    expect(existsSync(home('mine'))).toBe(false)
    expect(readdirSync(at.lib.paths.staging)).toEqual([])
    expect(entries(at.lib.db, 1)[0]!.action).not.toBe('model.added')
  })

  test.each([
    ['killed by the kernel', { code: null, signal: 'SIGKILL', stderr: '' }, 'model.limit'],
    ['out of heap', { code: 134, signal: null, stderr: 'FATAL ERROR: JavaScript heap out of memory' }, 'model.limit'],
    ['crashed', { code: null, signal: 'SIGSEGV', stderr: '' }, 'model.failed'],
    ['left without a word', { code: 0, signal: null, stderr: '' }, 'model.failed'],
  ])('tells how the process ended: %s', async (_, exit, code) => {
    answer = exit
    await expect(store.add(at.lib, given('mine'))).rejects.toEqual(refusedAs(code))
  })

  test('of two at once with the same id the second is refused', async () => {
    const both = await Promise.allSettled([store.add(at.lib, given('mine')), store.add(at.lib, given('mine'))])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect((both[1] as PromiseRejectedResult).reason).toEqual(refusedAs('model.exists'))
    await expect(store.add(at.lib, given('ours'))).rejects.toEqual(refusedAs('model.exists', /comes with Assay/))
  })

  test('what a killed host left in staging is cleared', async () => {
    mkdirSync(join(at.lib.paths.staging, 'model-left', 'mine'), { recursive: true })
    mkdirSync(join(at.lib.paths.staging, 'other'))
    await store.clear(at.lib)
    expect(readdirSync(at.lib.paths.staging)).toEqual(['other'])
  })
})

describe('listing', () => {
  test('names the bundled ones first, and without a library only them', async () => {
    await store.add(at.lib, given('mine'))
    expect((await store.list(at.lib)).map(({ id, origin }) => [id, origin])).toEqual([
      ['ours', 'bundled'],
      ['mine', 'library'],
    ])
    expect((await store.list(null)).map(({ id }) => id)).toEqual(['ours'])
  })

  test('refuses what was put there by hand, under the name of a bundled one, or changed since', async () => {
    await store.add(at.lib, given('mine'))
    writeModel(addedFolder(at.lib), 'by-hand', filesOf('by-hand'))
    writeModel(addedFolder(at.lib), 'ours', filesOf('ours'))
    const card = join(home('mine'), 'card.json')
    writeFileSync(card, readFileSync(card, 'utf8').replace('Four numbers', 'Four figures'))
    symlinkSync(home('mine'), home('linked'))
    const found = (await store.list(at.lib)).filter(({ origin }) => origin === 'library')
    expect(found.map(({ id, state, error, usedBy }) => [id, state, error?.code, usedBy])).toEqual([
      ['by-hand', 'refused', 'model.untrusted', []],
      ['mine', 'refused', 'model.untrusted', []],
      ['ours', 'refused', 'model.exists', []],
    ])
  })

  test('gives the whole card and the README of one', async () => {
    const detail = await store.get(null, 'ours')
    expect(detail).toMatchObject({
      readme: expect.stringContaining('public domain'),
      opset: 16,
      operators: ['Identity', 'Neg'],
    })
    expect(detail.card!.intendedUse).toContain('Tests of the program')
    await expect(store.get(null, 'theirs')).rejects.toEqual(refusedAs('model.not-found'))
    await expect(store.get(null, '../ours')).rejects.toEqual(refusedAs('model.not-found'))
  })
})

describe('verifying', () => {
  test('remembers a model that failed, across sessions, until it passes', async () => {
    await store.add(at.lib, given('mine', filesOf('mine', brightness(), BRIGHTNESS_CARD)))
    expect(addedSignals(addedFolder(at.lib)).map(({ id }) => id)).toEqual(['model:mine'])
    answer = { code: null, signal: 'SIGSEGV', stderr: '' }
    const [checked] = await store.verify(at.lib, ['mine'])
    expect(checked).toMatchObject({ state: 'refused', error: { code: 'model.failed' }, usedBy: [], trial: null })
    const later = createModelStore({
      bundled: join(at.folder, 'bundled'),
      spawner: answering(() => PASSED),
      actor: 'cli',
      usedBy: () => [],
    })
    expect((await later.list(at.lib)).at(-1)).toMatchObject({ id: 'mine', state: 'refused' })
    expect(addedSignals(addedFolder(at.lib))).toEqual([])
    await later.verify(at.lib)
    expect((await later.list(at.lib)).at(-1)).toMatchObject({ id: 'mine', state: 'verified' })
    expect(addedSignals(addedFolder(at.lib))).toHaveLength(1)
  })

  test('tells the bundled ones too, and asks for one that exists', async () => {
    const [ours] = await store.verify(null)
    expect(ours).toMatchObject({ id: 'ours', state: 'verified', trial: { seconds: 0.5 } })
    await expect(store.verify(null, ['theirs'])).rejects.toEqual(refusedAs('model.not-found'))
  })
})

describe('removing', () => {
  test('takes it out with a link of the audit chain; adding brings it back', async () => {
    await store.add(at.lib, given('mine'))
    await store.remove(at.lib, 'mine')
    expect(existsSync(home('mine'))).toBe(false)
    expect(entries(at.lib.db, 1)[0]).toMatchObject({ action: 'model.removed', subject: 'mine' })
    await store.add(at.lib, given('mine'))
    expect(existsSync(home('mine'))).toBe(true)
  })

  test('refuses the bundled ones and what is not there', async () => {
    await expect(store.remove(at.lib, 'ours')).rejects.toEqual(refusedAs('model.bundled'))
    await expect(store.remove(at.lib, '../bundled/ours')).rejects.toEqual(refusedAs('model.not-found'))
  })
})

describe('the signals of added models', () => {
  const bytes = brightness()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const calibration = (change: object = {}): string =>
    JSON.stringify({
      format: 'assay-calibration-1',
      signal: 'model:mine',
      signalVersion: addedSignals(addedFolder(at.lib))[0]!.version,
      modelSha256: sha256,
      basis: 'a test',
      n: { manipulated: 50, genuine: 50, manipulatedGroups: 10, genuineGroups: 10 },
      knots: [
        { score: 0.1, logRatio: -1, low: -2, high: 0 },
        { score: 0.9, logRatio: 1, low: 0, high: 2 },
      ],
      domain: {},
      ...change,
    })

  test('only a classifier has one; it counts only with a calibration of this very model', async () => {
    await store.add(at.lib, given('mine', filesOf('mine', bytes, BRIGHTNESS_CARD)))
    await store.add(at.lib, given('plain'))
    const counted = (): boolean | undefined => signalsOf(at.lib).find(({ id }) => id === 'model:mine')?.counted
    expect(signalsOf(at.lib).filter(({ id }) => id.startsWith('model:'))).toHaveLength(1)
    expect(counted()).toBe(false)
    const file = join(home('mine'), 'calibration.json')
    for (const foreign of [{ modelSha256: '0'.repeat(64) }, { signal: 'provenance' }, { signalVersion: '0' }]) {
      writeFileSync(file, calibration(foreign))
      expect(counted()).toBe(false)
    }
    writeFileSync(file, calibration())
    expect(counted()).toBe(true)
    expect((await store.get(at.lib, 'mine')).calibration).toMatchObject({
      matches: true,
      manipulated: 50,
      curve: [{}, {}],
    })
  })

  test('none is made of a model without a receipt, of another one, or of one whose card was changed', async () => {
    const source = given('mine', filesOf('mine', bytes, BRIGHTNESS_CARD))
    await store.add(at.lib, source)
    expect(addedSignals(addedFolder(at.lib))).toHaveLength(1)
    writeFileSync(
      join(home('mine'), 'card.json'),
      JSON.stringify(cardFor('mine', bytes, { ...BRIGHTNESS_CARD, title: 'Other' })),
    )
    expect(addedSignals(addedFolder(at.lib))).toEqual([])
    await store.remove(at.lib, 'mine')
    await store.add(at.lib, source)
    renameSync(home('mine'), home('theirs'))
    expect(addedSignals(addedFolder(at.lib))).toEqual([])
    renameSync(home('theirs'), home('mine'))
    rmSync(join(home('mine'), 'added.json'))
    expect(addedSignals(addedFolder(at.lib))).toEqual([])
    expect(addedSignals(join(at.folder, 'nowhere'))).toEqual([])
  })
})
