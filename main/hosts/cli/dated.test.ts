import { describe, expect, it } from 'vitest'
import { parseDated } from './dated.ts'

describe('a date on the command line', () => {
  it.each([
    ['2024', 'year', 'UTC'],
    ['2024-02', 'month', 'UTC'],
    ['2024-02-09', 'day', 'UTC'],
    ['2024-02-09T20:15', 'minute', 'UTC'],
    ['2024-02-09T20:15+03:30', 'minute', '+03:30'],
    ['2024-02-09T20:15:07Z', 'exact', 'UTC'],
  ])('%s is kept as given, with the precision it has', (text, precision, zone) => {
    expect(parseDated(text)).toEqual({ value: text, precision, zone })
  })

  it.each(['yesterday', '09.02.2024', '2024-13', '2024-02-30', '2024-2-9', ''])('%s is refused', (text) => {
    expect(() => parseDated(text)).toThrow(/Give a date/)
  })
})
