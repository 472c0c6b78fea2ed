/** The matrix as an SVG for paper: columns of boxes, darker where more use the technique. */
import { escapeXml } from '../../../main/reports/drawing/escape-xml.ts'
import type { Column, Use } from './matrix.ts'

const [WIDE, HIGH, GAP] = [150, 46, 6]

/** Words in lines of at most `letters`, three at most. */
export function wrap(text: string, letters = 22): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.length > 3 ? [...lines.slice(0, 2), `${lines[2]}…`] : lines
}

export function matrixSvg(columns: readonly Column<Use>[], title: string): string {
  const rows = Math.max(1, ...columns.map(({ uses }) => uses.length))
  const [width, height] = [columns.length * (WIDE + GAP) + 2 * GAP, (rows + 1) * (HIGH + GAP) + 40]
  const most = Math.max(1, ...columns.flatMap(({ uses }) => uses.map(({ users }) => users.length)))
  const words = (lines: readonly string[], x: number, y: number, weight = 400): string =>
    lines
      .map((line, i) => `<text x="${x}" y="${y + i * 13}" font-weight="${weight}">${escapeXml(line)}</text>`)
      .join('')
  const body = columns.map(({ tactic, uses }, i) => {
    const x = GAP + i * (WIDE + GAP)
    const head = words(wrap(tactic?.name ?? '', 21), x + 4, 46, 600)
    const cells = uses.map(({ technique, users }, row) => {
      const y = 34 + (row + 1) * (HIGH + GAP)
      const share = 0.08 + (0.4 * users.length) / most
      const box = `<rect x="${x}" y="${y}" width="${WIDE}" height="${HIGH}" rx="3" fill="#0b5f6b" fill-opacity="${share.toFixed(2)}" stroke="#0b5f6b"/>`
      const count = `<text x="${x + WIDE - 6}" y="${y + 14}" text-anchor="end" font-weight="600">${users.length}</text>`
      return box + count + words([technique.techniqueId, ...wrap(technique.name)].slice(0, 3), x + 6, y + 14)
    })
    return head + cells.join('')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Noto Sans, sans-serif" font-size="11" fill="#1a211f"><title>${escapeXml(title)}</title><rect width="100%" height="100%" fill="#ffffff"/><text x="${GAP + 4}" y="20" font-size="14" font-weight="600">${escapeXml(title)}</text>${body.join('')}</svg>`
}
