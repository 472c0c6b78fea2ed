/** Persian, Arabic and Hebrew sentences in the PDF, read back as a reader's copy and search do. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { frameWords } from '../../main/reports/content/cover.ts'
import type { Block, ReportDocument } from '../../main/reports/document.ts'
import { renderPdf } from '../../main/reports/pdf.ts'
import { en } from '../../main/reports/words/en.ts'
import { hasProgram } from '../fixtures/has-program.ts'

/** Written for this test: digits of three kinds, joiners, marks, Latin names and parentheses inside. */
const SENTENCES = [
  'خبرگزاری اعلام کرد که ۱۲ ویدئو در روز ۹ فوریه ۲۰۲۴ منتشر شده است.',
  'او می‌گوید این تصاویر (ساخته‌شده با نرم‌افزار) در چند شبکه بازنشر شده‌اند.',
  'سامانه‌های پخش، طبق گزارش Microsoft، در ۳ کشور قطع شدند؛ علّت آن هنوز روشن نیست.',
  'حساب‌های رسمی در Instagram و Facebook بیش از 5 میلیون دنبال‌کننده داشتند.',
  'آیا این فیلم پیش‌تر در جای دیگری دیده شده است؟',
  'قالت القناة إنّ الأخبار (المصوّرة) ليست من إنتاجها، وإنها تحقّق في الأمر منذ ٣ أيام.',
  'لا دليل على التلاعب في الأخبار التي نُشرت على الموقع.',
  'הערוץ מסר כי 12 סרטונים (שידור חי) פורסמו ב-Telegram ביום שישי.',
]

const blocks: Block[] = SENTENCES.flatMap((text, n): Block[] => [
  { type: 'heading', level: 2, text: `Sentence ${n}` },
  { type: 'paragraph', text },
])
blocks.push(
  // Long enough for several lines, so that lines must follow one another too.
  { type: 'heading', level: 2, text: 'All of the Persian ones' },
  { type: 'paragraph', text: SENTENCES.slice(0, 5).join(' ') },
  { type: 'heading', level: 2, text: 'In a cell' },
  {
    type: 'table',
    columns: [
      { label: 'One', share: 1 },
      { label: 'Other', share: 1 },
    ],
    rows: [[SENTENCES[1]!, 'beside it']],
  },
  { type: 'heading', level: 2, text: 'End' },
)

const document: ReportDocument = {
  words: frameWords(en, 'GREEN', 'Assay', '2024-02-10T12:00:00.000Z'),
  title: 'گزارش ویدئوهای جعل‌شده، شمارهٔ ۷',
  tlp: 'GREEN',
  handling: 'Recipients may share this within their community, but not publicly.',
  question: '',
  facts: [],
  generatedAt: '2024-02-10T12:00:00.000Z',
  producer: 'Assay',
  sections: [{ id: 'one', title: 'Sentences', blocks }],
}

/** Words as they are read: joiners belong to them, marks that order text do not. */
const words = (text: string): string[] =>
  text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '').match(/[\p{L}\p{M}\p{N}\u200c]+/gu) ?? []

describe.skipIf(!hasProgram('pdftotext', '-v'))('right-to-left text', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-rtl-'))
  let text = ''
  beforeAll(async () => {
    const file = join(scratch, 'report.pdf')
    // Fonts are read once and kept: what one PDF leaves behind in them must not change the next.
    const first: Block[] = [{ type: 'paragraph', text: 'آیت‌الله خامنه‌ای، في الرياض' }]
    await renderPdf({ ...document, sections: [{ id: 'one', title: 'One', blocks: first }] }, new Map())
    writeFileSync(file, await renderPdf(document, new Map()))
    // Without head and foot, wherever a page ends.
    const body = ['-x', '0', '-y', '50', '-W', '596', '-H', '742']
    text = execFileSync('pdftotext', ['-enc', 'UTF-8', ...body, file, '-'], { encoding: 'utf8' })
  })
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))

  /** What stands between two headings. */
  const after = (heading: string, next: string): string => {
    const from = text.indexOf(heading) + heading.length
    return text.slice(from, text.indexOf(next, from))
  }

  it.each(SENTENCES.map((sentence, n) => [sentence, n] as const))(
    'is the right words in the right order: %s',
    (sentence, n) => {
      const next = n + 1 < SENTENCES.length ? `Sentence ${n + 1}` : 'All of the Persian ones'
      expect(words(after(`Sentence ${n}`, next))).toEqual(words(sentence))
    },
  )

  it('keeps that order over several lines', () => {
    expect(words(after('All of the Persian ones', 'In a cell'))).toEqual(SENTENCES.slice(0, 5).flatMap(words))
  })

  it('and inside a table', () => {
    // The head of a page may stand between.
    const cell = words(after('In a cell', 'End')).filter((word) => /[\u0600-\u06ff]/.test(word))
    expect(cell.join(' ')).toContain(words(SENTENCES[1]!).join(' '))
  })

  it('has both its parentheses, and its question mark at the end', () => {
    const plain = text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '').replace(/\s+/g, ' ')
    // The glyphs are those of the other side; a reader may or may not turn them back.
    for (const part of ['ساخته‌شده با نرم‌افزار', 'المصوّرة', 'שידור חי'])
      expect(
        [`(${part})`, `)${part}(`].some((form) => plain.includes(form)),
        part,
      ).toBe(true)
    expect(plain).toContain('دیده شده است؟')
  })

  it('is the same file again for the same document, whatever was set between', async () => {
    const between: Block[] = [{ type: 'paragraph', text: 'یى على مكتبى ي' }]
    await renderPdf({ ...document, sections: [{ id: 'one', title: 'One', blocks: between }] }, new Map())
    const again = await renderPdf(document, new Map())
    expect(Buffer.compare(again, readFileSync(join(scratch, 'report.pdf')))).toBe(0)
  })

  it('is a document with bookmarks, a language and a title', () => {
    const about = execFileSync('pdfinfo', [join(scratch, 'report.pdf')], { encoding: 'utf8' })
    expect(about).toContain(`Title:           ${document.title}`)
    const raw = readFileSync(join(scratch, 'report.pdf'), 'latin1')
    expect(raw).toMatch(/\/Type \/Outlines[\s\S]{0,40}\/Count/)
    expect(raw).toMatch(/\/Lang \(en\)/)
  })
})
