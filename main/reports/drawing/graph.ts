/** Records and how they are linked, as a picture: the shapes and hues of the window's graph, on paper. */
import { at, box, line, PAPER, shortened, widthOf, type Drawing, type Shape } from './drawing.ts'
import { kindShape, shapePath } from './kind-shape.ts'

export interface DrawnNode {
  readonly id: string
  readonly kind: string
  readonly name: string
}
export interface DrawnEdge {
  readonly from: string
  readonly to: string
  readonly disputed: boolean
  readonly label: string
}

const WIDTH = 500
const HEIGHT = 400
/** More are no picture on a page; those with the most links are drawn, and it is said how many are not. */
export const MOST_NODES = 60
const ROUNDS = 400

/** @param legend kinds with their words, in the order wanted */
export function graphDrawing(
  nodes: readonly DrawnNode[],
  edges: readonly DrawnEdge[],
  legend: readonly { readonly kind: string; readonly label: string }[],
  description: string,
): Drawing {
  const degree = new Map<string, number>()
  for (const { from, to } of edges) for (const id of [from, to]) degree.set(id, (degree.get(id) ?? 0) + 1)
  const of = (id: string): number => degree.get(id) ?? 0
  const drawn = nodes.toSorted((a, b) => of(b.id) - of(a.id) || (a.id < b.id ? -1 : 1)).slice(0, MOST_NODES)
  const index = new Map(drawn.map(({ id }, i) => [id, i]))
  const links = edges.filter(({ from, to }) => index.has(from) && index.has(to) && from !== to)
  const places = fitted(
    forces(
      drawn.length,
      links.map(({ from, to }) => [index.get(from)!, index.get(to)!]),
    ),
  )
  const radius = (i: number): number => 4 + Math.min(5, 1.2 * Math.sqrt(of(drawn[i]!.id)))
  const shapes: Shape[] = []
  const together = new Set<string>()
  for (const { from, to, disputed } of links) {
    const [a, b] = [index.get(from)!, index.get(to)!]
    const pair = `${Math.min(a, b)} ${Math.max(a, b)} ${disputed}`
    if (together.has(pair)) continue
    together.add(pair)
    shapes.push(...arrow(places[a]!, places[b]!, radius(b), disputed))
  }
  drawn.forEach(({ kind }, i) => {
    const { outline, hue } = kindShape(kind)
    const [x, y] = places[i]!
    shapes.push({
      type: 'path',
      d: shapePath(outline, x, y, radius(i)),
      fill: PAPER.hues[hue - 1]!,
      stroke: '#ffffff',
      width: 0.8,
    })
  })
  shapes.push(...labels(drawn, places, radius))
  const kinds = legend.filter(({ kind }) => drawn.some((node) => node.kind === kind))
  const across = 5
  kinds.forEach(({ kind, label }, i) => {
    const { outline, hue } = kindShape(kind)
    const x = 8 + (i % across) * (WIDTH / across)
    const y = HEIGHT + 14 + Math.floor(i / across) * 13
    shapes.push(
      { type: 'path', d: shapePath(outline, x, y, 4), fill: PAPER.hues[hue - 1]! },
      { type: 'text', x: x + 8, y: y + 2.5, text: shortened(label, 7.5, 84), size: 7.5 },
    )
  })
  return { width: WIDTH, height: HEIGHT + 10 + Math.ceil(kinds.length / across) * 13, description, shapes }
}

type Point = readonly [x: number, y: number]

/** Forces between linked and all nodes (Fruchterman and Reingold 1991), from a sunflower (Vogel 1979): no randomness. */
function forces(count: number, links: readonly (readonly [number, number])[]): [number, number][] {
  const golden = Math.PI * (3 - Math.sqrt(5))
  const at = Array.from({ length: count }, (_, i): [number, number] => {
    const distance = 30 * Math.sqrt(i + 0.5)
    return [distance * Math.cos(i * golden), distance * Math.sin(i * golden)]
  })
  const ideal = 60
  for (let round = 0; round < ROUNDS; round++) {
    const heat = 30 * (1 - round / ROUNDS)
    const move = at.map(([x, y]): [number, number] => [-x * 0.06, -y * 0.09])
    for (let i = 0; i < count; i++)
      for (let j = i + 1; j < count; j++) {
        const [dx, dy] = [at[i]![0] - at[j]![0], at[i]![1] - at[j]![1]]
        const distance = Math.max(1, Math.hypot(dx, dy))
        const push = (ideal * ideal) / (distance * distance)
        move[i]![0] += dx * push
        move[i]![1] += dy * push
        move[j]![0] -= dx * push
        move[j]![1] -= dy * push
      }
    for (const [i, j] of links) {
      const [dx, dy] = [at[i]![0] - at[j]![0], at[i]![1] - at[j]![1]]
      const pull = Math.hypot(dx, dy) / ideal / 2
      move[i]![0] -= dx * pull
      move[i]![1] -= dy * pull
      move[j]![0] += dx * pull
      move[j]![1] += dy * pull
    }
    for (let i = 0; i < count; i++) {
      const [dx, dy] = move[i]!
      const length = Math.max(1e-9, Math.hypot(dx, dy))
      at[i]![0] += (dx / length) * Math.min(length, heat)
      at[i]![1] += (dy / length) * Math.min(length, heat)
    }
  }
  return at
}

