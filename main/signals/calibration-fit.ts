/**
 * Fits a calibration: the curve, bounded at its ends, with intervals by a bootstrap over groups (identities, source clips), because copies
 * of one clip are no independent trials, and by the rule of three where there is nothing to draw.
 */
import { round, type Calibration } from './calibration.ts'
import { logOdds, risingRatio, type Group } from './calibration-curve.ts'
import { surestRatios, tailRatios } from './calibration-tails.ts'
import { randomNumbers } from './random.ts'

/** One measured item of known origin. */
export interface CalibrationSample {
  /** The signal's raw score, 0 to 1. */
  readonly score: number
  readonly manipulated: boolean
  /** What must not be counted twice: the identity or the clip it was made from. */
  readonly group: string
  /** As in the signal's result. */
  readonly domain: Readonly<Record<string, number>>
}

const DRAWS = 400
const SEED = 0
const KNOTS = 25
/** A property may lie outside the range seen by this factor, or this share of the range where it can be negative. */
const DOMAIN_FACTOR = 1.5
/** The fewest groups of each class from which anything is fitted. */
export const LEAST_GROUPS = 5

/**
 * Fits a calibration. Ratios under 1 are fitted too: whether they are used is the signal's to say (see `raised`).
 * @param draws of the bootstrap; the intervals are too narrow without any
 * @throws Error where a class has fewer than `LEAST_GROUPS` groups, or a score is not a number
 */
export function fitCalibration(
  samples: readonly CalibrationSample[],
  about: Pick<Calibration, 'signal' | 'signalVersion' | 'modelSha256' | 'basis'>,
  draws = DRAWS,
): Calibration {
  const groups = new Map<string, { manipulated: boolean; scores: number[] }>()
  for (const { score, manipulated, group } of samples) {
    if (!Number.isFinite(score)) throw new Error('A score is not a number.')
    const key = `${manipulated ? 1 : 0} ${group}`
    const known = groups.get(key)
    if (known) known.scores.push(logOdds(score))
    else groups.set(key, { manipulated, scores: [logOdds(score)] })
  }
  const altered = [...groups.values()].filter((g) => g.manipulated)
  const genuine = [...groups.values()].filter((g) => !g.manipulated)
  if (altered.length < LEAST_GROUPS || genuine.length < LEAST_GROUPS)
    throw new Error(
      `${altered.length} manipulated and ${genuine.length} genuine groups were measured; at least ${LEAST_GROUPS} of each are needed.`,
    )

  const odds = samples.map((s) => logOdds(s.score))
  const [first, last] = [Math.min(...odds), Math.max(...odds)]
  const at = Array.from({ length: KNOTS }, (_, i) => first + ((last - first) * i) / (KNOTS - 1))
  const random = randomNumbers(SEED)
  // With no genuine group out of n at a score, about 3 / n of them may still reach it (the rule of three).
  const highest = Math.log(Math.max(1, genuine.length / 3))
  const lowest = -Math.log(Math.max(1, altered.length / 3))
  const read = (a: readonly Group[], g: readonly Group[]): number[] => {
    const curve = risingRatio(a, g)
    const tails = tailRatios(a, g, at)
    return at.map((x, k) => {
      const said = curve(x)
      const seen = said > 0 ? Math.min(said, tails[k]!.most) : Math.max(said, tails[k]!.least)
      return Math.min(highest, Math.max(lowest, seen))
    })
  }
  const best = read(altered, genuine)
  const drawn = Array.from({ length: draws }, () => read(redraw(altered, random), redraw(genuine, random)))
  const surest = surestRatios(altered, genuine, at)
  const knots = at.map((x, k) => {
    const spread = drawn.map((one) => one[k]!).sort((a, b) => a - b)
    const logRatio = round(best[k]!)
    return {
      score: 1 / (1 + Math.exp(-x)),
      logRatio,
      low: Math.min(logRatio, round(spread[Math.floor(0.025 * draws)] ?? logRatio), round(surest[k]!.most)),
      high: Math.max(logRatio, round(spread[Math.ceil(0.975 * draws) - 1] ?? logRatio), round(surest[k]!.least)),
    }
  })
  return {
    format: 'assay-calibration-1',
    ...about,
    n: {
      manipulated: samples.filter((s) => s.manipulated).length,
      genuine: samples.filter((s) => !s.manipulated).length,
      manipulatedGroups: altered.length,
      genuineGroups: genuine.length,
    },
    knots,
    domain: domainOf(samples),
  }
}

function redraw<T>(items: readonly T[], random: () => number): T[] {
  return items.map(() => items[Math.floor(random() * items.length)]!)
}

function domainOf(samples: readonly CalibrationSample[]): Calibration['domain'] {
  const ranges: Record<string, { low: number; high: number }> = {}
  for (const { domain } of samples)
    for (const [name, value] of Object.entries(domain)) {
      if (!Number.isFinite(value)) continue
      const known = ranges[name]
      ranges[name] = { low: Math.min(known?.low ?? value, value), high: Math.max(known?.high ?? value, value) }
    }
  for (const range of Object.values(ranges)) {
    const { low, high } = range
    const margin = (high - low) * (DOMAIN_FACTOR - 1)
    range.low = round(low > 0 ? low / DOMAIN_FACTOR : low - margin)
    range.high = round(low > 0 ? high * DOMAIN_FACTOR : high + margin)
  }
  return Object.fromEntries(Object.entries(ranges).sort(([a], [b]) => (a < b ? -1 : 1)))
}
