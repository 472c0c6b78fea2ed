import { describe, expect, test } from 'vitest'
import type { BoardRow } from '../../../main/contract/findings.ts'
import { apply, NO_FILTERS, UNFILED } from './filters.ts'

const row = (name: string, fields: Partial<BoardRow> = {}): BoardRow => ({
  evidenceId: crypto.randomUUID(),
  name,
  sha256: 'ab'.repeat(32),
  container: 'mp4',
  size: 1000,
  duration: 10,
  width: 640,
  height: 360,
  hasAudio: true,
  tlp: 'AMBER',
  source: '',
  addedAt: '2026-02-09T20:15:00.000Z',
  acquisitions: 1,
  filmstripUrl: null,
  lanes: [],
  priority: null,
  job: null,
  caseIds: [],
  judged: false,
  footage: { matches: 0, listed: 0, group: null, best: null },
  ...fields,
})
const priority = (score: number, band: 'strong' | 'some' | 'none'): BoardRow['priority'] => ({
  score,
  band,
  words: '',
  reasons: [],
  notCounted: [],
  wouldChange: [],
  likelihood: null,
})
const names = (rows: BoardRow[]): string[] => rows.map((r) => r.name)

describe('the board', () => {
  test('shows what is most worth a look first, and what is not triaged yet last', () => {
    const rows = [
      row('waiting'),
      row('low', { priority: priority(0.1, 'none') }),
      row('high', { priority: priority(0.9, 'strong') }),
    ]
    expect(names(apply(rows, NO_FILTERS))).toEqual(['high', 'low', 'waiting'])
  })

  test('finds by name, source and the beginning of the hash', () => {
    const rows = [row('Speech.mp4'), row('b', { source: 'a SPEECH on air' }), row('c', { sha256: 'cd'.repeat(32) })]
    expect(names(apply(rows, { ...NO_FILTERS, text: 'speech', sort: 'name' }))).toEqual(['b', 'Speech.mp4'])
    expect(names(apply(rows, { ...NO_FILTERS, text: 'cdcd' }))).toEqual(['c'])
  })

  test('shows only the chosen bands, and nothing unrated among them', () => {
    const rows = [
      row('waiting'),
      row('some', { priority: priority(0.5, 'some') }),
      row('none', { priority: priority(0, 'none') }),
    ]
    expect(names(apply(rows, { ...NO_FILTERS, bands: ['some'] }))).toEqual(['some'])
  })

  test('finds what belongs to no case', () => {
    const rows = [row('filed', { caseIds: ['x'] }), row('loose')]
    expect(names(apply(rows, { ...NO_FILTERS, caseId: UNFILED }))).toEqual(['loose'])
    expect(names(apply(rows, { ...NO_FILTERS, caseId: 'x' }))).toEqual(['filed'])
  })

  test('sorts numbered names as a person counts', () => {
    const rows = [row('clip 10'), row('clip 2')]
    expect(names(apply(rows, { ...NO_FILTERS, sort: 'name' }))).toEqual(['clip 2', 'clip 10'])
  })

  test('can be narrowed to what has known footage, from the library or from a list', () => {
    const rows = [
      row('new'),
      row('copy', { footage: { matches: 2, listed: 0, group: null, best: null } }),
      row('listed', { footage: { matches: 0, listed: 1, group: null, best: null } }),
    ]
    expect(names(apply(rows, { ...NO_FILTERS, footage: true, sort: 'name' }))).toEqual(['copy', 'listed'])
  })

  test('can put copies of each other together, before what only shares footage', () => {
    const copy = (name: string, group: string) => row(name, { footage: { matches: 1, listed: 0, group, best: null } })
    const rows = [
      row('new'),
      copy('a1', 'a'),
      copy('b1', 'b'),
      row('part', { footage: { matches: 1, listed: 0, group: null, best: null } }),
      copy('a2', 'a'),
    ]
    const order = names(apply(rows, { ...NO_FILTERS, sort: 'footage' }))
    expect(order.map((name) => name[0])).toEqual(['b', 'a', 'a', 'p', 'n'])
  })
})
