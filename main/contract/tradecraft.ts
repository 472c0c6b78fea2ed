/** Structured analysis: competing hypotheses, forecasts, disagreements, open questions. All of it said by analysts. */
import { z } from 'zod'
import { op } from './base.ts'
import { NodeRef } from './cases.ts'
import { changesTo, DatedValue, Id, Instant, Likelihood, LongText, ShortText, Unit } from './common.ts'
import { CellSubject, Consistency } from './values.ts'

export const AchHypothesis = z.object({
  id: Id,
  name: z.string(),
  state: z.enum(['open', 'set aside']),
  /** Weighted sum of what is inconsistent with it; lower is better. */
  inconsistency: z.number(),
  /** 1 for the least inconsistent; equal scores share a rank. Null where set aside. */
  rank: z.number().int().nullable(),
})
export const AchRow = z.object({
  of: CellSubject,
  ref: Id,
  name: z.string(),
  /** The record or item on which it is found: itself, or what a statement or a finding is about. */
  about: NodeRef,
  /** What its weight comes from: credibility and reliability of its sourcing. */
  grade: z.string(),
  weight: z.number(),
  /** The source record behind it; null where the analyst or the item itself is the source. */
  sourceId: Id.nullable(),
  sourceName: z.string(),
  /** By hypothesis id; absent where not rated. `conflict`: two analysts rate it differently. */
  cells: z.record(
    z.string(),
    z.object({
      rating: Consistency,
      note: z.string(),
      assertionId: Id,
      entityRevision: z.number().int(),
      conflict: z.boolean(),
    }),
  ),
  /** 0: says the same of every hypothesis, and so tells nothing. Up to 1. Null with fewer than two ratings. */
  diagnosticity: Unit.nullable(),
})
export const AchMatrix = z.object({
  question: z.string(),
  hypotheses: z.array(AchHypothesis),
  /** Most diagnostic first. */
  rows: z.array(AchRow),
  /** Which sources and rows carry the ranking: what the leader would be without each. Only those that change it. */
  sensitivity: z.array(
    z.object({
      drop: z.union([z.object({ sourceId: Id.nullable() }), z.object({ of: CellSubject, ref: Id })]),
      name: z.string(),
      leaders: z.array(Id),
      /** “Without …, the least inconsistent hypothesis is …” */
      words: z.string(),
    }),
  ),
  /** Least inconsistent; several where scores are equal, none where nothing is rated. */
  leaders: z.array(Id),
  method: z.string(),
})
export type AchMatrix = z.infer<typeof AchMatrix>

export const ForecastView = z.object({
  id: Id,
  name: z.string(),
  event: z.string(),
  horizon: DatedValue.nullable(),
  likelihood: Likelihood.nullable(),
  /** Midpoint of the band, which stands for it in the score. */
  midpoint: Unit.nullable(),
  confidence: z.string().nullable(),
  outcome: z.enum(['open', 'occurred', 'did not occur', 'void']),
  resolvedOn: DatedValue.nullable(),
  /** (midpoint − outcome)², 0 best, 1 worst (G. Brier, 1950, in the form for one event). Null until resolved. */
  brier: Unit.nullable(),
  /** The horizon has passed and it is still open. */
  due: z.boolean(),
})
export type ForecastView = z.infer<typeof ForecastView>

export const Disagreement = z.object({
  kind: z.enum(['value', 'attribution', 'relation', 'claim', 'judgement']),
  subject: NodeRef.extend({ name: z.string() }),
  /** “State: two values”, “attributed to different actors”. */
  text: z.string(),
  sides: z.array(
    z.object({
      text: z.string(),
      source: z.string(),
      grade: z.string(),
      disputed: z.boolean(),
      statement: z.union([z.object({ assertionId: Id }), z.object({ relationId: Id })]).nullable(),
    }),
  ),
})
export type Disagreement = z.infer<typeof Disagreement>

/** An open question, or something to be done. */
export const Task = z.object({
  id: Id,
  caseId: Id,
  kind: z.enum(['question', 'task']),
  text: z.string(),
  state: z.enum(['open', 'done', 'dropped']),
  assignee: z.string(),
  due: DatedValue.nullable(),
  /** What was found out or done. */
  answer: z.string(),
  /** The record or item that it is about. */
  about: NodeRef.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
  revision: z.number().int(),
})
export type Task = z.infer<typeof Task>
export const TaskFields = z.object({
  kind: z.enum(['question', 'task']).default('question'),
  text: ShortText.min(1),
  state: z.enum(['open', 'done', 'dropped']).default('open'),
  assignee: ShortText.default(''),
  due: DatedValue.nullable().default(null),
  answer: LongText.default(''),
  about: NodeRef.nullable().default(null),
})

export const tradecraft = {
  /** One matrix for each question that hypotheses of the case answer. */
  ach: op.input(z.object({ caseId: Id })).output(z.array(AchMatrix)),
  /** Rates one item against one hypothesis; `null` takes the rating out. */
  rate: op
    .input(
      z.object({
        hypothesisId: Id,
        of: CellSubject,
        ref: Id,
        rating: Consistency.nullable(),
        note: ShortText.default(''),
      }),
    )
    .output(z.object({})),
  /** Those of a case, or all. `meanBrier` over those resolved, with how many. */
  forecasts: op
    .input(z.object({ caseId: Id.optional() }).prefault({}))
    .output(z.object({ forecasts: z.array(ForecastView), resolved: z.number().int(), meanBrier: Unit.nullable() })),
  disagreements: op.input(z.object({ caseId: Id })).output(z.array(Disagreement)),
  tasks: op.input(z.object({ caseId: Id })).output(z.array(Task)),
  addTask: op.input(z.object({ caseId: Id, task: TaskFields })).output(Task),
  updateTask: op.input(z.object({ id: Id, revision: z.number().int(), task: changesTo(TaskFields) })).output(Task),
}
