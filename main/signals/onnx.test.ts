import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { GraphBuilder } from '../../scripts/models/onnx-graph.ts'
import { listModels, readModel, type ModelCard } from './model-card.ts'
import { inspectModel } from './onnx-format.ts'
import { openModel } from './onnx.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-models-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** y = f(x) over four floats. */
function graph(operator = 'Neg'): Uint8Array {
  const g = new GraphBuilder()
  const x = g.input('x', 'float32', ['batch', 4])
  g.output('y', g.op(operator, [x]), ['batch', 4])
  return g.build('test', 'A test.', 17)
}

const card = (id: string, bytes: Uint8Array): ModelCard => ({
  format: 'assay-model-card-1',
  id,
  version: '1.0.0',
  title: 'A test',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  licence: 'Apache-2.0',
  kind: 'measurement',
  inputs: [{ name: 'x', dtype: 'float32', layout: 'NF', dims: ['batch', 4], meaning: 'Numbers.' }],
  outputs: [{ name: 'y', dtype: 'float32', layout: 'NF', dims: ['batch', 4], meaning: 'Numbers.' }],
  intendedUse: 'Tests.',
  knownFailures: [],
  evaluation: [],
  build: 'none',
})

async function install(id: string, bytes: Uint8Array, change: Partial<ModelCard> = {}): Promise<void> {
  await mkdir(join(folder, id), { recursive: true })
  await writeFile(join(folder, id, 'model.onnx'), bytes)
  await writeFile(join(folder, id, 'card.json'), JSON.stringify({ ...card(id, bytes), ...change }))
}

const untrusted = (detail: RegExp) =>
  expect.objectContaining({ code: 'model.untrusted', detail: expect.stringMatching(detail) })
const modelFailed = (detail: RegExp) =>
  expect.objectContaining({ code: 'model.failed', detail: expect.stringMatching(detail) })

describe('a model that is what its card says', () => {
  test('runs and returns its outputs by name, for any batch up to the limit', async () => {
    await install('negate', graph())
    const model = await openModel(folder, 'negate')
    for (const batch of [1, 3]) {
      const data = Float32Array.from({ length: 4 * batch }, (_, i) => i)
      const { y } = await model.run({ x: { data, dims: [batch, 4] } })
      expect([...y!.data]).toEqual([...data].map((v) => -v))
      expect(y!.dims).toEqual([batch, 4])
    }
    await expect(model.run({ x: { data: new Float32Array(4 * 65), dims: [65, 4] } })).rejects.toEqual(modelFailed(/65/))
    await model.close()
  })

  test('refuses inputs of another shape, type or size than the card says', async () => {
    await install('negate', graph())
    const model = await openModel(folder, 'negate')
    await expect(model.run({ x: { data: new Float32Array(5), dims: [1, 5] } })).rejects.toEqual(modelFailed(/1×5/))
    await expect(model.run({ x: { data: new Uint8Array(4), dims: [1, 4] } })).rejects.toEqual(modelFailed(/float32/))
    await expect(model.run({ x: { data: new Float32Array(3), dims: [1, 4] } })).rejects.toEqual(modelFailed(/size/))
    await expect(model.run({})).rejects.toEqual(modelFailed(/x/))
    await model.close()
  })

  test('fails plainly when it computes something that is not a number', async () => {
    await install('logarithm', graph('Log'))
    const model = await openModel(folder, 'logarithm')
    const data = Float32Array.of(1, 2, -1, 3)
    await expect(model.run({ x: { data, dims: [1, 4] } })).rejects.toEqual(modelFailed(/not numbers/))
    await model.close()
  })
})

