/** A colleague's bundle on its way into a library: looked at first, one step, taken back as one. */
import { z } from 'zod'
import { Id, Sha256 } from './common.ts'
import { Operation } from './records.ts'

/** Something that stands otherwise here. Both are kept; `outcome` says how. */
export const MergeConflict = z.object({
  /** Kind of record, `relation`, `case`, `finding`. */
  kind: z.string(),
  id: z.string(),
  name: z.string(),
  /** Field, or what of it differs. */
  field: z.string(),
  ours: z.string(),
  theirs: z.string(),
  outcome: z.string(),
})
export type MergeConflict = z.infer<typeof MergeConflict>

export const MergePreview = z.object({
  title: z.string(),
  tlp: z.string(),
  caseId: z.string(),
  /** The library that sealed it, as it calls itself. */
  libraryName: z.string(),
  sealedAt: z.string(),
  key: z.object({
    fingerprint: z.string(),
    /** `own`: a key of this library; `seen`: a bundle with it was merged before; `new`: never met here. */
    known: z.enum(['own', 'seen', 'new']),
    /** Null where no fingerprint was given to compare with. */
    matches: z.boolean().nullable(),
  }),
  /** SHA-256 of the tag manifest, on which every byte hangs: what was looked at is what will be merged. */
  seal: Sha256,
  /** By kind of record, `case`, `relation`, `judgement`, `evidence`, `finding`, `custody`. */
  counts: z.array(
    z.object({ kind: z.string(), added: z.number().int(), same: z.number().int(), differs: z.number().int() }),
  ),
  /** Bytes of originals that would come into the vault. */
  bytes: z.number(),
  /** The first 200. */
  conflicts: z.array(MergeConflict),
  conflictCount: z.number().int(),
  /** What is left out, and why; each once. */
  left: z.array(z.string()),
})
export type MergePreview = z.infer<typeof MergePreview>

export const Merged = z.object({
  added: z.number().int(),
  /** Null where there was nothing to add: then nothing was changed. */
  operation: Operation.nullable(),
  caseId: Id.nullable(),
  /** Items that came in; their pictures and fingerprints are made by a triage. */
  evidenceIds: z.array(Id),
  left: z.array(z.string()),
})
export type Merged = z.infer<typeof Merged>
