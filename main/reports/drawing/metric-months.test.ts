import { expect, test } from 'vitest'
import { metricMonths } from './metric-months.ts'

const metric = (points: [at: string, value: number, by: string][]) => ({
  metricId: 'm',
  name: 'Operations',
  unit: 'operations',
  window: 'month',
  baseline: '',
  points: points.map(([value, count, by], i) => ({
    assertionId: String(i),
    at: { value, precision: value.length === 4 ? ('year' as const) : ('month' as const), zone: 'UTC' },
    value: count,
    by,
    disputed: false,
  })),
})

test('a surge stands beside a year of what was before it', () => {
  const { months, series } = metricMonths(
    metric([
      ['2023-10', 11, 'A'],
      ['2023-08', 2, 'A'],
    ]),
    '?',
  )
  expect([months.length, months[0], months.at(-1)]).toEqual([13, '2022-11', '2023-11'])
  expect(series).toEqual([{ key: 'A', label: 'A', values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 11, 0] }])
})
test('two sources with two values of one month are two bars', () => {
  const { series } = metricMonths(
    metric([
      ['2023-10', 11, 'A'],
      ['2023-10', 9, 'B'],
    ]),
    '?',
  )
  expect(series.map(({ label, values }) => [label, values.at(-2)])).toEqual([
    ['A', 11],
    ['B', 9],
  ])
})
test('a value of a year is said, and not spread over its months', () => {
  const { months, ranges } = metricMonths(metric([['2021', 7, '']]), 'not named')
  expect(months).toEqual([])
  expect(ranges[0]!.text).toBe('2021: 7 operations (not named)')
})
