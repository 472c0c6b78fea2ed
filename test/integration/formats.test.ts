/** Every format made from one case: the same words in each, nothing in them that acts, and names that stay names. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromBuffer } from 'yauzl'
import { addEvidence, createCase } from '../../main/cases/cases.ts'
import { CaseFields } from '../../main/contract/cases.ts'
import { ReportFormat, ReportOptions } from '../../main/contract/reports.ts'
import { escapeMarkdown } from '../../main/reports/markdown.ts'
import { prepareReport } from '../../main/reports/render.ts'
import { addItem, NAMES, sampleCase, type SampleCase } from '../fixtures/sample-case.ts'
import { previewImport } from '../../main/cases/exchange/exchange.ts'
import { NASTY_NAMES, unzip } from '../fixtures/sealed-case.ts'
import { stixValidator, type StixObject } from '../fixtures/stix-schemas.ts'
import { hasProgram } from '../fixtures/has-program.ts'

/** Names that would act, or read as another, in one format or the other. */
const HOSTILE = [
  ...NASTY_NAMES.slice(0, 7),
  '=cmd|calc.mp4',
  '[link](javascript:alert(1)) ![x](http://example.org/x.png)',
  '| cell | `code` | # no heading *no* __emphasis__',
  '<script>alert(1)</script>.mp4',
  '1. no list',
]

let sample: SampleCase
const made = new Map<ReportFormat, Buffer>()
let scratch = ''
beforeAll(async () => {
  sample = await sampleCase()
  addEvidence(
    sample.lib,
    sample.caseId,
    HOSTILE.map((name) => addItem(sample.lib, name, { note: '' })),
    'analyst',
  )
  scratch = mkdtempSync(join(tmpdir(), 'assay-formats-'))
  const { render } = await prepareReport(
    sample.lib,
    ReportOptions.parse({ caseId: sample.caseId }),
    ReportFormat.options,
  )
  for (const format of ReportFormat.options) made.set(format, Buffer.from(await render(format)))
})
afterAll(() => {
  sample.remove()
  rmSync(scratch, { recursive: true, force: true })
})

type Made = ReadonlyMap<ReportFormat, Buffer>
const text = (format: ReportFormat, from: Made = made): string => from.get(format)!.toString('utf8')
const words = (all: string): string[] => all.match(/[\p{L}\p{M}\p{N}\u200c]+/gu) ?? []
const unescaped = (xml: string): string =>
  xml
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

/** What a reader of the HTML reads: not the list of sections, which others make themselves, nor the words in drawings. */
const htmlWords = (from: Made = made): string[] => {
  const main = /<main>([\s\S]*)<\/main>/
    .exec(text('html', from))![1]!
    .replace(/<nav[\s\S]*?<\/nav>|<svg[\s\S]*?<\/svg>/g, '')
  return words(unescaped(main.replace(/<\/?(bdi|strong)\b[^>]*>/g, '').replace(/<[^>]*>/g, ' ')))
}

function docxParts(from: Made = made): Promise<Map<string, string>> {
  return new Promise((resolve, reject) =>
    fromBuffer(from.get('docx')!, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error)
      const parts = new Map<string, string>()
      zip.on('end', () => resolve(parts))
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed)
          const chunks: Buffer[] = []
          stream.on('data', (chunk: Buffer) => chunks.push(chunk))
          stream.on('end', () => {
            parts.set(entry.fileName, Buffer.concat(chunks).toString('utf8'))
            zip.readEntry()
          })
        }),
      )
      zip.readEntry()
    }),
  )
}

const docxWords = async (from: Made = made): Promise<string[]> => {
  const xml = (await docxParts(from)).get('word/document.xml')!
  const spaced = xml.replace(/<\/w:p>|<w:br\/>/g, ' ').replace(/<wp:docPr[^>]*>/g, '')
  return words(unescaped(spaced.replace(/<[^>]*>/g, '')))
}

