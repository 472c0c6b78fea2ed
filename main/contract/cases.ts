/** Case records: cases, entities, relations, filing. Kinds stand one per file in `cases/entities/`. */
import { z } from 'zod'
import { op } from './base.ts'
import { changesTo, DatedValue, Id, Instant, LongText, MediaTime, ShortText, Sourcing, Tlp } from './common.ts'
import { Judgement, JudgementInput, Priority } from './findings.ts'
import { Evidence } from './intake.ts'
import { FieldType } from './values.ts'

export const CaseStatus = z.enum(['open', 'watching', 'closed'])
export const CaseFields = z.object({
  title: z.string().trim().min(1).max(300),
  /** The question the case is to answer. */
  question: LongText.default(''),
  status: CaseStatus.default('open'),
  owner: ShortText.default(''),
  tlp: Tlp.default('AMBER'),
  summary: LongText.default(''),
  /** The ABCDE frame (C. François, 2019; B: Alaphilippe, 2020): actor, behaviour, content, degree, effect. */
  abcde: z
    .object({
      actor: LongText.default(''),
      behaviour: LongText.default(''),
      content: LongText.default(''),
      degree: LongText.default(''),
      effect: LongText.default(''),
    })
    .prefault({}),
})
export type CaseFields = z.infer<typeof CaseFields>
export const Case = CaseFields.extend({
  id: Id,
  createdAt: Instant,
  updatedAt: Instant,
  /** Rises by one with each change; an update names the one it saw. */
  revision: z.number().int(),
})
export type Case = z.infer<typeof Case>
export const CaseSummary = Case.extend({
  counts: z.object({ evidence: z.number().int(), entities: z.number().int(), judgements: z.number().int() }),
})
export type CaseSummary = z.infer<typeof CaseSummary>

/** The kinds of record, in the order in which they are shown. A case and an evidence item are records of their own. */
export const EntityKind = z.enum([
  'operation',
  'actor',
  'identity',
  'account',
  'channel',
  'enforcement',
  'designation',
  'incident',
  'narrative',
  'claim',
  'hypothesis',
  'forecast',
  'metric',
  'location',
  'technique',
  'source',
])
export type EntityKind = z.infer<typeof EntityKind>
/**
 * An entity as it is seen now. `attributes` is the current view of its assertions (`records.get` has all of them): one
 * value per field, or a list for a field that holds many; `conflicts` names the fields on which standing assertions
 * differ, and there the view shows the one that `cases/view.ts` prefers.
 */
export const Entity = z.object({
  id: Id,
  kind: EntityKind,
  name: z.string().trim().min(1).max(300),
  attributes: z.record(z.string(), z.unknown()),
  conflicts: z.array(z.string()),
  /** Who says that there is such a thing. Each value has its own sourcing. */
  sourcing: Sourcing,
  tlp: Tlp,
  createdAt: Instant,
  updatedAt: Instant,
  revision: z.number().int(),
})
export type Entity = z.infer<typeof Entity>
export const EntityInput = z.object({
  kind: EntityKind,
  name: z.string().trim().min(1).max(300),
  attributes: z.record(z.string(), z.unknown()).default({}),
  sourcing: Sourcing.prefault({}),
  tlp: Tlp.default('AMBER'),
})
export type EntityInput = z.infer<typeof EntityInput>
/** How the window draws the form of a kind without knowing it. */
export const FieldInfo = z.object({
  name: z.string(),
  label: z.string(),
  type: FieldType,
  /** Several values hold at once, each an assertion of its own: aliases, follower counts, countries. */
  many: z.boolean(),
  choices: z.array(z.string()).optional(),
  /** What a reference may point at. */
  kinds: z.array(EntityKind).optional(),
  /** For the date on which something began: the field with the date on which it ended. */
  endsWith: z.string().optional(),
  help: z.string(),
})
export type FieldInfo = z.infer<typeof FieldInfo>
export const KindInfo = z.object({
  kind: EntityKind,
  label: z.string(),
  plural: z.string(),
  stix: z.string(),
  help: z.string(),
  fields: z.array(FieldInfo),
})
export type KindInfo = z.infer<typeof KindInfo>

