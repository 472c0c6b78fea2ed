/**
 * The share of successes as a function of x that never falls: isotonic regression by pooling adjacent violators (Ayer et al., "An
 * Empirical Distribution Function for Sampling with Incomplete Information", Annals of Mathematical Statistics 26, 1955; for
 * the calibration of scores Zadrozny & Elkan, KDD 2002). Pure.
 */

export interface Trial {
  readonly x: number
  readonly weight: number
  readonly success: boolean
}

/** Neighbouring trials of one share: from `first` to `last`, both included. */
export interface Pool {
  readonly first: number
  readonly last: number
  readonly weight: number
  /** Weight of the successes. */
  readonly successes: number
}

/** Pools of rising share, ascending in x. Trials of equal x stay together. */
export function poolAdjacentViolators(trials: readonly Trial[]): Pool[] {
  const pools: Pool[] = []
  const push = (pool: Pool): void => {
    const before = pools.at(-1)
    const joins = before && (before.last === pool.first || share(before) >= share(pool))
    if (!joins) {
      pools.push(pool)
      return
    }
    pools.pop()
    push({
      first: before.first,
      last: pool.last,
      weight: before.weight + pool.weight,
      successes: before.successes + pool.successes,
    })
  }
  for (const { x, weight, success } of trials.toSorted((a, b) => a.x - b.x))
    push({ first: x, last: x, weight, successes: success ? weight : 0 })
  return pools
}

const share = ({ successes, weight }: Pool): number => successes / weight
