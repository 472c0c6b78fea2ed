/** Reports made from a case, read back: the text of the PDF, the HTML as it stands, the file and what was recorded. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEntity } from '../../main/cases/records.ts'
import { EntityInput } from '../../main/contract/cases.ts'
import { JudgementInput } from '../../main/contract/findings.ts'
import { ReportOptions } from '../../main/contract/reports.ts'
import { judge } from '../../main/findings/judge.ts'
import { reportDocument, type Block, type ReportDocument } from '../../main/reports/document.ts'
import { exportReport, fileName, listReports } from '../../main/reports/export.ts'
import { previewReport } from '../../main/reports/preview.ts'
import { caseSnapshot } from '../../main/reports/snapshot.ts'
import { SIGNALS, signalInfos } from '../../main/signals/list.ts'
import { custodyOf, evidenceById } from '../../main/store/evidence.ts'
import { filmstripOf, derivedFile } from '../../main/store/media.ts'
import { addItem, NAMES, sampleCase, type SampleCase } from '../fixtures/sample-case.ts'
import { addEvidence } from '../../main/cases/cases.ts'
import { hasProgram } from '../fixtures/has-program.ts'

let sample: SampleCase
beforeAll(async () => {
  sample = await sampleCase()
})
afterAll(() => sample.remove())

const options = (extra: object = {}) => ReportOptions.parse({ caseId: sample.caseId, ...extra })
const snapshot = (extra: object = {}) =>
  caseSnapshot(sample.lib, options(extra), {
    signals: signalInfos(SIGNALS),
    version: '0.1.0',
    generatedAt: '2024-02-10T12:00:00.000Z',
  })

const hasPdftotext = hasProgram('pdftotext', '-v')

/** Text as a reader's copy and search see it, without the marks that order it. */
const textOf = (file: string): string =>
  execFileSync('pdftotext', ['-enc', 'UTF-8', file, '-'], { encoding: 'utf8', maxBuffer: 2 ** 26 }).replace(
    /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    '',
  )

/** Every character that some glyph of the PDF stands for, by its ToUnicode maps. */
function mappedCharacters(pdf: Buffer): Set<string> {
  const found = new Set<string>()
  const text = pdf.toString('latin1')
  for (const match of text.matchAll(/stream\n([\s\S]*?)\nendstream/g)) {
    let body = ''
    try {
      body = inflateSync(Buffer.from(match[1] ?? '', 'latin1')).toString('latin1')
    } catch {
      continue
    }
    if (!body.includes('beginbfrange')) continue
    for (const [, hex = ''] of body.matchAll(/<([0-9a-fA-F ]+)>/g))
      for (const unit of hex.match(/[0-9a-fA-F]{4}/g) ?? []) found.add(String.fromCharCode(Number.parseInt(unit, 16)))
  }
  return found
}

