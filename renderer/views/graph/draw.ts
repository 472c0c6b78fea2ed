/** Draws the graph on a canvas: everything of one look in one path, so that 5,000 nodes stay fluid without a GPU. */
import { kindShape, traceShape } from '../../../main/reports/drawing/kind-shape.ts'
import { toScreen, type Camera, type Point, type Size } from './camera.ts'
import type { Graph } from './scene.ts'

export interface Ink {
  readonly text: string
  readonly dim: string
  readonly ground: string
  readonly edge: string
  readonly accent: string
  readonly danger: string
  readonly hues: readonly string[]
  readonly font: string
}

export interface Picture {
  readonly graph: Graph
  /** x, y per node, in the order of `graph.nodes`. */
  readonly at: Float32Array
  readonly camera: Camera
  readonly size: Size
  /** Links per node, in the order of the nodes. */
  readonly degree: Uint32Array
  readonly index: ReadonlyMap<string, number>
  /** Community per node, or null to colour by kind. */
  readonly communities: Uint16Array | null
  /** Id of a node or an edge. */
  readonly selected: string | null
  readonly hovered: string | null
  /** Ids of nodes that stand out, with the edges between them; null: all alike. */
  readonly lit: ReadonlySet<string> | null
  /** The node that is being dragged. */
  readonly held: string | null
  /** The layout moves everything at this moment. */
  readonly moving: boolean
}

/** Radius in pixels: the square root of the number of links, and a little of the zoom. Few nodes never get small. */
export function radiusOf(degree: number, scale: number, nodes: number): number {
  const least = nodes < 150 ? 0.95 : nodes < 600 ? 0.6 : 0.3
  return Math.max(2.2, (5 + 1.6 * Math.sqrt(degree)) * Math.min(1.5, Math.max(least, scale ** 0.55)))
}

/** More edges than this, and direction shows only where one looks: on the selected node. */
const ARROWS_UP_TO = 1500
/** Labels are text, and text is what costs most. */
const LABELS_UP_TO = 140

/** @param without the node that is left out with its links: it is being dragged, and drawn on top */
export function drawGraph(
  context: CanvasRenderingContext2D,
  picture: Picture,
  ink: Ink,
  without: string | null = null,
): void {
  const { size } = picture
  context.fillStyle = ink.ground
  context.fillRect(0, 0, size.width, size.height)
  const points = picture.graph.nodes.map((_, i) =>
    toScreen({ x: picture.at[2 * i]!, y: picture.at[2 * i + 1]! }, picture.camera, size),
  )
  drawEdges(context, picture, points, ink, without)
  drawNodes(context, picture, points, ink, without)
  drawLabels(context, picture, points, ink)
}

const inView = (p: Point, size: Size, margin = 40): boolean =>
  p.x > -margin && p.y > -margin && p.x < size.width + margin && p.y < size.height + margin

function drawEdges(
  context: CanvasRenderingContext2D,
  picture: Picture,
  points: Point[],
  ink: Ink,
  without: string | null,
): void {
  const { graph, index, lit, selected, hovered, size } = picture
  const marked = (id: string): boolean => id === selected || id === hovered
  const groups = { plain: new Path2D(), disputed: new Path2D(), lit: new Path2D(), marked: new Path2D() }
  const heads = { plain: new Path2D(), lit: new Path2D() }
  const few = graph.edges.length <= ARROWS_UP_TO
  for (const edge of graph.edges) {
    if (without !== null && (edge.from === without || edge.to === without)) continue
    const [i, j] = [index.get(edge.from)!, index.get(edge.to)!]
    const [a, b] = [points[i]!, points[j]!]
    if (!inView(a, size, 400) && !inView(b, size, 400)) continue
    const touched = marked(edge.from) || marked(edge.to)
    const bright = lit ? lit.has(edge.from) && lit.has(edge.to) : touched
    const path = marked(edge.id) ? groups.marked : bright ? groups.lit : edge.disputed ? groups.disputed : groups.plain
    path.moveTo(a.x, a.y)
    path.lineTo(b.x, b.y)
    if (few || bright)
      arrowHead(
        bright ? heads.lit : heads.plain,
        a,
        b,
        radiusOf(picture.degree[j]!, picture.camera.scale, graph.nodes.length),
      )
  }
  const stroke = (path: Path2D, style: string, width: number, dash: number[], alpha: number): void => {
    context.globalAlpha = alpha
    context.strokeStyle = style
    context.lineWidth = width
    context.setLineDash(dash)
    context.stroke(path)
  }
  const faint = lit ? 0.25 : graph.edges.length > 4000 ? 0.35 : 0.75
  stroke(groups.plain, ink.edge, 1, [], faint)
  stroke(groups.disputed, ink.danger, 1.2, [5, 4], lit ? 0.3 : 0.9)
  stroke(groups.lit, ink.accent, 1.8, [], 1)
  stroke(groups.marked, ink.accent, 3, [], 1)
  context.setLineDash([])
  context.globalAlpha = faint
  context.fillStyle = ink.edge
  context.fill(heads.plain)
  context.globalAlpha = 1
  context.fillStyle = ink.accent
  context.fill(heads.lit)
}

