/** A drawing as SVG that needs nothing outside itself and acts on nothing: no styles, scripts, links or fonts. */
import { at, type Drawing, type Shape } from './drawing.ts'
import { escapeXml } from './escape-xml.ts'

export const drawingSvg = ({ width, height, description, shapes }: Drawing): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}" role="img" aria-label="${escapeXml(description)}">${shapes.map(shapeSvg).join('')}</svg>`

function shapeSvg(shape: Shape): string {
  if (shape.type === 'text') {
    const { x, y, text, size, anchor = 'start', colour = '#18202b', bold } = shape
    return `<text x="${at(x)}" y="${at(y)}" font-size="${at(size)}" font-family="Report, Noto Sans, Arial, sans-serif" text-anchor="${anchor}" fill="${colour}"${bold ? ' font-weight="700"' : ''}>${escapeXml(text)}</text>`
  }
  const { d, fill = 'none', stroke, width = 1, dash, opacity } = shape
  const line = stroke ? ` stroke="${stroke}" stroke-width="${at(width)}" stroke-linejoin="round"` : ''
  const dashes = dash ? ` stroke-dasharray="${dash.map(at).join(' ')}"` : ''
  return `<path d="${d}" fill="${fill}"${line}${dashes}${opacity === undefined ? '' : ` opacity="${at(opacity)}"`}/>`
}
