/** Models from strangers: each is refused with a code and a way on, nothing is left behind, and the host goes on. */
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Failure } from '../../main/errors.ts'
import { descendants } from '../../main/jobs/process-tree.ts'
import { forkSpawner } from '../../main/jobs/spawn-node.ts'
import { TRIAL_LIMITS } from '../../main/jobs/trial.ts'
import { createModelStore, type ModelStore } from '../../main/signals/models/store.ts'
import { createLibrary, type Library } from '../../main/store/library.ts'
import * as models from '../fixtures/model.ts'
import { entriesOf, zip, type ZipEntry } from '../fixtures/zip.ts'

const { filesOf, writeModel, text } = models
let root: string
let lib: Library
let store: ModelStore

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-hostile-models-'))
  lib = createLibrary(join(root, 'library'), 'Test')
  const bundled = join(root, 'bundled')
  writeModel(bundled, 'ours', filesOf('ours'))
  store = createModelStore({
    bundled,
    spawner: forkSpawner(new URL('../../main/worker.ts', import.meta.url)),
    actor: 'analyst',
    usedBy: () => [],
    limits: { ...TRIAL_LIMITS, runMs: 10_000 },
  })
})
afterAll(() => {
  lib.close()
  rmSync(root, { recursive: true, force: true })
})

/** What adding it came to. Whatever that is: no process stays, and nothing of it is in the library. */
async function refusal(path: string): Promise<Failure> {
  const failure = await store.add(lib, { path }).then(
    () => new Failure('request.invalid', 'it was added'),
    (error: unknown) => error as Failure,
  )
  expect(failure).toBeInstanceOf(Failure)
  expect(failure.remedy).not.toBe('')
  expect(existsSync(join(lib.folder, 'models')) ? readdirSync(join(lib.folder, 'models')) : []).toEqual([])
  expect(readdirSync(lib.paths.staging)).toEqual([])
  expect(descendants(process.pid).filter(({ pid }) => !before.has(pid))).toEqual([])
  return failure
}
const before = new Set(descendants(process.pid).map(({ pid }) => pid))

const folder = (name: string, files: Record<string, Uint8Array>): string => writeModel(root, name, files)
function archive(name: string, entries: readonly ZipEntry[]): string {
  const path = join(root, `${name}.zip`)
  writeFileSync(path, zip(entries))
  return path
}

describe('what the file itself gives away', () => {
  test('another file than the card names', async () => {
    const files = filesOf('swapped')
    const changed = Uint8Array.from(files['model.onnx']!)
    changed[changed.length - 1]! ^= 1
    const failure = await refusal(folder('swapped', { ...files, 'model.onnx': changed }))
    expect(failure).toMatchObject({ code: 'model.untrusted', detail: expect.stringMatching(/SHA-256/) })
  })

  test('tensors kept in another file', async () => {
    const failure = await refusal(folder('external', filesOf('external', models.externalData())))
    expect(failure).toMatchObject({ code: 'model.untrusted', detail: expect.stringMatching(/outside the file/) })
  })

  test('operators of a foreign domain', async () => {
    const failure = await refusal(folder('foreign', filesOf('foreign', models.foreignOperator())))
    expect(failure).toMatchObject({ code: 'model.untrusted', detail: expect.stringMatching(/com\.example\.native/) })
  })

  test('a card cut off in the middle, one of 300 KB, one that names a path, one with a surprise', async () => {
    const files = filesOf('cards')
    const whole = files['card.json']!
    const code = async (card: Uint8Array): Promise<string> =>
      (await refusal(folder('cards', { ...files, 'card.json': card }))).code
    expect(await code(whole.subarray(0, whole.length / 2))).toBe('model.untrusted')
    expect(
      await code(text(JSON.stringify({ ...JSON.parse(new TextDecoder().decode(whole)), build: 'x'.repeat(300_000) }))),
    ).toBe('model.package')
    expect(await code(text(JSON.stringify({ id: '../../evil' })))).toBe('model.untrusted')
    expect(await code(text('null'))).toBe('model.untrusted')
    expect(await code(text(JSON.stringify({ ...JSON.parse(new TextDecoder().decode(whole)), surprise: 1 })))).toBe(
      'model.untrusted',
    )
  })

  test('the id of a bundled model', async () => {
    expect(await refusal(folder('theirs', filesOf('ours')))).toMatchObject({ code: 'model.exists' })
  })

  test('links in place of the folder or its files, and what is neither folder nor zip', async () => {
    const real = folder('real', filesOf('real'))
    symlinkSync(real, join(root, 'linked'))
    expect(await refusal(join(root, 'linked'))).toMatchObject({ code: 'model.package' })
    const half = folder('half', { 'card.json': filesOf('half')['card.json']! })
    symlinkSync(join(real, 'model.onnx'), join(half, 'model.onnx'))
    expect(await refusal(half)).toMatchObject({ code: 'model.package', detail: expect.stringMatching(/model\.onnx/) })
    writeFileSync(join(root, 'letter.txt'), 'Dear analyst')
    expect(await refusal(join(root, 'letter.txt'))).toMatchObject({ code: 'model.package' })
    mkdirSync(join(root, 'empty'))
    expect(await refusal(join(root, 'empty'))).toMatchObject({ code: 'model.package' })
    expect(await refusal(join(root, 'nowhere'))).toMatchObject({ code: 'intake.not-found' })
    linkSync(join(real, 'model.onnx'), join(root, 'second-name'))
  })
})

