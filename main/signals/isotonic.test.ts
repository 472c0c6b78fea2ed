import fc from 'fast-check'
import { expect, it } from 'vitest'
import { poolAdjacentViolators, type Trial } from './isotonic.ts'

const shares = (trials: readonly Trial[]) =>
  poolAdjacentViolators(trials).map(({ first, last, weight, successes }) => [first, last, successes / weight])
const trial = (x: number, success: boolean, weight = 1): Trial => ({ x, success, weight })

it('pools what falls, and leaves what rises', () => {
  expect(shares([trial(1, false), trial(2, true), trial(3, false), trial(4, true)])).toEqual([
    [1, 1, 0],
    [2, 3, 0.5],
    [4, 4, 1],
  ])
})

it('keeps trials of one score together, in whichever order they come', () => {
  expect(shares([trial(1, true), trial(1, false), trial(1, false, 2)])).toEqual([[1, 1, 0.25]])
  expect(shares([trial(1, false), trial(1, true)])).toEqual([[1, 1, 0.5]])
})

it('is the nearest function that never falls', () => {
  const trials = fc.array(
    fc.record({ x: fc.integer({ min: 0, max: 12 }), success: fc.boolean(), weight: fc.integer({ min: 1, max: 5 }) }),
    { minLength: 1, maxLength: 40 },
  )
  fc.assert(
    fc.property(
      trials,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 13, maxLength: 13 }),
      (all, any) => {
        const pools = poolAdjacentViolators(all)
        const fitted = pools.map(({ successes, weight }) => successes / weight)
        expect(fitted).toEqual(fitted.toSorted((a, b) => a - b))
        const at = (x: number) => fitted[pools.findIndex(({ first, last }) => x >= first && x <= last)]!
        const error = (f: (x: number) => number) =>
          all.reduce((sum, { x, success, weight }) => sum + weight * (f(x) - Number(success)) ** 2, 0)
        const other = any.toSorted((a, b) => a - b)
        expect(error(at)).toBeLessThanOrEqual(error((x) => other[x]!) + 1e-9)
        expect(pools.reduce((sum, { weight }) => sum + weight, 0)).toBe(
          all.reduce((sum, { weight }) => sum + weight, 0),
        )
      },
    ),
  )
})
