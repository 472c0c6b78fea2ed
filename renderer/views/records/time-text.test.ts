import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePlace, parseTime, placeText, supportAddress } from './time-text.ts'

test.each([
  ['75', 75],
  ['1:15.5', 75.5],
  ['1:02:03', 3723],
  ['0:12,50', 12.5],
  ['', null],
  ['1:75', null],
  ['soon', null],
])('reads %j as %j seconds', (text, seconds) => expect(parseTime(text)).toBe(seconds))

test('a place comes back out of its address as it went in', () => {
  const unit = fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000)
  const time = fc.integer({ min: 0, max: 1e8 }).map((n) => n / 1000)
  const region = fc.record({ x: unit, y: unit, width: unit, height: unit })
  fc.assert(
    fc.property(time, fc.option(time), fc.option(region), (start, end, region) => {
      const text = placeText({ start, end: end ?? undefined, region: region ?? undefined })
      expect(parsePlace(text)).toEqual({ start, end, region })
    }),
  )
})

test('an address that makes no sense opens at the beginning', () => {
  expect(parsePlace('1-2-3@x')).toEqual({ start: 0, end: null, region: null })
})

test('a whole video needs no place, a page leads to its source, a capture lies nowhere', () => {
  expect(supportAddress({ evidenceId: 'e' })).toBe('/evidence/e')
  expect(supportAddress({ evidenceId: 'e', start: 3 })).toBe('/evidence/e/cited/3')
  expect(supportAddress({ sourceId: 's', page: 4 })).toBe('/records/s')
  expect(supportAddress({ capture: { url: 'https://example.org' } })).toBeNull()
})
