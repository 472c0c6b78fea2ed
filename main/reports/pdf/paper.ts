/** The pages of a PDF: each written when it is full, its number when all are known. ISO 32000-1 (PDF 1.7), tagged. */
import type { PdfFont, PdfImage, PdfOutline, PdfReference, PdfStructure } from 'pdfkit'
import type { Shape } from '../drawing/drawing.ts'
import type { RenderedPicture } from '../pictures.ts'
import type { ReportFont, Shaped } from './fonts.ts'
import type { Line } from './lines.ts'
import type { Look } from './setting.ts'
import { PAGE } from './style.ts'
import type { Box, Role, Surface, Tag } from './surface.ts'
import { turns } from './text.ts'
import { plain, Writer, type About } from './writer.ts'

/** What stands on a page besides the report itself. */
export interface Margins {
  draw(paper: Paper): void
  /** Drawn when the number of pages is known; again and again the same for equal numbers. */
  number(paper: Paper, page: number, pages: number): void
}

/** Points, up to hundredths. */
const n = (value: number): string => String(Math.round(value * 100) / 100)

/** `#rrggbb` as the operands of a colour, 0 to 1 each. */
const rgb = (hex: string): string =>
  [1, 3, 5].map((at) => String(Math.round((Number.parseInt(hex.slice(at, at + 2), 16) / 255) * 1000) / 1000)).join(' ')

export class Paper implements Surface {
  readonly document: Tag
  readonly #writer: Writer
  readonly #margins: Margins
  #grounds: string[] = []
  #rules: string[] = []
  readonly #tails: PdfReference[] = []
  readonly #fonts = new Map<ReportFont, PdfFont>()
  readonly #encoded = new WeakMap<Shaped, string>()
  readonly #pictures = new Map<string, PdfImage>()
  /** The last of each level. */
  readonly #bookmarks: PdfOutline[] = []

  constructor(about: About, margins: Margins) {
    this.#margins = margins
    this.#writer = new Writer(about)
    const root = this.#writer.struct('Document')
    this.#writer.addStructure(root)
    this.document = tagOf(this.#writer, root, 'Document')
    this.#begin()
  }

  turn(): void {
    this.#endPage()
    this.#begin()
  }

  /** @returns the whole file */
  finish(): Promise<Uint8Array> {
    this.#endPage()
    this.#tails.forEach((tail, place) => {
      this.#writer.drawn()
      this.#margins.number(this, place + 1, this.#tails.length)
      tail.end(this.#writer.drawn().join('\n'))
    })
    this.document.end()
    return this.#writer.finish()
  }

