/**
 * The log likelihood ratio as a function of the score: isotonic regression of the label with both classes weighted equally, so that the
 * fitted log-odds are the log ratio (Brümmer & du Preez, "Application-independent evaluation of speaker detection", Computer Speech and
 * Language 20, 2006), drawn towards a logistic regression where few groups stand behind a score. Pure.
 */
import { poolAdjacentViolators, type Trial } from './isotonic.ts'

/** Log-odds of a raw score are cut here: nothing is learnt from a score nearer to 0 or 1. */
const EDGE = 1e-4
/** Penalty on the slope, in trials: keeps perfectly separated samples from an endless slope. */
const RIDGE = 0.05
/**
 * What the logistic regression counts for beside the groups pooled at a score, in trials. It is a straight line, as the scores of a network
 * that knows one generator well and others hardly are not; but a few groups alone tell less than it does.
 */
const LINE = 20

/** Of a raw score, 0 to 1. */
export const logOdds = (score: number): number => {
  const s = Math.min(1 - EDGE, Math.max(EDGE, score))
  return Math.log(s / (1 - s))
}

/** What must not be counted twice, with the log-odds of its scores. */
export interface Group {
  readonly scores: readonly number[]
}

/** Log ratio at a score's log-odds; never falls. Every group weighs 1, spread over its scores, and each class half of all. */
export function risingRatio(altered: readonly Group[], genuine: readonly Group[]): (x: number) => number {
  const { slope, offset } = logistic(altered, genuine)
  const total = (altered.length + genuine.length) / 2
  const trials = (groups: readonly Group[], success: boolean): Trial[] =>
    groups.flatMap(({ scores }) => scores.map((x) => ({ x, success, weight: total / groups.length / scores.length })))
  const pools = poolAdjacentViolators([...trials(altered, true), ...trials(genuine, false)])
  let most = Number.NEGATIVE_INFINITY
  const ends = pools.flatMap(({ first, last, weight, successes }) =>
    (first === last ? [first] : [first, last]).map((x) => {
      const line = 1 / (1 + Math.exp(-(offset + slope * x)))
      const share = (successes + LINE * line) / (weight + LINE)
      most = Math.max(most, logOdds(share))
      return { x, y: most }
    }),
  )
  return (x) => {
    const next = ends.findIndex((end) => end.x >= x)
    const above = ends[next === -1 ? ends.length - 1 : next]!
    const below = next <= 0 ? above : ends[next - 1]!
    return above === below ? above.y : below.y + ((x - below.x) / (above.x - below.x)) * (above.y - below.y)
  }
}

/**
 * Penalised logistic regression by Newton's method, weighted as in `risingRatio`. A slope below 0 (a score that points the wrong
 * way) is taken as 0: the ratio is then 1 everywhere.
 */
function logistic(altered: readonly Group[], genuine: readonly Group[]): { slope: number; offset: number } {
  let [slope, offset] = [0, 0]
  const total = (altered.length + genuine.length) / 2
  for (let step = 0; step < 50; step++) {
    let [gs, go, hss, hso, hoo] = [-RIDGE * slope, 0, RIDGE, 0, 1e-9]
    for (const [groups, label] of [
      [altered, 1],
      [genuine, 0],
    ] as const)
      for (const { scores } of groups)
        for (const x of scores) {
          const weight = total / groups.length / scores.length
          const p = 1 / (1 + Math.exp(-(offset + slope * x)))
          gs += weight * (label - p) * x
          go += weight * (label - p)
          hss += weight * p * (1 - p) * x * x
          hso += weight * p * (1 - p) * x
          hoo += weight * p * (1 - p)
        }
    const determinant = hss * hoo - hso * hso
    if (determinant < 1e-12) break
    const ds = (gs * hoo - go * hso) / determinant
    const dOffset = (go * hss - gs * hso) / determinant
    // Steps are shortened: far from the optimum the curvature of separated samples is next to nothing.
    const shorten = Math.min(1, 2 / (Math.abs(ds) + Math.abs(dOffset) || 1))
    slope += shorten * ds
    offset += shorten * dOffset
    if (Math.abs(ds) + Math.abs(dOffset) < 1e-8) break
  }
  return slope > 0 ? { slope, offset } : { slope: 0, offset: 0 }
}