describe('a model that must not be run', () => {
  test('is refused when one bit of it differs from the card', async () => {
    const bytes = graph()
    await install('changed', bytes)
    const changed = Uint8Array.from(bytes)
    changed[changed.length - 1]! ^= 1
    await writeFile(join(folder, 'changed', 'model.onnx'), changed)
    await expect(openModel(folder, 'changed')).rejects.toEqual(untrusted(/SHA-256/))
  })

  test('is refused when its id could leave the model folder', async () => {
    for (const id of ['../negate', '..', '.', '', 'a/b', 'a\\b', '/etc', 'A', 'c:', 'x\0'])
      await expect(openModel(folder, id)).rejects.toEqual(untrusted(/plain folder name/))
  })

  test('is refused when the folder or the file is a link', async () => {
    await install('negate', graph())
    await symlink(join(folder, 'negate'), join(folder, 'linked')).catch(() => {})
    await expect(openModel(folder, 'linked')).rejects.toEqual(untrusted(/no model folder/))
    await mkdir(join(folder, 'linked-file'), { recursive: true })
    await writeFile(join(folder, 'linked-file', 'card.json'), JSON.stringify(card('linked-file', graph())))
    await symlink(join(folder, 'negate', 'model.onnx'), join(folder, 'linked-file', 'model.onnx')).catch(() => {})
    await expect(openModel(folder, 'linked-file')).rejects.toEqual(untrusted(/model.onnx/))
  })

  test('is refused when it is larger than the limit', async () => {
    await install('negate', graph())
    await expect(openModel(folder, 'negate', { bytes: 10, batch: 1 })).rejects.toEqual(untrusted(/limit is 10/))
  })

  test('is refused when the graph does not have the inputs or outputs of the card', async () => {
    const bytes = graph()
    const { outputs } = card('other', bytes)
    await install('other', bytes, { outputs: [{ ...outputs[0]!, name: 'z' }] })
    await expect(openModel(folder, 'other')).rejects.toEqual(untrusted(/outputs/))
  })

  test('is refused when its card is of another model, or holds something unknown', async () => {
    const bytes = graph()
    await install('mine', bytes, { id: 'yours' })
    await expect(readModel(folder, 'mine')).rejects.toEqual(untrusted(/"yours"/))
    await install('mine', bytes, { surprise: 1 } as Partial<ModelCard>)
    await expect(readModel(folder, 'mine')).rejects.toEqual(untrusted(/card.json/))
  })
})

