/**
 * How much the material itself bears at the ends of a calibration, where there is next to nothing (in the spirit of Vergeer et al.,
 * "Numerical likelihood ratios outputted by LR systems are often based on extrapolation", Science & Justice 56, 2016). Pure.
 */
import type { Group } from './calibration-curve.ts'

/**
 * Per knot the largest and the smallest log ratio that the material itself bears: the shares of manipulated and of genuine groups
 * at this score or beyond, each with half a group added, and the best of the knots before.
 */
export function tailRatios(altered: readonly Group[], genuine: readonly Group[], at: readonly number[]): Tail[] {
  const ratio = (a: number, g: number): number => (a + 0.5) / (altered.length + 1) / ((g + 0.5) / (genuine.length + 1))
  return tails(reaching(altered, at), reaching(genuine, at), ratio, ratio)
}

/**
 * As `tailRatios`, for the cautious ends: where none of n groups reaches a score, 3 in n of all others may (the rule of
 * three: Hanley & Lippman-Hand, JAMA 249, 1983). Drawing groups again cannot tell, since none of them does in any draw.
 */
export function surestRatios(altered: readonly Group[], genuine: readonly Group[], at: readonly number[]): Tail[] {
  const [nA, nG] = [altered.length, genuine.length]
  return tails(
    reaching(altered, at),
    reaching(genuine, at),
    (a, g) => a / nA / (Math.max(g, 3) / nG),
    (a, g) => Math.max(a, 3) / nA / (g / nG),
  )
}

export interface Tail {
  readonly most: number
  readonly least: number
}

/** How many groups lie beyond each knot, each group by the share of its scores: at the knot or above, and at it or below. */
interface Reaching {
  readonly above: readonly number[]
  readonly below: readonly number[]
}

function reaching(groups: readonly Group[], at: readonly number[]): Reaching {
  const above = at.map(() => 0)
  const below = at.map(() => 0)
  for (const { scores } of groups)
    for (const x of scores)
      for (let k = 0; k < at.length; k++) {
        if (x >= at[k]!) above[k]! += 1 / scores.length
        if (x <= at[k]!) below[k]! += 1 / scores.length
      }
  return { above, below }
}

/** The best ratio over all tails that a knot lies in: of scores at least so high, and at most so high. */
function tails(altered: Reaching, genuine: Reaching, high: RatioOf, low: RatioOf): Tail[] {
  let [most, least] = [0, 0]
  const upper = altered.above.map((a, k) => (most = Math.max(most, Math.log(high(a, genuine.above[k]!)))))
  const lower = altered.below
    .map((a, k) => [a, genuine.below[k]!] as const)
    .toReversed()
    .map(([a, g]) => (least = Math.min(least, Math.log(low(a, g)))))
    .toReversed()
  return upper.map((highest, k) => ({ most: highest, least: lower[k]! }))
}

type RatioOf = (altered: number, genuine: number) => number