export const RELATION_TYPES = [
  'attributed-to', 'sponsored-by', 'cooperates-with', 'supports', 'controls', 'amplifies', 'publishes', 'belongs-to',
  'targets', 'impersonates', 'compromises', 'uses', 'located-at', 'enforced-against', 'designated-by', 'denies',
  'contradicts', 'corroborates', 'derived-from', 'same-footage-as', 'depicts', 'part-of', 'related-to',
] as const // prettier-ignore
export const RelationType = z.enum(RELATION_TYPES)
export type RelationType = z.infer<typeof RelationType>
/** One end of a relation: an entity or an evidence item. */
export const NodeKind = z.enum([...EntityKind.options, 'evidence'])
export type NodeKind = z.infer<typeof NodeKind>
export const NodeRef = z.object({ kind: NodeKind, id: Id })
export type NodeRef = z.infer<typeof NodeRef>
/** Stretches of two media items that show the same footage, in seconds of each. */
export const AlignedSegment = z.object({
  fromStart: MediaTime,
  fromEnd: MediaTime,
  toStart: MediaTime,
  toEnd: MediaTime,
})
export type AlignedSegment = z.infer<typeof AlignedSegment>
export const Relation = z.object({
  id: Id,
  type: RelationType,
  from: NodeRef,
  to: NodeRef,
  sourcing: Sourcing,
  disputed: z.boolean(),
  note: z.string(),
  /** When it began and ceased to hold, as far as that is known. */
  validFrom: DatedValue.nullable(),
  validUntil: DatedValue.nullable(),
  /** For `same-footage-as`. */
  segments: z.array(AlignedSegment),
  createdAt: Instant,
})
export type Relation = z.infer<typeof Relation>

export const RelationInput = z.object({
  type: RelationType,
  from: NodeRef,
  to: NodeRef,
  sourcing: Sourcing.prefault({}),
  note: ShortText.default(''),
  validFrom: DatedValue.nullable().default(null),
  validUntil: DatedValue.nullable().default(null),
  segments: z.array(AlignedSegment).max(500).default([]),
  caseId: Id.nullable().default(null),
})
export type RelationInput = z.infer<typeof RelationInput>
export const RelationRule = z.object({
  type: RelationType,
  label: z.string(),
  from: z.array(NodeKind),
  to: z.array(NodeKind),
})
export type RelationRule = z.infer<typeof RelationRule>

export const CaseDetail = z.object({
  case: Case,
  evidence: z.array(
    z.object({ evidence: Evidence, filedAt: Instant, note: z.string(), priority: Priority.nullable() }),
  ),
  entities: z.array(Entity),
  relations: z.array(Relation),
  judgements: z.array(Judgement),
})
export type CaseDetail = z.infer<typeof CaseDetail>

/** Filing links an item to a record that exists, or to one made in the same step. */
export const FilingLink = z.object({
  relation: RelationType,
  target: z.union([z.object({ entityId: Id }), z.object({ create: EntityInput })]),
  note: ShortText.default(''),
})

export const cases = {
  list: op.output(z.array(CaseSummary)),
  create: op.input(CaseFields).output(Case),
  update: op.input(z.object({ id: Id, revision: z.number().int(), fields: changesTo(CaseFields) })).output(Case),
  get: op.input(z.object({ id: Id })).output(CaseDetail),
  /** Adds items to a case's evidence without a judgement. */
  addEvidence: op.input(z.object({ caseId: Id, evidenceIds: z.array(Id).min(1) })).output(CaseDetail),
  /** Takes an item off a case's list; the item, its findings and its judgements stay in the library. */
  removeEvidence: op.input(z.object({ caseId: Id, evidenceId: Id })).output(CaseDetail),
  /** Files one item: the analyst's own judgement, the links and the note, in one transaction. */
  file: op
    .input(
      z.object({
        evidenceId: Id,
        into: z.union([z.object({ caseId: Id }), z.object({ create: CaseFields })]),
        judgement: JudgementInput.omit({ evidenceId: true, caseId: true }).nullable(),
        links: z.array(FilingLink).max(50).default([]),
        note: LongText.default(''),
      }),
    )
    .output(CaseDetail),
  kinds: op.output(z.object({ kinds: z.array(KindInfo), relations: z.array(RelationRule) })),
  entities: op
    .input(
      z
        .object({
          kind: EntityKind.optional(),
          text: z.string().max(200).default(''),
          limit: z.number().int().min(1).max(5000).default(2000),
        })
        .prefault({}),
    )
    .output(z.array(Entity)),
  /** Makes a record; every attribute becomes an assertion with the sourcing given. */
  createEntity: op.input(EntityInput.extend({ caseId: Id.nullable().default(null) })).output(Entity),
  /**
   * Brings the record to what a form says. A value that changed is a new assertion with the sourcing given: it takes the
   * place of what the same source said before, and stands beside what others say. `records.assert` says one value.
   */
  updateEntity: op
    .input(z.object({ id: Id, revision: z.number().int(), fields: changesTo(EntityInput.omit({ kind: true })) }))
    .output(Entity),
  /** Takes the entity out of this case; it stays in the library. */
  removeEntity: op.input(z.object({ caseId: Id, entityId: Id })).output(z.object({})),
  relate: op.input(RelationInput).output(Relation),
  unrelate: op.input(z.object({ relationId: Id })).output(z.object({})),
}
