/** Whether what a file brings is new here, the same, or in another state; and whether its ends are there. */
import { canonical } from '../../store/audit.ts'
import { keptText } from '../../store/exchange/kept.ts'
import {
  caseRowOf,
  entityRowOf,
  hasEvidence,
  hasJudgement,
  isRemoved,
  kindOfRow,
  relationRowOf,
  type CaseRow,
  type EntityRow,
  type RelationRow,
} from '../../store/exchange/rows.ts'
import type { Library } from '../../store/library.ts'
import type { Contents, Incoming, Reading, Trouble } from './incoming.ts'

export type State = 'added' | 'same' | 'differs' | 'removed'

/** Without the times of bookkeeping, in an order of its own: a file may list statements in any, and was written when it was. */
function timeless(row: Partial<EntityRow>): string {
  const statements = (row.assertions ?? []).map((one) => ({ ...one, createdAt: '' }))
  return canonical({
    ...row,
    createdAt: '',
    updatedAt: '',
    assertions: statements.sort((a, b) => (a.id < b.id ? -1 : 1)),
  })
}

function entityState(lib: Library, row: EntityRow): State {
  const here = entityRowOf(lib, row.id)
  if (!here) return isRemoved(lib, row.id) ? 'removed' : 'added'
  if (timeless({ ...here, revision: 0 }) === timeless({ ...row, revision: 0 })) return 'same'
  // An earlier state of what is here says nothing new.
  const known = new Map(here.assertions.map((one) => [one.id, timeless({ assertions: [one] })]))
  const nothingNew =
    row.assertions.every((one) => known.get(one.id) === timeless({ assertions: [one] })) &&
    here.name === row.name &&
    here.tlp === row.tlp &&
    here.mergedInto === row.mergedInto
  return nothingNew && row.revision <= here.revision ? 'same' : 'differs'
}

function relationState(lib: Library, row: RelationRow): State {
  const here = relationRowOf(lib, row.id)
  if (!here) return 'added'
  return canonical({ ...here, createdAt: '' }) === canonical({ ...row, createdAt: '' }) ? 'same' : 'differs'
}

/** Items that are not here are kept beside the case, and are no difference. */
const caseState = (lib: Library, row: CaseRow): State => {
  const here = caseRowOf(lib, row.id)
  if (!here) return 'added'
  const comparable = ({ evidence, ...rest }: CaseRow): string =>
    canonical({ ...rest, evidence: evidence.filter(({ id }) => hasEvidence(lib, id)), updatedAt: '' })
  return comparable(here) === comparable(row) ? 'same' : 'differs'
}

export function stateOf(lib: Library, incoming: Incoming): State {
  switch (incoming.as) {
    case 'entity':
      return entityState(lib, incoming.row)
    case 'relation':
      return relationState(lib, incoming.row)
    case 'case':
      return caseState(lib, incoming.row)
    case 'judgement':
      return hasJudgement(lib, incoming.row.id) ? 'same' : 'added'
    case 'kept': {
      const here = keptText(lib, incoming.kept.id)
      return here === null ? 'added' : here === canonical(incoming.kept.object) ? 'same' : 'differs'
    }
    case 'nothing':
      return 'same'
  }
}

export function contentsOf(reading: Reading): Contents {
  const kinds = new Map<string, EntityRow['kind']>()
  const merged = new Map<string, string>()
  for (const one of reading.read(() => {}, 'records')) {
    if (one.as !== 'entity') continue
    kinds.set(one.row.id, one.row.kind)
    if (one.row.mergedInto) merged.set(one.row.id, one.row.mergedInto)
  }
  return { kinds, merged }
}

/**
 * Makes whole what a stranger's file may leave open: a source or a merge that is nowhere, merges in a circle, two records of
 * one id. Null: a relation with an end that is nowhere.
 */
export function mended(
  lib: Library,
  incoming: Incoming,
  { kinds, merged }: Contents,
  tell: (trouble: Trouble) => void,
): Incoming | null {
  const kindOf = (id: string): string | undefined => kinds.get(id) ?? kindOfRow(lib, id)
  const source = <S extends { sourceId: string | null }>(sourcing: S): S => {
    if (sourcing.sourceId === null || kindOf(sourcing.sourceId) === 'source') return sourcing
    tell({ code: 'source', text: 'A source that is cited and is nowhere; the statement stands without it' })
    return { ...sourcing, sourceId: null }
  }
  if (incoming.as === 'entity') {
    const { row } = incoming
    const into = row.mergedInto
    const circular = into !== null && (!kindOf(into) || inCircle(row.id, merged))
    if (circular)
      tell({
        code: 'merge',
        text: 'A merge into a record that is nowhere, or in a circle; read as not merged',
        id: row.id,
      })
    return {
      as: 'entity',
      row: {
        ...row,
        ...(circular || into === null ? { mergedInto: null, mergedAt: null } : {}),
        sourcing: source(row.sourcing),
        assertions: row.assertions.map((one) => ({
          ...one,
          sourcing: source(one.sourcing),
          supersededBy: one.withdrawnAt === null ? null : one.supersededBy,
        })),
      },
    }
  }
  if (incoming.as === 'relation') {
    const { row } = incoming
    const isThere = (node: RelationRow['from']): boolean =>
      node.kind === 'evidence' ? hasEvidence(lib, node.id) : kindOf(node.id) === node.kind
    if (!isThere(row.from) || !isThere(row.to)) {
      tell({ code: 'dangling', text: 'A relation with an end that is nowhere was left out', id: row.id })
      return null
    }
    return { as: 'relation', row: { ...row, sourcing: source(row.sourcing) } }
  }
  return incoming
}

function inCircle(id: string, merged: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>()
  for (let at: string | undefined = id; at !== undefined; at = merged.get(at)) {
    if (seen.has(at)) return true
    seen.add(at)
  }
  return false
}
