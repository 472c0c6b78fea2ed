/** Redaction: what a report must not say or show. It is done once, on the snapshot that all formats are made from. */
import { z } from 'zod'
import { Id, Region, Sha256, ShortText } from './common.ts'

/** A name that is replaced by a label wherever it stands: in texts, captions, file names, addresses and metadata. */
export const RedactedName = z
  .object({
    /** A record: its name, aliases, handle and address are replaced, and what identifies it is left out of its values. */
    recordId: Id.nullable().default(null),
    /** Further spellings, or a name that is no record. */
    texts: z.array(z.string().trim().min(2).max(300)).max(100).default([]),
    /** What stands in its place, in brackets. Default: its kind and a number, `[Person 1]`. */
    label: z.string().trim().max(100).default(''),
    /** Told in the report. */
    reason: ShortText.default(''),
  })
  .refine(({ recordId, texts }) => recordId !== null || texts.length > 0, 'a record or a text')
export type RedactedName = z.infer<typeof RedactedName>

/** A part of one picture that is covered. */
export const RedactedRegion = z.object({
  /** The picture as it lies in the library; a filmstrip is one row of tiles. */
  picture: Sha256,
  region: Region,
  reason: ShortText.default(''),
})
export type RedactedRegion = z.infer<typeof RedactedRegion>

export const Redaction = z.object({
  names: z.array(RedactedName).max(500).default([]),
  /** Analysts, owners and assignees become `[Analyst 1]`, `[Analyst 2]`, … */
  analysts: z.boolean().default(false),
  /** Faces that the detector finds in the pictures of the report. It can miss some: look, and cover those as regions. */
  faces: z.enum(['keep', 'cover']).default('keep'),
  regions: z.array(RedactedRegion).max(5000).default([]),
  /** Hashes and exact sizes of the originals, by which whoever has the file would know it. */
  hashes: z.enum(['keep', 'withhold']).default('keep'),
  /** Solid by default: a mosaic can be turned back into what it covers. */
  fill: z.enum(['solid', 'mosaic']).default('solid'),
  /** Why analysts, faces and hashes are withheld; told in the report. */
  reason: ShortText.default(''),
})
export type Redaction = z.infer<typeof Redaction>

export const redacts = ({ names, analysts, faces, regions, hashes }: Redaction): boolean =>
  names.length > 0 || analysts || faces === 'cover' || regions.length > 0 || hashes === 'withhold'
