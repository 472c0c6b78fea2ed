/**
 * Records in full: every value with who says so, disagreement side by side, merging, deleting and undoing.
 *
 * An **assertion** is one value of one field of one record, with its sourcing, its validity in time and its standing.
 * The current view of a record (`Entity.attributes`) is drawn from its standing assertions and never stored.
 */
import { z } from 'zod'
import { op } from './base.ts'
import { Entity, EntityKind, NodeRef, Relation, RelationInput, NodeKind } from './cases.ts'
import { changesTo, DatedValue, Id, Instant, ShortText, Sourcing, Support } from './common.ts'

export const Assertion = z.object({
  id: Id,
  entityId: Id,
  field: z.string(),
  /** By the field's type, see `values.ts`. */
  value: z.unknown(),
  sourcing: Sourcing,
  /** When the value held: an alias, a role, a state. Null: not said, so that it is taken to hold always. */
  validFrom: DatedValue.nullable(),
  validUntil: DatedValue.nullable(),
  /** Somebody doubts it, see `note`. It stands, and is shown last. */
  disputed: z.boolean(),
  note: z.string(),
  createdAt: Instant,
  /** No longer stated; kept for the history. */
  withdrawnAt: Instant.nullable(),
  /** The assertion that took its place, by the same source. */
  supersededBy: Id.nullable(),
  /** The merged record of which it was said; null where it was said of this one. */
  statedOf: Id.nullable(),
  /** Findings that it cites and that a later run replaced: what rests on them needs another look. */
  replacedFindings: z.array(Id),
})
export type Assertion = z.infer<typeof Assertion>

/** One field of one record with everything said about it. */
export const FieldView = z.object({
  field: z.string(),
  /** Standing assertions, preferred first. */
  standing: z.array(Assertion),
  /** For a field with one value: two standing values that hold at the same time. */
  conflict: z.boolean(),
  /** Withdrawn and superseded ones, newest first. */
  history: z.array(Assertion),
})
export type FieldView = z.infer<typeof FieldView>

/** A relation seen from one of its ends, with the record at the other. */
export const LinkView = z.object({
  relation: Relation,
  direction: z.enum(['from', 'to']),
  other: NodeRef.extend({ name: z.string() }),
  replacedFindings: z.array(Id),
})
export type LinkView = z.infer<typeof LinkView>

export const RecordDetail = z.object({
  entity: Entity,
  fields: z.array(FieldView),
  links: z.array(LinkView),
  /** Records that were merged into this one and can be split off again. */
  merged: z.array(z.object({ id: Id, name: z.string(), kind: EntityKind, mergedAt: Instant })),
  caseIds: z.array(Id),
  /** Names of the sources cited, and of the records referred to, by id. */
  names: z.record(z.string(), z.string()),
})
export type RecordDetail = z.infer<typeof RecordDetail>

export const AssertionInput = z.object({
  field: z.string().min(1).max(60),
  /** By the field's type, or its text form. */
  value: z.unknown(),
  sourcing: Sourcing.prefault({}),
  validFrom: DatedValue.nullable().default(null),
  validUntil: DatedValue.nullable().default(null),
  note: ShortText.default(''),
})
export type AssertionInput = z.infer<typeof AssertionInput>

/** What a reason may be given to: one value or one relation. */
export const Statement = z.union([z.object({ assertionId: Id }), z.object({ relationId: Id })])
export type Statement = z.infer<typeof Statement>

/** One step that a person took, and whether it can be taken back. */
export const Operation = z.object({
  id: Id,
  at: Instant,
  actor: z.string(),
  /** `record.created`, `record.merged`, … */
  action: z.string(),
  /** In words: “merged @a into @b”. */
  title: z.string(),
  /** The record, relation or case that it was about. */
  subject: z.string(),
  /** The operation that this one took back. */
  undoes: Id.nullable(),
  /** The operation that took this one back. */
  undoneBy: Id.nullable(),
})
export type Operation = z.infer<typeof Operation>

/** What rests on an evidence item or a finding. */
export const Resting = z.object({
  kind: z.enum(['assertion', 'relation', 'judgement']),
  id: Id,
  /** The record, the start of the relation, or the evidence judged. */
  subject: NodeRef.extend({ name: z.string() }),
  /** In words: “State: removed”, “is attributed to A”. */
  text: z.string(),
  /** The very place: time range, region, page. Null for a judgement, which cites a finding as a whole. */
  support: Support.nullable(),
  /** The finding cited is no longer the current one of its signal. */
  replaced: z.boolean(),
})
export type Resting = z.infer<typeof Resting>

