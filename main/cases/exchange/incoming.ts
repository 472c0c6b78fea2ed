/** What a file of any format turns into before anything is written: rows of this library, and what could not become one. */
import type { Judgement } from '../../contract/findings.ts'
import type { CaseRow, EntityRow, RelationRow } from '../../store/exchange/rows.ts'
import type { Kept } from '../../store/exchange/kept.ts'

export type Incoming =
  | { readonly as: 'entity'; readonly row: EntityRow }
  | { readonly as: 'relation'; readonly row: RelationRow }
  | { readonly as: 'case'; readonly row: CaseRow }
  | { readonly as: 'judgement'; readonly row: Judgement }
  | { readonly as: 'kept'; readonly kept: Kept }
  /** What the format needs and a library does not: markings, definitions, texts that say again what a record says. */
  | { readonly as: 'nothing' }

/** Something in the file that was left out, changed or is doubtful. */
export interface Trouble {
  /** Stable; the same trouble is counted rather than repeated. */
  readonly code: string
  /** For a person, naming the type or property concerned. */
  readonly text: string
  /** The object, where one can be named. */
  readonly id?: string | undefined
  /** What stands there, of the first that was met. */
  readonly example?: string | undefined
}

/**
 * A file, read as often as asked: once for a preview, twice for writing. The second reading knows all records that the
 * first one found, so that relations can be held against their ends.
 */
export interface Reading {
  readonly format: 'stix' | 'misp' | 'csv'
  /** How many objects, events or rows there are. */
  readonly size: number
  /** Everything in the file, in its order, or a part of it. Trouble is told as it is met; the same way each time. */
  read(tell: (trouble: Trouble) => void, part?: Part): Iterable<Incoming>
}

/** `links`: relations and judgements, which need both their ends; `records`: everything else. */
export type Part = 'all' | 'records' | 'links'

export const isPart = ({ as }: Incoming, part: Part): boolean =>
  part === 'all' || (as === 'relation' || as === 'judgement') === (part === 'links')

/** What the records of a file are, by id; known before anything is judged, because a file has no order. */
export interface Contents {
  readonly kinds: ReadonlyMap<string, EntityRow['kind']>
  /** Records that were merged, and into which. */
  readonly merged: ReadonlyMap<string, string>
}
