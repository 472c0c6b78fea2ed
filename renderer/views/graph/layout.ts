/** Where nodes lie before and without the force layout. Positions are pairs x, y in world units, in the order of the nodes. */
import type { Graph } from './scene.ts'
import { neighbours } from './scene.ts'

export type LayoutName = 'force' | 'radial' | 'columns'

/** A sunflower (Vogel 1979): even, without randomness, so that the same case always begins the same. */
export function sunflower(count: number, spacing = 30): Float32Array {
  const at = new Float32Array(count * 2)
  const golden = Math.PI * (3 - Math.sqrt(5))
  for (let i = 0; i < count; i += 1) {
    const radius = spacing * Math.sqrt(i + 0.5)
    at[2 * i] = radius * Math.cos(i * golden)
    at[2 * i + 1] = radius * Math.sin(i * golden)
  }
  return at
}

/** Rings around one node: neighbours on the first, theirs on the second; what is not linked to it lies outside. */
export function radial(graph: Graph, centre: string | null): Float32Array {
  const links = neighbours(graph)
  const index = new Map(graph.nodes.map(({ id }, i) => [id, i]))
  const middle = centre && index.has(centre) ? centre : mostLinked(links)
  const at = new Float32Array(graph.nodes.length * 2)
  if (!middle) return at
  const seen = new Set([middle])
  let ring = [middle]
  let radius = 0
  const place = (ids: readonly string[]): void => {
    // Room for a label between neighbours on the ring.
    radius = ids.length === 1 && radius === 0 ? 0 : Math.max(radius + 130, (ids.length * 34) / (2 * Math.PI))
    for (const [i, id] of ids.entries()) {
      const angle = (2 * Math.PI * i) / ids.length - Math.PI / 2
      at[2 * index.get(id)!] = radius * Math.cos(angle)
      at[2 * index.get(id)! + 1] = radius * Math.sin(angle)
    }
  }
  while (ring.length) {
    place(ring)
    const next: string[] = []
    for (const id of ring)
      for (const other of links.get(id) ?? [])
        if (!seen.has(other)) {
          seen.add(other)
          next.push(other)
        }
    ring = next
  }
  const rest = graph.nodes.filter(({ id }) => !seen.has(id)).map(({ id }) => id)
  if (rest.length) place(rest)
  return at
}

function mostLinked(links: ReadonlyMap<string, ReadonlySet<string>>): string | null {
  let best: string | null = null
  for (const [id, others] of links) if (!best || others.size > links.get(best)!.size) best = id
  return best
}

/** One column per kind, in the given order, the most linked on top; long columns fold. */
export function columns(graph: Graph, kinds: readonly string[], height = 24): Float32Array {
  const links = neighbours(graph)
  const at = new Float32Array(graph.nodes.length * 2)
  let x = 0
  for (const kind of kinds) {
    const members = graph.nodes
      .map((node, i) => ({ node, i }))
      .filter(({ node }) => node.kind === kind)
      .sort((a, b) => links.get(b.node.id)!.size - links.get(a.node.id)!.size || a.node.name.localeCompare(b.node.name))
    if (!members.length) continue
    for (const [row, { i }] of members.entries()) {
      at[2 * i] = x + Math.floor(row / height) * 190
      at[2 * i + 1] = (row % height) * 46 - (Math.min(height, members.length) * 46) / 2
    }
    x += 260 + Math.floor((members.length - 1) / height) * 190
  }
  return at
}
