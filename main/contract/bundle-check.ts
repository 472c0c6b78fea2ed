/** What checking a sealed bundle found. Made by the verifier in main/reports/verify, wherever it runs. */
import { z } from 'zod'

/** One thing that is not as it was sealed, by the file that it concerns. */
export const BundleProblem = z.object({
  kind: z.enum(['missing', 'added', 'altered', 'renamed', 'malformed', 'signature', 'incomplete', 'chain']),
  /** Inside the bundle. */
  path: z.string(),
  message: z.string(),
})
export type BundleProblem = z.infer<typeof BundleProblem>

export const BundleCheck = z.object({
  ok: z.boolean(),
  title: z.string().nullable(),
  tlp: z.string().nullable(),
  caseId: z.string().nullable(),
  producer: z.string().nullable(),
  signature: z.object({
    state: z.enum(['holds', 'wrong', 'missing']),
    fingerprint: z.string().nullable(),
    sealedAt: z.string().nullable(),
    /** Null where no fingerprint was given to compare with: then nobody has checked whose key it is. */
    keyMatches: z.boolean().nullable(),
  }),
  files: z.number().int(),
  bytes: z.number(),
  evidence: z.object({ included: z.number().int(), hashesOnly: z.number().int() }),
  /** `open`: links that carry what they record; of the others only the hash is given. */
  audit: z.object({ links: z.number().int(), open: z.number().int(), head: z.string().nullable() }),
  problems: z.array(BundleProblem),
})
export type BundleCheck = z.infer<typeof BundleCheck>