/** One listing, as it stands to the day that was asked about. */
export const Listing = z.object({
  designation: Entity,
  /** The relation that says that the subject is meant. */
  relation: Relation,
  held: z.enum(['yes', 'possibly', 'no']),
  list: z.string(),
  authority: z.string(),
  validFrom: DatedValue.nullable(),
  validUntil: DatedValue.nullable(),
  /** Why it is only possible: imprecise bounds, conflicting dates, a dispute. Empty otherwise. */
  caveats: z.array(z.string()),
})
export type Listing = z.infer<typeof Listing>
export const DesignatedOn = z.object({
  subject: NodeRef.extend({ name: z.string() }),
  date: DatedValue,
  /** `not-recorded`: on no list that is recorded here. It may still have been on one. */
  answer: z.enum(['listed', 'possibly', 'not-recorded']),
  /** The answer as one sentence. */
  words: z.string(),
  /** All listings of the subject; those that held first, then by start. */
  listings: z.array(Listing),
})
export type DesignatedOn = z.infer<typeof DesignatedOn>

/** Two records that may be one. Only ever a suggestion. */
export const DuplicateSuggestion = z.object({
  a: z.object({ id: Id, kind: EntityKind, name: z.string() }),
  b: z.object({ id: Id, kind: EntityKind, name: z.string() }),
  reasons: z.array(
    z.object({
      code: z.enum(['same-handle', 'same-name', 'same-address', 'same-id', 'same-footage']),
      text: z.string(),
    }),
  ),
})
export type DuplicateSuggestion = z.infer<typeof DuplicateSuggestion>

const Done = z.object({ operation: Operation })

/** A record to choose, with what tells it from another of the same name. */
export const Picked = z.object({
  id: Id,
  kind: NodeKind,
  name: z.string(),
  /** Some of what is said of it, in one line; of a video when it came in, and the beginning of its hash. */
  detail: z.string(),
  /** Of a source: its grade, which whoever cites it begins with. */
  reliability: z.string().nullable(),
})
export type Picked = z.infer<typeof Picked>

export const records = {
  /** One record with everything said about it. The id of a merged record gives the one it was merged into. */
  get: op.input(z.object({ id: Id })).output(RecordDetail),
  /**
   * States one value. Said again by the same source for a field with one value, it takes the place of what that source
   * said (`supersedes` names another assertion to replace); said by another, it stands beside it.
   */
  assert: op
    .input(
      z.object({
        entityId: Id,
        revision: z.number().int(),
        assertion: AssertionInput,
        supersedes: Id.nullable().default(null),
      }),
    )
    .output(RecordDetail),
  /** Brings a relation up to date: sourcing, validity, note, segments. */
  editRelation: op
    .input(
      z.object({
        id: Id,
        fields: changesTo(
          RelationInput.pick({ sourcing: true, note: true, validFrom: true, validUntil: true, segments: true }),
        ),
      }),
    )
    .output(Relation),
  /** Marks a value or a relation as disputed, with the reason, or takes the mark off. */
  dispute: op.input(z.object({ of: Statement, disputed: z.boolean(), reason: ShortText })).output(Done),
  /** No longer states a value or a relation; it stays in the history. */
  withdraw: op.input(z.object({ of: Statement, reason: ShortText.default('') })).output(Done),
  /** Makes several records of one kind one, keeping the histories of all. */
  merge: op
    .input(z.object({ into: Id, from: z.array(Id).min(1).max(100), reason: ShortText.default('') }))
    .output(RecordDetail),
  /** Splits a merged record off again, with exactly what was said of it. What was said since stays where it was said. */
  unmerge: op.input(z.object({ id: Id })).output(RecordDetail),
  /** Takes a record and its relations out of the library. `undo` brings all of it back. */
  remove: op.input(z.object({ id: Id, revision: z.number().int() })).output(Done),
  /** Last operations, newest first; of one record, relation or case where given. */
  operations: op
    .input(z.object({ subject: Id.optional(), limit: z.number().int().min(1).max(500).default(50) }).prefault({}))
    .output(z.array(Operation)),
  /** Takes one operation back; an undo too, which does it again. */
  undo: op.input(z.object({ operationId: Id })).output(Done),
  /** Every assertion, relation and judgement that rests on an item or a finding. */
  /** Records and videos to choose from, asked of the search index; best first. */
  pick: op
    .input(
      z.object({
        /** What was typed so far; empty: what was changed last. */
        text: z.string().max(500).default(''),
        kinds: z.array(NodeKind).min(1).max(40),
        /** What is chosen already, and is answered too. */
        chosen: Id.nullable().default(null),
        limit: z.number().int().min(1).max(100).default(30),
      }),
    )
    .output(z.array(Picked)),
  restingOn: op.input(z.union([z.object({ evidenceId: Id }), z.object({ findingId: Id })])).output(z.array(Resting)),
  /** What in a case rests on findings that a later run replaced. */
  outdated: op.input(z.object({ caseId: Id })).output(z.array(Resting)),
  /** Was the subject on a list on that day, by what is recorded here? */
  designatedOn: op.input(z.object({ subjectId: Id, date: DatedValue })).output(DesignatedOn),
  duplicates: op
    .input(z.object({ caseId: Id.optional(), limit: z.number().int().min(1).max(500).default(100) }).prefault({}))
    .output(z.array(DuplicateSuggestion)),
}