describe('the walk over an ONNX file', () => {
  const { root } = protobuf.parse(`
    syntax = "proto3";
    message Entry { string key = 1; string value = 2; }
    message Tensor { repeated int64 dims = 1; int32 data_type = 2; bytes raw_data = 9; repeated Entry external_data = 13; int32 data_location = 14; }
    message Sparse { Tensor values = 1; Tensor indices = 2; }
    message Attribute { string name = 1; Tensor t = 5; Graph g = 6; repeated Tensor tensors = 10; repeated Graph graphs = 11; Sparse sparse_tensor = 22; }
    message Node { string op_type = 4; repeated Attribute attribute = 5; string domain = 7; }
    message Graph { repeated Node node = 1; repeated Tensor initializer = 5; repeated Sparse sparse_initializer = 15; }
    message OperatorSet { string domain = 1; int64 version = 2; }
    message Function { string name = 1; }
    message Training { Graph algorithm = 2; }
    message Model { Graph graph = 7; repeated OperatorSet opset_import = 8; repeated Training training_info = 20; repeated Function functions = 25; }`)
  const Model = root.lookupType('Model')
  const model = (parts: object) =>
    Model.encode(
      Model.fromObject({ opsetImport: [{ version: 17 }], graph: { node: [{ opType: 'Neg' }] }, ...parts }),
    ).finish()
  const outside = { externalData: [{ key: 'location', value: '/etc/passwd' }], dataLocation: 1 }
  const node = (attribute: object) => ({ graph: { node: [{ opType: 'If', attribute: [attribute] }] } })

  test('names the operator set and the operators', () => {
    expect(inspectModel(graph())).toEqual({ opset: 17, operators: ['Identity', 'Neg'], nodes: 2 })
  })

  test.each([
    ['an initializer', { graph: { initializer: [outside] } }],
    ['a sparse initializer', { graph: { sparseInitializer: [{ values: outside }] } }],
    ['an attribute', node({ t: outside })],
    ['a list in an attribute', node({ tensors: [outside] })],
    ['a sparse attribute', node({ sparseTensor: { indices: outside } })],
    ['a branch', node({ g: { initializer: [outside] } })],
    ['a branch of a branch', node({ graphs: [{ node: [{ attribute: [{ g: { initializer: [outside] } }] }] }] })],
    ['only a location mark', { graph: { initializer: [{ dataLocation: 1 }] } }],
    ['only a file name', { graph: { initializer: [{ externalData: [{ key: 'location', value: 'weights.bin' }] }] } }],
  ])('refuses tensor data kept outside the file: %s', (_, parts) => {
    expect(() => inspectModel(model(parts))).toThrow(/outside the file/)
  })

  test('refuses foreign operator sets, wherever they are named', () => {
    expect(() => inspectModel(model({ opsetImport: [{ version: 17 }, { domain: 'com.evil', version: 1 }] }))).toThrow(
      /com.evil/,
    )
    expect(() => inspectModel(model({ graph: { node: [{ opType: 'X', domain: 'com.evil' }] } }))).toThrow(/com.evil/)
    const inBranch = node({ g: { node: [{ opType: 'X', domain: 'com.evil' }] } })
    expect(() => inspectModel(model(inBranch))).toThrow(/com.evil/)
  })

  test('refuses functions of its own, training parts, and files without a graph', () => {
    expect(() => inspectModel(model({ functions: [{ name: 'f' }] }))).toThrow(/functions/)
    expect(() => inspectModel(model({ trainingInfo: [{}] }))).toThrow(/training/)
    expect(() => inspectModel(new Uint8Array())).toThrow(/not an ONNX model/)
    expect(() => inspectModel(new TextEncoder().encode('<html>not a model</html>'))).toThrow(Failure)
  })

  test('refuses graphs nested deeper than any real one', () => {
    let inner: object = { node: [{ opType: 'Neg' }] }
    for (let i = 0; i < 20; i++) inner = { node: [{ opType: 'If', attribute: [{ g: inner }] }] }
    expect(() => inspectModel(model({ graph: inner }))).toThrow(/nested/)
  })

  test('refuses a file cut off in the middle of its last field, wherever it is cut', () => {
    const whole = graph()
    for (let length = 1; length < whole.length; length++) {
      // A cut between two top-level fields leaves a well-formed file; the hash of the card catches that.
      try {
        inspectModel(whole.subarray(0, length))
      } catch (error) {
        expect(error).toBeInstanceOf(Failure)
      }
    }
    expect(() => inspectModel(whole.subarray(0, whole.length - 1))).toThrow(/ends in the middle/)
  })

  test('never throws anything but a refusal, whatever the bytes are', () => {
    const whole = graph()
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const bytes = Uint8Array.from(whole)
        bytes[at] = value
        try {
          inspectModel(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Failure)
        }
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          inspectModel(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Failure)
        }
      }),
    )
  })
})

test('the list of models names what is wrong with each folder, and goes on', async () => {
  const home = await mkdtemp(join(tmpdir(), 'assay-models-'))
  try {
    const bytes = graph()
    await mkdir(join(home, 'good'))
    await writeFile(join(home, 'good', 'model.onnx'), bytes)
    await writeFile(join(home, 'good', 'card.json'), JSON.stringify(card('good', bytes)))
    await mkdir(join(home, 'empty'))
    await mkdir(join(home, 'Bad Name'))
    await writeFile(join(home, 'stray.txt'), 'not a model')
    expect(await listModels(home)).toEqual([
      expect.objectContaining({ id: 'Bad Name', ok: false, detail: expect.stringContaining('plain folder name') }),
      expect.objectContaining({ id: 'empty', ok: false, detail: expect.stringContaining('card.json') }),
      expect.objectContaining({ id: 'good', ok: true, version: '1.0.0', detail: 'A test' }),
    ])
    expect(await listModels(join(home, 'nowhere'))).toEqual([])
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
