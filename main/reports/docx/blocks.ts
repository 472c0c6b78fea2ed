/** Blocks of a report as parts of a Word document. */
import {
  BorderStyle,
  HeadingLevel,
  ImageRun,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
  type IParagraphOptions,
  type ITableBordersOptions,
} from 'docx'
import type { Block, Fact, FrameWords, Picture } from '../document.ts'
import { BADGE, BAND, PANEL } from '../pdf/style.ts'
import type { RenderedPictures } from '../pictures.ts'
import type { DrawnFigures } from './drawings.ts'
import { COLOUR, MONO, paragraph, runs, SIZE } from './text.ts'

export interface Setting {
  readonly pictures: RenderedPictures
  readonly drawings: DrawnFigures
  readonly words: FrameWords
  /** Twentieths of a point. */
  readonly width: number
  readonly panel: 'machine' | 'analyst' | null
}
type Part = Paragraph | Table
type Of<Type extends Block['type']> = Extract<Block, { type: Type }>

const INDENT = 200
const hex = (colour: string): string => colour.replace('#', '').toUpperCase()

/** Text of a panel has the panel's line at its side and its ground behind it. */
function aside({ panel }: Setting): Pick<IParagraphOptions, 'border' | 'shading' | 'indent'> {
  if (!panel) return {}
  const { line, soft } = PANEL[panel]
  return {
    indent: { left: INDENT },
    border: { left: { style: BorderStyle.SINGLE, size: 18, space: 8, color: hex(line) } },
    shading: { type: 'clear', fill: hex(soft), color: 'auto' },
  }
}

export const blocks = (all: readonly Block[], setting: Setting): Part[] => all.flatMap((block) => parts(block, setting))

function parts(block: Block, setting: Setting): Part[] {
  const side = aside(setting)
  switch (block.type) {
    case 'heading':
      return [heading(block, setting)]
    case 'paragraph':
      return [
        paragraph(
          block.text,
          {
            ...(block.tone === 'note' ? { size: SIZE.small, color: COLOUR.muted } : {}),
            ...(block.tone === 'lead' ? { size: 24, color: COLOUR.muted } : {}),
            ...(block.tone === 'quote' ? { italics: true } : {}),
          },
          block.tone === 'quote' && !setting.panel ? { ...side, indent: { left: 400 } } : side,
        ),
      ]
    case 'facts':
      return [facts(block.rows, setting.width, setting.panel ? INDENT : 0), gap()]
    case 'table':
      return table(block, setting)
    case 'list':
      return list(block, setting)
    case 'band':
      return [
        paragraph(block.words, { bold: true, size: 25, color: hex(BAND[block.band]) }, { ...side, keepNext: true }),
        paragraph(block.note, { size: SIZE.small, color: COLOUR.muted }, side),
      ]
    case 'strip':
      return figure(block.picture, setting)
    case 'drawing':
      return drawing(block, setting)
    case 'pictures':
      return block.pictures.flatMap((picture) => figure(picture, setting))
    case 'panel': {
      const inside = { ...setting, panel: block.by }
      return [
        paragraph(
          block.title,
          { bold: true, color: hex(PANEL[block.by].line) },
          { ...aside(inside), keepNext: true, spacing: { before: 160, after: 80 } },
        ),
        ...blocks(block.blocks, inside),
        gap(),
      ]
    }
  }
}

/** Word joins tables that touch. */
const gap = (): Paragraph => new Paragraph({ spacing: { before: 0, after: 60, line: 120 }, children: [] })

function heading({ level, text, tag, newPage }: Of<'heading'>, setting: Setting): Paragraph {
  const small = { size: SIZE.tiny, color: COLOUR.muted, bold: false }
  const words = runs(text)
  return new Paragraph({
    ...aside(setting),
    heading: level === 2 ? HeadingLevel.HEADING_2 : HeadingLevel.HEADING_3,
    pageBreakBefore: newPage ?? false,
    children: !tag
      ? words
      : level === 2
        ? [new TextRun({ text: `${tag} `, color: COLOUR.muted }), ...words]
        : [...words, new TextRun({ text: ` ${tag}`, ...small })],
  })
}

const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }
const rule = { style: BorderStyle.SINGLE, size: 4, color: COLOUR.rule }
const BORDERS: ITableBordersOptions = {
  top: none,
  left: none,
  right: none,
  bottom: none,
  insideHorizontal: rule,
  insideVertical: none,
}

const cell = (content: Paragraph, width: number): TableCell =>
  new TableCell({
    width: { size: Math.round(width), type: WidthType.DXA },
    margins: { top: 30, bottom: 30, left: 0, right: 100 },
    children: [content],
  })

const grid = (rows: TableRow[], widths: readonly number[], indent: number): Table =>
  new Table({
    rows,
    columnWidths: widths.map(Math.round),
    width: { size: Math.round(widths.reduce((a, b) => a + b, 0)), type: WidthType.DXA },
    indent: { size: indent, type: WidthType.DXA },
    layout: TableLayoutType.FIXED,
    borders: BORDERS,
  })

