/** The figures of one subject on one set of files, with intervals. */
import { predictiveValue } from '../contract/findings.ts'
import { bootstrap, groupsOf, perfectLow, RESAMPLES, type Grouped } from './bootstrap.ts'
import {
  auc,
  brier,
  equalErrorRate,
  expectedCalibrationError,
  truePositivesAt,
  wilson,
  type Interval,
} from './metrics.ts'

/** What a subject said about one file. */
export interface Sample extends Grouped {
  readonly source: string
  readonly score: number
  /** At or above the threshold that ships. */
  readonly flagged: boolean
  /** Null: uncalibrated. */
  readonly likelihoodRatio: number | null
}

export interface Figure {
  readonly value: number
  /** 95 %; null where there are too few groups to say. */
  readonly interval: Interval | null
}

export interface Figures {
  /** Files on which it ran, and the groups they come from. */
  readonly manipulated: number
  readonly genuine: number
  readonly manipulatedGroups: number
  readonly genuineGroups: number
  /** Share of genuine files at or above the shipped threshold. */
  readonly falsePositives: Figure | null
  /** Share of manipulated files there. */
  readonly found: Figure | null
  readonly auc: Figure | null
  readonly eer: Figure | null
  /** At no more than 1 % false positives. */
  readonly tpr1: Figure | null
  /** Only where every file has a likelihood ratio. */
  readonly ece: Figure | null
  readonly brier: Figure | null
}

export function measure(samples: readonly Sample[], resamples = RESAMPLES): Figures {
  const positives = samples.filter(({ manipulated }) => manipulated)
  const negatives = samples.filter(({ manipulated }) => !manipulated)
  const prevalence = positives.length / samples.length
  const both = positives.length > 0 && negatives.length > 0
  const calibrated = both && samples.every(({ likelihoodRatio }) => likelihoodRatio !== null)
  const predicted = (drawn: readonly Sample[]) =>
    drawn.map(({ likelihoodRatio, manipulated }) => ({
      probability: predictiveValue(prevalence, likelihoodRatio ?? 1),
      manipulated,
    }))
  const shareFlagged = (manipulated: boolean) => (drawn: readonly Sample[]) => {
    const of = drawn.filter((sample) => sample.manipulated === manipulated)
    return of.length ? of.filter(({ flagged }) => flagged).length / of.length : null
  }
  const statistics = [
    shareFlagged(false),
    shareFlagged(true),
    auc,
    equalErrorRate,
    (drawn: readonly Sample[]) => truePositivesAt(drawn, 0.01),
    (drawn: readonly Sample[]) => (calibrated ? expectedCalibrationError(predicted(drawn)) : null),
    (drawn: readonly Sample[]) => (calibrated ? brier(predicted(drawn)) : null),
  ]
  const values = statistics.map((statistic) => statistic(samples))
  const intervals = bootstrap(samples, statistics, resamples)
  const figure = (i: number): Figure | null => {
    const value = values[i] ?? null
    return value === null ? null : { value, interval: intervals[i] ?? null }
  }
  const pairs = Math.min(groupsOf(positives).length, groupsOf(negatives).length)
  return {
    manipulated: positives.length,
    genuine: negatives.length,
    manipulatedGroups: groupsOf(positives).length,
    genuineGroups: groupsOf(negatives).length,
    falsePositives: proportion(figure(0), negatives.length),
    found: proportion(figure(1), positives.length),
    auc: area(figure(2), pairs),
    eer: figure(3),
    tpr1: proportion(figure(4), positives.length),
    ece: figure(5),
    brier: figure(6),
  }
}

/**
 * The wider of resampling and Wilson's interval: resampling sees that files of one group go together, and Wilson that 0 of
 * 45 is not zero.
 */
function proportion(figure: Figure | null, n: number): Figure | null {
  if (!figure) return null
  const { low, high } = wilson(Math.round(figure.value * n), n)
  const { interval } = figure
  return {
    value: figure.value,
    interval: interval ? { low: Math.min(low, interval.low), high: Math.max(high, interval.high) } : { low, high },
  }
}

function area(figure: Figure | null, pairs: number): Figure | null {
  if (!figure || (figure.value !== 1 && figure.value !== 0)) return figure
  const room = perfectLow(pairs)
  return { value: figure.value, interval: figure.value === 1 ? { low: room, high: 1 } : { low: 0, high: 1 - room } }
}
