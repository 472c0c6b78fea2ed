/**
 * A large graph in the hand: drawing fifteen thousand links takes several frames, so that while the picture is moved, zoomed
 * or pointed at, the last full drawing is shifted and scaled instead, and what changes is drawn on top. Once the hand
 * rests, it is drawn anew.
 */
import { kindShape, traceShape } from '../../../main/reports/drawing/kind-shape.ts'
import { toScreen } from './camera.ts'
import { drawGraph, radiusOf, type Ink, type Picture } from './draw.ts'

/** Links from which on this is worth it. */
const LARGE = 3000
/** Milliseconds of rest after which it is drawn anew, and the longest that a moved drawing stands. */
export const REST_MS = 120
const LONGEST_MS = 800
/** Beyond this, what is scaled is too coarse to look at. */
const MOST_SCALE = 2.5
/** While the layout moves everything at once, one link in this many shows its shape. */
const SHOWN_WHILE_MOVING = 4

export interface Still {
  readonly canvas: HTMLCanvasElement
  readonly picture: Picture
  readonly at: number
}

/** Draws the picture; `old` is reused where it may be. `again`: what was drawn is to be drawn in full after a rest. */
export function drawStill(
  context: CanvasRenderingContext2D,
  picture: Picture,
  ink: Ink,
  old: Still | null,
): { still: Still | null; again: boolean } {
  const { graph, moving } = picture
  if (graph.edges.length <= LARGE) {
    drawGraph(context, picture, ink)
    return { still: null, again: false }
  }
  if (moving) {
    const edges = graph.edges.filter((_, i) => i % SHOWN_WHILE_MOVING === 0)
    drawGraph(context, { ...picture, graph: { nodes: graph.nodes, edges }, hovered: null }, ink)
    return { still: null, again: false }
  }
  const now = performance.now()
  if (old && reusable(old, picture, now)) {
    shift(context, old, picture, ink)
    drawOver(context, picture, ink)
    const { camera } = picture
    const moved = camera.x !== old.picture.camera.x || camera.y !== old.picture.camera.y || camera.scale !== old.picture.camera.scale // prettier-ignore
    return { still: old, again: moved }
  }
  const base = { ...picture, hovered: null }
  drawGraph(context, base, ink, picture.held)
  const canvas = old?.canvas ?? document.createElement('canvas')
  canvas.width = context.canvas.width
  canvas.height = context.canvas.height
  canvas.getContext('2d', { alpha: false })?.drawImage(context.canvas, 0, 0)
  drawOver(context, picture, ink)
  return { still: { canvas, picture: base, at: now }, again: false }
}

function reusable({ picture: old, at }: Still, next: Picture, now: number): boolean {
  const scale = next.camera.scale / old.camera.scale
  const samePlaces = old.at === next.at || (old.held !== null && old.held === next.held)
  const sameView = old.camera.x === next.camera.x && old.camera.y === next.camera.y && scale === 1
  return (
    samePlaces &&
    old.graph === next.graph &&
    old.size.width === next.size.width &&
    old.size.height === next.size.height &&
    old.selected === next.selected &&
    old.held === next.held &&
    old.lit === next.lit &&
    old.communities === next.communities &&
    scale < MOST_SCALE &&
    scale > 1 / MOST_SCALE &&
    (sameView || now - at < LONGEST_MS)
  )
}

function shift(
  context: CanvasRenderingContext2D,
  { canvas, picture: old }: Still,
  { camera, size }: Picture,
  ink: Ink,
): void {
  const scale = camera.scale / old.camera.scale
  const x = (size.width / 2) * (1 - scale) + (old.camera.x - camera.x) * camera.scale
  const y = (size.height / 2) * (1 - scale) + (old.camera.y - camera.y) * camera.scale
  context.fillStyle = ink.ground
  context.fillRect(0, 0, size.width, size.height)
  context.imageSmoothingEnabled = scale !== 1
  context.imageSmoothingQuality = 'low'
  context.drawImage(canvas, x, y, size.width * scale, size.height * scale)
}

/** The node in the hand with its links, and a ring and the name around what the pointer is on. */
function drawOver(context: CanvasRenderingContext2D, picture: Picture, ink: Ink): void {
  const { graph, at, camera, size, degree, index, held, hovered, communities } = picture
  const point = (i: number) => toScreen({ x: at[2 * i]!, y: at[2 * i + 1]! }, camera, size)
  const carried = held === null ? undefined : index.get(held)
  if (carried !== undefined) {
    const own = point(carried)
    const lines = new Path2D()
    for (const { from, to } of graph.edges) {
      if (from !== held && to !== held) continue
      const end = point(index.get(from === held ? to : from)!)
      lines.moveTo(own.x, own.y)
      lines.lineTo(end.x, end.y)
    }
    context.strokeStyle = ink.accent
    context.lineWidth = 1.6
    context.stroke(lines)
    const { outline, hue } = kindShape(graph.nodes[carried]!.kind)
    const path = new Path2D()
    traceShape(path, outline, own.x, own.y, radiusOf(degree[carried]!, camera.scale, graph.nodes.length))
    context.fillStyle = ink.hues[communities ? communities[carried]! % 8 : hue - 1]!
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a canvas, not an array
    context.fill(path)
  }
  const pointed = hovered === null ? undefined : index.get(hovered)
  const edge = hovered !== null && pointed === undefined ? graph.edges.find(({ id }) => id === hovered) : undefined
  if (edge) {
    const [a, b] = [point(index.get(edge.from)!), point(index.get(edge.to)!)]
    context.strokeStyle = ink.accent
    context.lineWidth = 3
    context.beginPath()
    context.moveTo(a.x, a.y)
    context.lineTo(b.x, b.y)
    context.stroke()
  }
  if (pointed === undefined) return
  const { x, y } = point(pointed)
  const radius = radiusOf(degree[pointed]!, camera.scale, graph.nodes.length)
  context.strokeStyle = ink.text
  context.lineWidth = 1.5
  context.beginPath()
  context.arc(x, y, radius + 4, 0, 2 * Math.PI)
  context.stroke()
  context.font = `600 12px ${ink.font}`
  context.textAlign = 'center'
  context.textBaseline = 'top'
  context.lineJoin = 'round'
  context.lineWidth = 3.5
  context.strokeStyle = ink.ground
  context.strokeText(graph.nodes[pointed]!.name, x, y + radius + 5)
  context.fillStyle = ink.text
  context.fillText(graph.nodes[pointed]!.name, x, y + radius + 5)
}