const LABEL = 2100

export function facts(rows: readonly Fact[], width: number, indent = 0): Table {
  const widths = [LABEL, width - LABEL - indent]
  return grid(
    rows.map(
      ({ label, value, mono }) =>
        new TableRow({
          children: [
            cell(paragraph(label, { color: COLOUR.muted }, { spacing: { after: 0 } }), widths[0]!),
            cell(paragraph(value, mono ? { font: MONO, size: SIZE.small } : {}, { spacing: { after: 0 } }), widths[1]!),
          ],
        }),
    ),
    widths,
    indent,
  )
}

function table({ caption, columns, rows }: Of<'table'>, setting: Setting): Part[] {
  const indent = setting.panel ? INDENT : 0
  const shares = columns.reduce((sum, { share }) => sum + share, 0)
  const widths = columns.map(({ share }) => ((setting.width - indent) * share) / shares)
  const head = new TableRow({
    tableHeader: true,
    children: columns.map(({ label }, place) =>
      cell(paragraph(label, { size: SIZE.tiny, color: COLOUR.muted }, { spacing: { after: 0 } }), widths[place]!),
    ),
  })
  const body = rows.map(
    (row) =>
      new TableRow({
        cantSplit: true,
        children: columns.map(({ mono, own }, place) =>
          cell(
            paragraph(
              row[place] ?? '',
              mono ? { font: MONO, size: SIZE.tiny - 2 } : { size: SIZE.small },
              { spacing: { after: 0 } },
              own,
            ),
            widths[place]!,
          ),
        ),
      }),
  )
  return [...titled(caption, setting), grid([head, ...body], widths, indent), gap()]
}

const titled = (caption: string | undefined, setting: Setting): Paragraph[] =>
  caption
    ? [
        paragraph(
          caption,
          { bold: true, size: SIZE.small },
          { ...aside(setting), keepNext: true, spacing: { before: 100, after: 30 } },
        ),
      ]
    : []

function list({ caption, items }: Of<'list'>, setting: Setting): Part[] {
  const side = aside(setting)
  return [
    ...titled(caption, setting),
    ...items.map(({ text, badge, detail }) => {
      const said = badge
        ? [
            new TextRun({
              text: `${setting.words.badge[badge]}  `,
              bold: badge === 'strong',
              size: SIZE.small,
              color: hex(BADGE[badge]),
            }),
          ]
        : [new TextRun({ text: '•  ', color: COLOUR.muted })]
      return new Paragraph({
        ...side,
        indent: { left: (setting.panel ? INDENT : 0) + 280, hanging: 280 },
        children: [
          ...said,
          ...runs(text),
          ...(detail ? [new TextRun({ break: 1 }), ...runs(detail, { size: SIZE.tiny, color: COLOUR.muted })] : []),
        ],
      })
    }),
  ]
}

/** Vectors, and pixels beside them for programs that draw no vectors. */
function drawing({ drawing: { width, height, description }, caption }: Of<'drawing'>, setting: Setting): Part[] {
  const side = aside(setting)
  const drawn = setting.drawings.get(description + caption)
  const room = (setting.width - (setting.panel ? INDENT : 0)) / 20
  const scale = (Math.min(room / width, 1) * 96) / 72
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const words = paragraph(caption, { size: SIZE.tiny, color: COLOUR.muted }, side)
  if (!drawn) return [words]
  const image = new ImageRun({
    type: 'svg',
    data: Buffer.from(drawn.svg),
    transformation: size,
    fallback: { type: 'png', data: Buffer.from(drawn.png) },
    altText: { name: 'drawing', title: plain(description), description: plain(description) },
  })
  return [new Paragraph({ ...side, keepNext: true, children: [image] }), words]
}

const plain = (text: string): string => text.replace(/[\u2066\u2068\u2069]/g, '')

/** At most as wide as the text and 300 points high; none blown up. Pixels of the format are 96 an inch. */
function figure(picture: Picture, setting: Setting): Part[] {
  const side = aside(setting)
  const found = setting.pictures.get(picture.sha256)
  const caption = found ? picture.caption : picture.caption + setting.words.pictureGone
  const words = paragraph(caption, { size: SIZE.tiny, color: COLOUR.muted }, side)
  if (!found) return [words]
  const room = ((setting.width - (setting.panel ? INDENT : 0)) / 20 / 72) * 96
  const scale = Math.min(room / found.width, 400 / found.height, 1)
  const alt = plain(picture.caption)
  const image = new ImageRun({
    type: found.mime === 'image/png' ? 'png' : 'jpg',
    data: Buffer.from(found.bytes),
    transformation: { width: Math.round(found.width * scale), height: Math.round(found.height * scale) },
    altText: { name: picture.sha256, title: alt, description: alt },
  })
  return [new Paragraph({ ...side, keepNext: true, children: [image] }), words]
}
