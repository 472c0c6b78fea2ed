/** The PDF file itself, as pdfkit writes it: what it says of itself, its bookmarks, and page content that can wait. */
import { PDFDocument, type PdfOutline } from 'pdfkit'
import { escapeXml } from '../drawing/escape-xml.ts'
import { Sink } from './sink.ts'

export interface About {
  readonly title: string
  readonly subject: string
  readonly producer: string
  /** BCP 47. */
  readonly language: string
  readonly at: Date
}

/** Isolates of `name()`: what is shown outside of the pages is no running text. */
export const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '')

export class Writer extends PDFDocument {
  readonly #about: About
  readonly #sink = new Sink()
  #content: string[] = []

  constructor(about: About) {
    super({
      pdfVersion: '1.7',
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      font: null,
      lang: about.language,
      tagged: true,
      displayTitle: true,
      info: {
        Title: plain(about.title),
        Subject: about.subject,
        Creator: about.producer,
        Producer: about.producer,
        CreationDate: about.at,
        ModDate: about.at,
      },
    })
    this.#about = about
    Object.assign(this.outline.outlineData, { Type: 'Outlines', Count: 0 })
    const begun = this.read() as Uint8Array | null
    if (begun) this.#sink.add(begun)
    this.resume()
  }

  /** Kept until it is taken: what lies under a text is known after it. */
  override addContent(operators: string): this {
    this.#content.push(operators)
    return this
  }

  /** The file is a stream of one short line after the other; here they go where they take no room of their own. */
  override push(chunk: Uint8Array | null): boolean {
    if (!chunk) return super.push(chunk)
    // What is written before this object is made whole: the first lines of the file.
    if (!(#sink in this)) return super.push(chunk)
    this.#sink.add(chunk)
    return true
  }

  /** What was drawn since the last time. */
  drawn(): string[] {
    const taken = this.#content
    this.#content = []
    return taken
  }

  /** @returns the whole file */
  finish(): Promise<Uint8Array> {
    const whole = new Promise<Uint8Array>((resolve, reject) => {
      this.once('end', () => resolve(this.#sink.whole()))
      this.once('error', reject)
    })
    countBookmarks(this.outline)
    this.end()
    return whole
  }

  /** XMP (ISO 16684-1). What pdfkit would write does not escape the title. */
  override endMetadata(): void {
    const { title, subject, producer, at } = this.#about
    const alternatives = (name: string, text: string): string =>
      `<dc:${name}><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(plain(text))}</rdf:li></rdf:Alt></dc:${name}>`
    const made = `${at.toISOString().slice(0, 19)}Z`
    this.metadataRef = this.ref({ Type: 'Metadata', Subtype: 'XML' })
    Object.assign(this.metadataRef, { compress: false })
    this.metadataRef.end(
      new TextEncoder().encode(
        `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
${alternatives('title', title)}
${alternatives('description', subject)}
<xmp:CreateDate>${made}</xmp:CreateDate><xmp:ModifyDate>${made}</xmp:ModifyDate><xmp:CreatorTool>${escapeXml(producer)}</xmp:CreatorTool>
<pdf:Producer>${escapeXml(producer)}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`,
      ),
    )
    this._root.data['Metadata'] = this.metadataRef
  }
}

/** Sections are open and what is in them is closed (ISO 32000-1, table 153); pdfkit does not count. */
function countBookmarks(root: PdfOutline): void {
  const close = ({ outlineData, children }: PdfOutline): void => {
    if (children.length) outlineData['Count'] = -children.length
    children.forEach(close)
  }
  close(root)
  let seen = 0
  for (const { outlineData, children } of root.children) {
    if (children.length) outlineData['Count'] = children.length
    seen += 1 + children.length
  }
  root.outlineData['Count'] = seen
}
