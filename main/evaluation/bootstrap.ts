/**
 * 95 % intervals by resampling (Efron and Tibshirani 1993, percentile interval): within each label, whole groups (a
 * person, a source clip) are drawn with replacement, since files of one group are not independent of each other.
 */
import { randomNumbers } from '../signals/random.ts'
import type { Interval } from './metrics.ts'

export interface Grouped {
  readonly manipulated: boolean
  readonly group: string
}

/** Draws are the same in every run. */
const SEED = 20_240_229
export const RESAMPLES = 1000

/**
 * Intervals of several statistics of the same samples at once, in their order. A statistic that is null on too many
 * draws (or that does not vary because there is a single group) has no interval: null.
 */
export function bootstrap<Sample extends Grouped>(
  samples: readonly Sample[],
  statistics: readonly ((drawn: readonly Sample[]) => number | null)[],
  resamples = RESAMPLES,
): (Interval | null)[] {
  const strata = [true, false].map((label) => groupsOf(samples.filter(({ manipulated }) => manipulated === label)))
  const found = statistics.map((): number[] => [])
  if (strata.some((groups) => groups.length === 1)) return statistics.map(() => null)
  const random = randomNumbers(SEED)
  for (let round = 0; round < resamples; round++) {
    const drawn = strata.flatMap((groups) => groups.flatMap(() => groups[Math.floor(random() * groups.length)]!))
    statistics.forEach((statistic, i) => {
      const value = statistic(drawn)
      if (value !== null) found[i]!.push(value)
    })
  }
  return found.map((values) => {
    if (values.length < resamples / 2) return null
    values.sort((a, b) => a - b)
    return { low: quantile(values, 0.025), high: quantile(values, 0.975) }
  })
}

/** Files by group, in order of appearance. */
export const groupsOf = <Sample extends Grouped>(samples: readonly Sample[]): Sample[][] => [
  ...Map.groupBy(samples, ({ group }) => group).values(),
]

function quantile(sorted: readonly number[], q: number): number {
  const position = q * (sorted.length - 1)
  const low = sorted[Math.floor(position)]!
  return low + (sorted[Math.ceil(position)]! - low) * (position - Math.floor(position))
}

/**
 * Lower end of an AUC interval where every manipulated file scores above every genuine one: `pairs` independent pairs, all
 * in order, leave this much room (Clopper and Pearson 1934). Resampling would say [1, 1], however few the files are.
 */
export const perfectLow = (pairs: number): number => (pairs > 0 ? 0.025 ** (1 / pairs) : 0)
