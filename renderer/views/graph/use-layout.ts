/** Positions of the nodes: kept while the graph grows, moved by the force layout in its worker, or set by a person. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ForceAnswer, ForceRequest } from './force-worker.ts'
import { columns, radial, sunflower, type LayoutName } from './layout.ts'
import { neighbours, type Graph } from './scene.ts'

export interface Layout {
  readonly at: Float32Array
  /** The graph that `at` belongs to: a newer one has no positions yet. */
  readonly graph: Graph
  readonly communities: Uint16Array | null
  /** Share of the force layout that is done; null while none runs. */
  readonly progress: number | null
}

export interface LayoutControl {
  readonly layout: Layout
  /** Puts one node where a person drags it. */
  readonly move: (id: string, x: number, y: number) => void
  /** Starts the force layout anew; places that a person chose are given up. */
  readonly restart: () => void
}

const EMPTY: Graph = { nodes: [], edges: [] }

export function useLayout(
  graph: Graph,
  name: LayoutName,
  centre: string | null,
  kinds: readonly string[],
): LayoutControl {
  const [layout, setLayout] = useState<Layout>({
    at: new Float32Array(),
    graph: EMPTY,
    communities: null,
    progress: null,
  })
  const places = useRef(new Map<string, readonly [number, number]>())
  const pinned = useRef(new Set<string>())
  const [run, setRun] = useState(0)
  const kindKey = kinds.join(' ')
  // Only a radial layout depends on what lies in its middle.
  const middle = name === 'radial' ? centre : null

  useEffect(() => {
    const keep = (at: Float32Array): void => {
      for (const [i, { id }] of graph.nodes.entries()) places.current.set(id, [at[2 * i]!, at[2 * i + 1]!])
    }
    if (name !== 'force') {
      const at = name === 'radial' ? radial(graph, middle) : columns(graph, kindKey.split(' '))
      keep(at)
      // oxlint-disable-next-line react/set-state-in-effect -- the layout is an outside thing that is kept from run to run
      setLayout((before) => ({
        at,
        graph,
        communities: sameNodes(before.graph, graph) ? before.communities : null,
        progress: null,
      }))
      return undefined
    }
    const at = startingPlaces(graph, places.current)
    setLayout({ at, graph, communities: null, progress: 0 })
    if (!graph.nodes.length) return undefined
    const worker = new Worker(new URL('./force-worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<ForceAnswer>) => {
      for (const id of pinned.current) {
        const i = graph.nodes.findIndex((node) => node.id === id)
        const place = places.current.get(id)
        if (i >= 0 && place) [data.at[2 * i], data.at[2 * i + 1]] = place
      }
      keep(data.at)
      setLayout((before) => ({
        at: data.at,
        graph,
        communities: data.communities ?? before.communities,
        progress: data.done >= 1 ? null : data.done,
      }))
      if (data.done >= 1) worker.terminate()
    })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker.postMessage(request(graph, at, pinned.current))
    return () => worker.terminate()
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- `run` is what starts it anew
  }, [graph, name, middle, kindKey, run])

  const move = useCallback((id: string, x: number, y: number) => {
    places.current.set(id, [x, y])
    pinned.current.add(id)
    setLayout((before) => {
      const i = before.graph.nodes.findIndex((node) => node.id === id)
      if (i < 0) return before
      const at = before.at.slice()
      at[2 * i] = x
      at[2 * i + 1] = y
      return { ...before, at }
    })
  }, [])
  const restart = useCallback(() => {
    pinned.current.clear()
    places.current.clear()
    setRun((count) => count + 1)
  }, [])
  return { layout, move, restart }
}

const sameNodes = (a: Graph, b: Graph): boolean =>
  a.nodes.length === b.nodes.length && a.nodes.every(({ id }, i) => id === b.nodes[i]!.id)

/** Known nodes keep their places; a new one starts beside what it is linked to. */
function startingPlaces(graph: Graph, places: ReadonlyMap<string, readonly [number, number]>): Float32Array {
  const at = sunflower(graph.nodes.length)
  const links = neighbours(graph)
  for (const [i, { id }] of graph.nodes.entries()) {
    const own = places.get(id)
    const beside = own ?? [...(links.get(id) ?? [])].map((other) => places.get(other)).find(Boolean)
    if (!beside) continue
    const nudge = own ? 0 : 40
    at[2 * i] = beside[0] + nudge * Math.cos(i)
    at[2 * i + 1] = beside[1] + nudge * Math.sin(i)
  }
  return at
}

function request(graph: Graph, at: Float32Array, pinned: ReadonlySet<string>): ForceRequest {
  const index = new Map(graph.nodes.map(({ id }, i) => [id, i]))
  const links = new Uint32Array(graph.edges.length * 2)
  for (const [i, { from, to }] of graph.edges.entries()) {
    links[2 * i] = index.get(from)!
    links[2 * i + 1] = index.get(to)!
  }
  const fixed = graph.nodes.flatMap(({ id }, i) => (pinned.has(id) ? [i] : []))
  // Few nodes settle slowly around each other and cost nothing; many need no more than a picture of their groups.
  return {
    at: at.slice(),
    links,
    fixed,
    rounds: Math.round(Math.min(600, Math.max(150, 120_000 / graph.nodes.length))),
  }
}
