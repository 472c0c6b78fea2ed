/** What is used of packages that bring no types: the PDF writer, its fonts, and line breaking. */

declare module 'pdfkit' {
  import type { Readable } from 'node:stream'

  /** An indirect object; written when it is ended. */
  export interface PdfReference {
    data: Record<string, unknown>
    write(chunk: string | Uint8Array): void
    end(chunk?: string | Uint8Array): void
  }
  export interface PdfPage {
    readonly width: number
    readonly height: number
    readonly fonts: Record<string, PdfReference>
    readonly content: PdfReference
    readonly dictionary: PdfReference
    write(chunk: string): void
  }
  /** A font inside one document, as far as its glyphs are used. */
  export interface PdfFont {
    readonly id: string
    readonly subset: { includeGlyph(id: number): number }
    /** By the number of the glyph in the subset: 1/1000 em, and the characters that it stands for. */
    readonly widths: number[]
    readonly unicode: (readonly number[])[]
    ref(): PdfReference
  }
  export interface PdfStructure {
    readonly dictionary: PdfReference
    add(child: PdfStructure | PdfMarked): PdfStructure
    end(): void
  }
  export interface PdfMarked {
    readonly refs: readonly object[]
  }
  export interface PdfOutline {
    readonly outlineData: Record<string, unknown>
    readonly children: readonly PdfOutline[]
    addItem(title: string, options: { top: number; left: number }): PdfOutline
  }
  export interface PdfImage {
    readonly width: number
    readonly height: number
  }
  export class PDFDocument extends Readable {
    constructor(options: Record<string, unknown>)
    readonly page: PdfPage
    readonly outline: PdfOutline
    readonly info: Readonly<Record<string, string | Date>>
    readonly _root: PdfReference
    readonly _font: PdfFont
    metadataRef: PdfReference
    addPage(): this
    addContent(operators: string): this
    endMetadata(): void
    ref(data?: Record<string, unknown>): PdfReference
    font(source: object): this
    struct(type: string, options?: Record<string, unknown>): PdfStructure
    addStructure(element: PdfStructure): this
    markStructureContent(tag: string): PdfMarked
    endMarkedContent(): this
    openImage(bytes: Uint8Array): PdfImage
    image(image: PdfImage, x: number, y: number, size: { width: number; height: number }): this
    path(d: string): this
    save(): this
    restore(): this
    opacity(share: number): this
    end(): void
  }
}

declare module 'fontkit' {
  export interface Glyph {
    readonly id: number
    codePoints: number[]
    readonly advanceWidth: number
    _decode(): unknown
    readonly bbox: { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number }
    _getMetrics(): { leftBearing: number }
  }
  /** Font units. */
  export interface Position {
    readonly xAdvance: number
    readonly xOffset: number
    readonly yOffset: number
  }
  export interface Font {
    readonly postscriptName: string
    readonly unitsPerEm: number
    readonly loca: { readonly offsets: number[] }
    readonly directory: {
      readonly tables: Readonly<Record<string, { readonly offset: number; readonly length: number }>>
    }
    hasGlyphForCodePoint(codePoint: number): boolean
    getGlyph(id: number, codePoints?: number[]): Glyph
    layout(
      text: string,
      features: undefined,
      script: undefined,
      language: undefined,
      direction: 'ltr' | 'rtl',
    ): { readonly glyphs: readonly Glyph[]; readonly positions: readonly Position[] }
  }
  export function create(file: Uint8Array): Font
}

declare module 'linebreak' {
  export default class LineBreaker {
    constructor(text: string)
    nextBreak(): { readonly position: number; readonly required: boolean } | null
  }
}
