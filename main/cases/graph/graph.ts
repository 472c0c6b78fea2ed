/** The graph around a record, between two records, and of a case. */
import type { Graph, GraphEdge, GraphNode } from '../../contract/graph.ts'
import { type DatedValue, Tlp } from '../../contract/common.ts'
import { NodeKind, type RelationType } from '../../contract/cases.ts'
import { boundsOf } from '../../contract/time.ts'
import { Failure } from '../../errors.ts'
import { standingValues } from '../../store/assertions.ts'
import { caseById } from '../../store/cases.ts'
import { rootOf } from '../../store/entities.ts'
import { edgeReader, edgesAmong, edgesBetween, memberIds, nodesById, type EdgeRow } from '../../store/graph.ts'
import type { Library } from '../../store/library.ts'
import { datedOf, sourcingOf } from '../../store/sourcing.ts'
import { kindOf } from '../entities/list.ts'
import { readValue } from '../view.ts'

/** Degrees above this are shown as this: counting a hub's relations one by one serves nobody. */
const DEGREE_SHOWN = 1000
/** Nodes that a search for a path may look at. */
const SEARCHED = 200_000
/** Neighbours of one node that a search for a path follows. */
const FOLLOWED = 5000

export interface Around {
  readonly depth: number
  /** Neighbours of one node that are followed. */
  readonly cap: number
  /** Nodes in the answer. */
  readonly limit: number
  readonly types?: readonly RelationType[] | undefined
}

/** What is linked to a record or an item, breadth first. @throws Failure record.not-found */
export function neighbours(lib: Library, startId: string, { depth, cap, limit, types }: Around): Graph {
  const start = rootOf(lib, startId)
  if (!nodesById(lib, [start]).length) throw new Failure('record.not-found', `There is no record ${startId}.`)
  const reader = edgeReader(lib, types)
  const depths = new Map([[start, 0]])
  const edges = new Map<string, EdgeRow>()
  const capped: Graph['capped'] = []
  let frontier = [start]
  for (let step = 1; step <= depth && frontier.length; step++) {
    const next: string[] = []
    for (const id of frontier) {
      const followed = new Set<string>()
      let taken = 0
      const rows = reader.at(id, cap + 1)
      for (const edge of rows) {
        const other = edge.fromId === id ? edge.toId : edge.fromId
        const known = depths.has(other)
        if (!followed.has(other) && (followed.size >= cap || (!known && depths.size >= limit))) continue
        taken++
        followed.add(other)
        edges.set(edge.id, edge)
        if (known) continue
        depths.set(other, step)
        next.push(other)
      }
      // Rows beyond the cap were not even read; only then is it worth counting.
      if (taken === rows.length && rows.length <= cap) continue
      const more = reader.degree(id, DEGREE_SHOWN) - taken
      if (more > 0) capped.push({ id, more })
    }
    frontier = next
  }
  return assemble(lib, depths, [...edges.values()], capped, { dates: false })
}

/** A shortest path in either direction of the relations; no nodes where none is that short. */
export function path(lib: Library, fromId: string, toId: string, longest: number): Graph {
  const [from, to] = [rootOf(lib, fromId), rootOf(lib, toId)]
  for (const id of [from, to])
    if (!nodesById(lib, [id]).length) throw new Failure('record.not-found', `There is no record ${id}.`)
  const reader = edgeReader(lib)
  // From both ends at once, the smaller frontier first: the square root of the nodes that one end alone would visit.
  const sides = [new Map<string, string | null>([[from, null]]), new Map<string, string | null>([[to, null]])] as const
  const frontiers: [string[], string[]] = [[from], [to]]
  let meeting: string | null = from === to ? from : null
  for (let step = 0; step < longest && meeting === null; step++) {
    const side = frontiers[0].length <= frontiers[1].length ? 0 : 1
    const [own, other] = [sides[side], sides[1 - side]!]
    const next: string[] = []
    search: for (const id of frontiers[side])
      for (const neighbour of reader.neighbours(id, FOLLOWED)) {
        if (own.has(neighbour)) continue
        own.set(neighbour, id)
        next.push(neighbour)
        if (other.has(neighbour)) {
          meeting = neighbour
          break search
        }
      }
    frontiers[side] = next
    if (!next.length || sides[0].size + sides[1].size > SEARCHED) break
  }
  if (meeting === null) return { nodes: [], edges: [], capped: [] }
  const walk = (side: ReadonlyMap<string, string | null>): string[] => {
    const ids: string[] = []
    for (let at: string | null = meeting; at !== null; at = side.get(at) ?? null) ids.push(at)
    return ids
  }
  const ids = [...walk(sides[0]).toReversed(), ...walk(sides[1]).slice(1)]
  const edges = ids.slice(1).flatMap((id, n) => edgesBetween(lib, ids[n]!, id))
  return assemble(lib, new Map(ids.map((id, n) => [id, n])), edges, [], { dates: false })
}

