import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnWidths } from './table.ts'

describe('columns', () => {
  it('have the width of their shares where that does', () => {
    expect(columnWidths([1, 3], [10, 10], 100)).toEqual([25, 75])
  })

  it('are as wide as their longest word, at the cost of the others', () => {
    expect(columnWidths([1, 9], [30, 10], 100)).toEqual([30, 70])
    // No more than equal columns would have.
    expect(columnWidths([1, 9], [90, 10], 100)).toEqual([50, 50])
  })

  it('always fill the table', () => {
    const column = fc.tuple(fc.double({ min: 0.1, max: 60, noNaN: true }), fc.double({ min: 0, max: 500, noNaN: true }))
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 12 }), (columns) => {
        const widths = columnWidths(
          columns.map(([share]) => share),
          columns.map(([, least]) => least),
          500,
        )
        expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(500, 6)
        for (const width of widths) expect(width).toBeGreaterThan(0)
      }),
    )
  })
})
