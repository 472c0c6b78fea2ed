/**
 * A report as Markdown (CommonMark 0.31 with the tables of GFM): the same words, to paste into a wiki or to compare two
 * reports line by line. Pictures are named by their hash, not shown: a text file carries none.
 */
import type { Block, Fact, FrameWords, Picture, ReportDocument } from './document.ts'
import type { RenderInput } from './formats.ts'

export const markdownReport = ({ document }: RenderInput): Uint8Array => Buffer.from(renderMarkdown(document))

/**
 * Text that no reader takes for markup: marks that mean something anywhere are escaped (`<` and `&` among them, so that
 * neither HTML nor an entity can begin), those that mean something at the beginning of a line there, and addresses are
 * kept from becoming links (GFM 0.29, section 6.9). Isolates are dropped: in plain text they are only in the way.
 */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\u2066\u2068\u2069]/g, '')
    .replace(/[\\`*_[\]#|<>&~$@]/g, '\\$&')
    .replace(/:(?=\/\/)|\.(?<=\bwww\.)/gi, '\\$&')
    .replace(/^(\s*)([-+=])/gm, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/gm, '$1\\$2')

/** The same on one line, for headings, cells and list items. */
const line = (text: string): string => escapeMarkdown(text.replace(/\s*\n\s*/g, ' ')).trim()

/** In its own code span when every character counts; a hash holds nothing that could end it. */
const fixed = (text: string): string => (/^[\w:.-]+$/.test(text) ? `\`${text}\`` : line(text))

/** Begins with the language of the fixed words, as YAML that Pandoc and site generators read. */
export function renderMarkdown(document: ReportDocument): string {
  const { words } = document
  const mark = `**TLP:${line(document.tlp)}**`
  const parts = [
    `---\nlang: ${words.language}\n---`,
    mark,
    line(words.kind),
    `# ${line(document.title)}`,
    ...(document.question ? [line(document.question)] : []),
    `TLP:${line(document.tlp)}. ${line(document.handling)}`,
    facts(document.facts, words),
    ...document.sections.flatMap((section) => [
      `## ${line(section.title)}`,
      ...section.blocks.map((one) => block(one, words)),
    ]),
    '---',
    `${mark} ${line(words.made)}`,
  ]
  return parts.filter(Boolean).join('\n\n') + '\n'
}

function block(one: Block, words: FrameWords): string {
  switch (one.type) {
    case 'heading': {
      const tag = one.tag ? line(one.tag) : ''
      const said = [one.level === 2 ? tag : '', line(one.text), one.level === 2 ? '' : tag]
      return `${'#'.repeat(one.level + 1)} ${said.filter(Boolean).join(' ')}`
    }
    case 'paragraph': {
      const text = escapeMarkdown(one.text).trim()
      return one.tone === 'quote' ? quoted(text) : text
    }
    case 'facts':
      return facts(one.rows, words)
    case 'table':
      return [caption(one.caption), table(one)].filter(Boolean).join('\n\n')
    case 'list':
      return [caption(one.caption), one.items.map((each) => item(each, words)).join('\n')].filter(Boolean).join('\n\n')
    case 'band':
      return `**${line(one.words)}** ${line(one.note)}`
    case 'strip':
      return figure(one.picture)
    case 'drawing':
      // A text file carries no lines; what they show stands in the words and tables around them.
      return line(one.caption)
    case 'pictures':
      return one.pictures.map(figure).join('\n\n')
    case 'panel':
      return quoted([`**${line(one.title)}**`, ...one.blocks.map((inner) => block(inner, words))].join('\n\n'))
  }
}

const caption = (text: string | undefined): string => (text ? `**${line(text)}**` : '')

const quoted = (text: string): string =>
  text
    .split('\n')
    .map((one) => (one ? `> ${one}` : '>'))
    .join('\n')

const facts = (rows: readonly Fact[], { colon }: FrameWords): string =>
  rows
    .map(
      ({ label, value, mono }) =>
        `- ${line(label)}${colon}${mono ? fixed(value) : escapeMarkdown(value).replace(/\n+/g, '\n  ')}`,
    )
    .join('\n')

const item = ({ text, badge, detail }: Extract<Block, { type: 'list' }>['items'][number], words: FrameWords): string =>
  `- ${[badge ? `**${words.badge[badge]}**` : '', line(text), detail ? line(detail) : ''].filter(Boolean).join(' ')}`

function table({ columns, rows }: Extract<Block, { type: 'table' }>): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    row(columns.map(({ label }) => line(label))),
    row(columns.map(() => '---')),
    ...rows.map((cells) => row(columns.map(({ mono }, place) => (mono ? fixed : line)(cells[place] ?? '')))),
  ].join('\n')
}

const figure = ({ caption: words, sha256 }: Picture): string => `${line(words)} (\`${sha256}\`)`