/** Everything in a case and the relations between its members. @throws Failure record.not-found */
export function graphOfCase(lib: Library, caseId: string, limit: number): Graph {
  caseById(lib, caseId)
  const all = memberIds(lib, caseId)
  const ids = all.slice(0, limit)
  const capped = all.length > limit ? [{ id: caseId, more: all.length - limit }] : []
  return assemble(lib, new Map(ids.map((id) => [id, 0])), edgesAmong(lib, ids), capped, { dates: true, caseId })
}

function assemble(
  lib: Library,
  depths: ReadonlyMap<string, number>,
  edges: readonly EdgeRow[],
  capped: Graph['capped'],
  { dates, caseId }: { dates: boolean; caseId?: string },
): Graph {
  const ids = [...depths.keys()]
  const rows = nodesById(lib, ids)
  const shown = new Set(rows.map((row) => row.id))
  const reader = edgeReader(lib)
  const facts = factsOf(lib, caseId ? { caseId } : { ids }, rows, dates)
  return {
    nodes: rows.map(({ id, kind, name, tlp }): GraphNode => ({
      kind: NodeKind.parse(kind),
      id,
      name,
      tlp: Tlp.catch('AMBER').parse(tlp),
      degree: Math.min(DEGREE_SHOWN, reader.degree(id, DEGREE_SHOWN)),
      depth: depths.get(id)!,
      conflicts: facts.get(id)?.conflicts ?? false,
      from: iso(facts.get(id)?.from),
      until: iso(facts.get(id)?.until),
    })),
    edges: edges.filter(({ fromId, toId }) => shown.has(fromId) && shown.has(toId)).map(edgeOf),
    capped,
  }
}

const iso = (ms: number | undefined): string | null =>
  ms === undefined || !Number.isFinite(ms) ? null : new Date(ms).toISOString()

function edgeOf(row: EdgeRow): GraphEdge {
  const { sourceId, reliability, credibility, likelihood, confidence, supports } = sourcingOf(row.sourcing)
  return {
    id: row.id,
    type: row.type as RelationType,
    from: row.fromId,
    to: row.toId,
    disputed: row.disputed === 1,
    sourceId,
    grade: `${reliability}${credibility}`,
    likelihood,
    confidence,
    supports: supports.length,
    validFrom: datedOf(row.validFrom),
    validUntil: datedOf(row.validUntil),
  }
}

interface Facts {
  conflicts: boolean
  from: number
  until: number
}

/** Which records hold differing or disputed values, and which time their dates span. */
function factsOf(
  lib: Library,
  scope: { caseId: string } | { ids: readonly string[] },
  rows: readonly { id: string; kind: string }[],
  dates: boolean,
): Map<string, Facts> {
  const found = new Map<string, Facts>()
  const values = standingValues(lib, scope)
  for (const { id, kind } of rows) {
    const said = values.get(id)
    if (!said || kind === 'evidence') continue
    const facts: Facts = { conflicts: false, from: Infinity, until: -Infinity }
    const seen = new Map<string, string>()
    for (const row of said) {
      const field = kindOf(kind as never).fields.find((one) => one.name === row.field)
      if (!field) continue
      const before = seen.get(row.field)
      if (row.disputed === 1 || (!field.many && before !== undefined && before !== row.value && !row.validFrom))
        facts.conflicts = true
      seen.set(row.field, row.value)
      if (!dates || (field.type !== 'dated' && field.type !== 'observation')) continue
      const value = readValue(kind as never, field, JSON.parse(row.value)) as DatedValue | { at: DatedValue }
      if (typeof value !== 'object') continue
      const { earliest, latest } = boundsOf('at' in value ? value.at : value)
      if (Number.isFinite(earliest)) facts.from = Math.min(facts.from, earliest)
      if (Number.isFinite(latest)) facts.until = Math.max(facts.until, latest)
    }
    found.set(id, facts)
  }
  return found
}
