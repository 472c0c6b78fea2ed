/** A report as one self-contained HTML file: no script, no address outside itself, fonts and pictures inside. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Block, Fact, FrameWords, Picture, ReportDocument } from './document.ts'
import { drawingSvg } from './drawing/svg.ts'
import { faceFile, facesFor, unicodeRange, WEIGHTS } from './fonts.ts'
import { style } from './html/style.ts'
import type { RenderInput } from './formats.ts'
import type { RenderedPictures } from './pictures.ts'

/** Text for element content and quoted attributes. Isolates of `name()` become elements. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\u2068', '<bdi>')
    .replaceAll('\u2066', '<bdi lang="en" dir="ltr">')
    .replaceAll('\u2069', '</bdi>')

/** The same for attribute values, which hold no elements. */
const attribute = (text: string): string => escapeHtml(text.replace(/[\u2066\u2068\u2069]/g, ''))

export const htmlReport = ({ document, pictures }: RenderInput): Uint8Array => renderHtml(document, pictures)

/** Around the name of a picture in the text, where its data will stand; no text has such characters (neutralised.ts). */
const DATA = '\u0001'

/** Renders the document. Pictures that are not given are named, not shown. */
export function renderHtml(document: ReportDocument, pictures: RenderedPictures): Uint8Array {
  const body = bodyOf(document, pictures)
  const css = style(document.tlp, fontFaces(body), document.words.page)
  const policy = [
    "default-src 'none'",
    'img-src data:',
    'font-src data:',
    `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return withData(
    `<!doctype html>
<html lang="${document.words.language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${escapeHtml(document.producer)}">
<title>${escapeHtml(document.title)}, TLP:${document.tlp}</title>
<style>${css}</style>
</head>
<body>
${body}
</body>
</html>
`,
    pictures,
  )
}

/**
 * The text as bytes, each picture written in as Base64. In one piece of memory of the right size: as one string, pictures
 * and text would take several times as much, and every letter of the pictures would be looked at for its font.
 */
function withData(text: string, pictures: RenderedPictures): Uint8Array {
  const parts = text.split(DATA)
  const dataOf = (place: number): Uint8Array | undefined => (place % 2 ? pictures.get(parts[place]!)?.bytes : undefined)
  const lengths = parts.map((part, place) => {
    const data = dataOf(place)
    return data ? 4 * Math.ceil(data.length / 3) : Buffer.byteLength(part)
  })
  const whole = Buffer.alloc(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  parts.forEach((part, place) => {
    const data = dataOf(place)
    if (data) whole.write(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'), at, 'latin1')
    else whole.write(part, at)
    at += lengths[place]!
  })
  return whole
}

interface Setting {
  readonly pictures: RenderedPictures
  readonly words: FrameWords
}

function bodyOf(document: ReportDocument, pictures: RenderedPictures): string {
  const { words } = document
  const setting = { pictures, words }
  const mark = `<span class="mark">TLP:${document.tlp}</span>`
  const line = (right: string): string => `<div class="handling">${mark}<span>${right}</span></div>`
  // A table so that head and foot, and with them the handling mark, are printed on every page by every browser.
  return `<div class="sheet"><table class="frame" role="presentation">
<thead><tr><td>${line(`<bdi>${escapeHtml(document.title)}</bdi>`)}</td></tr></thead>
<tfoot><tr><td>${line(`${escapeHtml(words.made)}`)}</td></tr></tfoot>
<tbody><tr><td><main>
<header>
<p class="kind">${escapeHtml(words.kind)}</p>
<h1 dir="auto">${escapeHtml(document.title)}</h1>
${document.question ? `<p class="lead" dir="auto">${escapeHtml(document.question)}</p>` : ''}
<p class="note">TLP:${document.tlp}. ${escapeHtml(document.handling)}</p>
${facts(document.facts)}
<nav aria-label="${attribute(words.sections)}">${document.sections.map((s) => `<a href="#${s.id}">${escapeHtml(s.title)}</a>`).join('')}</nav>
</header>
${document.sections
  .map(
    (section) => `<section id="${section.id}"${section.newPage ? ' class="page"' : ''}>
<h2>${escapeHtml(section.title)}</h2>
${section.blocks.map((block) => html(block, setting)).join('\n')}
</section>`,
  )
  .join('\n')}
</main></td></tr></tbody></table></div>`
}

function html(block: Block, setting: Setting): string {
  switch (block.type) {
    case 'heading': {
      const tag = block.tag ? `<span class="tag">${escapeHtml(block.tag)}</span>` : ''
      const words = `<bdi>${escapeHtml(block.text)}</bdi>`
      const level = block.level + 1
      const page = block.newPage ? ' class="page"' : ''
      return `<h${level}${page}>${block.level === 2 ? tag + words : words + tag}</h${level}>`
    }
    case 'paragraph':
      return `<p${block.tone ? ` class="${block.tone}"` : ''} dir="auto">${escapeHtml(block.text)}</p>`
    case 'facts':
      return facts(block.rows)
    case 'table':
      return table(block)
    case 'list':
      return `${block.caption ? `<p class="caption">${escapeHtml(block.caption)}</p>` : ''}<ul${
        block.items.some((item) => item.badge) ? ' class="observed"' : ''
      }>${block.items.map((item) => listItem(item, setting)).join('')}</ul>`
    case 'band':
      return `<p class="band ${block.band}"><strong>${escapeHtml(block.words)}</strong><span class="note">${escapeHtml(block.note)}</span></p>`
    case 'strip':
      return figure(block.picture, setting)
    case 'drawing':
      return drawing(block)
    case 'pictures':
      return `<div class="gallery">${block.pictures.map((picture) => figure(picture, setting)).join('')}</div>`
    case 'panel':
      return `<section class="panel ${block.by}"><p class="title" dir="auto">${escapeHtml(block.title)}</p>${block.blocks
        .map((inner) => html(inner, setting))
        .join('\n')}</section>`
  }
}

function listItem(
  { text, badge, detail }: Extract<Block, { type: 'list' }>['items'][number],
  { words }: Setting,
): string {
  const rest = detail ? `<span class="detail" dir="auto">${escapeHtml(detail)}</span>` : ''
  const said = `<span dir="auto">${escapeHtml(text)}</span>${rest}`
  return badge
    ? `<li><span class="badge ${badge}">${escapeHtml(words.badge[badge])}</span><div>${said}</div></li>`
    : `<li>${said}</li>`
}

const facts = (rows: readonly Fact[]): string =>
  `<dl>${rows
    .map(
      ({ label, value, mono }) =>
        `<dt>${escapeHtml(label)}</dt><dd dir="auto"${mono ? ' class="mono"' : ''}>${escapeHtml(value)}</dd>`,
    )
    .join('')}</dl>`

type Column = Extract<Block, { type: 'table' }>['columns'][number]

function table({ caption, columns, rows }: Extract<Block, { type: 'table' }>): string {
  const title = caption ? `<caption>${escapeHtml(caption)}</caption>` : ''
  const head = columns.map(({ label }) => `<th scope="col">${escapeHtml(label)}</th>`).join('')
  const body = rows.map((row) => `<tr>${columns.map((column, place) => cell(column, row[place] ?? '')).join('')}</tr>`)
  return `<div class="scroll"><table class="data">${title}<thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

function cell({ own, mono }: Column, value: string): string {
  // Short ones stay on one line; only words too long for any column may be broken inside.
  const name = mono ? 'mono' : value.length <= 18 ? 'short' : /\S{20}/.test(value) ? 'long' : ''
  return `<td dir="${own ? 'ltr' : 'auto'}"${name ? ` class="${name}"` : ''}>${escapeHtml(value)}</td>`
}

function figure(picture: Picture, { pictures, words }: Setting): string {
  const found = pictures.get(picture.sha256)
  const caption = escapeHtml(picture.caption)
  if (!found) return `<figure><figcaption dir="auto">${caption}${escapeHtml(words.pictureGone)}</figcaption></figure>`
  return `<figure><img src="data:${found.mime};base64,${DATA}${picture.sha256}${DATA}" width="${found.width}" height="${found.height}" alt="${attribute(picture.caption)}"><figcaption dir="auto">${caption}</figcaption></figure>`
}

function drawing({ drawing: drawn, caption }: Extract<Block, { type: 'drawing' }>): string {
  return `<figure class="drawn">${drawingSvg(drawn)}<figcaption dir="auto">${escapeHtml(caption)}</figcaption></figure>`
}

/** Only the subsets whose characters occur. */
const fontFaces = (text: string): string =>
  facesFor(text)
    .flatMap((face) =>
      WEIGHTS.map((weight) => {
        const data = readFileSync(faceFile(face, weight, 'woff2')).toString('base64')
        return `@font-face{font-family:Report;font-weight:${weight};font-display:block;src:url(data:font/woff2;base64,${data}) format("woff2");unicode-range:${unicodeRange(face)}}`
      }),
    )
    .join('\n')
