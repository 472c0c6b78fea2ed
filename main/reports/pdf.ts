/** A report as PDF: A4, the handling mark at head and foot of every page, bookmarks, fonts inside. */
import { Document, Page, renderToBuffer, Text, View } from '@react-pdf/renderer'
import { createElement as h, Fragment, type ReactElement } from 'react'
import type { DocumentSection, ReportDocument } from './document.ts'
import { TLP_COLOURS } from './html/style.ts'
import { blocks } from './pdf/blocks.ts'
import { facts } from './pdf/rows.ts'
import { text, type Setting } from './pdf/setting.ts'
import { loadFonts } from './pdf/fonts.ts'
import { joinPdfs } from './pdf/join.ts'
import { ACCENT, INK, LINE, MUTED, page, RULE, SIZE } from './pdf/style.ts'
import type { RenderInput } from './formats.ts'
import type { RenderedPictures } from './pictures.ts'

export const pdfReport = ({ document, pictures }: RenderInput): Promise<Uint8Array> => renderPdf(document, pictures)

/** Items of evidence in one part: so many pages that what each part needs beside them does not count. */
const ITEMS = 3
/** From so many parts on, a second thread is worth its start. */
const BESIDE = 4
/** Where the number of a page stands. */
const NUMBERS = { right: page.paddingHorizontal, bottom: page.paddingBottom + 4.5, size: 8, colour: rgb(MUTED) }

/** A stretch of the report that begins on a page of its own. */
export interface PdfPart {
  readonly first: boolean
  /** `heading`: the section begins here, and does not go on from the part before. */
  readonly sections: readonly { readonly section: DocumentSection; readonly heading: boolean }[]
}

/** Renders the document. Equal documents and pictures give equal bytes. */
export async function renderPdf(document: ReportDocument, pictures: RenderedPictures): Promise<Uint8Array> {
  const parts = partsOf(document)
  if (parts.length < BESIDE) {
    const made: Uint8Array[] = []
    for (const part of parts) made.push(await renderPart(document, part, pictures))
    return joinPdfs(made, { ...NUMBERS, words: document.words.page })
  }
  // Every other part is made beside, in a second thread.
  const { besides } = await import('./pdf/beside.ts')
  const mine = parts.map((_, n) => n % 2 === 0)
  const beside = besides(
    document,
    parts.filter((_, n) => !mine[n]),
    pictures,
  )
  const own: Uint8Array[] = []
  try {
    for (const part of parts.filter((_, n) => mine[n])) own.push(await renderPart(document, part, pictures))
  } catch (error) {
    await beside.end()
    throw error
  }
  const others = await beside.made
  return joinPdfs(
    parts.map((_, n) => (mine[n] ? own.shift()! : others.shift()!)),
    { ...NUMBERS, words: document.words.page },
  )
}

/** Cut where a page begins anyway: before an item of evidence, and after the last one of a long row. */
export function partsOf({ sections }: ReportDocument): PdfPart[] {
  const parts: { first: boolean; sections: { section: DocumentSection; heading: boolean }[] }[] = [
    { first: true, sections: [] },
  ]
  for (const section of sections) {
    const cuts = section.blocks.flatMap((block, at) => (block.type === 'heading' && block.newPage ? [at] : []))
    const chosen = cuts.filter((_, n) => n % ITEMS === ITEMS - 1)
    const bounds = [0, ...chosen, section.blocks.length]
    for (let n = 0; n + 1 < bounds.length; n++) {
      if (n > 0) parts.push({ first: false, sections: [] })
      const blocks = section.blocks.slice(bounds[n], bounds[n + 1])
      parts.at(-1)!.sections.push({ section: { ...section, blocks }, heading: n === 0 })
    }
    if (chosen.length) parts.push({ first: false, sections: [] })
  }
  return parts.filter((part) => part.first || part.sections.length)
}

/** One part as a PDF of its own, its pages without numbers. */
export async function renderPart(
  document: ReportDocument,
  part: PdfPart,
  pictures: RenderedPictures,
): Promise<Uint8Array> {
  const fonts = await loadFonts()
  const known = new Map<number, boolean>()
  const setting: Setting = {
    pictures,
    words: document.words,
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
        subject: document.words.subject,
        creator: document.producer,
        producer: document.producer,
        creationDate: made,
        modificationDate: made,
        language: document.words.language,
        pageMode: 'useOutlines',
      },
      h(
        Page,
        {
          size: 'A4',
          style: page,
          layout: ({ children }) =>
            h(
              View,
              { style: { flexGrow: 1 } },
              head(setting, document),
              h(View, { style: { flexGrow: 1 } }, children),
              foot(setting, document),
            ),
        },
        part.first ? titleBlock(setting, document) : null,
        ...part.sections.flatMap(({ section, heading }, place) => [
          heading ? sectionHeading(setting, section, (section.newPage ?? false) && (part.first || place > 0)) : null,
          ...blocks(setting, section.blocks).map((block, n) => h(Fragment, { key: `${section.id} ${n}` }, block)),
        ]),
      ),
    ),
  )
}

const sectionHeading = (setting: Setting, section: DocumentSection, newPage: boolean): ReactElement =>
  h(
    View,
    {
      key: section.id,
      wrap: false,
      break: newPage,
      minPresenceAhead: 60,
      bookmark: section.title,
      style: { borderBottom: `1.2 solid ${INK}`, marginTop: 22, marginBottom: 8, paddingBottom: 3 },
    } as object,
    text(setting, section.title, { fontSize: SIZE.section, fontWeight: 700 }),
  )

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

/** 0 to 1 each. */
function rgb(hex: string): [number, number, number] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as [number, number, number]
}

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

/** With room for the number of the page, which is put there when all pages are known. */
function foot(setting: Setting, document: ReportDocument): ReactElement {
  return h(
    View,
    { style: { ...margin, marginTop: 12, paddingTop: 6, borderTop: `0.5 solid ${RULE}` } },
    mark(document.tlp),
    text(setting, document.words.made, { fontSize: SIZE.small, color: MUTED }),
    h(View, { style: { width: 90 } }),
  )
}

function titleBlock(setting: Setting, document: ReportDocument): ReactElement {
  return h(
    View,
    {},
    h(
      Text,
      { style: { color: ACCENT, fontSize: SIZE.body, fontWeight: 700, lineHeight: LINE, marginTop: 4 } },
      document.words.kind,
    ),
    text(setting, document.title, { fontSize: SIZE.title, fontWeight: 700, lineHeight: 1.25, marginVertical: 6 }),
    document.question
      ? text(setting, document.question, { fontSize: SIZE.lead, color: MUTED, marginBottom: 8 }, 'paragraph')
      : null,
    text(setting, `TLP:${document.tlp}. ${document.handling}`, { fontSize: SIZE.small, color: MUTED, marginBottom: 4 }),
    facts(setting, document.facts),
  )
}
