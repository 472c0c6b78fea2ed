/** Case records as a graph, on a time line and as series: what graph, timeline, trends, map and matrix draw. */
import { z } from 'zod'
import { op } from './base.ts'
import { EntityKind, NodeKind, NodeRef, RelationType } from './cases.ts'
import { Confidence, DatedValue, Id, Likelihood, Tlp } from './common.ts'

export const GraphNode = NodeRef.extend({
  name: z.string(),
  tlp: Tlp,
  /** Standing relations of the node in the whole library. */
  degree: z.number().int(),
  /** Steps from where the query started; 0 in a case. */
  depth: z.number().int(),
  /** Standing assertions that differ, or disputed ones. */
  conflicts: z.boolean(),
  /** The earliest and latest moment that its dates speak of, ISO 8601 UTC; null without dates. */
  from: z.string().nullable(),
  until: z.string().nullable(),
})
export type GraphNode = z.infer<typeof GraphNode>
export const GraphEdge = z.object({
  id: Id,
  type: RelationType,
  from: Id,
  to: Id,
  disputed: z.boolean(),
  sourceId: Id.nullable(),
  /** Admiralty code: `B2`. */
  grade: z.string(),
  likelihood: Likelihood.nullable(),
  confidence: Confidence.nullable(),
  /** How many places in evidence it points at. */
  supports: z.number().int(),
  validFrom: DatedValue.nullable(),
  validUntil: DatedValue.nullable(),
})
export type GraphEdge = z.infer<typeof GraphEdge>
export const Graph = z.object({
  nodes: z.array(GraphNode),
  edges: z.array(GraphEdge),
  /** What was left out, said rather than hidden: nodes whose neighbours were capped, with how many more they have. */
  capped: z.array(z.object({ id: Id, more: z.number().int() })),
})
export type Graph = z.infer<typeof Graph>

/** Anything with a date, as a stretch of time that says how well it is known. */
export const TimelineEntry = z.object({
  /** Unique: the assertion, relation or item from which it comes, and the field. */
  id: z.string(),
  subject: NodeRef.extend({ name: z.string() }),
  /** What the date is of: `start`, `date`, `followers`, a relation type, `claimed`, `filed`. */
  what: z.string(),
  label: z.string(),
  at: DatedValue,
  /** Where it lasted: the end of the same thing. */
  until: DatedValue.nullable(),
  /** Bounds of `at` and `until` in milliseconds UTC; null where nothing is known. */
  bounds: z.object({ from: z.number().nullable(), to: z.number().nullable() }),
  disputed: z.boolean(),
  /** The assertion or relation to open. */
  statement: z.union([z.object({ assertionId: Id }), z.object({ relationId: Id })]).nullable(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** A metric as reported, point by point. Two sources with two values of one month are two points. */
export const MetricSeries = z.object({
  metricId: Id,
  name: z.string(),
  unit: z.string(),
  window: z.string(),
  baseline: z.string(),
  points: z.array(
    z.object({
      assertionId: Id,
      at: DatedValue,
      value: z.number(),
      /** The source cited, or who is named in the value; empty where nobody is. */
      by: z.string(),
      disputed: z.boolean(),
    }),
  ),
})
export type MetricSeries = z.infer<typeof MetricSeries>

export const COUNTED = ['operation', 'incident', 'enforcement', 'claim', 'designation'] as const
export const CountBy = z.enum(['kind', 'actor', 'platform', 'country', 'technique', 'phase', 'action'])
export type CountBy = z.infer<typeof CountBy>
/** Records of a kind by the month in which they began, split by one property. */
export const MonthlyCounts = z.object({
  /** Months without gaps, `2023-10`, first to last. */
  months: z.array(z.string()),
  series: z.array(
    z.object({ key: z.string(), label: z.string(), counts: z.array(z.number().int()), ids: z.array(z.array(Id)) }),
  ),
  /** Records whose date is not known to the month: named, never spread or guessed. */
  undated: z.array(z.object({ id: Id, name: z.string() })),
})
export type MonthlyCounts = z.infer<typeof MonthlyCounts>

export const CountryCount = z.object({
  /** ISO 3166-1 alpha-2, or the name as given where there is no code. */
  country: z.string(),
  counts: z.record(z.string(), z.number().int()),
  ids: z.array(Id),
})
export const TechniqueUse = z.object({
  technique: z.object({
    id: Id,
    name: z.string(),
    techniqueId: z.string(),
    framework: z.string(),
    tactics: z.array(z.string()),
  }),
  users: z.array(NodeRef.extend({ name: z.string(), relationId: Id, disputed: z.boolean() })),
})

/** A case, or the whole library where none is given. */
const Scope = z.object({ caseId: Id.optional() })

export const graph = {
  /** What is linked to a record, to a depth; nodes with more neighbours than `cap` are cut, and named in `capped`. */
  neighbours: op
    .input(
      z.object({
        id: Id,
        depth: z.number().int().min(1).max(4).default(1),
        cap: z.number().int().min(1).max(1000).default(100),
        limit: z.number().int().min(1).max(5000).default(2000),
        types: z.array(RelationType).optional(),
      }),
    )
    .output(Graph),
  /** A shortest path between two records in either direction of the relations; empty where none is that short. */
  path: op.input(z.object({ from: Id, to: Id, longest: z.number().int().min(1).max(8).default(6) })).output(Graph),
  /** Everything in a case and the relations between its members. */
  ofCase: op.input(z.object({ caseId: Id, limit: z.number().int().min(1).max(20_000).default(5000) })).output(Graph),
  /** Standing records by kind. */
  counts: op.input(Scope.prefault({})).output(z.partialRecord(NodeKind, z.number().int())),
  timeline: op.input(Scope).output(z.array(TimelineEntry)),
  metrics: op.input(Scope).output(z.array(MetricSeries)),
  monthly: op
    .input(Scope.extend({ kind: EntityKind.extract([...COUNTED]), by: CountBy.default('kind') }))
    .output(MonthlyCounts),
  countries: op.input(Scope).output(z.array(CountryCount)),
  techniques: op.input(Scope.extend({ actorId: Id.optional() })).output(z.array(TechniqueUse)),
}
