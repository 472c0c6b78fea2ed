/** The shape and hue that stand for a kind of record on graphs, timelines, maps and lists: never the hue alone. */

export type Outline = 'circle' | readonly (readonly [number, number])[]

export interface KindShape {
  /** Around the origin; no point lies further out than about 1. */
  readonly outline: Outline
  /** Number of a `--hue-…` token: kinds that do alike share it. */
  readonly hue: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
}

/** A regular polygon; `turn` in degrees, 0 puts the first corner on top. */
function polygon(corners: number, turn = 0, size = 1): [number, number][] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = ((i * 360) / corners + turn - 90) * (Math.PI / 180)
    return [size * Math.cos(angle), size * Math.sin(angle)]
  })
}

function star(points: number, inner: number): [number, number][] {
  const [outerRing, innerRing] = [polygon(points), polygon(points, 180 / points, inner)]
  return outerRing.flatMap((corner, i) => [corner, innerRing[i]!])
}

const box = (width: number, height: number): [number, number][] => [
  [-width, -height],
  [width, -height],
  [width, height],
  [-width, height],
]
const cross: [number, number][] = [
  [-0.35, -0.95], [0.35, -0.95], [0.35, -0.35], [0.95, -0.35], [0.95, 0.35], [0.35, 0.35],
  [0.35, 0.95], [-0.35, 0.95], [-0.35, 0.35], [-0.95, 0.35], [-0.95, -0.35], [-0.35, -0.35],
] // prettier-ignore
const shield: [number, number][] = [[-0.85, -0.9], [0.85, -0.9], [0.85, 0.1], [0, 1], [-0.85, 0.1]] // prettier-ignore
const drop: [number, number][] = [[0, 1], [-0.75, -0.1], [-0.55, -0.75], [0, -1], [0.55, -0.75], [0.75, -0.1]] // prettier-ignore
const page: [number, number][] = [[-0.7, -0.95], [0.25, -0.95], [0.7, -0.5], [0.7, 0.95], [-0.7, 0.95]] // prettier-ignore
const folder: [number, number][] = [[-0.95, -0.8], [-0.2, -0.8], [0.05, -0.5], [0.95, -0.5], [0.95, 0.75], [-0.95, 0.75]] // prettier-ignore
const flag: [number, number][] = [[-0.9, -0.8], [0.95, -0.8], [0.55, 0], [0.95, 0.8], [-0.9, 0.8]] // prettier-ignore

const SHAPES: Readonly<Record<string, KindShape>> = {
  actor: { outline: 'circle', hue: 1 },
  identity: { outline: box(0.85, 0.85), hue: 1 },
  account: { outline: polygon(4), hue: 2 },
  channel: { outline: polygon(6), hue: 2 },
  operation: { outline: polygon(3, 0, 1.1), hue: 3 },
  incident: { outline: star(6, 0.55), hue: 3 },
  enforcement: { outline: shield, hue: 4 },
  designation: { outline: flag, hue: 4 },
  narrative: { outline: box(1, 0.6), hue: 5 },
  claim: { outline: polygon(3, 180, 1.1), hue: 5 },
  source: { outline: page, hue: 5 },
  hypothesis: { outline: polygon(5), hue: 6 },
  forecast: { outline: polygon(6, 30), hue: 6 },
  metric: { outline: box(0.6, 1), hue: 6 },
  location: { outline: drop, hue: 7 },
  technique: { outline: cross, hue: 7 },
  evidence: { outline: polygon(3, 90, 1.1), hue: 8 },
  'media-item': { outline: polygon(3, 90, 1.1), hue: 8 },
  case: { outline: folder, hue: 8 },
}
const OTHER: KindShape = { outline: 'circle', hue: 7 }

export const kindShape = (kind: string): KindShape => SHAPES[kind] ?? OTHER

/** The `d` of an SVG path for a shape of radius `r` around (`x`, `y`). */
export function shapePath(outline: Outline, x = 0, y = 0, r = 1): string {
  const n = (value: number): string => String(Math.round(value * 100) / 100)
  if (outline === 'circle')
    return `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0Z`
  return `M${outline.map(([dx, dy]) => `${n(x + dx * r)} ${n(y + dy * r)}`).join('L')}Z`
}

/** What of a canvas path is needed: reports are made where there is no canvas. */
interface Tracing {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  arc(x: number, y: number, radius: number, from: number, to: number): void
  closePath(): void
}

/** The same shape on a canvas path, so that many of a kind are filled at once. */
export function traceShape(context: Tracing, outline: Outline, x: number, y: number, r: number): void {
  if (outline === 'circle') {
    context.moveTo(x + r, y)
    context.arc(x, y, r, 0, 2 * Math.PI)
    return
  }
  for (const [i, [dx, dy]] of outline.entries())
    if (i) context.lineTo(x + dx * r, y + dy * r)
    else context.moveTo(x + dx * r, y + dy * r)
  context.closePath()
}
