/** Values that several stages share. Names follow STIX 2.1, TLP 2.0, ICD 203 and the Admiralty code. */
import { z } from 'zod'

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex')
export const Blake3 = z.string().regex(/^[0-9a-f]{64}$/, 'a BLAKE3-256 in lower-case hex')
export const Id = z.uuid()
/** A moment in UTC, ISO 8601 with milliseconds, as `Date.toISOString` writes it. */
export const Instant = z.iso.datetime()
/** Seconds of media time from the first frame shown. */
export const MediaTime = z.number().nonnegative()
/** 0 to 1. */
export const Unit = z.number().min(0).max(1)
/** Free text that a person typed: bounded, so that no request can fill a disk. */
export const ShortText = z.string().trim().max(500)
export const LongText = z.string().max(20_000)

/** Traffic Light Protocol 2.0 (FIRST, 2022), least to most restricted. */
export const TLP_LEVELS = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const
export const Tlp = z.enum(TLP_LEVELS)
export type Tlp = z.infer<typeof Tlp>

export const Precision = z.enum(['exact', 'minute', 'hour', 'day', 'month', 'year', 'approximate', 'unknown'])
/** A point in time as honestly as it is known: the text as given, its precision and its original zone. */
export const DatedValue = z.object({
  /** ISO 8601, as far as it is known: `2024-02`, `2024-02-09`, `2024-02-09T20:15:00+03:30`. Empty when unknown. */
  value: z.string().max(40),
  precision: Precision,
  /** IANA zone or offset in which the value was given. */
  zone: z.string().max(64).default('UTC'),
})
export type DatedValue = z.infer<typeof DatedValue>

/** A rectangle in fractions of the displayed picture, origin top left. */
export const Region = z.object({ x: Unit, y: Unit, width: Unit, height: Unit })
export type Region = z.infer<typeof Region>

/** Likelihood terms of ICD 203 (2015), section D.6.e.2, with their probability bands. */
export const LIKELIHOODS = [
  { id: 'almost-no-chance', label: 'almost no chance', low: 0.01, high: 0.05 },
  { id: 'very-unlikely', label: 'very unlikely', low: 0.05, high: 0.2 },
  { id: 'unlikely', label: 'unlikely', low: 0.2, high: 0.45 },
  { id: 'roughly-even', label: 'roughly even chance', low: 0.45, high: 0.55 },
  { id: 'likely', label: 'likely', low: 0.55, high: 0.8 },
  { id: 'very-likely', label: 'very likely', low: 0.8, high: 0.95 },
  { id: 'almost-certain', label: 'almost certain', low: 0.95, high: 0.99 },
] as const
export const Likelihood = z.enum(LIKELIHOODS.map((l) => l.id) as [string, ...string[]])
export type Likelihood = (typeof LIKELIHOODS)[number]['id']
/** Analytic confidence (ICD 203). Never stated in one sentence with a likelihood. */
export const Confidence = z.enum(['low', 'moderate', 'high'])

/** What an assertion rests on: evidence at a time range and region, a finding, a page of a document, a web capture. */
export const Support = z.object({
  evidenceId: Id.optional(),
  findingId: Id.optional(),
  start: MediaTime.optional(),
  end: MediaTime.optional(),
  region: Region.optional(),
  /** Page of a document: of the archived copy of `sourceId`, or of the source that the assertion cites. */
  page: z.number().int().positive().optional(),
  sourceId: Id.optional(),
  /** A web page as it was captured. */
  capture: z
    .object({ url: z.string().max(2000), capturedAt: DatedValue.optional(), sha256: Sha256.optional() })
    .optional(),
  note: ShortText.optional(),
})
export type Support = z.infer<typeof Support>

/** Where an assertion comes from and how far it is trusted. Stands on every value and relation. */
export const Sourcing = z.object({
  /** The `source` entity that says so, or none where the analyst is the source. */
  sourceId: Id.nullable().default(null),
  /** Admiralty (NATO AJP-2.1) source reliability. */
  reliability: z.enum(['A', 'B', 'C', 'D', 'E', 'F']).default('F'),
  /** Admiralty information credibility. */
  credibility: z.enum(['1', '2', '3', '4', '5', '6']).default('6'),
  likelihood: Likelihood.nullable().default(null),
  confidence: Confidence.nullable().default(null),
  firstSeen: DatedValue.nullable().default(null),
  lastSeen: DatedValue.nullable().default(null),
  supports: z.array(Support).max(200).default([]),
})
export type Sourcing = z.infer<typeof Sourcing>

/** The failure of one item, as shown to a person. Codes are listed in `errors.ts`. */
export const FailureReport = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  retryable: z.boolean(),
  detail: z.string().optional(),
})

/** A field without the value that stands in where it is absent. */
type Bare<Field> = Field extends z.ZodDefault<infer Inner> | z.ZodPrefault<infer Inner> ? Inner : Field

/**
 * The fields of a form, each optional and none filled in. Zod's own `partial` puts the default in the place of a field
 * that was left out, so that a change of one field would overwrite all others with their defaults.
 */
export function changesTo<Shape extends z.core.$ZodLooseShape>(
  form: z.ZodObject<Shape>,
): z.ZodObject<{ [Name in keyof Shape]: z.ZodOptional<Bare<Shape[Name]>> }> {
  const bare = Object.entries(form.shape).map(([name, field]) => [
    name,
    field instanceof z.ZodDefault || field instanceof z.ZodPrefault ? field.unwrap() : field,
  ])
  return z.object(Object.fromEntries(bare) as { [Name in keyof Shape]: Bare<Shape[Name]> }).partial()
}
