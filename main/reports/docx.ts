/**
 * A report as an editable Word document (ISO/IEC 29500): styles for headings, true tables, the mark and page numbers at
 * head and foot. It holds no fields but page numbers, no links, no macros, nothing that is fetched.
 */
import {
  AlignmentType,
  Document,
  Footer,
  Header,
  HeadingLevel,
  Packer,
  PageNumber,
  Paragraph,
  TabStopType,
  TextRun,
} from 'docx'
import type { ReportLanguage } from '../contract/report-layout.ts'
import type { ReportDocument } from './document.ts'
import { blocks, facts } from './docx/blocks.ts'
import { drawFigures } from './docx/drawings.ts'
import { COLOUR, FONT, paragraph, runs, SIZE } from './docx/text.ts'
import type { RenderInput } from './formats.ts'
import { TLP_COLOURS } from './html/style.ts'
import type { RenderedPictures } from './pictures.ts'

export const docxReport = ({ document, pictures }: RenderInput): Promise<Uint8Array> => renderDocx(document, pictures)

/** Word knows languages by country only. */
const LOCALES: Readonly<Record<ReportLanguage, string>> = { en: 'en-GB', fr: 'fr-FR', de: 'de-DE', es: 'es-ES' }

/** @param template with `{page}` and `{pages}` */
const pageNumber = (template: string): string[] =>
  template
    .split(/(\{pages?\})/)
    .map((part) => (part === '{page}' ? PageNumber.CURRENT : part === '{pages}' ? PageNumber.TOTAL_PAGES : part))

/** A4 with 20 mm at the sides, in twentieths of a point. */
const PAGE = { width: 11_906, height: 16_838, side: 1134 }
const WIDTH = PAGE.width - 2 * PAGE.side

export async function renderDocx(document: ReportDocument, pictures: RenderedPictures): Promise<Uint8Array> {
  const drawings = await drawFigures(document)
  const locale = LOCALES[document.words.language]
  const tabs = [{ type: TabStopType.RIGHT, position: WIDTH }]
  const margin = { size: SIZE.small, color: COLOUR.muted }
  const heading = (size: number) => ({ run: { size, bold: true, font: FONT }, paragraph: { keepNext: true } })
  const file = new Document({
    title: document.title,
    subject: document.words.subject,
    creator: document.producer,
    lastModifiedBy: document.producer,
    description: document.handling,
    styles: {
      default: {
        document: {
          run: { font: FONT, size: SIZE.body, language: { value: locale } },
          paragraph: { spacing: { after: 80 } },
        },
        title: { run: { size: 44, bold: true, font: FONT }, paragraph: { spacing: { after: 120 } } },
        heading1: { ...heading(30), paragraph: { keepNext: true, spacing: { before: 360, after: 120 } } },
        heading2: { ...heading(25), paragraph: { keepNext: true, spacing: { before: 280, after: 80 } } },
        heading3: { ...heading(22), paragraph: { keepNext: true, spacing: { before: 200, after: 60 } } },
      },
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: PAGE.width, height: PAGE.height },
            margin: { top: 1300, bottom: 1200, left: PAGE.side, right: PAGE.side, header: 600, footer: 500 },
          },
        },
        headers: {
          default: new Header({
            children: [
              new Paragraph({
                tabStops: tabs,
                children: [mark(document.tlp), new TextRun({ text: '\t' }), ...runs(document.title, margin)],
              }),
            ],
          }),
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                tabStops: tabs,
                children: [
                  mark(document.tlp),
                  new TextRun({ ...margin, text: ` ${document.words.made}` }),
                  new TextRun({
                    ...margin,
                    children: ['\t', ...pageNumber(document.words.page)],
                  }),
                ],
              }),
            ],
          }),
        },
        children: [
          paragraph(document.words.kind, { bold: true, color: COLOUR.accent }),
          paragraph(document.title, {}, { heading: HeadingLevel.TITLE, alignment: AlignmentType.START }),
          ...(document.question ? [paragraph(document.question, { size: 24, color: COLOUR.muted })] : []),
          paragraph(`TLP:${document.tlp}. ${document.handling}`, { size: SIZE.small, color: COLOUR.muted }),
          facts(document.facts, WIDTH),
          ...document.sections.flatMap((section) => [
            paragraph(
              section.title,
              {},
              { heading: HeadingLevel.HEADING_1, pageBreakBefore: section.newPage ?? false },
            ),
            ...blocks(section.blocks, { pictures, drawings, words: document.words, width: WIDTH, panel: null }),
          ]),
        ],
      },
    ],
  })
  return Packer.toBuffer(file)
}

/** TLP 2.0: its colour on black. */
const mark = (tlp: ReportDocument['tlp']): TextRun =>
  new TextRun({
    text: `TLP:${tlp}`,
    bold: true,
    size: SIZE.small,
    color: TLP_COLOURS[tlp].slice(1),
    shading: { type: 'clear', fill: '000000', color: 'auto' },
  })