function arrowHead(path: Path2D, a: Point, b: Point, radius: number): void {
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  if (length < radius + 10) return
  const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length]
  const tip = { x: b.x - ux * (radius + 2), y: b.y - uy * (radius + 2) }
  path.moveTo(tip.x, tip.y)
  path.lineTo(tip.x - ux * 7 + uy * 3, tip.y - uy * 7 - ux * 3)
  path.lineTo(tip.x - ux * 7 - uy * 3, tip.y - uy * 7 + ux * 3)
  path.closePath()
}

function drawNodes(
  context: CanvasRenderingContext2D,
  picture: Picture,
  points: Point[],
  ink: Ink,
  without: string | null,
): void {
  const { graph, lit, communities, degree, camera, size, selected, hovered, index } = picture
  const bright = new Map<number, Path2D>()
  const pale = new Map<number, Path2D>()
  for (const [i, node] of graph.nodes.entries()) {
    const point = points[i]!
    if (node.id === without || !inView(point, size)) continue
    const { outline, hue } = kindShape(node.kind)
    const colour = communities ? (communities[i]! % 8) + 1 : hue
    const into = lit && !lit.has(node.id) ? pale : bright
    const path = into.get(colour) ?? new Path2D()
    into.set(colour, path)
    traceShape(path, outline, point.x, point.y, radiusOf(degree[i]!, camera.scale, graph.nodes.length))
  }
  context.lineWidth = 1.5
  context.strokeStyle = ink.ground
  for (const [paths, alpha] of [
    [pale, 0.22],
    [bright, 1],
  ] as const) {
    context.globalAlpha = alpha
    for (const [hue, path] of paths) {
      context.fillStyle = ink.hues[hue - 1]!
      context.fill(path)
      if (graph.nodes.length < 2000) context.stroke(path)
    }
  }
  context.globalAlpha = 1
  for (const [id, width] of [
    [hovered, 1.5],
    [selected, 3],
  ] as const) {
    const i = id === null ? undefined : index.get(id)
    if (i === undefined) continue
    context.strokeStyle = ink.text
    context.lineWidth = width
    context.beginPath()
    context.arc(points[i]!.x, points[i]!.y, radiusOf(degree[i]!, camera.scale, graph.nodes.length) + 4, 0, 2 * Math.PI)
    context.stroke()
  }
}

/** Names, the most linked first, as long as they do not cover each other. */
function drawLabels(context: CanvasRenderingContext2D, picture: Picture, points: Point[], ink: Ink): void {
  for (const label of placeLabels(picture, points, (text) => text.length * 6.4)) {
    const { strong, text, x, y } = label
    context.font = `${strong ? 600 : 400} 12px ${ink.font}`
    context.textAlign = 'center'
    context.textBaseline = 'top'
    context.lineJoin = 'round'
    context.lineWidth = 3.5
    context.strokeStyle = ink.ground
    context.strokeText(text, x, y)
    context.fillStyle = ink.text
    context.fillText(text, x, y)
  }
}

export interface PlacedLabel {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly strong: boolean
}

const shorten = (name: string): string => {
  const letters = [...name]
  return letters.length > 30 ? `${letters.slice(0, 29).join('')}…` : name
}

export function placeLabels(
  picture: Pick<Picture, 'graph' | 'degree' | 'camera' | 'size' | 'selected' | 'hovered' | 'lit'>,
  points: readonly Point[],
  widthOf: (text: string) => number,
): PlacedLabel[] {
  const { graph, degree, camera, size, selected, hovered, lit } = picture
  const first = (id: string): number => (id === selected || id === hovered ? 2 : lit?.has(id) ? 1 : 0)
  const order = graph.nodes
    .map((node, i) => ({ node, i, rank: first(node.id) }))
    .filter(({ node, i, rank }) => inView(points[i]!, size, 0) && (rank > 0 || !lit || lit.has(node.id)))
    .sort((a, b) => b.rank - a.rank || degree[b.i]! - degree[a.i]!)
    .slice(0, LABELS_UP_TO * 4)
  const taken: { left: number; right: number; top: number; bottom: number }[] = []
  const labels: PlacedLabel[] = []
  for (const { node, i, rank } of order) {
    if (labels.length >= LABELS_UP_TO) break
    const text = shorten(node.name)
    const half = widthOf(text) / 2 + 4
    const radius = radiusOf(degree[i]!, camera.scale, graph.nodes.length)
    // At an edge of the picture a name moves inwards, or above its node, rather than being cut.
    const x = Math.max(half, Math.min(size.width - half, points[i]!.x))
    const below = points[i]!.y + radius + 3
    const y = below + 15 > size.height ? points[i]!.y - radius - 17 : below
    const place = { left: x - half, right: x + half, top: y - 1, bottom: y + 15 }
    const free = taken.every(
      (other) =>
        other.left > place.right || other.right < place.left || other.top > place.bottom || other.bottom < place.top,
    )
    if (!free && rank < 2) continue
    taken.push(place)
    labels.push({ text, x, y, strong: rank === 2 })
  }
  return labels
}
