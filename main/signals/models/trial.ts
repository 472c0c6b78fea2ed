/** The worker's side of trying a model: loads it and runs it twice on inputs of the shapes its card promises. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { TrialMessage, TrialOrder } from '../../jobs/trial-protocol.ts'
import { Failure, report } from '../../errors.ts'
import { readModel, type ModelCard } from '../model-card.ts'
import { openModel } from '../onnx.ts'

/** Most values in one input of one item; 16 pictures of 1024 × 1024 in colour have fewer. */
const MAX_VALUES = 2 ** 26

type Inputs = Parameters<Awaited<ReturnType<typeof openModel>>['run']>[0]

/** Never throws: every end is a message. */
export async function performTrial(
  { models, id, residentBytes }: Omit<TrialOrder, 'type'>,
  send: (message: TrialMessage) => void,
): Promise<void> {
  send({ type: 'trial-began' })
  const guard = guardMemory(residentBytes)
  const began = performance.now()
  try {
    const { card } = await readModel(models, id)
    const model = await openModel(models, id)
    await model.run(inputs(card, 1, () => 0))
    await model.run(inputs(card, 2, random()))
    await model.close()
    const peakBytes = process.resourceUsage().maxRSS * 1024
    send({ type: 'trial-passed', seconds: (performance.now() - began) / 1000, peakBytes })
  } catch (error) {
    send({ type: 'trial-failed', error: report(told(error)) })
  } finally {
    await guard.terminate()
  }
}

/** The host watches as well, where the system tells it how much a process holds; Windows tells only the process itself. */
const guardMemory = (bytes: number): Worker =>
  new Worker(fileURLToPath(new URL(`memory-guard-thread${extname(import.meta.url)}`, import.meta.url)), {
    workerData: bytes,
    execArgv: [],
  })

/** One tensor per input of the card, filled value by value: 0 to 1, or 0 to 255 for bytes. */
function inputs(card: ModelCard, batch: number, next: () => number): Inputs {
  return Object.fromEntries(
    card.inputs.map(({ name, dtype, dims }) => {
      const shape = dims.map((dim) => (dim === 'batch' ? batch : dim))
      const count = shape.reduce((a, b) => a * b, 1)
      if (count > MAX_VALUES)
        throw new Failure('model.limit', `Its input ${name} holds ${count} values; the limit is ${MAX_VALUES}.`)
      const data = dtype === 'uint8' ? new Uint8Array(count) : new Float32Array(count)
      for (let i = 0; i < count; i++) data[i] = dtype === 'uint8' ? Math.floor(256 * next()) : next()
      return [name, { data, dims: shape }]
    }),
  )
}

/** Equal in every trial. Constants: Numerical Recipes, "quick and dirty" generator, 32 bits. */
function random(): () => number {
  let state = 1
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

/**
 * The runtime has no code for a refused allocation, only words; its words also help the one who made the model. The host
 * strips and shortens them.
 */
function told(error: unknown): unknown {
  if (!(error instanceof Failure) || !(error.cause instanceof Error)) return error
  const { message } = error.cause
  if (/alloc|out of memory|length_error|would require more/i.test(message))
    return new Failure('model.limit', 'It asked for more memory than there is for it.')
  return new Failure(error.code, `${error.detail ?? ''} ${message}`)
}
