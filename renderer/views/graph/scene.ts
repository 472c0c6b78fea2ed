/** What the graph shows, on plain data: nodes and edges, which of them pass the filters, neighbours, paths, communities. */

export interface GraphNode {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly tlp: string
  /** First and last moment that is known of it, in ms; null where it is not dated. */
  readonly from: number | null
  readonly to: number | null
}

export interface GraphEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  /** In words: “is attributed to”. */
  readonly label: string
  readonly type: string
  readonly disputed: boolean
  /** Analytic confidence of the relation, where it is stated. */
  readonly confidence: 'low' | 'moderate' | 'high' | null
  readonly sourceId: string | null
  /** Admiralty reliability of its source, A to F. */
  readonly reliability: string
  readonly fromTime: number | null
  readonly toTime: number | null
}

export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

export interface GraphFilter {
  /** Kinds that are hidden. */
  readonly hiddenKinds: ReadonlySet<string>
  /** Least confidence of a relation; `any` also shows those without one. */
  readonly confidence: 'any' | 'low' | 'moderate' | 'high'
  /** Highest handling mark that is shown. */
  readonly tlp: string | null
  readonly sourceId: string | null
  /** Worst source reliability that is shown, A to F. */
  readonly reliability: string | null
  /** Moments in ms; what is not dated is always shown. */
  readonly from: number | null
  readonly to: number | null
  readonly disputed: boolean
}

export const NO_FILTER: GraphFilter = {
  hiddenKinds: new Set(),
  confidence: 'any',
  tlp: null,
  sourceId: null,
  reliability: null,
  from: null,
  to: null,
  disputed: true,
}

const CONFIDENCE = ['low', 'moderate', 'high']
const TLP = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']

/** What is not dated always passes. An open side reaches as far as one looks. */
const within = (from: number | null, to: number | null, filter: GraphFilter): boolean =>
  (from === null || filter.to === null || from <= filter.to) &&
  (to === null || filter.from === null || to >= filter.from)

/** The part of a graph that passes; an edge needs both its ends. */
export function filterGraph({ nodes, edges }: Graph, filter: GraphFilter): Graph {
  const allowed = (tlp: string): boolean => filter.tlp === null || TLP.indexOf(tlp) <= TLP.indexOf(filter.tlp)
  const shown = nodes.filter(
    (node) => !filter.hiddenKinds.has(node.kind) && allowed(node.tlp) && within(node.from, node.to, filter),
  )
  const ids = new Set(shown.map(({ id }) => id))
  const passes = (edge: GraphEdge): boolean =>
    ids.has(edge.from) &&
    ids.has(edge.to) &&
    (filter.disputed || !edge.disputed) &&
    (filter.sourceId === null || edge.sourceId === filter.sourceId) &&
    (filter.reliability === null || edge.reliability <= filter.reliability) &&
    (filter.confidence === 'any' ||
      CONFIDENCE.indexOf(edge.confidence ?? '') >= CONFIDENCE.indexOf(filter.confidence)) &&
    within(edge.fromTime, edge.toTime, filter)
  return { nodes: shown, edges: edges.filter(passes) }
}

/** Whom each node is linked to, both ways. */
export function neighbours({ nodes, edges }: Graph): Map<string, Set<string>> {
  const map = new Map<string, Set<string>>(nodes.map(({ id }) => [id, new Set()]))
  for (const { from, to } of edges) {
    map.get(from)?.add(to)
    map.get(to)?.add(from)
  }
  return map
}

/** A shortest path from one node to another, as ids of nodes, or null. Direction does not matter. */
export function shortestPath(graph: Graph, from: string, to: string): string[] | null {
  const links = neighbours(graph)
  const before = new Map<string, string | null>([[from, null]])
  let edge = [from]
  while (edge.length && !before.has(to)) {
    const next: string[] = []
    for (const id of edge)
      for (const other of links.get(id) ?? [])
        if (!before.has(other)) {
          before.set(other, id)
          next.push(other)
        }
    edge = next
  }
  if (!before.has(to)) return null
  const path: string[] = []
  for (let id: string | null = to; id !== null; id = before.get(id) ?? null) path.unshift(id)
  return path
}

/** Adds what is new; nodes and edges that are known keep their place. */
export function joinGraphs(known: Graph, more: Graph): Graph {
  const nodes = new Map(known.nodes.map((node) => [node.id, node]))
  const edges = new Map(known.edges.map((edge) => [edge.id, edge]))
  for (const node of more.nodes) nodes.set(node.id, node)
  for (const edge of more.edges) edges.set(edge.id, edge)
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}