describe('zip files', () => {
  const packed = (id: string): ZipEntry[] => entriesOf(filesOf(id), `${id}/`)
  const refused = expect.objectContaining({ code: 'model.package' })

  test.each([
    ['up', '../../evil.onnx'],
    ['absolute', '/etc/evil.onnx'],
    ['drive', 'C:/evil.onnx'],
    ['backslash', '..\\..\\evil.onnx'],
  ])('a name that leads out of the folder: %s', async (name, path) => {
    expect(await refusal(archive(name, [...packed(name), { name: path, bytes: text('evil') }]))).toEqual(refused)
    expect(existsSync(join(root, '..', 'evil.onnx'))).toBe(false)
  })

  test('a link', async () => {
    const link = { name: 'link/model.onnx', bytes: text('/etc/passwd'), mode: 0o120777 }
    expect(await refusal(archive('link', [...packed('link').slice(1), link]))).toEqual(refused)
  })

  test('a bomb: 200 MB of nothing in 200 kB', async () => {
    const bomb = { name: 'bomb/model.onnx', bytes: new Uint8Array(200 * 2 ** 20) }
    const failure = await refusal(archive('bomb', [...packed('bomb').slice(1), bomb]))
    expect(failure).toMatchObject({ code: 'model.package', detail: expect.stringMatching(/grows/) })
  })

  test('a bomb that claims to be small', async () => {
    const bomb = { name: 'sly/model.onnx', bytes: new Uint8Array(50 * 2 ** 20), claims: 60_000 }
    expect(await refusal(archive('sly', [...packed('sly').slice(1), bomb]))).toEqual(refused)
  })

  test('a bomb of a thousand small files, or of ten large ones', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({ name: `many/${i}`, bytes: text('x') }))
    expect(await refusal(archive('many', [...packed('many'), ...many]))).toEqual(refused)
    const claims = 2 ** 31
    const large = Array.from({ length: 10 }, (_, i) => ({ name: `large/${i}`, bytes: text('x'), claims }))
    expect(await refusal(archive('large', [...packed('large'), ...large]))).toEqual(refused)
  })

  test('the same name twice, an encrypted one, a truncated one, half a one', async () => {
    const [model] = packed('twice')
    expect(await refusal(archive('twice', [...packed('twice'), model!]))).toEqual(refused)
    const locked = packed('locked').map((entry) => ({ ...entry, encrypted: true }))
    expect(await refusal(archive('locked', locked))).toEqual(refused)
    const whole = zip(packed('cut'))
    for (const length of [whole.length - 1, Math.floor(whole.length / 2), 10]) {
      writeFileSync(join(root, 'cut.zip'), whole.subarray(0, length))
      expect(await refusal(join(root, 'cut.zip'))).toEqual(refused)
    }
  })

  test('whatever byte of an honest one is damaged, it is refused with a code or is what it was', async () => {
    const whole = zip(packed('damaged'))
    // Every damaged byte that goes through the reader is caught by the hash or the schema: no process is started for it.
    const quick = createModelStore({
      bundled: join(root, 'none'),
      spawner: {
        start() {
          throw new Failure('model.limit', 'reached the trial')
        },
      },
      actor: 'analyst',
      usedBy: () => [],
    })
    let reached = 0
    for (let at = 0; at < whole.length; at += 7) {
      const bytes = Uint8Array.from(whole)
      bytes[at]! ^= 0xff
      writeFileSync(join(root, 'damaged.zip'), bytes)
      const error = await quick.add(lib, { path: join(root, 'damaged.zip') }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Failure)
      if ((error as Failure).detail === 'reached the trial') reached += 1
    }
    expect(reached).toBeLessThan(whole.length / 14)
  })
})

describe('graphs that misbehave when they are run', () => {
  const GIGANTIC = 40_000_000_000n

  test.each([
    ['a constant of 160 GB', models.hugeConstant(GIGANTIC)],
    ['an input expanded to 160 GB', models.hugeExpand(GIGANTIC / 4n)],
    ['an input tiled to 160 GB', models.hugeTile(GIGANTIC / 4n)],
    ['160 GB of padding', models.hugePads(GIGANTIC)],
    ['more than can be counted', models.hugeTile(2n ** 62n)],
    ['memory taken piece by piece', models.swelling()],
    ['three times what a worker may have', models.hugeConstant(600_000_000n)],
  ])('%s', async (name, graph) => {
    const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
    const failure = await refusal(folder(id, filesOf(id, graph)))
    expect([failure.code, failure.detail]).toEqual(['model.limit', expect.stringMatching(/memory|not finished/)])
  })

  test('a loop of 2^60 rounds', async () => {
    const began = performance.now()
    const failure = await refusal(folder('endless', filesOf('endless', models.endless())))
    expect(failure).toMatchObject({ code: 'model.limit', detail: expect.stringMatching(/not finished after 10 s/) })
    expect(performance.now() - began).toBeLessThan(60_000)
  })

  test('a card that promises an input of a billion numbers, or another shape than the graph has', async () => {
    const dims = ['batch' as const, 1_048_576, 1024]
    const wide = { inputs: [{ name: 'x', dtype: 'float32' as const, layout: 'NHW', dims, meaning: 'Too much.' }] }
    expect(await refusal(folder('wide', filesOf('wide', models.negate(), wide)))).toMatchObject({ code: 'model.limit' })
    const five = { name: 'y', dtype: 'float32' as const, layout: 'NF', dims: ['batch' as const, 5], meaning: 'Five.' }
    const failure = await refusal(folder('five', filesOf('five', models.negate(), { outputs: [five] })))
    expect(failure.code).toBe('model.failed')
  })

  test('after all that an honest one is taken in', async () => {
    const { model, leftOut } = await store.add(lib, { path: archive('honest', entriesOf(filesOf('honest'))) })
    expect(model).toMatchObject({ id: 'honest', origin: 'library', state: 'verified', error: null })
    expect(leftOut).toEqual([])
  })
})
