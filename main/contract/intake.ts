/** Intake: from a file on disk to an evidence item with hashes, provenance of acquisition and custody. */
import { z } from 'zod'
import { op } from './base.ts'
import {
  Blake3,
  changesTo,
  DatedValue,
  FailureReport,
  Id,
  Instant,
  LongText,
  Sha256,
  ShortText,
  Tlp,
} from './common.ts'

/** What the analyst says about how a file was obtained. The claims are the source's, not Assay's. */
export const AcquisitionDetails = z.object({
  /** Who or what supplied the file: a person, an account, a web address. */
  source: ShortText.default(''),
  claimedDate: DatedValue.nullable().default(null),
  claimedPlace: ShortText.default(''),
  /** BCP 47 tag of the language spoken or shown. */
  language: z.string().max(35).default(''),
  tlp: Tlp.default('AMBER'),
  note: LongText.default(''),
})
export type AcquisitionDetails = z.infer<typeof AcquisitionDetails>

/**
 * How the original came into the vault. `copied`: byte copy; `reflinked`: copy-on-write clone; `linked`: hard link,
 * by choice only, since the two names then share one inode; `referenced`: left where it is, checked on every opening.
 */
export const Storage = z.enum(['copied', 'reflinked', 'linked', 'referenced'])
export const StorageChoice = z.enum(['copy', 'link', 'reference'])
export type StorageChoice = z.infer<typeof StorageChoice>

/** One arrival of the file (ISO/IEC 27037 acquisition). The same bytes from two sources are one item, two arrivals. */
export const Acquisition = z.object({
  id: Id,
  evidenceId: Id,
  /** The file's own name, neutralised for display: control and bidi characters made visible. */
  name: z.string(),
  /** Where it was read from, neutralised; empty for a file dropped into a browser. */
  path: z.string(),
  storage: Storage,
  acquiredAt: Instant,
  modifiedAt: Instant.nullable(),
  details: AcquisitionDetails,
})
export type Acquisition = z.infer<typeof Acquisition>

/** One step in the life of an evidence item: who did what to it, when. */
export const CustodyEntry = z.object({
  id: z.number().int(),
  evidenceId: Id,
  at: Instant,
  actor: z.string(),
  /** `acquired`, `hashed`, `stored`, `duplicate-received`, `analysed`, `proxy-made`, `exported`, `verified`, … */
  action: z.string(),
  detail: z.string(),
})
export type CustodyEntry = z.infer<typeof CustodyEntry>

/** An evidence item: identified by its bytes. */
export const Evidence = z.object({
  id: Id,
  sha256: Sha256,
  blake3: Blake3,
  size: z.number().int().nonnegative(),
  /** Container recognised from the leading bytes: `mp4`, `matroska`, `avi`, `mpeg-ts`, … */
  container: z.string(),
  addedAt: Instant,
  /** Display name: that of the first acquisition. */
  name: z.string(),
  /** The strictest mark of its acquisitions. */
  tlp: Tlp,
  storage: Storage,
  acquisitions: z.array(Acquisition),
})
export type Evidence = z.infer<typeof Evidence>

/** One file on its way in, as the Intake screen lists it. Refused files stay listed with their reason. */
export const IntakeItem = z.object({
  id: Id,
  name: z.string(),
  path: z.string(),
  size: z.number().int().nullable(),
  state: z.enum(['waiting', 'reading', 'admitted', 'duplicate', 'refused']),
  /** Bytes read so far, of `size`. */
  done: z.number().int(),
  evidenceId: Id.nullable(),
  error: FailureReport.nullable(),
  at: Instant,
})
export type IntakeItem = z.infer<typeof IntakeItem>

/** A path on this machine, or the id that the upload door gave to a file dropped into a browser. */
export const IntakeFile = z.union([
  z.object({ path: z.string().min(1) }),
  z.object({ upload: Id, name: z.string().max(1024) }),
])

export const intake = {
  /**
   * Queues files and the files inside folders (recursively, in name order). Answers at once; progress arrives as changes.
   * Every admitted item gets a triage job. `caseId` files the items into a case's evidence list.
   */
  add: op
    .input(
      z.object({
        files: z.array(IntakeFile).min(1).max(10_000),
        storage: StorageChoice.default('copy'),
        details: AcquisitionDetails.prefault({}),
        caseId: Id.nullable().default(null),
      }),
    )
    .output(z.object({ items: z.array(IntakeItem) })),
  /** Files on their way and the last ones that ended, newest first. */
  list: op.output(z.array(IntakeItem)),
  /** Sets acquisition details on several items at once; fields left out stay as they are. */
  describe: op
    .input(
      z.object({
        evidenceIds: z.array(Id).min(1).max(10_000),
        details: changesTo(AcquisitionDetails),
      }),
    )
    .output(z.array(Evidence)),
  evidence: op
    .input(z.object({ id: Id }))
    .output(z.object({ evidence: Evidence, custody: z.array(CustodyEntry), caseIds: z.array(Id) })),
}
