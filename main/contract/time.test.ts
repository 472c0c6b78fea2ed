import { assert, constantFrom, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DatedValue } from './common.ts'
import { boundsOf, datedOf, datedText, heldDuring, overlap, precisionOf } from './time.ts'

const at = (text: string): DatedValue => datedOf(text)!
const utc = (ms: number): string => new Date(ms).toISOString().replace('.000', '')
const bounds = (text: string): string[] => Object.values(boundsOf(at(text))).map(utc)
const held = (moment: string, from: string | null, until: string | null) =>
  heldDuring(boundsOf(at(moment)), from ? at(from) : null, until ? at(until) : null)

const dated = record({
  value: constantFrom(
    '2023',
    '2024-02',
    '2024-02-09',
    '2024-02-09T20',
    '2024-02-09T20:15',
    '2024-02-09T20:15:03+03:30',
  ),
  precision: constantFrom('exact' as const, 'minute', 'hour', 'day', 'month', 'year', 'approximate', 'unknown'),
  zone: constantFrom('UTC', 'Asia/Tehran', 'America/New_York', '+03:30'),
})

describe('a dated value', () => {
  it('has the precision that its text shows', () => {
    expect(['2023', '2023-10', '2023-10-07', '2023-10-07T06:30+03:00', '2023-10-07T06:30:01Z'].map(precisionOf)).toEqual([
      'year', 'month', 'day', 'minute', 'exact',
    ]) // prettier-ignore
    expect(['2023-13', '2023-02-30', '7.10.2023', 'October', ''].map(precisionOf)).toEqual(Array(5).fill(null))
  })

  it('is a stretch of time, in its own zone', () => {
    expect(bounds('2023-10')).toEqual(['2023-10-01T00:00:00Z', '2023-11-01T00:00:00Z'])
    expect(bounds('2024-02-09 (Asia/Tehran)')).toEqual(['2024-02-08T20:30:00Z', '2024-02-09T20:30:00Z'])
    expect(bounds('2024-02-09T20:15+03:30')).toEqual(['2024-02-09T16:45:00Z', '2024-02-09T16:46:00Z'])
    // The clocks of New York went forward in this night: the day had 23 hours.
    expect(bounds('2024-03-10 (America/New_York)')).toEqual(['2024-03-10T05:00:00Z', '2024-03-11T04:00:00Z'])
    expect(bounds('2023 (approximate)')).toEqual(['2022-01-01T00:00:00Z', '2025-01-01T00:00:00Z'])
    expect(boundsOf(at('unknown'))).toEqual({ earliest: -Infinity, latest: Infinity })
    expect(bounds('2024-02-09 (month)')).toEqual(['2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'])
  })

  it('is read back from its text', () => {
    assert(
      property(dated, (value) => {
        const read = datedOf(datedText(value))!
        expect(boundsOf(read)).toEqual(boundsOf(value))
        expect(datedText(read)).toBe(datedText(value))
      }),
    )
  })

  it('never begins after it ends', () => {
    assert(
      property(dated, (value) => {
        const { earliest, latest } = boundsOf(value)
        expect(earliest).toBeLessThan(latest)
      }),
    )
  })
})

describe('what held on a day', () => {
  it('holds from the day of its start, and no longer on the day of its end', () => {
    expect(held('2021-01-19', '2021-01-19', '2021-02-16')).toBe('yes')
    expect(held('2021-02-15', '2021-01-19', '2021-02-16')).toBe('yes')
    expect(held('2021-02-16', '2021-01-19', '2021-02-16')).toBe('no')
    expect(held('2021-01-18', '2021-01-19', null)).toBe('no')
    expect(held('2024-02-09', '1997-10-08', null)).toBe('yes')
  })

  it('is only possible inside an imprecise bound, or for part of a long moment', () => {
    expect(held('2024-02-09', '2024-02', null)).toBe('possibly')
    expect(held('2024-03-01', '2024-02', null)).toBe('yes')
    expect(held('2024-02-09', null, '2024-02')).toBe('possibly')
    expect(held('2024-02', '2024-02-16', null)).toBe('possibly')
    expect(held('2024', 'unknown', null)).toBe('possibly')
    expect(held('unknown', '2024-02-16', null)).toBe('possibly')
  })

  it('overlaps what held at the same time and nothing else', () => {
    const stretch = (from: string | null, until: string | null) => ({
      validFrom: from ? at(from) : null,
      validUntil: until ? at(until) : null,
    })
    expect(overlap(stretch(null, '2024-02-08'), stretch('2024-02-08', null))).toBe(false)
    expect(overlap(stretch(null, null), stretch('2024-02-08', null))).toBe(true)
    expect(overlap(stretch('2023', '2024-03'), stretch('2024-02-08', null))).toBe(true)
  })
})
