/** How well a calibration holds on groups that it was not fitted on. */
import { predictiveValue } from '../contract/findings.ts'
import { randomNumbers } from '../signals/random.ts'
import { calibrate } from '../signals/calibration.ts'
import { fitCalibration, LEAST_GROUPS, type CalibrationSample } from '../signals/calibration-fit.ts'
import { bootstrap } from './bootstrap.ts'
import type { Figure } from './measure.ts'
import {
  clusterOf,
  debiasedCalibrationError,
  expectedCalibrationError,
  type Interval,
  type Predicted,
} from './metrics.ts'

const FOLDS = 5

export interface LeftOut {
  /** Files whose ratio came from a fit without their group; those that the domain gate held back are not among them. */
  readonly n: number
  readonly outside: number
  /**
   * Expected calibration error at the share of manipulated groups in the set; null without a file. Every group counts once for
   * each of its labels, shared among its files, as in the fit: copies of one clip are no independent trials.
   */
  readonly ece: Figure | null
  /** Root mean square error over the same bins with chance taken out (`debiasedCalibrationError`). */
  readonly debiased: number | null
  /** Groups behind the files. */
  readonly groups: number
  /**
   * What a calibration that is exactly right would show on so few files, by chance alone: median, and what 95 % of draws stay
   * under. An error below `most` is no evidence against the calibration.
   */
  readonly byChance: { readonly median: number; readonly most: number } | null
}

/**
 * Fits on four fifths of the groups, states probabilities for the rest, five times over. A group that stands under both labels
 * (an original and what was made from it) is left out as a whole. The ratios are those of the fit, also where a signal that
 * only raises would not use them. Null where too few groups are left to fit on.
 */
export function crossValidate(samples: readonly CalibrationSample[]): LeftOut | null {
  const groups = [...new Set(samples.map(({ group }) => group))].sort()
  const fold = new Map(groups.map((group, place) => [group, place % FOLDS]))
  const sizes = new Map<string, number>()
  for (const one of samples) sizes.set(clusterOf(one), (sizes.get(clusterOf(one)) ?? 0) + 1)
  const altered = new Set(samples.filter(({ manipulated }) => manipulated).map(({ group }) => group))
  const prevalence = altered.size / sizes.size
  const predicted: Prediction[] = []
  let outside = 0
  for (let k = 0; k < FOLDS; k++) {
    const train = samples.filter(({ group }) => fold.get(group) !== k)
    const enough = [true, false].every(
      (label) => new Set(train.filter((s) => s.manipulated === label).map((s) => s.group)).size >= LEAST_GROUPS,
    )
    if (!enough) return null
    const about = { signal: 'left-out', signalVersion: '', modelSha256: null, basis: 'left-out' }
    // Only its ratios are read.
    const fitted = fitCalibration(train, about, 0)
    for (const { score, domain, manipulated, group } of samples.filter(({ group }) => fold.get(group) === k)) {
      const found = calibrate(fitted, score, domain)
      if (!found.inside) outside++
      else {
        const probability = predictiveValue(prevalence, found.likelihoodRatio)
        predicted.push({ probability, manipulated, group, weight: 1 / sizes.get(clusterOf({ manipulated, group }))! })
      }
    }
  }
  const value = expectedCalibrationError(predicted)
  const [interval] = bootstrap(predicted, [expectedCalibrationError])
  return {
    n: predicted.length,
    outside,
    ece: value === null ? null : { value, interval: interval ? around(value, interval) : null },
    debiased: debiasedCalibrationError(predicted),
    groups: new Set(predicted.map(({ group }) => group)).size,
    byChance: byChance(predicted),
  }
}

/** Groups that are drawn again err more than the groups themselves: an interval of draws alone can lie above the error. */
const around = (value: number, { low, high }: Interval): Interval => ({
  low: Math.min(value, low),
  high: Math.max(value, high),
})

type Prediction = Required<Predicted>

const DRAWS = 400

/**
 * The error when labels are drawn at the stated probabilities. Files of one group and label (copies, sentences of one speaker)
 * share one draw, since they shared one truth.
 */
function byChance(predicted: readonly Prediction[]): LeftOut['byChance'] {
  if (!predicted.length) return null
  const random = randomNumbers(7)
  const clusters = [...Map.groupBy(predicted, clusterOf).values()]
  const errors = Array.from({ length: DRAWS }, () => {
    const drawn = clusters.flatMap((members) => {
      const at = random()
      return members.map((member) => ({ ...member, manipulated: at < member.probability }))
    })
    return expectedCalibrationError(drawn) ?? 0
  }).sort((a, b) => a - b)
  return { median: errors[DRAWS >> 1]!, most: errors[Math.floor(DRAWS * 0.95)]! }
}
