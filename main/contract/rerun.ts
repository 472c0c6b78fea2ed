/** Findings repeated from the evidence, as a bundle or a method appendix says how they were made. */
import { z } from 'zod'
import { BundleProblem } from './bundle-check.ts'
import { Sha256 } from './common.ts'

/** One thing that came out otherwise. Values as JSON, shortened; null where there is none. */
export const RerunDifference = z.object({
  /** `score`, `segments[0].start`, `evidence[1].sha256`. */
  field: z.string(),
  was: z.string().nullable(),
  now: z.string().nullable(),
})
export type RerunDifference = z.infer<typeof RerunDifference>

export const RerunFinding = z.object({
  evidenceId: z.string(),
  signal: z.string(),
  version: z.string(),
  /**
   * `same`: made again by the same means, with the same bytes. `differs`: by the same means, and it came out otherwise.
   * `other-means`: this Assay has another version, model, parameter or decoder; what came out is compared all the same.
   * `not-repeated`: it could not be made again here.
   */
  state: z.enum(['same', 'differs', 'other-means', 'not-repeated']),
  /** Why it could not be repeated, or by what other means it was. */
  reasons: z.array(z.string()),
  differences: z.array(RerunDifference),
  /** Differences beyond those listed. */
  more: z.number().int(),
})
export type RerunFinding = z.infer<typeof RerunFinding>

export const RerunItem = z.object({
  evidenceId: z.string(),
  tag: z.string(),
  name: z.string(),
  sha256: Sha256,
  /** Where the original was found. */
  original: z.enum(['bundle', 'library', 'folder', 'missing']),
  /** Whether the filmstrip has the same bytes; null where there is none to compare. */
  filmstripSame: z.boolean().nullable(),
  findings: z.array(RerunFinding),
})
export type RerunItem = z.infer<typeof RerunItem>

export const Rerun = z.object({
  /** False where something differs, or the bundle is not as it was sealed. */
  ok: z.boolean(),
  from: z.enum(['bundle', 'method']),
  title: z.string(),
  tlp: z.string(),
  /** Of a bundle: what is not as it was sealed. */
  problems: z.array(BundleProblem),
  /** Whose key sealed it; null for a method appendix, and where no signature holds. */
  fingerprint: z.string().nullable(),
  items: z.array(RerunItem),
  counts: z.object({
    same: z.number().int(),
    differs: z.number().int(),
    otherMeans: z.number().int(),
    notRepeated: z.number().int(),
  }),
  /** The same in words, for a person. */
  lines: z.array(z.string()),
})
export type Rerun = z.infer<typeof Rerun>
