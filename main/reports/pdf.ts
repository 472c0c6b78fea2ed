/** A report as PDF: A4, the handling mark at head and foot of every page, bookmarks, tags, fonts inside. */
import type { DocumentSection, ReportDocument } from './document.ts'
import type { RenderInput } from './formats.ts'
import { blocks, facts, paragraph } from './pdf/blocks.ts'
import { setPages, type Piece } from './pdf/flow.ts'
import { marginsOf } from './pdf/margins.ts'
import { Paper } from './pdf/paper.ts'
import type { PicturePlace } from './pdf/place.ts'
import { cell, ended, row } from './pdf/rows.ts'
import { look, setText } from './pdf/setting.ts'
import { ACCENT, BODY, INK, PAGE, SIZE, WIDTH } from './pdf/style.ts'
import type { Surface } from './pdf/surface.ts'
import type { RenderedPictures } from './pictures.ts'

export const pdfReport = ({ document, pictures }: RenderInput): Promise<Uint8Array> => renderPdf(document, pictures)

/** Renders the document. Equal documents and pictures give equal bytes. */
export function renderPdf(document: ReportDocument, pictures: RenderedPictures): Promise<Uint8Array> {
  const about = {
    title: document.title,
    subject: document.words.subject,
    producer: document.producer,
    language: document.words.language,
    at: new Date(document.generatedAt),
  }
  const paper = new Paper(about, marginsOf(document))
  setReport(paper, document, pictures)
  return paper.finish()
}

/** In one pass: each page is done with when the next one begins. */
export function setReport(surface: Surface, document: ReportDocument, pictures: RenderedPictures): void {
  setPages(reportPieces(surface, document, pictures), BODY, surface)
}

function* reportPieces(surface: Surface, document: ReportDocument, pictures: RenderedPictures): Generator<Piece> {
  const all = { surface, words: document.words, pictures, frame: null, x: PAGE.side, width: WIDTH }
  const front = surface.document.child('Sect')
  yield* cover({ ...all, tag: front }, document)
  yield ended(null, front)
  for (const section of document.sections) {
    const tag = surface.document.child('Sect')
    yield* sectionPieces({ ...all, tag }, section)
    yield ended(null, tag)
  }
}

function* cover(place: PicturePlace, document: ReportDocument): Generator<Piece> {
  const { surface, tag, frame, x, width } = place
  const kind = setText(document.words.kind, look({ bold: true, colour: ACCENT }), width)
  const title = setText(document.title, look({ size: SIZE.title, bold: true, leading: 1.25 }), width)
  yield* row(surface, [cell(x, [kind, tag.child('P')])], { whole: 100, frame, stay: true })
  yield* row(surface, [cell(x, [title, tag.child('H1', { says: document.title })])], {
    whole: 200,
    frame,
    before: 6,
    after: 6,
  })
  if (document.question) yield* paragraph(place, { type: 'paragraph', text: document.question, tone: 'lead' })
  yield* paragraph(place, { type: 'paragraph', text: `TLP:${document.tlp}. ${document.handling}`, tone: 'note' })
  yield* facts(place, document.facts)
}

function* sectionPieces(
  place: PicturePlace,
  { title, newPage = false, blocks: all }: DocumentSection,
): Generator<Piece> {
  const { surface, tag, frame, x, width } = place
  const own = tag.child('H2', { says: title })
  const text = setText(title, look({ size: SIZE.section, bold: true }), width)
  yield* row(surface, [cell(x, [text, own])], {
    whole: 200,
    frame,
    before: 22,
    after: 8,
    stay: true,
    newPage,
    first: (top) => surface.bookmark(0, title, top),
    last: (bottom) => surface.rule({ x, y: bottom + 1, width, height: 1.2 }, INK),
  })
  yield ended(frame, own)
  yield* blocks(place, all, { level: 2 })
}
