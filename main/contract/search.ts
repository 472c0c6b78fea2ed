/** Searching everything in a library, in any script, and views saved under a name. */
import { z } from 'zod'
import { op } from './base.ts'
import { EntityKind } from './cases.ts'
import { Id, Instant } from './common.ts'

export const SearchKind = z.enum(['case', 'evidence', ...EntityKind.options, 'relation', 'judgement', 'finding'])
export type SearchKind = z.infer<typeof SearchKind>

/** A stretch of text with the words that were found, as `[start, end)` in UTF-16 units. */
export const Excerpt = z.object({ text: z.string(), marks: z.array(z.tuple([z.number().int(), z.number().int()])) })
export type Excerpt = z.infer<typeof Excerpt>

export const SearchHit = z.object({
  kind: SearchKind,
  id: Id,
  /** Name of the record; for a relation, a judgement and a finding, of what it is about. */
  title: Excerpt,
  /** Where in its texts the words stand; null where they stand in the name. */
  snippet: Excerpt.nullable(),
  /** For a relation its start, for a judgement and a finding the evidence item: what to open. */
  about: z.object({ kind: SearchKind, id: Id }).nullable(),
})
export type SearchHit = z.infer<typeof SearchHit>

export const SearchQuery = z.object({
  /** Every word must be found, the beginning of a word is enough. Case, marks, letter forms and digits do not matter. */
  text: z.string().max(500),
  kinds: z.array(SearchKind).max(40).default([]),
  limit: z.number().int().min(1).max(200).default(30),
})
export type SearchQuery = z.infer<typeof SearchQuery>

export const SavedViewFields = z.object({
  name: z.string().trim().min(1).max(200),
  /** The screen that it belongs to: `search`, `board`, `graph`, … */
  screen: z.string().trim().min(1).max(40),
  /** What that screen makes of it. */
  query: z.record(z.string(), z.unknown()).refine((query) => JSON.stringify(query).length <= 20_000, 'too long'),
  caseId: Id.nullable().default(null),
})
export const SavedView = SavedViewFields.extend({ id: Id, createdAt: Instant, revision: z.number().int() })
export type SavedView = z.infer<typeof SavedView>

export const search = {
  /** Best first: what has the words in its name comes before what has them in its texts. */
  find: op.input(SearchQuery).output(z.object({ hits: z.array(SearchHit), more: z.boolean() })),
  /** Makes the index anew from the records. */
  rebuild: op.output(z.object({ indexed: z.number().int() })),
  views: op.input(z.object({ screen: z.string().optional() }).prefault({})).output(z.array(SavedView)),
  /** Saves a view; one with the same name on the same screen is replaced. */
  saveView: op.input(SavedViewFields).output(SavedView),
  removeView: op.input(z.object({ id: Id })).output(z.object({})),
}
