/** What a signal says about a video. See docs/signals.md. */
import { z } from 'zod'
import { op } from './base.ts'
import { MediaTime, Region, Sha256, Unit } from './common.ts'

/** It ran, or it abstained and says why. `failed` is a defect or a refused model, and counts as nothing. */
export const Applicability = z.object({
  state: z.enum(['ran', 'abstained', 'failed']),
  /** Plain words where it did not run: "only 9 frames". Empty where it ran. */
  reason: z.string(),
})
export const SignalSegment = z.object({
  start: MediaTime,
  end: MediaTime,
  score: Unit,
  /** What was seen there, in a few words. */
  label: z.string(),
  region: Region.optional(),
})
/**
 * One thing the signal saw. `strong`: by itself a reason for a person to look; `some`: adds to a reason; `context`: a
 * fact worth knowing that speaks neither way.
 */
export const Observation = z.object({
  /** Stable code such as `provenance.c2pa-generator`. */
  code: z.string(),
  text: z.string(),
  weight: z.enum(['strong', 'some', 'context']),
  at: MediaTime.optional(),
  /** Publication, specification or measurement that the reading rests on. */
  reference: z.string().optional(),
})
/** A curve for the Bench: `values[i]` holds at `start + i * step` seconds; null where there is nothing to say. */
export const Track = z.object({
  label: z.string(),
  unit: z.string(),
  start: z.number(),
  step: z.number().positive(),
  values: z.array(z.number().nullable()),
})
/** What lets a person see what the signal saw. Images lie in derived/ under their hash. */
export const EvidenceExhibit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('image'),
    caption: z.string(),
    sha256: Sha256,
    mime: z.enum(['image/png', 'image/webp', 'image/jpeg']),
    width: z.number().int(),
    height: z.number().int(),
    at: MediaTime.optional(),
    region: Region.optional(),
  }),
  z.object({
    kind: z.literal('table'),
    caption: z.string(),
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
  }),
])
export const Calibration = z.object({
  /** P(score | manipulated) / P(score | not), with its 95 % interval. */
  likelihoodRatio: z.number(),
  low: z.number(),
  high: z.number(),
  /** Which calibration: id and the data it was fitted on. */
  basis: z.string(),
})
/** Everything needed to run it again and get the same bytes. */
export const SignalProvenance = z.object({
  model: z.object({ id: z.string(), version: z.string(), sha256: Sha256 }).nullable(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  ffmpeg: z.string(),
  seed: z.number().int(),
})
export const SignalOutput = z.object({
  id: z.string(),
  version: z.string(),
  applicability: Applicability,
  /** 0 to 1, by the rule stated in the signal's page; null where it did not run or has no scale. Not a probability. */
  score: Unit.nullable(),
  /** Null: uncalibrated. Such a score is never coloured or worded as a verdict. */
  calibration: Calibration.nullable(),
  segments: z.array(SignalSegment),
  observations: z.array(Observation),
  tracks: z.array(Track),
  evidence: z.array(EvidenceExhibit),
  /** One sentence: what was measured and what came out. */
  explanation: z.string(),
  /** Known failures that apply to this very input. */
  knownFailures: z.array(z.string()),
  provenance: SignalProvenance,
})
export type SignalOutput = z.infer<typeof SignalOutput>
export type SignalSegment = z.infer<typeof SignalSegment>
export type Observation = z.infer<typeof Observation>
export type Track = z.infer<typeof Track>
export type EvidenceExhibit = z.infer<typeof EvidenceExhibit>

export const SignalInfo = z.object({
  id: z.string(),
  version: z.string(),
  title: z.string(),
  /** What it measures, in one sentence for an analyst. */
  measures: z.string(),
  /** False: its score is listed but never counted in the review priority. */
  counted: z.boolean(),
  /** True: what it finds is context; it counts only where it saw an indicator, and its absence is no gap. */
  context: z.boolean().optional(),
})
export type SignalInfo = z.infer<typeof SignalInfo>

export const signals = {
  list: op.output(z.array(SignalInfo)),
}