/** Markdown as its reader sees it; pictures are named by a hash, and language and mark stand at the ends. */
const markdownWords = (from: Made = made): string[] => {
  const body = text('md', from)
    .split('\n\n')
    .slice(2, -2)
    .join('\n\n')
    .replace(/ \(`[0-9a-f]{64}`\)$/gm, '')
    .replace(/ \(`[0-9a-f]{64}`\)(?=\n)/g, '')
  return words(body.replace(/\\([^\w\s])/g, '$1'))
}

describe('the formats for people', () => {
  it('say the same words in the same order in HTML, Word and Markdown', async () => {
    const expected = htmlWords()
    expect(expected.length).toBeGreaterThan(1500)
    expect(await docxWords()).toEqual(expected)
    expect(markdownWords()).toEqual(expected)
  })

  /** Text of a PDF without spaces: long words are broken over lines, and order inside tables is that of the page. */
  const pdfText = (from: Made): string => {
    const file = join(scratch, 'report.pdf')
    writeFileSync(file, from.get('pdf')!)
    const pdf = execFileSync('pdftotext', ['-enc', 'UTF-8', file, '-'], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    return pdf.replace(/[\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
  }

  it.skipIf(!hasProgram('pdftotext', '-v'))('and every one of them stands in the PDF', () => {
    const joined = pdfText(made)
    const lost = [...new Set(htmlWords())].filter((word) => !joined.includes(word) && word.length <= 14)
    expect(lost).toEqual([])
  })

  it('do so in another language, say which it is, and mark what they quote in English', async () => {
    // One item is enough: that no word is forgotten is held elsewhere (main/reports/words/words.test.ts).
    const { id: caseId } = createCase(sample.lib, CaseFields.parse({ title: 'Ein Fall' }), 'analyst')
    addEvidence(sample.lib, caseId, [sample.items[0]!], 'analyst')
    const { render } = await prepareReport(sample.lib, ReportOptions.parse({ caseId, language: 'de' }))
    const german = new Map<ReportFormat, Buffer>()
    for (const format of ['html', 'docx', 'md', 'pdf'] as const) german.set(format, Buffer.from(await render(format)))
    const expected = htmlWords(german)
    expect(expected).toContain('Zusammenfassung')
    expect(await docxWords(german)).toEqual(expected)
    expect(markdownWords(german)).toEqual(expected)

    const html = text('html', german)
    expect(html).toContain('<html lang="de" dir="ltr">')
    expect(html).toContain('<bdi lang="en" dir="ltr">Packet sizes repeat with a period of 12 frames')
    const style = (await docxParts(german)).get('word/styles.xml')!
    expect(style).toContain('<w:lang w:val="de-DE"/>')
    const quoted = /<w:lang w:val="en-GB"\/>[^]{0,80}Packet sizes repeat/
    expect((await docxParts(german)).get('word/document.xml')).toMatch(quoted)
    expect(text('md', german)).toMatch(/^---\nlang: de\n---\n/)
    expect(german.get('pdf')!.toString('latin1')).toMatch(/\/Lang \(de\)/)
    if (!hasProgram('pdftotext', '-v')) return
    const joined = pdfText(german)
    expect([...new Set(expected)].filter((word) => !joined.includes(word) && word.length <= 14)).toEqual([])
    expect(joined).toContain('Seite1von')
    expect(joined).not.toContain('[U+206')
  })
})

describe('names from evidence', () => {
  it('turn no text around and hide nothing, in any format', async () => {
    const parts = await docxParts()
    const all = [
      text('html'),
      text('md'),
      text('case-uco'),
      ...[...parts].filter(([name]) => name.endsWith('.xml')).map(([, xml]) => xml),
    ]
    for (const one of all) expect(one).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e]/u)
    for (const one of [text('html'), parts.get('word/document.xml')!, text('case-uco')])
      expect(one).toContain('photo[U+202E]gpj.exe')
    expect(text('md')).toContain('photo\\[U+202E\\]gpj.exe')
  })

  it('are no markup in Markdown', () => {
    const md = text('md')
    expect(md).not.toMatch(/(?<!\\)<(?!\/?\w+:)[a-z/!]/i)
    expect(md).not.toMatch(/(?<!\\)\]\(/)
    for (const name of HOSTILE) {
      const escaped = escapeMarkdown(name)
      expect(escaped.replace(/\\[^A-Za-z0-9\s]/g, '')).not.toMatch(/[`*_[\]<>|#]/)
    }
    // Each table row has as many cells as its head.
    for (const table of md.split('\n\n').filter((part) => /^(> )?\|/.test(part))) {
      const cells = table.split('\n').map((row) => row.replace(/\\\|/g, '').split('|').length)
      expect(new Set(cells).size, table.slice(0, 200)).toBe(1)
    }
  })
})

describe('the Word document', () => {
  it('has headings, tables, pictures, the mark and page numbers, and nothing that acts', async () => {
    const parts = await docxParts()
    const document = parts.get('word/document.xml')!
    for (const style of ['Title', 'Heading1', 'Heading2', 'Heading3']) expect(document).toContain(`w:val="${style}"`)
    expect(document.match(/<w:tblHeader/g)!.length).toBeGreaterThan(10)
    const drawings = text('html').match(/<svg /g)!.length
    expect(drawings).toBeGreaterThan(2)
    expect(document.match(/<w:drawing>/g)).toHaveLength(15 + drawings)
    const margins = [...parts].filter(([name]) => /^word\/(header|footer)\d\.xml$/.test(name)).map(([, xml]) => xml)
    expect(margins).toHaveLength(2)
    for (const xml of margins) expect(xml).toContain('TLP:AMBER')
    expect(margins.join('')).toMatch(/PAGE[\s\S]*NUMPAGES/)
    for (const [name, xml] of parts) {
      expect(name).not.toMatch(/vba|macro|activeX|embeddings|oleObject/i)
      if (/\.(xml|rels)$/.test(name)) {
        expect(xml).not.toContain('TargetMode="External"')
        expect(xml).not.toMatch(/<w:(hyperlink|object|altChunk)\b|DDE|INCLUDE(TEXT|PICTURE)/)
      }
    }
  })

  it('sets right-to-left paragraphs and names from right to left', async () => {
    const document = (await docxParts()).get('word/document.xml')!
    const paragraph = (part: string) => document.split('<w:p>').find((one) => one.includes(part)) ?? ''
    expect(paragraph('هذا ملخص القضية')).toContain('<w:bidi/>')
    expect(paragraph(NAMES.hebrew)).toContain('<w:rtl/>')
  })

  it.skipIf(!hasProgram('soffice', '--version'))('opens in LibreOffice, with every page marked', () => {
    writeFileSync(join(scratch, 'report.docx'), made.get('docx')!)
    execFileSync(
      'soffice',
      [
        `-env:UserInstallation=file://${scratch}/profile`,
        '--headless',
        '--convert-to',
        'pdf',
        '--outdir',
        join(scratch, 'word'),
        join(scratch, 'report.docx'),
      ],
      { stdio: 'ignore' },
    )
    const pages = execFileSync('pdftotext', ['-enc', 'UTF-8', join(scratch, 'word', 'report.pdf'), '-'], {
      encoding: 'utf8',
    })
      .split('\f')
      .slice(0, -1)
    expect(pages.length).toBeGreaterThan(5)
    for (const page of pages) expect(page.match(/TLP:AMBER/g)!.length).toBeGreaterThanOrEqual(2)
    expect(
      readFileSync(join(scratch, 'word', 'report.pdf'))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
  })
})

describe('the formats for other programs', () => {
  it('give the records as STIX that validates and comes in again, and as a MISP event', async () => {
    const stix = JSON.parse(text('stix')) as { objects: StixObject[] }
    expect(stixValidator()?.(stix) ?? []).toEqual([])
    expect(stix.objects.filter(({ type }) => type === 'file')).toHaveLength(sample.items.length + HOSTILE.length)
    expect(JSON.stringify(stix)).toContain('photo\u202egpj.exe')
    expect(text('stix')).not.toMatch(/[\u202a-\u202e]/u)
    const preview = await previewImport(sample.lib, { bytes: made.get('stix')!, name: 'case.stix.json' }, null)
    expect(preview.format).toBe('stix')
    expect(preview.counts.filter(({ added }) => added > 0)).toEqual([])
    expect(preview.counts.find(({ kind }) => kind === 'operation')).toMatchObject({ differs: 0 })
    expect(JSON.parse(text('misp'))).toHaveProperty('Event.info')
  })

  it('give tables in which no cell is executed, and nothing of what the report leaves out', async () => {
    const tables = await unzip(made.get('csv')!)
    expect([...tables.keys()].sort()).toEqual(
      ['custody', 'evidence', 'findings', 'judgements', 'observations', 'records', 'relations'].map((n) => `${n}.csv`),
    )
    const all = [...tables.values()].map((bytes) => Buffer.from(bytes).toString('utf8'))
    expect(all.join('')).toContain(`'=cmd|calc.mp4`)
    for (const table of all) {
      expect(table).not.toMatch(/(^|[,\n\ufeff])"?[=+@\t]/)
      expect(table).not.toMatch(/[\u202a-\u202e]/u)
    }
    const options = ReportOptions.parse({ caseId: sample.caseId, omit: ['entities', 'judgements', 'findings'] })
    const without = await unzip(await (await prepareReport(sample.lib, options, ['csv'])).render('csv'))
    expect([...without.keys()].sort()).toEqual(['custody.csv', 'evidence.csv'])
  })

  it('are refused, by name, where a record that they rest on is above the mark of the report', async () => {
    const options = ReportOptions.parse({ caseId: sample.caseId, tlp: 'CLEAR' })
    await expect(prepareReport(sample.lib, options, ['stix'])).rejects.toMatchObject({ code: 'report.handling' })
  })
})

describe('the custody chain as CASE/UCO', () => {
  interface Node {
    '@id': string
    '@type': string
    [key: string]: unknown
  }
  const graph = (): Node[] => (JSON.parse(text('case-uco')) as { '@graph': Node[] })['@graph']

  it('has an investigation, every item with its hashes, and each step after the one before', () => {
    const nodes = graph()
    const of = (type: string) => nodes.filter((node) => node['@type'] === type)
    expect(of('case-investigation:Investigation')).toHaveLength(1)
    const items = sample.items.length + HOSTILE.length
    expect(of('uco-observable:File')).toHaveLength(items)
    expect(of('case-investigation:ProvenanceRecord')).toHaveLength(items)
    const actions = of('case-investigation:InvestigativeAction')
    expect(actions.length).toBeGreaterThan(3 * items - 1)
    const hashes = JSON.stringify(of('uco-observable:File')).match(/"@value":"[0-9a-f]{64}"/g)!
    expect(hashes).toHaveLength(2 * items)
    const first = actions.filter((node) => !('case-investigation:wasInformedBy' in node))
    expect(first).toHaveLength(items)
  })

  it('names nothing twice and refers to nothing that is not there', () => {
    const nodes = graph()
    const ids = nodes.map((node) => node['@id'])
    expect(new Set(ids).size).toBe(ids.length)
    const inner = new Set(JSON.stringify(nodes).match(/"@id":"[^"]+"/g))
    const facets = new Set(
      nodes.flatMap((node) => JSON.stringify(node['uco-core:hasFacet'] ?? []).match(/"@id":"[^"]+"/g) ?? []),
    )
    for (const one of inner) {
      const id = (JSON.parse(`{${one}}`) as { '@id': string })['@id']
      expect(ids.includes(id) || facets.has(one), id).toBe(true)
    }
    const prefixes = Object.keys((JSON.parse(text('case-uco')) as { '@context': object })['@context'])
    for (const node of nodes)
      for (const key of [...Object.keys(node), node['@type'], node['@id']])
        if (!key.startsWith('@')) expect(prefixes).toContain(key.split(':')[0])
  })
})
