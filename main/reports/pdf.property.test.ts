/** Any document, set onto pages that are looked at: nothing is lost, nothing stands outside, no heading stands last. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameWords } from './content/cover.ts'
import type { Block, ReportDocument } from './document.ts'
import { setReport } from './pdf.ts'
import { BODY, PAGE } from './pdf/style.ts'
import type { Look } from './pdf/setting.ts'
import type { Line } from './pdf/lines.ts'
import type { Role, Surface, Tag } from './pdf/surface.ts'
import { en } from './words/en.ts'

interface Written {
  readonly page: number
  readonly tag: Tag | null
  readonly text: string
  readonly y: number
}

interface Seen {
  readonly written: Written[]
  readonly boxes: { left: number; right: number; top: number; bottom: number }[]
  /** Elements in the order of the structure. */
  readonly roles: Role[]
}

function set(document: ReportDocument): Seen {
  const seen: Seen = { written: [], boxes: [], roles: [] }
  let page = 0
  let current: Tag | null = null
  const box = (left: number, top: number, width: number, height: number): void =>
    void seen.boxes.push({ left, top, right: left + width, bottom: top + height })
  const tag = (role: Role): Tag => ({
    role,
    child(own) {
      seen.roles.push(own)
      return tag(own)
    },
    end: () => {},
  })
  const surface: Surface = {
    document: tag('Document'),
    within(own, draw) {
      current = own
      draw()
    },
    line(line: Line, x, y, { size }: Look) {
      const ink = line.width * (size / 1000)
      box(x + line.x * (size / 1000), y - size * 0.8, ink, size)
      seen.written.push({ page, tag: current, text: line.text, y })
    },
    picture: (_key, _picture, { x, y, width, height }) => box(x, y, width, height),
    paths: () => {},
    ground: ({ x, y, width, height }) => box(x, y, width, height),
    rule: ({ x, y, width, height }) => box(x, y, width, height),
    border: ({ x, y, width, height }) => box(x, y, width, height),
    bookmark: () => {},
    turn: () => void page++,
  }
  setReport(surface, document, new Map())
  return seen
}

let count = 0
/** Words that are each their own, some of them from right to left, some without any place to break. */
const text = (longest: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('word', 'کلمه', 'מילה', 'слово', 'a_long-name.of', 'x'.repeat(90)), {
      minLength: 1,
      maxLength: longest,
    })
    .map((words) => words.map((word) => `${word}${(count += 1)}`).join(' '))
const cells = (columns: number): fc.Arbitrary<string[]> =>
  fc.array(fc.oneof({ weight: 20, arbitrary: text(6) }, { weight: 1, arbitrary: text(900) }), {
    minLength: columns,
    maxLength: columns,
  })

const flat: fc.Arbitrary<Block> = fc.oneof(
  fc
    .record({ level: fc.constantFrom<2 | 3>(2, 3), text: text(8) })
    .map((own) => ({ type: 'heading' as const, ...own })),
  fc
    .record({ text: text(400), tone: fc.constantFrom<'quote' | 'note' | 'lead'>('quote', 'note', 'lead') })
    .map((own) => ({
      type: 'paragraph' as const,
      ...own,
    })),
  fc
    .array(fc.record({ label: text(2), value: text(200) }), { maxLength: 5 })
    .map((rows) => ({ type: 'facts' as const, rows })),
  fc
    .array(fc.record({ text: text(60), badge: fc.constantFrom<'strong' | undefined>('strong', undefined) }), {
      maxLength: 6,
    })
    .map((items) => ({ type: 'list' as const, items })),
  fc.integer({ min: 1, max: 5 }).chain((columns) =>
    fc
      .record({ caption: text(4), labels: cells(columns), rows: fc.array(cells(columns), { maxLength: 12 }) })
      .map((own) => ({
        type: 'table' as const,
        caption: own.caption,
        columns: own.labels.map((label, n) => ({ label: label.slice(0, 40), share: 10 + n })),
        rows: own.rows,
      })),
  ),
)
const block: fc.Arbitrary<Block> = fc.oneof(
  { weight: 4, arbitrary: flat },
  {
    weight: 1,
    arbitrary: fc.record({ title: text(4), blocks: fc.array(flat, { maxLength: 6 }) }).map((own) => ({
      type: 'panel' as const,
      by: 'machine' as const,
      ...own,
    })),
  },
)

const document: fc.Arbitrary<ReportDocument> = fc.array(block, { maxLength: 12 }).map((blocks) => ({
  words: frameWords(en, 'GREEN', 'Assay', '2024-02-10T12:00:00.000Z'),
  title: 'A report',
  tlp: 'GREEN',
  handling: 'Recipients may share this within their community, but not publicly.',
  question: '',
  facts: [],
  generatedAt: '2024-02-10T12:00:00.000Z',
  producer: 'Assay',
  sections: [{ id: 'one', title: 'Section', newPage: true, blocks }],
}))

/** Every text of blocks, in the order in which they are read. */
const textsOf = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((own): string[] => {
    switch (own.type) {
      case 'heading':
      case 'paragraph':
        return [own.text]
      case 'facts':
        return own.rows.flatMap(({ label, value }) => [label, value])
      case 'list':
        return own.items.flatMap((item) => [item.text])
      case 'table':
        return [own.caption ?? '', ...own.columns.map(({ label }) => label), ...own.rows.flat()]
      case 'panel':
        return [own.title, ...textsOf(own.blocks)]
      default:
        return []
    }
  })

const plain = (value: string): string => value.replace(/[\s\u200f]/g, '')

describe('any document', () => {
  it('comes out whole and in order, inside the margins, with no heading at the foot of a page', () => {
    fc.assert(
      fc.property(document, (made) => {
        const { written, boxes, roles } = set(made)
        // Each element's lines, in the order in which it was begun; a row that goes over pages is begun once.
        const byTag = new Map<Tag, string>()
        for (const { tag, text: says } of written)
          if (tag && !(tag.role === 'Lbl' && /^(•|strong)$/.test(says))) byTag.set(tag, (byTag.get(tag) ?? '') + says)
        const expected = textsOf(made.sections[0]!.blocks).map(plain).filter(Boolean)
        const found = [...byTag.values()].map(plain)
        expect(found.slice(found.indexOf('Section') + 1)).toEqual(expected)
        for (const { left, right, top, bottom } of boxes) {
          expect(left).toBeGreaterThan(PAGE.side - 0.01)
          expect(right).toBeLessThan(PAGE.width - PAGE.side + 0.01)
          expect(top).toBeGreaterThan(BODY.top - 0.5)
          expect(bottom).toBeLessThan(BODY.bottom + 0.5)
        }
        written.forEach(({ page, tag }, place) => {
          const next = written[place + 1]
          if (next && /^(H\d|Caption|TH)$/.test(tag?.role ?? '') && next.page > page) {
            // Unless nothing follows it at all, or it is longer than a page itself.
            expect(next.tag === tag || next.tag === null).toBe(true)
          }
        })
        expect(roles).toContain('H2')
      }),
      { numRuns: 20 },
    )
  })
})
