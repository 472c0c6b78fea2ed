/** Findings: signal outputs as filed, the review priority drawn from them, and the analyst's own judgement beside. */
import { z } from 'zod'
import { op } from './base.ts'
import { Confidence, Id, Instant, Likelihood, LongText, Tlp, Unit } from './common.ts'
import { Job } from './jobs.ts'
import { MatchKind } from './matching.ts'
import { SignalOutput } from './signals.ts'

/** What a detector measured. Never a judgement. The id is a UUIDv5 of evidence, signal, version and parameters. */
export const Finding = z.object({ id: Id, evidenceId: Id, createdAt: Instant, output: SignalOutput })
export type Finding = z.infer<typeof Finding>

/** `inconclusive`: too little could be measured to say anything. */
export const Band = z.enum(['strong', 'some', 'none', 'inconclusive'])
export type Band = z.infer<typeof Band>
/** What a person should look at first, and why. Not a verdict. */
export const Priority = z.object({
  score: Unit,
  band: Band,
  /** The band in words: "strong indicators of manipulation", "no indicators found: this does not make it authentic". */
  words: z.string(),
  /** What carried it, strongest first. */
  reasons: z.array(z.object({ signal: z.string(), text: z.string(), contribution: Unit })),
  /** Signals that did not count, and why. */
  notCounted: z.array(z.object({ signal: z.string(), reason: z.string() })),
  /** What would change it. */
  wouldChange: z.array(z.string()),
  /**
   * P(what the calibrated signals found | manipulated) / P(the same | not), with its 95 % interval, and the signals it
   * rests on. Null where none of them could measure; absent from snapshots made before there were calibrations.
   */
  likelihood: z
    .object({
      ratio: z.number().positive(),
      low: z.number().positive(),
      high: z.number().positive(),
      signals: z.array(z.string()),
    })
    .nullable()
    .default(null),
})
export type Priority = z.infer<typeof Priority>

/**
 * The share of manipulated videos among those with such findings, 0 to 1 (Bayes' rule).
 * @param prevalence share of manipulated videos in what the analyst receives, 0 to 1
 */
export function predictiveValue(prevalence: number, ratio: number): number {
  return 1 / (1 + (1 - prevalence) / (prevalence * ratio))
}

/** The analyst's conclusion about one evidence item. Likelihood and confidence are separate statements. */
export const Judgement = z.object({
  id: Id,
  evidenceId: Id,
  caseId: Id.nullable(),
  /** What is judged, e.g. "The video was manipulated". */
  statement: z.string(),
  likelihood: Likelihood.nullable(),
  confidence: Confidence.nullable(),
  reasoning: z.string(),
  /** Findings cited. */
  findingIds: z.array(Id),
  /** Band shown at the time, so that a disagreement stays readable. */
  machineBand: Band,
  /** True where the judgement and the band point opposite ways. */
  disagrees: z.boolean(),
  author: z.string(),
  at: Instant,
})
export type Judgement = z.infer<typeof Judgement>
export const JudgementInput = z.object({
  evidenceId: Id,
  caseId: Id.nullable().default(null),
  statement: z.string().trim().min(1).max(500),
  likelihood: Likelihood.nullable(),
  confidence: Confidence.nullable(),
  reasoning: LongText,
  findingIds: z.array(Id).max(100).default([]),
  author: z.string().trim().max(200).default('analyst'),
})
export type JudgementInput = z.infer<typeof JudgementInput>

/** One small lane of the board. */
export const Lane = z.object({
  signal: z.string(),
  state: z.enum(['waiting', 'ran', 'abstained', 'failed']),
  /** Null where the score is uncalibrated or the signal did not run. */
  band: Band.nullable(),
  score: Unit.nullable(),
  reason: z.string(),
})
export type Lane = z.infer<typeof Lane>
/** What a row says of the item's footage: how many items share it, and the best supported of these matches. */
export const BoardFootage = z.object({
  /** Items that show the same footage, or frames alike; rejected matches and other takes are left out. */
  matches: z.number().int(),
  /** Entries of hash lists that it shows. */
  listed: z.number().int(),
  /** Its group of copies of each other, see `matching.groups`; null where it has none. */
  group: Id.nullable(),
  best: z
    .object({
      matchId: Id,
      otherId: Id,
      otherName: z.string(),
      kind: MatchKind,
      /** `same footage, 14 s, mirrored` */
      words: z.string(),
      state: z.enum(['open', 'accepted']),
      /** Copies of each other for most of their length. */
      nearDuplicate: z.boolean(),
    })
    .nullable(),
})
export type BoardFootage = z.infer<typeof BoardFootage>
export const BoardRow = z.object({
  evidenceId: Id,
  name: z.string(),
  sha256: z.string(),
  container: z.string(),
  size: z.number(),
  duration: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  hasAudio: z.boolean().nullable(),
  tlp: Tlp,
  source: z.string(),
  addedAt: Instant,
  /** How many times these bytes arrived. */
  acquisitions: z.number().int(),
  filmstripUrl: z.string().nullable(),
  lanes: z.array(Lane),
  /** Null until triage has ended. */
  priority: Priority.nullable(),
  job: Job.nullable(),
  caseIds: z.array(Id),
  judged: z.boolean(),
  footage: BoardFootage,
})
export type BoardRow = z.infer<typeof BoardRow>

export const findings = {
  board: op.output(z.array(BoardRow)),
  /** Everything known about one item: findings by signal, priority, judgements newest first. */
  forEvidence: op
    .input(z.object({ evidenceId: Id }))
    .output(z.object({ findings: z.array(Finding), priority: Priority.nullable(), judgements: z.array(Judgement) })),
  judge: op.input(JudgementInput).output(Judgement),
  /** Runs every signal again from the original and says which findings came out different. */
  rerun: op.input(z.object({ evidenceId: Id })).output(Job),
}
