/** The graph as an SVG that prints sharp at any size: the same look as the canvas, on white, with a legend. */
import { kindShape, shapePath } from '../../../main/reports/drawing/kind-shape.ts'
import { escapeXml } from '../../../main/reports/drawing/escape-xml.ts'
import { toScreen } from './camera.ts'
import { placeLabels, radiusOf, type Ink, type Picture } from './draw.ts'

const n = (value: number): string => String(Math.round(value * 10) / 10)

/** @param legend kinds that occur, with their words */
export function graphSvg(
  picture: Picture,
  ink: Ink,
  title: string,
  legend: readonly { readonly kind: string; readonly label: string }[],
): string {
  const { graph, at, camera, size, degree, index, communities } = picture
  const points = graph.nodes.map((_, i) => toScreen({ x: at[2 * i]!, y: at[2 * i + 1]! }, camera, size))
  const lines = graph.edges.map((edge) => {
    const [a, b] = [points[index.get(edge.from)!]!, points[index.get(edge.to)!]!]
    const look = edge.disputed ? ` stroke="${ink.danger}" stroke-dasharray="5 4"` : ''
    return `<line x1="${n(a.x)}" y1="${n(a.y)}" x2="${n(b.x)}" y2="${n(b.y)}"${look}/>`
  })
  const shapes = graph.nodes.map((node, i) => {
    const { outline, hue } = kindShape(node.kind)
    const colour = ink.hues[communities ? communities[i]! % 8 : hue - 1]!
    const { x, y } = points[i]!
    const path = shapePath(outline, x, y, radiusOf(degree[i]!, camera.scale, graph.nodes.length))
    return `<path d="${path}" fill="${colour}"><title>${escapeXml(node.name)}</title></path>`
  })
  const labels = placeLabels({ ...picture, selected: null, hovered: null }, points, (text) => text.length * 6.4).map(
    ({ text, x, y }) => `<text x="${n(x)}" y="${n(y + 10)}">${escapeXml(text)}</text>`,
  )
  const key = legend.map(({ kind, label }, i) => {
    const { outline, hue } = kindShape(kind)
    const y = size.height + 26 + Math.floor(i / 6) * 20
    const x = 20 + (i % 6) * (size.width / 6)
    return `<path d="${shapePath(outline, x, y, 6)}" fill="${communities ? ink.dim : ink.hues[hue - 1]}"/><text x="${n(x + 12)}" y="${n(y + 4)}" text-anchor="start">${escapeXml(label)}</text>`
  })
  const height = size.height + 36 + Math.ceil(legend.length / 6) * 20
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title><rect width="100%" height="100%" fill="${ink.ground}"/>`,
    `<g stroke="${ink.edge}" stroke-width="1">${lines.join('')}</g>`,
    `<g stroke="${ink.ground}" stroke-width="1">${shapes.join('')}</g>`,
    `<g fill="${ink.text}" font-family="Noto Sans, sans-serif" font-size="12" text-anchor="middle" stroke="${ink.ground}" stroke-width="3" paint-order="stroke" stroke-linejoin="round">${labels.join('')}${key.join('')}</g>`,
    '</svg>',
  ].join('\n')
}
