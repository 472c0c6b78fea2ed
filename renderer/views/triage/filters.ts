/** Which rows of the board are shown, and in what order. */
import type { BoardRow } from '../../../main/contract/findings.ts'
import type { BandName } from '../../components/band-badge.tsx'
import { kept } from '../../kept.ts'

export const SORTS = ['priority', 'footage', 'newest', 'name', 'duration', 'size'] as const
export type Sort = (typeof SORTS)[number]
export const STATES = ['working', 'failed', 'done', 'unjudged', 'judged'] as const
export type State = (typeof STATES)[number]

export interface Filters {
  readonly text: string
  /** None chosen: all are shown. */
  readonly bands: readonly BandName[]
  readonly state: State | null
  /** A case's id, or `unfiled`. */
  readonly caseId: string | null
  /** Only items that share footage with others, or show what a hash list has. */
  readonly footage: boolean
  readonly sort: Sort
}

export const NO_FILTERS: Filters = { text: '', bands: [], state: null, caseId: null, footage: false, sort: 'priority' }
export const UNFILED = 'unfiled'

/** Kept while the analyst looks at one item and comes back. */
export const filters = kept(NO_FILTERS)

const working = (row: BoardRow): boolean => row.job?.state === 'queued' || row.job?.state === 'running'

/** Whether its footage is known: from another item, or from a hash list. */
export const hasFootage = ({ footage }: BoardRow): boolean => footage.matches > 0 || footage.listed > 0

const inState: Record<State, (row: BoardRow) => boolean> = {
  working,
  failed: (row) => row.job?.state === 'failed' || row.job?.state === 'cancelled',
  done: (row) => row.priority !== null && !working(row),
  unjudged: (row) => !row.judged,
  judged: (row) => row.judged,
}

/** What has no priority yet stands below what has one; equals are ordered newest first. */
const orders: Record<Sort, (a: BoardRow, b: BoardRow) => number> = {
  priority: (a, b) => (b.priority?.score ?? -1) - (a.priority?.score ?? -1) || orders.newest(a, b),
  /** Copies of each other together, then what shares footage, then the rest. */
  footage: (a, b) =>
    (b.footage.group ?? '').localeCompare(a.footage.group ?? '') ||
    Number(hasFootage(b)) - Number(hasFootage(a)) ||
    orders.newest(a, b),
  newest: (a, b) => b.addedAt.localeCompare(a.addedAt) || a.evidenceId.localeCompare(b.evidenceId),
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }) || orders.newest(a, b),
  duration: (a, b) => (b.duration ?? -1) - (a.duration ?? -1) || orders.newest(a, b),
  size: (a, b) => b.size - a.size || orders.newest(a, b),
}

export function apply(rows: readonly BoardRow[], { text, bands, state, caseId, footage, sort }: Filters): BoardRow[] {
  const wanted = text.trim().toLowerCase()
  return rows
    .filter(
      (row) =>
        (!wanted ||
          row.name.toLowerCase().includes(wanted) ||
          row.source.toLowerCase().includes(wanted) ||
          row.sha256.startsWith(wanted)) &&
        (!bands.length || (row.priority !== null && bands.includes(row.priority.band))) &&
        (!state || inState[state](row)) &&
        (!footage || hasFootage(row)) &&
        (!caseId || (caseId === UNFILED ? row.caseIds.length === 0 : row.caseIds.includes(caseId))),
    )
    .sort(orders[sort])
}
