import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { frameWords } from './content/cover.ts'
import type { ReportDocument } from './document.ts'
import { escapeHtml, renderHtml } from './html.ts'
import { en } from './words/en.ts'

const nasty = '</style></title><script>alert(1)</script><img src=x onerror="alert(1)">\' & \u202egpj'

const document = (text: string): ReportDocument => ({
  words: frameWords(en, 'RED', text, '2024-02-10T12:00:00.000Z'),
  title: text,
  tlp: 'RED',
  handling: text,
  question: text,
  facts: [{ label: text, value: text, mono: true }],
  generatedAt: '2024-02-10T12:00:00.000Z',
  producer: text,
  sections: [
    {
      id: 'one',
      title: text,
      blocks: [
        { type: 'heading', level: 2, text, tag: text },
        { type: 'paragraph', text, tone: 'note' },
        { type: 'table', caption: text, columns: [{ label: text, share: 1 }], rows: [[text]] },
        { type: 'list', caption: text, items: [{ text, badge: 'strong', detail: text }] },
        { type: 'band', band: 'some', words: text, note: text },
        { type: 'pictures', pictures: [{ sha256: 'a'.repeat(64), caption: text, width: 1, height: 1 }] },
        { type: 'strip', picture: { sha256: 'b'.repeat(64), caption: text, width: 1, height: 1 } },
        {
          type: 'panel',
          by: 'analyst',
          title: text,
          blocks: [{ type: 'facts', rows: [{ label: text, value: text }] }],
        },
      ],
    },
  ],
})
const picture = { bytes: new Uint8Array([1, 2, 3]), mime: 'image/png' as const, width: 1, height: 1 }
const render = (text: string) =>
  Buffer.from(renderHtml(document(text), new Map([['a'.repeat(64), picture]]))).toString('utf8')

const faces = (text: string) => (render(text).match(/@font-face/g) ?? []).length

describe('the HTML report', () => {
  it('shows names as text, wherever they stand', () => {
    const html = render(nasty)
    expect(html).not.toMatch(/<script/i)
    expect(html).not.toMatch(/<img src=x/i)
    expect(html).not.toMatch(/ onerror="/)
    expect(html.match(/<\/style>/g)).toHaveLength(1)
    expect(html.match(/<\/title>/g)).toHaveLength(1)
    expect(html).toContain('&lt;script&gt;')
  })

  it('runs nothing and loads nothing from outside itself', () => {
    const html = render('plain')
    const policy = /content="(default-src[^"]+)"/.exec(html)?.[1] ?? ''
    const css = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? ''
    expect(policy).toContain('default-src &#39;none&#39;')
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain(createHash('sha256').update(css).digest('base64'))
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/)
    expect(html).not.toMatch(/ style="/)
    for (const address of css.match(/url\([^)]*\)/g) ?? []) expect(address.slice(0, 9)).toBe('url(data:')
    expect(css).not.toContain('@import')
  })

  it('prints its mark at the head and foot of every page', () => {
    const html = render('plain')
    expect(html.match(/<thead><tr><td><div class="handling"><span class="mark">TLP:RED/g)).toHaveLength(1)
    expect(html.match(/<tfoot><tr><td><div class="handling"><span class="mark">TLP:RED/g)).toHaveLength(1)
  })

  it('carries only the fonts that its text needs', () => {
    expect(faces('plain')).toBe(2)
    expect(faces('قناة')).toBe(4)
    expect(faces('قناة חדשות')).toBe(6)
  })

  it('keeps a name in its own direction', () => {
    expect(escapeHtml('to \u2068قناة\u2069, 2')).toBe('to <bdi>قناة</bdi>, 2')
    expect(render('قناة')).toContain('<h1 dir="auto">قناة</h1>')
  })

  it('says so where a picture is gone', () => {
    expect(render('plain')).toContain('the picture is not in the library any more')
  })
})