/** The page is wider than high: so is the picture. */
const lying = (points: readonly Point[]): Point[] => {
  const spread = (side: 0 | 1): number =>
    Math.max(...points.map((p) => p[side])) - Math.min(...points.map((p) => p[side]))
  return spread(1) > spread(0) ? points.map(([x, y]) => [y, x]) : [...points]
}

/** Into the frame, with room for names at the sides and below. */
function fitted(all: readonly Point[]): Point[] {
  const points = lying(all)
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const [side, above, below] = [58, 12, 22]
  const scaleX = (WIDTH - 2 * side) / Math.max(1, right - left)
  const scaleY = (HEIGHT - above - below) / Math.max(1, bottom - top)
  // Stretched to the page, but never so far that the picture tells of distances that are none.
  const limit = 2 * Math.min(scaleX, scaleY)
  const [sx, sy] = [Math.min(scaleX, limit, 3), Math.min(scaleY, limit, 3)]
  return points.map(([x, y]) => [
    WIDTH / 2 + (x - (left + right) / 2) * sx,
    above + (HEIGHT - above - below) / 2 + (y - (top + bottom) / 2) * sy,
  ])
}

function arrow([x1, y1]: Point, [x2, y2]: Point, radius: number, disputed: boolean): Shape[] {
  const length = Math.hypot(x2 - x1, y2 - y1)
  const look = disputed
    ? { stroke: PAPER.danger, width: 0.9, dash: [4, 3] }
    : { stroke: PAPER.edge, width: 0.7, opacity: 0.8 }
  const shapes = [line(x1, y1, x2, y2, look)]
  if (length < radius + 8) return shapes
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length]
  const [tx, ty] = [x2 - ux * (radius + 1), y2 - uy * (radius + 1)]
  shapes.push({
    type: 'path',
    d: `M${at(tx)} ${at(ty)}L${at(tx - ux * 5 + uy * 2)} ${at(ty - uy * 5 - ux * 2)}L${at(tx - ux * 5 - uy * 2)} ${at(ty - uy * 5 + ux * 2)}Z`,
    fill: disputed ? PAPER.danger : PAPER.edge,
  })
  return shapes
}

/** Names below their shapes, the most linked first, as long as they cover neither each other nor a shape. */
function labels(nodes: readonly DrawnNode[], places: readonly Point[], radius: (i: number) => number): Shape[] {
  const size = 7
  const taken = places.map(([x, y], i) => ({
    left: x - radius(i),
    right: x + radius(i),
    top: y - radius(i),
    bottom: y + radius(i),
  }))
  const shapes: Shape[] = []
  nodes.forEach(({ name }, i) => {
    const text = shortened(name, size, 140)
    const half = widthOf(text, size) / 2 + 1
    const [x, y] = places[i]!
    const middle = Math.min(WIDTH - half, Math.max(half, x))
    for (const below of [true, false]) {
      const base = below ? y + radius(i) + 8 : y - radius(i) - 3
      const place = { left: middle - half, right: middle + half, top: base - 6, bottom: base + 2 }
      const free = taken.every(
        (other, j) =>
          j === i ||
          other.left > place.right ||
          other.right < place.left ||
          other.top > place.bottom ||
          other.bottom < place.top,
      )
      if (!free) continue
      taken.push(place)
      // Lines that pass behind a name are paled, so that both can be read.
      shapes.push(box(place.left, place.top, 2 * half, 8, { fill: '#ffffff', opacity: 0.78 }), {
        type: 'text',
        x: middle,
        y: base,
        text,
        size,
        anchor: 'middle',
      })
      return
    }
  })
  return shapes
}
