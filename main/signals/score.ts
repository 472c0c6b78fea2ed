/** One rule for turning observations into a score, for signals whose observations are not measured probabilities. */
import type { Observation } from '../contract/signals.ts'

/** Weight of the first observation of a code. Context never counts. */
export const OBSERVATION_WEIGHTS = { strong: 0.7, some: 0.2, context: 0 } as const

/**
 * 1 − ∏(1 − w) over the observations, each code once at its highest weight: independent reasons add up, repetition does
 * not. One strong reason gives 0.70, one of weight `some` 0.20, three of those 0.49. An order for looking, not a probability.
 */
export function scoreOf(observations: readonly Observation[]): number {
  const byCode = new Map<string, number>()
  for (const { code, weight } of observations)
    byCode.set(code, Math.max(byCode.get(code) ?? 0, OBSERVATION_WEIGHTS[weight]))
  const left = [...byCode.values()].reduce((product, weight) => product * (1 - weight), 1)
  return Math.round((1 - left) * 1000) / 1000
}
