/**
 * The model folder: `models/<id>/{model.onnx, card.json, README.md}`. Reads and verifies without running anything, so
 * that the host process may list models; only `onnx.ts`, inside a worker, runs them.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Sha256 } from '../contract/common.ts'
import { Failure } from '../errors.ts'
import { Classifier, classifierProblem } from './model-card-classifier.ts'
import { inspectModel } from './onnx-format.ts'

/** A plain folder name: no separator, no leading dot, nothing that a file system reads in another way. */
const MODEL_ID = /^[a-z0-9][a-z0-9-]{0,63}$/

const TensorInfo = z.strictObject({
  name: z.string().min(1).max(200),
  dtype: z.enum(['uint8', 'float32']),
  /** Meaning of each dimension, one letter each: N batch, H height, W width, C channels, F features, T samples. */
  layout: z.string().regex(/^[NHWCFT]{1,6}$/),
  /** Fixed sizes; `batch` for the one that the caller chooses. */
  dims: z.array(z.union([z.literal('batch'), z.number().int().positive().max(1_048_576)])).max(6),
  meaning: z.string().min(1).max(1000),
})
export type TensorInfo = z.infer<typeof TensorInfo>

/** What `card.json` holds. An empty `evaluation` means: uncalibrated, nothing may be concluded from the score. */
const Card = z.strictObject({
  format: z.literal('assay-model-card-1'),
  id: z.string().regex(MODEL_ID),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1).max(200),
  /** Of model.onnx. */
  sha256: Sha256,
  licence: z.string().min(1).max(200),
  /** `measurement`: a fixed computation without learnt weights. */
  kind: z.enum(['measurement', 'frame-classifier', 'face-classifier', 'sound-classifier']),
  inputs: z
    .array(TensorInfo.refine((t) => t.layout.length === t.dims.length, 'layout and dims differ'))
    .min(1)
    .max(8),
  outputs: z
    .array(TensorInfo.refine((t) => t.dtype === 'float32', 'outputs are float32'))
    .min(1)
    .max(16),
  intendedUse: z.string().min(1).max(2000),
  knownFailures: z.array(z.string().min(1).max(500)).max(50),
  evaluation: z
    .array(
      z.strictObject({
        data: z.string().max(300),
        metric: z.string().max(100),
        value: z.number(),
        /** 95 % interval. */
        low: z.number(),
        high: z.number(),
        n: z.number().int().positive(),
      }),
    )
    .max(200),
  /** The command that makes model.onnx again. */
  build: z.string().min(1).max(500),
  /** How a plain classifier is run without code of its own; see model-card-classifier.ts and docs/evaluation.md. */
  classifier: Classifier.optional(),
})
export const ModelCard = Card.superRefine((card, context) => {
  const problem = card.classifier && classifierProblem(card.classifier, card)
  if (problem) context.addIssue({ code: 'custom', path: ['classifier'], message: problem })
})
export type ModelCard = z.infer<typeof ModelCard>

export interface ModelLimits {
  /** Largest model.onnx, bytes. */
  readonly bytes: number
  /** Largest batch in one run. */
  readonly batch: number
}
export const MODEL_LIMITS: ModelLimits = { bytes: 256 * 1024 * 1024, batch: 64 }
const CARD_BYTES = 256 * 1024

/** A model folder whose card, hash and graph have been checked. */
export interface VerifiedModel {
  readonly card: ModelCard
  readonly bytes: Uint8Array
}

/**
 * Reads and verifies one model: plain id, regular files of bounded size, the hash its card names, and a graph without
 * external data or foreign operators.
 * @throws Failure model.untrusted
 */
export async function readModel(folder: string, untrustedId: string, limits = MODEL_LIMITS): Promise<VerifiedModel> {
  if (!MODEL_ID.test(untrustedId)) throw new Failure('model.untrusted', 'The model id is not a plain folder name.')
  const home = join(folder, untrustedId)
  const isFolder = await lstat(home).then(
    (stat) => stat.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new Failure('model.untrusted', `There is no model folder "${untrustedId}".`)
  const card = parseCard(await readRegular(join(home, 'card.json'), CARD_BYTES, 'card.json'), untrustedId)
  const bytes = await readRegular(join(home, 'model.onnx'), limits.bytes, 'model.onnx')
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== card.sha256) throw new Failure('model.untrusted', `model.onnx has SHA-256 ${found}, not the card's.`)
  inspectModel(bytes)
  return { card, bytes }
}

/**
 * Names of the model folders, sorted; links are not followed. A folder with a calibration alone belongs to a signal that needs no
 * network, and is none.
 */
export async function modelIds(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  const holds = await Promise.all(names.map((name) => readdir(join(folder, name)).catch(() => [])))
  return names
    .filter((_, i) => {
      const files = new Set(holds[i])
      return !files.has('calibration.json') || files.has('card.json') || files.has('model.onnx')
    })
    .sort()
}

/** Every folder in the model folder, with what is wrong with it if anything; for the health page. Sorted by id. */
export async function listModels(
  folder: string,
): Promise<{ id: string; version: string; sha256: string; ok: boolean; detail: string }[]> {
  const found = []
  for (const name of await modelIds(folder)) {
    try {
      const { card } = await readModel(folder, name)
      found.push({ id: name, version: card.version, sha256: card.sha256, ok: true, detail: card.title })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      found.push({ id: name, version: '', sha256: '0'.repeat(64), ok: false, detail: error.detail ?? error.message })
    }
  }
  return found
}

function parseCard(untrusted: Uint8Array, id: string): ModelCard {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(untrusted))
  } catch {
    throw new Failure('model.untrusted', 'card.json is not JSON.')
  }
  const parsed = ModelCard.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Failure('model.untrusted', `card.json: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  if (parsed.data.id !== id) throw new Failure('model.untrusted', `The card is of model "${parsed.data.id}".`)
  return parsed.data
}

/** Reads a regular file without following a link in its last part. */
async function readRegular(path: string, limit: number, name: string): Promise<Uint8Array> {
  // O_NOFOLLOW and O_NONBLOCK do not exist on Windows, where opening a pipe by path is not possible either.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const handle = await open(path, flags).catch(() => {
    throw new Failure('model.untrusted', `${name} is missing or cannot be read.`)
  })
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new Failure('model.untrusted', `${name} is not a regular file.`)
    if (stat.size > limit)
      throw new Failure('model.untrusted', `${name} has ${stat.size} bytes; the limit is ${limit}.`)
    const bytes = new Uint8Array(stat.size)
    let read = 0
    while (read < bytes.length) {
      const { bytesRead } = await handle.read(bytes, read, bytes.length - read, read)
      if (bytesRead === 0) throw new Failure('model.untrusted', `${name} shrank while it was read.`)
      read += bytesRead
    }
    return bytes
  } finally {
    await handle.close()
  }
}
