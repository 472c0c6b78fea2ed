import { Document, Page, renderToBuffer, Text, View } from '@react-pdf/renderer'
import { createElement as h } from 'react'
import { expect, test } from 'vitest'
import { joinPdfs } from './join.ts'

const NUMBERS = { words: 'Page {page} of {pages}', right: 40, bottom: 20, size: 8, colour: [0, 0, 0] } as const

/** A PDF of some pages, each with a bookmark whose words look like a reference. */
const pdf = (name: string, pages: number): Promise<Buffer> =>
  renderToBuffer(
    h(
      Document,
      { title: 'Title (5 0 R)', language: 'en' },
      ...Array.from({ length: pages }, (_, n) =>
        h(
          Page,
          { size: 'A4', key: n },
          h(View, { bookmark: `${name} 7 0 R (${n})` } as object, h(Text, {}, `${name} ${n}`)),
        ),
      ),
    ),
  )

/** Objects by number, by the cross-reference table. */
function objects(file: Buffer): Map<number, string> {
  const text = file.toString('latin1')
  const start = Number(/startxref\s+(\d+)/.exec(text)![1])
  const rows = [...text.slice(start).matchAll(/(\d{10}) 00000 n/g)].map(([, offset]) => Number(offset))
  return new Map(rows.map((offset, n) => [n + 1, text.slice(offset, text.indexOf('endobj', offset))]))
}
const ref = (dict: string, name: string): number => Number(new RegExp(`/${name} (\\d+) 0 R`).exec(dict)?.[1])

test('the pages of all parts stand one after the other, numbered, and every reference leads somewhere', async () => {
  const joined = joinPdfs([await pdf('A', 2), await pdf('B', 1), await pdf('C', 3)], NUMBERS)
  const all = objects(joined)
  for (const [number, body] of all) {
    expect(body.startsWith(`${number} 0 obj`)).toBe(true)
    const outside = body.split('\nstream\n')[0]!.replace(/\((?:\\.|[^\\()]|\([^()]*\))*\)/g, '')
    for (const [, found] of outside.matchAll(/(\d+) 0 R/g))
      expect(all.has(Number(found)), `${number}: ${found}`).toBe(true)
  }
  const pages = [...all.values()].filter((body) => /\/Type \/Page\b(?!s)/.test(body))
  expect(pages).toHaveLength(6)
  const text = joined.toString('latin1')
  for (let n = 1; n <= 6; n++) expect(text).toContain(`(Page ${n} of 6) Tj`)
  expect(text).toContain('/Lang (en)')
})

test('bookmarks go on from part to part, forwards and backwards, with their words untouched', async () => {
  const all = objects(joinPdfs([await pdf('A', 2), await pdf('B', 1), await pdf('C', 3)], NUMBERS))
  const root = [...all.values()].find((body) => body.includes('/Type /Outlines'))!
  const walk = (from: number, step: 'Next' | 'Prev'): string[] => {
    const found: string[] = []
    for (let at = from; Number.isFinite(at) && found.length < 20; at = ref(all.get(at)!, step)) found.push(all.get(at)!)
    return found
  }
  const forwards = walk(ref(root, 'First'), 'Next')
  expect(forwards).toHaveLength(6)
  expect(walk(ref(root, 'Last'), 'Prev').toReversed()).toEqual(forwards)
  expect(root).toContain('/Count 6')
  const outlines = [...all].find(([, body]) => body === root)![0]
  for (const item of forwards) expect(ref(item, 'Parent')).toBe(outlines)
  expect(forwards[0]).toContain('A 7 0 R')
})

test('what another program wrote is refused', () => {
  expect(() => joinPdfs([Buffer.from('%PDF-1.7\nstartxref\n9\n%%EOF')], NUMBERS)).toThrow('cross-reference')
})
