import { expect, test } from 'vitest'
import { arrange, busyPart, zoomSpan, type Entry } from './arrange.ts'

const entry = (id: string, kind: string, value: string, until: string | null = null): Entry => ({
  id,
  subject: { id, kind, name: id },
  label: 'date',
  at: { value, precision: 'day', zone: 'UTC' },
  until: until === null ? null : { value: until, precision: 'day', zone: 'UTC' },
  disputed: false,
})

test('lanes stand in the order of the kinds, and those without entries are left out', () => {
  const { lanes } = arrange(
    [entry('a', 'incident', '2023-12'), entry('b', 'actor', '2021')],
    ['actor', 'claim', 'incident'],
  )
  expect(lanes.map((lane) => lane.kind)).toEqual(['actor', 'incident'])
})
test('what happens at once lies in rows below each other', () => {
  const [lane] = arrange([entry('a', 'claim', '2023-10'), entry('b', 'claim', '2023-10')], ['claim']).lanes
  expect(lane!.bars.map((bar) => bar.row)).toEqual([0, 1])
  expect(lane!.rows).toBe(2)
})
test('a name that would run into the next one moves it into another row, however narrow the picture is', () => {
  const named = (id: string, at: string): Entry => ({
    ...entry(id, 'claim', at),
    subject: { id, kind: 'claim', name: `A claim with a name of thirty ${id}` },
  })
  const entries = [named('a', '2023-10-01'), named('b', '2023-11-15')]
  const view = { from: Date.UTC(2023, 8), to: Date.UTC(2024, 0) }
  const rows = (pixels: number) => arrange(entries, [], { ...view, pixels }).lanes[0]!.rows
  expect([rows(300), rows(1400)]).toEqual([2, 1])
})
test('a month is a month wide, and an end that is not known stays open', () => {
  const month = arrange([entry('a', 'metric', '2023-10')], []).lanes[0]!.bars[0]!
  expect((month.to - month.from) / 86_400_000).toBe(31)
  const open = {
    ...entry('b', 'designation', '1997-10-08'),
    until: { value: '', precision: 'unknown' as const, zone: 'UTC' },
  }
  expect(arrange([open], []).lanes[0]!.bars[0]).toMatchObject({ openStart: false, openEnd: true })
})
test('what has no date is named apart', () => {
  const unknown = { ...entry('x', 'claim', ''), at: { value: '', precision: 'unknown' as const, zone: 'UTC' } }
  expect(arrange([unknown], [])).toMatchObject({ lanes: [], span: null, undated: [{ id: 'x' }] })
})
test('zooming keeps the moment under the pointer', () => {
  const view = zoomSpan({ from: 0, to: 1e9 }, 2, 2.5e8)
  expect(view.to - view.from).toBe(5e8)
  expect((2.5e8 - view.from) / (view.to - view.from)).toBeCloseTo(0.25)
})

test('a listing without an end reaches to the end of the axis', () => {
  const listing = { ...entry('f', 'designation', '1997-10-08'), lasting: true }
  const { lanes, span } = arrange([listing, entry('a', 'claim', '2024-02')], ['designation'])
  expect(lanes[0]!.bars[0]).toMatchObject({ openEnd: true, to: span!.to })
})
test('one date long before the rest does not decide what is shown first', () => {
  const many = Array.from({ length: 20 }, (_, i) =>
    entry(`c${i}`, 'claim', `2023-${String((i % 12) + 1).padStart(2, '0')}`),
  )
  const view = busyPart(arrange([entry('old', 'designation', '1997-10-08'), ...many], []))!
  expect(new Date(view.from).getUTCFullYear()).toBeGreaterThan(2020)
  expect(busyPart(arrange([entry('a', 'claim', '2020'), entry('b', 'claim', '2024')], []))).toEqual(
    arrange([entry('a', 'claim', '2020'), entry('b', 'claim', '2024')], []).span,
  )
})
