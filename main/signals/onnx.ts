/**
 * The ONNX runner; the only importer of onnxruntime-node. Runs only inside a worker process: `run` blocks its event
 * loop, and wall clock and memory are the worker's limits.
 */
import { InferenceSession, Tensor, env } from 'onnxruntime-node'
import { Failure } from '../errors.ts'
import { MODEL_LIMITS, readModel, type ModelLimits, type TensorInfo } from './model-card.ts'

/** A verified model, ready to run inside a worker. One call at a time; inference blocks its event loop. */
export interface ModelRunner {
  readonly id: string
  readonly version: string
  readonly sha256: string
  /** Output tensors by name for the given input tensors. Shapes are the card's. @throws Failure model.failed */
  run(
    inputs: Record<string, { data: Float32Array | Uint8Array; dims: number[] }>,
  ): Promise<Record<string, { data: Float32Array; dims: readonly number[] }>>
  /** Frees the session's memory. */
  close(): Promise<void>
}

/**
 * Verifies and loads the model `id` of the model folder.
 * @throws Failure model.untrusted when its card, hash or graph is not acceptable; model.failed when it does not load
 */
export async function openModel(folder: string, id: string, limits: ModelLimits = MODEL_LIMITS): Promise<ModelRunner> {
  const { card, bytes } = await readModel(folder, id, limits)
  env.logLevel = 'error'
  // One thread without spinning: two spinning threads beside the decoder double the time. No arena: it never shrinks.
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableCpuMemArena: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  }).catch((cause: unknown) => {
    throw new Failure('model.failed', `"${id}" could not be loaded.`, { cause })
  })
  sameNames(id, 'inputs', session.inputNames, card.inputs)
  sameNames(id, 'outputs', session.outputNames, card.outputs)

  return {
    id: card.id,
    version: card.version,
    sha256: card.sha256,
    async run(inputs) {
      const feeds: Record<string, Tensor> = {}
      let batch: number | undefined
      for (const info of card.inputs) {
        const input = inputs[info.name]
        const fits = input && (info.dtype === 'uint8') === input.data instanceof Uint8Array
        if (!fits) throw new Failure('model.failed', `"${id}": input ${info.name} must be ${info.dtype}.`)
        batch = matchDims(id, info, input.dims, batch)
        if (batch !== undefined && batch > limits.batch)
          throw new Failure('model.failed', `Batch ${batch} is too large.`)
        if (input.data.length !== input.dims.reduce((a, b) => a * b, 1))
          throw new Failure('model.failed', `"${id}": input ${info.name} does not have the size its shape says.`)
        feeds[info.name] = new Tensor(info.dtype, input.data, input.dims)
      }
      const results = await session.run(feeds).catch((cause: unknown) => {
        throw new Failure('model.failed', `"${id}" did not run.`, { cause })
      })
      const outputs: Record<string, { data: Float32Array; dims: readonly number[] }> = {}
      for (const info of card.outputs) {
        const tensor = results[info.name]
        if (!tensor || !(tensor.data instanceof Float32Array))
          throw new Failure('model.failed', `"${id}": output ${info.name} is not float32.`)
        matchDims(id, info, tensor.dims, batch)
        if (!tensor.data.every(Number.isFinite))
          throw new Failure('model.failed', `"${id}": output ${info.name} holds values that are not numbers.`)
        outputs[info.name] = { data: tensor.data, dims: tensor.dims }
      }
      return outputs
    },
    close: () => session.release(),
  }
}

function sameNames(id: string, what: string, found: readonly string[], declared: readonly TensorInfo[]): void {
  const expected = declared.map((info) => info.name)
  if ([...found].sort().join('\n') !== [...expected].sort().join('\n'))
    throw new Failure('model.untrusted', `"${id}": the graph's ${what} are not the card's.`)
}

/** Checks a shape against the card's and returns the batch size, which must agree in every tensor of one run. */
function matchDims(id: string, info: TensorInfo, dims: readonly number[], batch: number | undefined) {
  let agreed = batch
  const fits =
    dims.length === info.dims.length &&
    info.dims.every((expected, i) => {
      if (expected !== 'batch') return dims[i] === expected
      agreed ??= dims[i]
      return dims[i] === agreed
    })
  if (!fits)
    throw new Failure('model.failed', `"${id}": ${info.name} has shape ${dims.join('×')}, not ${info.dims.join('×')}.`)
  return agreed
}
