/** Sealed bundles: a case as a package whose every byte can be checked by anybody, and the keys that seal them. */
import { z } from 'zod'
import { op } from './base.ts'
import { BundleCheck } from './bundle-check.ts'
import { Merged, MergePreview } from './bundle-merge.ts'
import { Id, Instant, Sha256 } from './common.ts'
import { ExchangeSource } from './exchange.ts'
import { ExportedReport, ReportFormat, ReportOptions } from './reports.ts'
import { Rerun } from './rerun.ts'
import { withProgress } from './progress.ts'

export { BundleCheck, BundleProblem } from './bundle-check.ts'

/** A passphrase that protects a private key: long enough that guessing it offline is hopeless. */
export const Passphrase = z.string().min(12, 'at least 12 characters').max(1000)

/** The public half of a key of this library. */
export const DeskKey = z.object({
  /** SHA-256 of the 32 bytes of the public key. */
  fingerprint: Sha256,
  /** SubjectPublicKeyInfo (RFC 8410) as PEM. */
  pem: z.string(),
  createdAt: Instant,
  /** When another took its place; null for the one in use. */
  retiredAt: Instant.nullable(),
})
export type DeskKey = z.infer<typeof DeskKey>

export const SealInput = ReportOptions.extend({
  /** Report files to put in. */
  formats: z.array(ReportFormat).min(1).max(20).default(['pdf', 'html']),
  /** The originals themselves, all or those named, or only their hashes. */
  evidence: z.union([z.enum(['all', 'hashes']), z.array(Id).max(10_000)]).default('hashes'),
  /** Of the key in use; the first one is made with it where there is none yet. */
  passphrase: Passphrase,
  /** Encrypts the zip with AES-256 under this passphrase, which travels another way than the bundle. Null: it is not. */
  encrypt: Passphrase.nullable().default(null),
  /** From the command line only: where to write it instead of exports/. */
  out: z
    .object({ path: z.string().min(1), overwrite: z.boolean() })
    .nullable()
    .default(null),
})
export type SealInput = z.infer<typeof SealInput>

const MergeSource = z.object({
  source: ExchangeSource,
  /** Of an encrypted bundle. */
  passphrase: z.string().max(1000).nullable().default(null),
  /** The key that must have sealed it, as the desk gave it out. */
  fingerprint: z.string().max(200).nullable().default(null),
})

export const bundles = {
  /** Writes a sealed bundle of a case. */
  seal: op.input(SealInput).output(withProgress(ExportedReport)),
  /**
   * Repeats the findings of a bundle, or of a method appendix, from the evidence. Originals come from the library, from the
   * bundle, or from `folder` on this machine.
   */
  rerun: op
    .input(
      z.object({
        source: ExchangeSource,
        passphrase: z.string().max(1000).nullable().default(null),
        folder: z.string().min(1).nullable().default(null),
      }),
    )
    .output(withProgress(Rerun)),
  /** Checks a bundle and says what merging it into the library would do. Nothing is written. */
  previewMerge: op.input(MergeSource).output(withProgress(MergePreview)),
  /** Merges the bundle that was looked at, as one step that can be taken back. */
  merge: op.input(MergeSource.extend({ seal: Sha256 })).output(withProgress(Merged)),
  /** Checks a bundle on this machine: a zip, or the folder that it was unpacked into. Needs no library. */
  verify: op
    .input(
      z.object({
        path: z.string().min(1),
        fingerprint: z.string().max(200).nullable().default(null),
        passphrase: z.string().max(1000).nullable().default(null),
      }),
    )
    .output(z.object({ check: BundleCheck, /** The same in words, for a person. */ lines: z.array(z.string()) })),
  /** The keys of the library, the one in use first. */
  keys: op.output(z.array(DeskKey)),
  /** Makes the first key, or with `replace` a new one; the public half of the old one is kept, its private half is not. */
  createKey: op.input(z.object({ passphrase: Passphrase, replace: z.boolean().default(false) })).output(DeskKey),
}
