/** Records in and out: STIX 2.1 bundles, MISP events, tables. Nothing is written before somebody saw what would be. */
import { z } from 'zod'
import { op } from './base.ts'
import { EntityKind } from './cases.ts'
import { Id, Instant, Sha256, Tlp } from './common.ts'
import { LibraryInfo } from './library.ts'
import { Operation } from './records.ts'

export const ExchangeFormat = z.enum(['stix', 'misp', 'csv'])
export type ExchangeFormat = z.infer<typeof ExchangeFormat>

/** Which column of a table says what. */
export const ColumnMapping = z.object({
  /** Heading as it stands in the file. */
  column: z.string().max(500),
  /** `name`, `id`, `tlp`, `source`, `source reliability`, `information credibility`, `first seen`, a field of the kind, or null: left out. */
  field: z.string().max(60).nullable(),
})
export type ColumnMapping = z.infer<typeof ColumnMapping>
export const TableMapping = z.object({ kind: EntityKind, columns: z.array(ColumnMapping).max(500) })
export type TableMapping = z.infer<typeof TableMapping>

/** A file on this machine, or one that came through an upload. */
export const ExchangeSource = z.union([
  z.object({ path: z.string().min(1).max(4096) }),
  z.object({ upload: Id, name: z.string().max(500) }),
])
export type ExchangeSource = z.infer<typeof ExchangeSource>

export const ImportPreview = z.object({
  format: ExchangeFormat,
  name: z.string(),
  bytes: z.number().int(),
  sha256: Sha256,
  /** Objects, events or rows in the file. */
  size: z.number().int(),
  /** What would be added, is here already, or differs from what is here; by kind of record, `relation`, `case`, `judgement`. */
  counts: z.array(
    z.object({ kind: z.string(), added: z.number().int(), same: z.number().int(), differs: z.number().int() }),
  ),
  /** Objects that no record can hold, kept as they came. */
  kept: z.number().int(),
  /** Records that are here in another state, the first 200. */
  conflicts: z.array(
    z.object({
      kind: z.string(),
      id: Id,
      name: z.string(),
      reason: z.enum(['changed', 'removed']),
      here: Instant,
      there: Instant,
      /** What stands otherwise, as text; empty where only the history or who says it differs. The first 20 fields. */
      differences: z.array(z.object({ field: z.string(), here: z.string(), there: z.string() })),
    }),
  ),
  /** New records that look like one that is here, the first 200. They are never made one by themselves. */
  duplicates: z.array(
    z.object({
      kind: EntityKind,
      name: z.string(),
      of: z.object({ id: Id, name: z.string() }),
      reason: z.enum(['same name', 'same handle']),
    }),
  ),
  /** What was left out, changed or is doubtful, each once with how often. */
  troubles: z.array(
    z.object({
      code: z.string(),
      text: z.string(),
      count: z.number().int(),
      id: z.string().optional(),
      example: z.string().optional(),
    }),
  ),
  /** For a table: how its columns would be read, and its first rows. */
  table: z
    .object({
      mapping: TableMapping,
      rows: z.array(z.array(z.string())),
      fields: z.array(z.object({ field: z.string(), label: z.string() })),
    })
    .nullable(),
})
export type ImportPreview = z.infer<typeof ImportPreview>

export const Imported = z.object({
  added: z.number().int(),
  updated: z.number().int(),
  kept: z.number().int(),
  /** Taking it back removes all of it; null where there was nothing to write. */
  operation: Operation.nullable(),
  caseIds: z.array(Id),
})
export type Imported = z.infer<typeof Imported>

export const ExchangeFile = z.object({
  id: Id,
  format: ExchangeFormat,
  /** Inside the library's exports/. */
  file: z.string(),
  url: z.string(),
  bytes: z.number().int(),
  sha256: Sha256,
  /** The strictest mark of anything in it. */
  tlp: Tlp,
  at: Instant,
})
export type ExchangeFile = z.infer<typeof ExchangeFile>

const Import = z.object({
  source: ExchangeSource,
  /** For a table; null: as its headings suggest. */
  mapping: TableMapping.nullable().default(null),
  /** Records go into this case as well; null: into none but those that the file brings. */
  caseId: Id.nullable().default(null),
  /** The caller's own name for this call, by which its progress is told and it can be cancelled. */
  run: Id.optional(),
})

/** What an export would hold. */
export const ExportContents = z.object({
  /** By kind of record, `case`, `relation`, `judgement`, `evidence`. */
  counts: z.array(z.object({ kind: z.string(), count: z.number().int() })),
  /** The strictest mark of anything in it: what the file carries. */
  tlp: Tlp,
})
export type ExportContents = z.infer<typeof ExportContents>

export const exchange = {
  preview: op.input(Import).output(ImportPreview),
  import: op
    .input(
      Import.extend({
        /** Hash of the file that was looked at in the preview. */
        sha256: Sha256,
        /** A record that is here in another state: keep ours, or take in what the file says beside and instead. */
        onConflict: z.enum(['ours', 'theirs']).default('ours'),
      }),
    )
    .output(Imported),
  /** Ends a preview or an import that is under way; nothing of it is written. Too late, or unknown: nothing happens. */
  cancel: op.input(z.object({ run: Id })).output(z.object({})),
  /** What would go into an export of these cases; empty: of the whole library. */
  contents: op.input(z.object({ caseIds: z.array(Id).max(1000).default([]) })).output(ExportContents),
  /** Writes a file into exports/. */
  export: op
    .input(
      z.object({
        format: ExchangeFormat,
        /** Empty: the whole library. */
        caseIds: z.array(Id).max(1000).default([]),
        /** The mark that the file may carry; what is above it is refused by name. Null: no limit. */
        tlp: Tlp.nullable().default(null),
      }),
    )
    .output(ExchangeFile),
  list: op.output(z.array(ExchangeFile)),
  /** Makes a library with the worked example in an empty or new folder, and opens it. */
  sample: op.input(z.object({ folder: z.string().min(1) })).output(z.object({ library: LibraryInfo, caseId: Id })),
}