describe('the PDF report', () => {
  let file = ''
  let pages = 0
  let document: ReportDocument
  beforeAll(async () => {
    // An export becomes part of the custody that the next one shows.
    document = reportDocument(snapshot())
    const made = await exportReport(sample.lib, { ...options(), format: 'pdf' }, 'analyst')
    file = join(sample.lib.paths.exports, made.file)
    const bytes = readFileSync(file)
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(made).toMatchObject({ format: 'pdf', tlp: 'AMBER', bytes: bytes.length })
    expect(made.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    pages = (bytes.toString('latin1').match(/\/Type \/Page\n/g) ?? []).length
    expect(pages).toBeGreaterThan(5)
  })

  it('has the letters of every script, those of ligatures among them', () => {
    const characters = mappedCharacters(readFileSync(file))
    const expected = `${NAMES.arabic}${NAMES.persian}${NAMES.hebrew}${NAMES.cyrillic}۱۲۳۴گچپژ`
    // Each letter but those that only the words above do not use in this case.
    for (const letter of new Set(expected.replace(/[\sگچپژ]/gu, ''))) expect(characters, letter).toContain(letter)
  })

  it.skipIf(!hasPdftotext)(
    'gives back Arabic, Persian, Hebrew and Cyrillic names exactly when its text is copied',
    () => {
      const text = textOf(file)
      for (const name of [NAMES.arabic, NAMES.persian, NAMES.hebrew, NAMES.cyrillic]) expect(text).toContain(name)
      expect(text).toContain('۱۲۳۴')
      expect(text).toContain('ویدئو دستکاری شده است')
      expect(text).toContain('هذا ملخص القضية باللغة العربية')
    },
  )

  it.skipIf(!hasPdftotext)('carries hashes, findings, judgements and method', () => {
    const text = textOf(file)
    for (const id of sample.items) {
      const { sha256, blake3 } = evidenceById(sample.lib, id)
      expect(text).toContain(sha256)
      expect(text).toContain(blake3)
    }
    expect(text).toContain('strong indicators of manipulation')
    expect(text).toContain('Packet sizes repeat with a period of 12 frames')
    expect(text).toContain('abstained: only 9 frames')
    expect(text).toContain('The video was manipulated')
    expect(text).toContain('Both are kept as they were')
    expect(text).toContain('noise-spectrum')
    expect(text).toContain('ffmpeg version 5.1.9 (configuration 3f2a)')
    expect(text).toContain(NAMES.hostile.slice(0, 30))
  })

  it.skipIf(!hasPdftotext)('prints its mark twice on every page, and which page it is', () => {
    const perPage = textOf(file).split('\f').slice(0, -1)
    expect(perPage).toHaveLength(pages)
    perPage.forEach((page, place) => {
      expect(page.match(/TLP:AMBER/g)?.length ?? 0, `page ${place + 1}`).toBeGreaterThanOrEqual(2)
      expect(page).toContain(`Page ${place + 1} of ${pages}`)
    })
  })

  it.skipIf(!hasPdftotext)('tells those who cannot see it what is a heading, a table, a list and a picture', () => {
    expect(execFileSync('pdfinfo', [file], { encoding: 'utf8' })).toMatch(/Tagged: +yes[\s\S]*JavaScript: +no/)
    const structure = execFileSync('pdfinfo', ['-struct-text', file], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    // An element with all that is said in it, up to the next one.
    const elements = structure.split(/\n(?= *[A-Z]\w* ?(?:\(\w+\))?:?\n)/).map((part) => ({
      role: /^ *(\w+)/.exec(part)![1]!,
      text: [...part.matchAll(/^ *"([\s\S]*?)"$/gm)].map(([, words]) => words).join(''),
      part,
    }))
    const headings = elements.filter(({ role }) => /^H\d$/.test(role))
    const { sections } = document
    expect(headings.filter(({ role }) => role === 'H2').map(({ text }) => text)).toEqual(
      sections.map(({ title }) => title),
    )
    // No level is left out on the way down, and the first is the title.
    headings.reduce((above, { role, text }) => {
      expect(Number(role[1]), text).toBeLessThanOrEqual(above + 1)
      return Number(role[1])
    }, 0)
    const flat = (blocks: readonly Block[]): Block[] =>
      blocks.flatMap((block) => [block, ...(block.type === 'panel' ? flat(block.blocks) : [])])
    const blocks = sections.flatMap((section) => flat(section.blocks))
    const count = (role: string): number => elements.filter((element) => element.role === role).length
    const tables = blocks.flatMap((block) => (block.type === 'table' ? [block] : []))
    expect(count('Table')).toBe(tables.length)
    // Every row has a cell for each head, whatever page it went on to; heads that are repeated are not read again.
    const grid = elements.map(({ role }) => role).filter((role) => /^(Table|TR|TH|TD)$/.test(role))
    for (const [, head = '', rows = ''] of grid.join(' ').matchAll(/Table TR((?: TH)+)((?: TR(?: TD)+)*)/g))
      for (const row of rows.split(' TR').slice(1)) expect(row.replaceAll('TD', 'TH')).toBe(head)
    const heads = elements.filter(({ role }) => role === 'TH')
    expect(heads.map(({ text }) => text.trim())).toEqual(
      tables.flatMap(({ columns }) => columns.map(({ label }) => label)),
    )
    for (const { part } of heads) expect(part).toContain('/Scope /Column')
    const bytes = readFileSync(file).toString('latin1')
    expect(bytes.match(/\/Alt \(/g)).toHaveLength(count('Figure'))
    expect(bytes).toContain('/Alt (Packet sizes over time)')
    // Letters stand on the page in the order of the eye: the element says them in that of the tongue.
    const said = Buffer.from(`\ufeff${NAMES.arabic}`, 'utf16le').swap16().toString('latin1')
    expect(bytes.replace(/\\([()\\])/g, '$1')).toContain(`/ActualText (${said}`)
  })

  it('keeps long texts and tables whole over many pages', async () => {
    const test = await sampleCase()
    try {
      const words = Array.from({ length: 1500 }, (_, n) => `word${n}`).join(' ')
      const { lib } = test
      for (let n = 0; n < 60; n++)
        addEvidence(lib, test.caseId, [addItem(lib, `further ${n}.mp4`, { note: '' })], 'analyst')
      createEntity(
        lib,
        EntityInput.parse({ kind: 'narrative', name: 'Long', attributes: { rebuttal: words } }),
        test.caseId,
        'analyst',
      )
      judge(
        lib,
        JudgementInput.parse({
          evidenceId: test.items[0],
          caseId: test.caseId,
          statement: 'Long reasoning',
          likelihood: null,
          confidence: null,
          reasoning: words.replaceAll('word', 'reason'),
        }),
        'analyst',
      )
      const input = ReportOptions.parse({ caseId: test.caseId, omit: ['custody', 'method', 'findings'] })
      const made = await exportReport(lib, { ...input, format: 'pdf' }, 'analyst')
      const target = join(lib.paths.exports, made.file)
      if (!hasPdftotext) return expect(made.bytes).toBeGreaterThan(10_000)
      const text = textOf(target)
      const seen = new Set(text.split(/\s+/))
      const lost = Array.from({ length: 1500 }, (_, n) => [`word${n}`, `reason${n}`])
        .flat()
        .filter((word) => !seen.has(word))
      expect(lost).toEqual([])
      for (let n = 0; n < 60; n++) expect(text).toContain(`further ${n}.mp4`)
    } finally {
      test.remove()
    }
  })
})

describe('the HTML report', () => {
  it('reads names of every script in their own direction and runs nothing', async () => {
    const { html } = await previewReport(sample.lib, options())
    for (const name of [NAMES.arabic, NAMES.persian, NAMES.hebrew, NAMES.cyrillic]) expect(html).toContain(name)
    expect(html).toContain(`<bdi>${NAMES.persian}`)
    expect(html).not.toMatch(/<script/i)
    expect(html).not.toContain('<img src=x')
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(html.match(/<img src="data:image\//g)?.length).toBe(15)
  })

  it('leaves nothing behind: a preview is not an export', async () => {
    const before = listReports(sample.lib, sample.caseId).length
    await previewReport(sample.lib, options())
    expect(listReports(sample.lib, sample.caseId)).toHaveLength(before)
  })

  it('names a picture that is gone and goes on', async () => {
    const test = await sampleCase()
    try {
      rmSync(derivedFile(test.lib, filmstripOf(test.lib, test.items[0]!)!.sha256))
      const { html } = await previewReport(test.lib, ReportOptions.parse({ caseId: test.caseId }))
      expect(html).toContain('the picture is not in the library any more')
    } finally {
      test.remove()
    }
  })
})

describe('handling marks', () => {
  it('refuse a report that is marked lower than something in it, and name that', () => {
    expect(() => snapshot({ tlp: 'GREEN' })).toThrow(
      expect.objectContaining({ code: 'report.handling', detail: expect.stringContaining(NAMES.persian) }),
    )
    expect(snapshot({ tlp: 'RED' }).tlp).toBe('RED')
  })

  it('let records be left out, and then do not count them', async () => {
    const test = await sampleCase()
    try {
      createEntity(
        test.lib,
        EntityInput.parse({ kind: 'actor', name: 'Named in confidence', tlp: 'RED' }),
        test.caseId,
        'analyst',
      )
      const export_ = (omit: string[]) => previewReport(test.lib, ReportOptions.parse({ caseId: test.caseId, omit }))
      await expect(export_([])).rejects.toMatchObject({
        code: 'report.handling',
        detail: expect.stringContaining('“Named in confidence” is TLP:RED'),
      })
      expect((await export_(['entities'])).html).not.toContain('Named in confidence')
    } finally {
      test.remove()
    }
  })
})

describe('exporting', () => {
  it('writes one whole file, its record, the audit link and the custody of every item', async () => {
    const { lib } = sample
    const headBefore = lib.auditHead()
    const made = await exportReport(
      lib,
      { ...options({ title: '../../etc/passwd: «قناة»' }), format: 'html' },
      'analyst',
    )
    expect(made.file).toMatch(/^etc-passwd-قناة--\d{4}-\d\d-\d\dT[\d-]+--[0-9a-f]{8}\.html$/)
    expect(readdirSync(lib.paths.exports)).toContain(made.file)
    expect(readdirSync(lib.paths.staging)).toEqual([])
    expect(made.url).toBe(`/file/export/${made.id}`)
    expect(listReports(lib, sample.caseId)[0]).toEqual(made)
    for (const id of sample.items) expect(custodyOf(lib, id).at(-1)).toMatchObject({ action: 'exported' })
    expect(lib.auditHead()).not.toBe(headBefore)
    // The head that the report prints is that of the library which it describes: before the export itself.
    expect(readFileSync(join(lib.paths.exports, made.file), 'utf8')).toContain(headBefore)
  })

  it('gives every report a name that any system takes', () => {
    const id = '12345678-0000-4000-8000-000000000000'
    const at = '2024-02-10T12:00:00.000Z'
    expect(fileName('', at, id, 'pdf')).toBe('report--2024-02-10T12-00-00--12345678.pdf')
    expect(fileName('.. / \\ : * ? " < > | \n\u0000', at, id, 'pdf')).toBe('report--2024-02-10T12-00-00--12345678.pdf')
    expect(Buffer.byteLength(fileName('ق'.repeat(500), at, id, 'pdf'))).toBeLessThan(200)
  })
})

/** Words of the program itself: every text that comes from a person or a file is cut out of the snapshot first. */
const ownWords = (): string => {
  const words: string[] = []
  const visit = (blocks: readonly Block[]): void => {
    for (const block of blocks) words.push(JSON.stringify(block))
  }
  for (const section of reportDocument(snapshot()).sections) visit(section.blocks)
  return words
    .join('\n')
    .replaceAll('no indicators found: this does not make it authentic', '')
    .replaceAll('almost certain', '')
}

describe('what reports say', () => {
  it('never calls a video fake, real, authentic or certain, but for the one fixed sentence and the ICD 203 term', () => {
    expect(ownWords()).not.toMatch(/\b(fake|fakes|faked|real|genuine|authentic|certain|certainly|proven|proof)\b/i)
  })

  it('uses no such word in any template either: of reports, bundles, verifiers, and of the screen that makes them', () => {
    const root = join(import.meta.dirname, '../..')
    const under = (folder: string): string[] =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|html)$/.test(name) && !name.endsWith('.test.ts'))
        // Other languages have words of their own; main/reports/words/words.test.ts reads those.
        .filter((name) => !/^words\/(fr|de|es)\b/.test(name))
        .map((name) => join(root, folder, name))
    const files = [
      ...under('main/reports'),
      ...under('renderer/verifier'),
      join(root, 'main/findings/priority.ts'),
      join(root, 'renderer/text/en-reports.ts'),
    ]
    const texts = files
      .map((file) => readFileSync(file, 'utf8'))
      .flatMap((source) => source.match(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|>[^<>{}]+</g) ?? [])
      .filter((text) => !/no indicators found: this does not make it authentic|almost.certain/.test(text))
    expect(texts.length).toBeGreaterThan(600)
    for (const text of texts) expect(text).not.toMatch(/\b(fake|real|genuine|authentic|certain|deepfake)\b/i)
  })

  it('states likelihood and confidence apart', () => {
    for (const section of reportDocument(snapshot()).sections)
      for (const text of JSON.stringify(section.blocks).match(/"[^"]*"/g) ?? [])
        if (!text.includes('confidence is a separate statement'))
          expect(text).not.toMatch(/likel.*confiden|confiden.*likel/i)
  })

  it('keeps machine findings and judgements in panels of their own', () => {
    for (const section of reportDocument(snapshot()).sections)
      for (const block of section.blocks) {
        if (block.type !== 'panel') continue
        expect(block.by).toBe(section.id === 'judgements' ? 'analyst' : 'machine')
      }
  })

  it('writes out controls that make a name read as another', () => {
    const taken = snapshot()
    const turned = { ...taken, title: 'safe\u202egpj.exe\u2066' }
    expect(reportDocument(turned).title).toBe('safe[U+202E]gpj.exe[U+2066]')
  })

  it('is the same document for the same library', () => {
    expect(reportDocument(snapshot())).toEqual(reportDocument(snapshot()))
  })
})
