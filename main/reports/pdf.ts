/** A report as PDF: A4, the handling mark at head and foot of every page, bookmarks, fonts inside. */
import { Document, Page, renderToBuffer, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { instant } from './content/words.ts'
import type { ReportDocument } from './document.ts'
import { TLP_COLOURS } from './html/style.ts'
import { blocks } from './pdf/blocks.ts'
import { facts } from './pdf/rows.ts'
import { text, type Setting } from './pdf/setting.ts'
import { loadFonts } from './pdf/fonts.ts'
import { ACCENT, INK, LINE, MUTED, page, RULE, SIZE } from './pdf/style.ts'
import type { RenderInput } from './formats.ts'
import type { RenderedPictures } from './pictures.ts'

export const pdfReport = ({ document, pictures }: RenderInput): Promise<Uint8Array> => renderPdf(document, pictures)

/** Renders the document. Equal documents and pictures give equal bytes. */
export async function renderPdf(document: ReportDocument, pictures: RenderedPictures): Promise<Uint8Array> {
  const fonts = await loadFonts()
  const known = new Map<number, boolean>()
  const setting: Setting = {
    pictures,
    has(codePoint) {
      let answer = known.get(codePoint)
      if (answer === undefined)
        known.set(codePoint, (answer = fonts.some((font) => font.hasGlyphForCodePoint(codePoint))))
      return answer
    },
  }
  const made = new Date(document.generatedAt)
  return renderToBuffer(
    h(
      Document,
      {
        title: document.title,
        subject: `Case report, TLP:${document.tlp}`,
        creator: document.producer,
        producer: document.producer,
        creationDate: made,
        modificationDate: made,
        language: 'en',
        pageMode: 'useOutlines',
      },
      h(
        Page,
        {
          size: 'A4',
          style: page,
          layout: ({ children, pageNumber, totalPages }) =>
            h(
              View,
              { style: { flexGrow: 1 } },
              head(setting, document),
              h(View, { style: { flexGrow: 1 } }, children),
              foot(setting, document, `Page ${pageNumber ?? 1} of ${totalPages ?? 1}`),
            ),
        },
        titleBlock(setting, document),
        ...document.sections.flatMap((section) => [
          h(
            View,
            {
              key: section.id,
              wrap: false,
              break: section.newPage ?? false,
              minPresenceAhead: 140,
              bookmark: section.title,
              style: { borderBottom: `1.2 solid ${INK}`, marginTop: 22, marginBottom: 8, paddingBottom: 3 },
            } as object,
            text(setting, section.title, { fontSize: SIZE.section, fontWeight: 700 }),
          ),
          ...blocks(setting, section.blocks),
        ]),
      ),
    ),
  )
}

const mark = (tlp: ReportDocument['tlp']): ReactElement =>
  h(
    Text,
    {
      style: {
        backgroundColor: '#000000',
        color: TLP_COLOURS[tlp],
        fontWeight: 700,
        fontSize: SIZE.small,
        lineHeight: LINE,
        paddingHorizontal: 5,
        paddingVertical: 1,
      },
    },
    `TLP:${tlp}`,
  )

const margin = { flexDirection: 'row', justifyContent: 'space-between', alignItems: 'center' } as const

function head(setting: Setting, document: ReportDocument): ReactElement {
  return h(
    View,
    { style: { ...margin, marginBottom: 14, paddingBottom: 6, borderBottom: `0.5 solid ${RULE}` } },
    mark(document.tlp),
    text(setting, document.title, {
      fontSize: SIZE.small,
      color: MUTED,
      maxLines: 1,
      textOverflow: 'ellipsis',
      maxWidth: 380,
    }),
  )
}

function foot(setting: Setting, document: ReportDocument, place: string): ReactElement {
  return h(
    View,
    { style: { ...margin, marginTop: 12, paddingTop: 6, borderTop: `0.5 solid ${RULE}` } },
    mark(document.tlp),
    text(setting, `${document.producer}, ${instant(document.generatedAt)}`, { fontSize: SIZE.small, color: MUTED }),
    h(Text, { style: { fontSize: SIZE.small, lineHeight: LINE, color: MUTED, width: 90, textAlign: 'right' } }, place),
  )
}

function titleBlock(setting: Setting, document: ReportDocument): ReactElement {
  return h(
    View,
    {},
    h(
      Text,
      { style: { color: ACCENT, fontSize: SIZE.body, fontWeight: 700, lineHeight: LINE, marginTop: 4 } },
      'Case report',
    ),
    text(setting, document.title, { fontSize: SIZE.title, fontWeight: 700, lineHeight: 1.25, marginVertical: 6 }),
    document.question
      ? text(setting, document.question, { fontSize: SIZE.lead, color: MUTED, marginBottom: 8 }, 'paragraph')
      : null,
    text(setting, `TLP:${document.tlp}. ${document.handling}`, { fontSize: SIZE.small, color: MUTED, marginBottom: 4 }),
    facts(setting, document.facts),
  )
}
