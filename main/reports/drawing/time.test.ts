import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between, monthsBetween, offsetMinutes, spanOf, stack, tickLabel, timeTicks } from './time.ts'

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16)

describe('what a dated value covers', () => {
  test.each([
    ['2023', '2023-01-01T00:00', '2024-01-01T00:00'],
    ['2023-12', '2023-12-01T00:00', '2024-01-01T00:00'],
    ['2024-02-09', '2024-02-09T00:00', '2024-02-10T00:00'],
    ['2024-02-09T20:15', '2024-02-09T20:15', '2024-02-09T20:16'],
    ['2024-02-09T20:15+03:30', '2024-02-09T16:45', '2024-02-09T16:46'],
  ])('%s', (text, from, to) => {
    const span = spanOf(text)!
    expect([iso(span.from), iso(span.to)]).toEqual([from, to])
  })
  test('a stated precision that is coarser than the text wins, a finer one cannot', () => {
    expect(iso(spanOf({ value: '2023-10-07', precision: 'month', zone: 'UTC' })!.to)).toBe('2023-11-01T00:00')
    expect(iso(spanOf({ value: '2023-10', precision: 'exact', zone: 'UTC' })!.to)).toBe('2023-11-01T00:00')
  })
  test('an approximate day reaches into its neighbours and is vague', () => {
    const span = spanOf({ value: '2023-12-10', precision: 'approximate', zone: 'UTC' })!
    expect([iso(span.from), iso(span.to), span.vague]).toEqual(['2023-12-09T00:00', '2023-12-12T00:00', true])
  })
  test('a day in Tehran begins there, not in London', () => {
    expect(iso(spanOf({ value: '2024-02-09', precision: 'day', zone: 'Asia/Tehran' })!.from)).toBe('2024-02-08T20:30')
    expect(offsetMinutes('no/such', 0)).toBe(0)
  })
  test('nothing known is nothing drawn', () => {
    expect(spanOf(null)).toBeNull()
    expect(spanOf({ value: '', precision: 'unknown', zone: 'UTC' })).toBeNull()
    expect(spanOf('soon')).toBeNull()
    expect(between(null, null)).toBeNull()
  })
  test('an end that is not known stays open', () => {
    expect(between('2023-10', null)).toMatchObject({ openStart: false, openEnd: true })
    expect(between(null, '2023-10')).toMatchObject({ openStart: true, openEnd: false })
  })
})

describe('the axis', () => {
  const range = fc.record({
    from: fc.integer({ min: -2e12, max: 3e12 }),
    length: fc.integer({ min: 60_000, max: 3e12 }),
  })
  test('marks lie within, rise, and keep their distance', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 200, max: 3000 }), ({ from, length }, width) => {
        const { at } = timeTicks(from, from + length, width)
        for (const [i, moment] of at.entries()) {
          expect(moment).toBeGreaterThanOrEqual(from)
          expect(moment).toBeLessThanOrEqual(from + length)
          if (i) expect(((moment - at[i - 1]!) * width) / length).toBeGreaterThan(70)
        }
      }),
    )
  })
  test('marks are said as coarsely as their step', () => {
    const at = Date.UTC(2023, 9, 7, 3, 30)
    expect([tickLabel(at, 'year'), tickLabel(at, 'month'), tickLabel(at, 'day'), tickLabel(at, 'hour', 210)]).toEqual([
      '2023', '2023-10', '2023-10-07', '2023-10-07 07:00',
    ]) // prettier-ignore
  })
  test('months run over the turn of the year', () => {
    expect(monthsBetween('2023-11', '2024-02')).toEqual(['2023-11', '2023-12', '2024-01', '2024-02'])
  })
  test('bars of one lane never cover each other', () => {
    const bars = fc.array(fc.record({ from: fc.nat(1000), length: fc.nat(300) }), { maxLength: 40 })
    fc.assert(
      fc.property(bars, (list) => {
        const spans = list.map(({ from, length }) => ({ from, to: from + length }))
        const lanes = stack(spans, 20)
        for (const [i, a] of spans.entries())
          for (const [j, b] of spans.entries())
            if (i < j && lanes[i] === lanes[j])
              expect(a.from >= Math.max(b.to, b.from + 20) || b.from >= Math.max(a.to, a.from + 20)).toBe(true)
      }),
    )
  })
})
