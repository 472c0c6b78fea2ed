import { describe, expect, it } from 'vitest'
import { setPages, type Frame, type Piece } from './flow.ts'

const AREA = { top: 100, bottom: 200 }

/** What stands on each page: `name@top`. */
function pagesOf(pieces: readonly (Partial<Piece> & { name: string })[]): string[][] {
  const pages: string[][] = [[]]
  const all = pieces.map(({ name, ...piece }) => ({
    height: 10,
    ...piece,
    draw: (top: number) => void pages.at(-1)!.push(`${name}@${top}`),
  }))
  setPages(all, AREA, { turn: () => void pages.push([]) })
  return pages
}

const frame = (own: Partial<Frame>): Frame => ({ parent: null, padding: 0, before: 0, after: 0, ...own })

describe('pages', () => {
  it('end where the next piece has no room, and begin without space above', () => {
    expect(
      pagesOf([
        { name: 'a', height: 60, after: 5 },
        { name: 'b', height: 30, before: 10 },
        { name: 'c', height: 20, before: 10 },
      ]),
    ).toEqual([['a@100', 'b@170'], ['c@100']])
  })

  it('never end behind a heading, nor behind two', () => {
    expect(
      pagesOf([
        { name: 'text', height: 70 },
        { name: 'heading', stay: true },
        { name: 'smaller heading', stay: true },
        { name: 'first line', height: 15 },
      ]),
    ).toEqual([['text@100'], ['heading@100', 'smaller heading@110', 'first line@120']])
  })

  it('do not look through marks of the structure', () => {
    expect(
      pagesOf([
        { name: 'text', height: 85 },
        { name: 'heading', stay: true },
        { name: 'mark', height: 0 },
        { name: 'line' },
      ]),
    ).toEqual([['text@100'], ['heading@100', 'mark@110', 'line@110']])
  })

  it('take what wants to stay together but has no room on any page, and lose none of it', () => {
    const chain = Array.from({ length: 12 }, (_, n) => ({ name: `${n}`, stay: true }))
    const pages = pagesOf([{ name: 'text', height: 50 }, ...chain])
    expect(pages.flat()).toHaveLength(13)
    expect(pages.length).toBeLessThanOrEqual(3)
  })

  it('begin anew for an item, but not for the sake of a nearly empty page', () => {
    expect(
      pagesOf([
        { name: 'a', height: 30 },
        { name: 'item', newPage: true },
      ]),
    ).toHaveLength(1)
    expect(
      pagesOf([
        { name: 'a', height: 80 },
        { name: 'item', newPage: true },
      ]),
    ).toHaveLength(2)
  })

  it('repeat the head of a table that goes on, and not of one that has ended', () => {
    const heads: number[] = []
    const table = frame({ repeat: { height: 8, draw: (top) => void heads.push(top) } })
    const rows = (count: number): { name: string; height: number; frame: Frame }[] =>
      Array.from({ length: count }, (_, n) => ({ name: `row ${n}`, height: 30, frame: table }))
    expect(pagesOf(rows(5)).map((page) => page.length)).toEqual([3, 2])
    expect(heads).toEqual([100])
    heads.length = 0
    pagesOf([...rows(3), { name: 'mark', height: 0, frame: table }, { name: 'after', height: 30 }])
    expect(heads).toEqual([])
  })

  it('carry the ground of a panel on, with space inside its edges on each', () => {
    const grounds: [number, number][] = []
    const panel = frame({ padding: 5, before: 3, after: 4, ground: (top, bottom) => void grounds.push([top, bottom]) })
    const pages = pagesOf([
      { name: 'text', height: 20 },
      { name: 'a', height: 50, frame: panel },
      { name: 'b', height: 50, frame: panel },
      { name: 'after' },
    ])
    expect(pages).toEqual([
      ['text@100', 'a@128'],
      ['b@105', 'after@164'],
    ])
    expect(grounds).toEqual([
      [123, 183],
      [100, 160],
    ])
  })
})
