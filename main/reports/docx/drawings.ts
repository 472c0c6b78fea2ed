/** Drawings as Word takes them, made before the document is: SVG, and PNG for programs that draw no SVG. */
import sharp from 'sharp'
import type { Block, ReportDocument } from '../document.ts'
import { drawingSvg } from '../drawing/svg.ts'

/** By description and caption. */
export type DrawnFigures = ReadonlyMap<string, { readonly svg: string; readonly png: Uint8Array }>

/** Dots an inch of the PNG. */
const DENSITY = 192

export async function drawFigures(document: ReportDocument): Promise<DrawnFigures> {
  const drawn = new Map<string, { svg: string; png: Uint8Array }>()
  const visit = async (blocks: readonly Block[]): Promise<void> => {
    for (const block of blocks) {
      if (block.type === 'panel') await visit(block.blocks)
      if (block.type !== 'drawing') continue
      const svg = drawingSvg(block.drawing)
      const png = await sharp(Buffer.from(svg), { density: DENSITY })
        .flatten({ background: '#ffffff' })
        .png()
        .toBuffer()
      drawn.set(block.drawing.description + block.caption, { svg, png })
    }
  }
  for (const section of document.sections) await visit(section.blocks)
  return drawn
}
