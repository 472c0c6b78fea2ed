/** Models: the bundled ones and those that analysts add to their library. */
import { z } from 'zod'
import { op } from './base.ts'
import { FailureReport, Id, Instant, Sha256 } from './common.ts'

/** One figure of a model card. */
export const ModelFigure = z.object({
  data: z.string(),
  metric: z.string(),
  value: z.number(),
  /** 95 % interval. */
  low: z.number(),
  high: z.number(),
  n: z.number().int(),
})
export type ModelFigure = z.infer<typeof ModelFigure>

export const ModelTensor = z.object({
  name: z.string(),
  dtype: z.string(),
  layout: z.string(),
  dims: z.array(z.union([z.literal('batch'), z.number()])),
  meaning: z.string(),
})

/** What a calibration rests on; the curve itself is read by the signal. */
export const CalibrationSummary = z.object({
  basis: z.string(),
  /** Items measured, and the identities or clips behind them. */
  manipulated: z.number().int(),
  genuine: z.number().int(),
  manipulatedGroups: z.number().int(),
  genuineGroups: z.number().int(),
  signal: z.string(),
  signalVersion: z.string(),
  /** False: it was fitted with another file of this model, and is not used. */
  matches: z.boolean(),
  /** Likelihood ratio at each raw score, ascending, with its 95 % interval. */
  curve: z.array(z.object({ score: z.number(), ratio: z.number(), low: z.number(), high: z.number() })),
})

/** How a run in a separate process on two small inputs went. */
export const ModelTrial = z.object({
  at: Instant,
  seconds: z.number(),
  peakBytes: z.number(),
})

export const ModelInfo = z.object({
  /** Its folder name. */
  id: z.string(),
  origin: z.enum(['bundled', 'library']),
  /** `verified`: card, hash and graph are as they should be; `checking`: it is being tried at this moment. */
  state: z.enum(['verified', 'refused', 'checking']),
  /** Why it is refused. */
  error: FailureReport.nullable(),
  /** From the card; empty or null where the card cannot be read. */
  title: z.string(),
  version: z.string(),
  kind: z.string(),
  licence: z.string(),
  sha256: Sha256.nullable(),
  /** Size of model.onnx. */
  bytes: z.number().int().nullable(),
  /** Signals that run it. */
  usedBy: z.array(z.string()),
  calibration: CalibrationSummary.nullable(),
  /** When it was added to the library. */
  addedAt: Instant.nullable(),
  /** Null: not tried since Assay was started, or never. */
  trial: ModelTrial.nullable(),
  evaluation: z.array(ModelFigure),
})
export type ModelInfo = z.infer<typeof ModelInfo>

/** A model with all that its card and README say. Every text is its maker's. */
export const ModelDetail = ModelInfo.extend({
  card: z
    .object({
      intendedUse: z.string(),
      knownFailures: z.array(z.string()),
      inputs: z.array(ModelTensor),
      outputs: z.array(ModelTensor),
      build: z.string(),
    })
    .nullable(),
  readme: z.string(),
  opset: z.number().int().nullable(),
  operators: z.array(z.string()),
})
export type ModelDetail = z.infer<typeof ModelDetail>

/** One model that can be fetched, pinned by hash. */
export const CatalogueEntry = z.strictObject({
  id: z.string().max(64),
  title: z.string().max(200),
  url: z.string().max(2000).startsWith('https://'),
  /** Of the zip. */
  sha256: Sha256,
  bytes: z.number().int().positive(),
  licence: z.string().max(200),
})
export type CatalogueEntry = z.infer<typeof CatalogueEntry>

/** A folder or zip on this machine, or what the upload door gave for a zip or for the files of a model folder. */
export const ModelSource = z.union([
  z.object({ path: z.string().min(1) }),
  z.object({
    files: z
      .array(z.object({ upload: Id, name: z.string().min(1).max(1024) }))
      .min(1)
      .max(50),
  }),
])
export type ModelSource = z.infer<typeof ModelSource>

export const models = {
  /** The bundled ones first, then those of the open library; each by id. */
  list: op.output(z.array(ModelInfo)),
  get: op.input(z.object({ id: z.string() })).output(ModelDetail),
  /** Checks it, tries it in a process of its own, and only then takes it into the library. Takes seconds. */
  add: op.input(ModelSource).output(z.object({ model: ModelInfo, leftOut: z.array(z.string()) })),
  remove: op.input(z.object({ id: z.string() })).output(z.object({})),
  /** Checks and tries again, all or those named, one after the other; each is told as a change when it is done. */
  verify: op.input(z.object({ ids: z.array(z.string()).max(1000).optional() }).prefault({})).output(z.array(ModelInfo)),
  /** What can be fetched from elsewhere; may be empty. */
  catalogue: op.output(z.array(CatalogueEntry)),
}
