/** How well a calibration holds on groups that it was not fitted on. */
import { predictiveValue } from '../contract/findings.ts'
import { calibrate, fitCalibration, LEAST_GROUPS, type CalibrationSample } from '../signals/calibration.ts'
import { bootstrap } from './bootstrap.ts'
import type { Figure } from './measure.ts'
import { expectedCalibrationError } from './metrics.ts'

const FOLDS = 5

export interface LeftOut {
  /** Files whose ratio came from a fit without their group; those that the domain gate held back are not among them. */
  readonly n: number
  readonly outside: number
  /** Expected calibration error at the share of manipulated files in the set; null without a file. */
  readonly ece: Figure | null
}

/**
 * Fits on four fifths of the groups, states probabilities for the rest, five times over. A group that stands under both labels
 * (an original and what was made from it) is left out as a whole. Null where too few groups are left to fit on.
 */
export function crossValidate(samples: readonly CalibrationSample[]): LeftOut | null {
  const groups = [...new Set(samples.map(({ group }) => group))].sort()
  const fold = new Map(groups.map((group, place) => [group, place % FOLDS]))
  const prevalence = samples.filter(({ manipulated }) => manipulated).length / samples.length
  const predicted: { probability: number; manipulated: boolean; group: string }[] = []
  let outside = 0
  for (let k = 0; k < FOLDS; k++) {
    const train = samples.filter(({ group }) => fold.get(group) !== k)
    const enough = [true, false].every(
      (label) => new Set(train.filter((s) => s.manipulated === label).map((s) => s.group)).size >= LEAST_GROUPS,
    )
    if (!enough) return null
    const fitted = fitCalibration(train, {
      signal: 'left-out',
      signalVersion: '',
      modelSha256: null,
      basis: 'left-out',
    })
    for (const { score, domain, manipulated, group } of samples.filter(({ group }) => fold.get(group) === k)) {
      const found = calibrate(fitted, score, domain)
      if (!found.inside) outside++
      else predicted.push({ probability: predictiveValue(prevalence, found.likelihoodRatio), manipulated, group })
    }
  }
  const value = expectedCalibrationError(predicted)
  const [interval] = bootstrap(predicted, [expectedCalibrationError])
  return { n: predicted.length, outside, ece: value === null ? null : { value, interval: interval ?? null } }
}
