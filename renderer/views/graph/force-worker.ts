/** The force layout and the communities, beside the page so that it never waits. One worker lays out one graph. */
import louvain from 'graphology-communities-louvain'
import forceAtlas2 from 'graphology-layout-forceatlas2'
import { UndirectedGraph } from 'graphology'

export interface ForceRequest {
  /** x, y per node. */
  readonly at: Float32Array
  /** Pairs of indices into the nodes. */
  readonly links: Uint32Array
  /** Nodes that a person has placed stay where they are. */
  readonly fixed: readonly number[]
  readonly rounds: number
}
export interface ForceAnswer {
  readonly at: Float32Array
  /** Share of the rounds that are done, 0 to 1. */
  readonly done: number
  /** Community of each node, numbered by size; only with the first answer. */
  readonly communities?: Uint16Array
}

const scope = globalThis as unknown as {
  addEventListener(type: 'message', listener: (event: MessageEvent<ForceRequest>) => void): void
  postMessage(answer: ForceAnswer, transfer: Transferable[]): void
}

/** Rounds between two pictures: few where a round is long. */
const ROUNDS_SHOWN = 12

scope.addEventListener('message', ({ data }) => {
  const graph = build(data)
  const communities = communitiesOf(graph)
  const settings = {
    ...forceAtlas2.inferSettings(graph),
    barnesHutOptimize: graph.order > 400,
    strongGravityMode: false,
    // Small cases are drawn close, so that what is not linked does not drift out of sight.
    gravity: graph.order < 600 ? 2.5 : 0.6,
    scalingRatio: graph.order < 600 ? 40 : 60,
    adjustSizes: true,
    slowDown: 1 + Math.log(graph.order + 1),
  }
  for (let round = 0; round < data.rounds; round += ROUNDS_SHOWN) {
    forceAtlas2.assign(graph, { iterations: Math.min(ROUNDS_SHOWN, data.rounds - round), settings })
    const at = new Float32Array(graph.order * 2)
    graph.forEachNode((key, { x, y }) => {
      at[2 * Number(key)] = x as number
      at[2 * Number(key) + 1] = y as number
    })
    const done = Math.min(1, (round + ROUNDS_SHOWN) / data.rounds)
    scope.postMessage(round ? { at, done } : { at, done, communities }, [at.buffer])
  }
})

function build({ at, links, fixed }: ForceRequest): UndirectedGraph {
  const graph = new UndirectedGraph()
  const still = new Set(fixed)
  for (let i = 0; i < at.length / 2; i += 1)
    graph.addNode(String(i), { x: at[2 * i], y: at[2 * i + 1], size: 14, fixed: still.has(i) })
  for (let i = 0; i < links.length; i += 2) {
    const [from, to] = [String(links[i]), String(links[i + 1])]
    if (from !== to) graph.mergeEdge(from, to)
  }
  return graph
}

/** Louvain (Blondel et al. 2008) with a fixed order, so that the same graph gives the same communities. */
function communitiesOf(graph: UndirectedGraph): Uint16Array {
  const of = new Uint16Array(graph.order)
  if (graph.size === 0) return of
  const found = louvain(graph, { randomWalk: false })
  const sizes = new Map<number, number>()
  for (const community of Object.values(found)) sizes.set(community, (sizes.get(community) ?? 0) + 1)
  const rank = new Map([...sizes].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([community], i) => [community, i]))
  for (const [key, community] of Object.entries(found)) of[Number(key)] = rank.get(community) ?? 0
  return of
}