  within(tag: Tag | null, draw: () => void): void {
    if (tag) (tag as PaperTag).element.add(this.#writer.markStructureContent(tag.role))
    else this.#writer.addContent('/Artifact <</Type /Pagination>> BDC')
    draw()
    if (tag) this.#writer.endMarkedContent()
    else this.#writer.addContent('EMC')
  }

  line({ runs }: Line, x: number, y: number, { size, colour }: Look): void {
    const operators = [`BT ${rgb(colour)} rg 1 0 0 -1 ${n(x)} ${n(y)} Tm`]
    let font: ReportFont | null = null
    let parts: string[] = []
    const show = (): void => {
      if (parts.length) operators.push(`[${parts.join('')}] TJ`)
      parts = []
    }
    // 1/1000 em, as the numbers between strings are.
    let pen = 0
    for (const { shaped, x: start } of runs) {
      const first = shaped.glyphs[0]
      if (!first) continue
      if (shaped.font !== font) {
        show()
        operators.push(`/${this.#font(shaped.font).id} ${n(size)} Tf`)
      }
      font = shaped.font
      const move = Math.round(pen - start - first.x)
      if (move) parts.push(String(move))
      parts.push(this.#encode(shaped))
      pen += penAfter(shaped) - move
    }
    show()
    this.#writer.addContent(`${operators.join('\n')}\nET`)
  }

  picture(key: string, { bytes }: RenderedPicture, { x, y, width, height }: Box): void {
    let image = this.#pictures.get(key)
    if (!image) this.#pictures.set(key, (image = this.#writer.openImage(bytes)))
    this.#writer.image(image, x, y, { width, height })
  }

  paths(shapes: readonly Shape[], x: number, y: number, scale: number): void {
    this.#writer.addContent(`q ${n(scale)} 0 0 ${n(scale)} ${n(x)} ${n(y)} cm 1 j`)
    for (const shape of shapes) {
      if (shape.type !== 'path') continue
      const { d, fill = 'none', stroke, width = 1, dash, opacity } = shape
      const filled = fill !== 'none'
      if (!filled && !stroke) continue
      this.#writer.save()
      if (opacity !== undefined) this.#writer.opacity(opacity)
      if (filled) this.#writer.addContent(`${rgb(fill)} rg`)
      if (stroke) this.#writer.addContent(`${rgb(stroke)} RG ${n(width)} w`)
      if (dash) this.#writer.addContent(`[${dash.map(n).join(' ')}] 0 d`)
      this.#writer.path(d)
      this.#writer.addContent(filled && stroke ? 'B' : filled ? 'f' : 'S')
      this.#writer.restore()
    }
    this.#writer.addContent('Q')
  }

  ground(box: Box, colour: string): void {
    this.#grounds.push(filled(box, colour))
  }

  rule(box: Box, colour: string): void {
    this.#rules.push(filled(box, colour))
  }

  /** Filled where texts are: for what stands on a ground of its own. */
  block(box: Box, colour: string): void {
    this.#writer.addContent(filled(box, colour))
  }

  border({ x, y, width, height }: Box, colour: string, stroke: number, radius = 0): void {
    const [right, bottom] = [x + width, y + height]
    // Quarter circles as curves: 0.4477 of the radius is left to the corner.
    const k = radius * 0.4477
    const path = radius
      ? `${n(x + radius)} ${n(y)} m ${n(right - radius)} ${n(y)} l ${n(right - k)} ${n(y)} ${n(right)} ${n(y + k)} ${n(right)} ${n(y + radius)} c ${n(right)} ${n(bottom - radius)} l ${n(right)} ${n(bottom - k)} ${n(right - k)} ${n(bottom)} ${n(right - radius)} ${n(bottom)} c ${n(x + radius)} ${n(bottom)} l ${n(x + k)} ${n(bottom)} ${n(x)} ${n(bottom - k)} ${n(x)} ${n(bottom - radius)} c ${n(x)} ${n(y + radius)} l ${n(x)} ${n(y + k)} ${n(x + k)} ${n(y)} ${n(x + radius)} ${n(y)} c h`
      : `${n(x)} ${n(y)} ${n(width)} ${n(height)} re`
    this.#rules.push(`${rgb(colour)} RG ${n(stroke)} w ${path} S`)
  }

  bookmark(level: number, title: string, y: number): void {
    this.#bookmarks.length = Math.min(this.#bookmarks.length, level)
    const parent = this.#bookmarks.at(-1) ?? this.#writer.outline
    this.#bookmarks.push(parent.addItem(plain(title), { top: Math.max(0, y - 8), left: PAGE.width }))
  }

  #begin(): void {
    this.#writer.addPage()
    this.within(null, () => this.#margins.draw(this))
  }

  #endPage(): void {
    // The first operator turns the page so that y grows downwards.
    const [turned = '', ...content] = this.#writer.drawn()
    const under = [...this.#grounds, ...this.#rules]
    const artifact = under.length ? ['/Artifact <</Type /Layout>> BDC', ...under, 'EMC'] : []
    const { page } = this.#writer
    page.write([turned, ...artifact, ...content].join('\n'))
    const tail = this.#writer.ref({})
    page.dictionary.data['Contents'] = [page.content, tail]
    this.#tails.push(tail)
    // So that this page has the fonts of its number, whatever that will be.
    this.#margins.number(this, 1, 1)
    this.#writer.drawn()
    this.#grounds = []
    this.#rules = []
  }

  #font(font: ReportFont): PdfFont {
    let own = this.#fonts.get(font)
    if (!own) {
      own = this.#writer.font(font.data)._font
      this.#fonts.set(font, own)
    }
    this.#writer.page.fonts[own.id] ??= own.ref()
    return own
  }

  #glyph(font: ReportFont, { id, codePoints, width }: Shaped['glyphs'][number]): string {
    const own = this.#font(font)
    const place = own.subset.includeGlyph(id)
    own.widths[place] ??= width
    own.unicode[place] ??= codePoints
    return place.toString(16).padStart(4, '0')
  }

  /** Strings and moves between them, from the first glyph on. */
  #encode(shaped: Shaped): string {
    const known = this.#encoded.get(shaped)
    if (known !== undefined) {
      this.#font(shaped.font)
      return known
    }
    const parts: string[] = []
    let pen = shaped.glyphs[0]!.x
    let hex = ''
    for (const glyph of shaped.glyphs) {
      const move = Math.round(pen - glyph.x)
      if (move) {
        if (hex) parts.push(`<${hex}>`)
        parts.push(String(move))
        hex = ''
        pen -= move
      }
      hex += this.#glyph(shaped.font, glyph)
      pen += glyph.width
    }
    parts.push(`<${hex}>`)
    const text = parts.join('')
    this.#encoded.set(shaped, text)
    return text
  }
}

/** How far the pen is from the first glyph when all are shown; moves are whole numbers. */
function penAfter({ glyphs }: Shaped): number {
  let pen = glyphs[0]!.x
  for (const glyph of glyphs) {
    pen -= Math.round(pen - glyph.x)
    pen += glyph.width
  }
  return pen - glyphs[0]!.x
}

const filled = ({ x, y, width, height }: Box, colour: string): string =>
  `${rgb(colour)} rg ${n(x)} ${n(y)} ${n(width)} ${n(height)} re f`

interface PaperTag extends Tag {
  readonly element: PdfStructure
}

const tagOf = (writer: Writer, element: PdfStructure, role: Role): PaperTag => ({
  element,
  role,
  child(role, options = {}) {
    const { alt, scope, says } = options
    const own = writer.struct(role, {
      ...(alt ? { alt: plain(alt) } : {}),
      ...(scope ? { scope } : {}),
      // On the page it stands in the order of the eye.
      ...(says && turns(says) ? { actual: plain(says) } : {}),
    })
    element.add(own)
    return tagOf(writer, own, role)
  },
  end: () => element.end(),
})
