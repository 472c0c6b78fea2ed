/**
 * How well scores tell manipulated files from genuine ones. Pure. `manipulated` is the positive class; a score is any
 * number of which higher speaks for manipulation. Files on which a signal abstained never come here.
 */

export interface Scored {
  readonly score: number
  readonly manipulated: boolean
}

/** A corner of the ROC curve: shares of the genuine and of the manipulated files at or above `score`. */
export interface RocPoint {
  readonly score: number
  readonly falsePositives: number
  readonly truePositives: number
}

/** From (0, 0) at +∞ to (1, 1); one point per distinct score. Empty where a class is missing. */
export function roc(samples: readonly Scored[]): RocPoint[] {
  const positives = samples.filter(({ manipulated }) => manipulated).length
  const negatives = samples.length - positives
  if (!positives || !negatives) return []
  const sorted = [...samples].sort((a, b) => b.score - a.score)
  const points: RocPoint[] = [{ score: Number.POSITIVE_INFINITY, falsePositives: 0, truePositives: 0 }]
  let [found, wrong] = [0, 0]
  sorted.forEach(({ score, manipulated }, i) => {
    if (manipulated) found++
    else wrong++
    if (sorted[i + 1]?.score === score) return
    points.push({ score, falsePositives: wrong / negatives, truePositives: found / positives })
  })
  return points
}

/**
 * Chance that a manipulated file scores higher than a genuine one, ties counting half (Mann and Whitney 1947): the area
 * under the ROC curve. Null where a class is missing.
 */
export function auc(samples: readonly Scored[]): number | null {
  const points = roc(samples)
  if (!points.length) return null
  let area = 0
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!]
    area += ((b.falsePositives - a.falsePositives) * (a.truePositives + b.truePositives)) / 2
  }
  return area
}

/** Error rate where as many genuine files are taken for manipulated as the other way round; between points, linear. */
export function equalErrorRate(samples: readonly Scored[]): number | null {
  const points = roc(samples)
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!]
    const before = a.falsePositives - (1 - a.truePositives)
    const after = b.falsePositives - (1 - b.truePositives)
    if (after < 0) continue
    const share = after === before ? 0 : -before / (after - before)
    return a.falsePositives + share * (b.falsePositives - a.falsePositives)
  }
  return null
}

/** Largest share of manipulated files found while at most `limit` of the genuine ones are taken for manipulated. */
export function truePositivesAt(samples: readonly Scored[], limit: number): number | null {
  const points = roc(samples)
  if (!points.length) return null
  return Math.max(...points.filter((p) => p.falsePositives <= limit).map((p) => p.truePositives))
}

export interface Predicted {
  /** Stated probability of manipulation. */
  readonly probability: number
  readonly manipulated: boolean
  /** How much it counts; 1 without it. */
  readonly weight?: number
  /** Files of one group and label are one trial together; each file is one without it. */
  readonly group?: string
}

export interface ReliabilityBin {
  readonly n: number
  readonly weight: number
  readonly meanProbability: number
  /** Share of the files in it that are manipulated. */
  readonly observed: number
  readonly members: readonly Predicted[]
}

const weightOf = ({ weight = 1 }: Predicted): number => weight

/** Bins of equal weight, by probability. Equal probabilities stay together, so there may be fewer. */
export function reliability(samples: readonly Predicted[], bins = 10): ReliabilityBin[] {
  const sorted = [...samples].sort((a, b) => a.probability - b.probability)
  const out: ReliabilityBin[] = []
  let left = sum(sorted.map(weightOf))
  let from = 0
  while (from < sorted.length) {
    const wanted = left / Math.max(1, bins - out.length)
    let [to, weight] = [from, 0]
    while (to < sorted.length) {
      let [end, more] = [to, 0]
      while (end < sorted.length && sorted[end]!.probability === sorted[to]!.probability)
        more += weightOf(sorted[end++]!)
      if (to > from && weight + more / 2 > wanted) break
      to = end
      weight += more
    }
    const members = sorted.slice(from, to)
    const mean = (of: (one: Predicted) => number) => sum(members.map((one) => weightOf(one) * of(one))) / weight
    out.push({
      n: members.length,
      weight,
      meanProbability: mean(({ probability }) => probability),
      observed: mean(({ manipulated }) => Number(manipulated)),
      members,
    })
    left -= weight
    from = to
  }
  return out
}

/** Files of one label and group. */
export const clusterOf = ({ manipulated, group }: Pick<Predicted, 'manipulated' | 'group'>): string =>
  `${manipulated} ${group}`

/** As many independent trials of equal weight would tell as much (Kish, "Survey Sampling", 1965, section 8.2). */
function trialsOf(part: readonly Predicted[]): number {
  const clusters = Map.groupBy(part, (one) => (one.group === undefined ? one : clusterOf(one)))
  const weights = [...clusters.values()].map((members) => sum(members.map(weightOf)))
  return sum(weights) ** 2 / sum(weights.map((weight) => weight * weight))
}

/** Mean distance between stated probability and observed share over the bins, weighted by theirs. */
export function expectedCalibrationError(samples: readonly Predicted[], bins = 10): number | null {
  if (!samples.length) return null
  const parts = reliability(samples, bins)
  const total = sum(parts.map(({ weight }) => weight))
  return sum(
    parts.map(({ weight, meanProbability, observed }) => (weight / total) * Math.abs(meanProbability - observed)),
  )
}

/**
 * Root of the mean squared calibration error over the bins, less what chance alone adds to each of them: the debiased estimator
 * of Kumar, Liang and Ma ("Verified Uncertainty Calibration", NeurIPS 2019). Not under 0.
 */
export function debiasedCalibrationError(samples: readonly Predicted[], bins = 10): number | null {
  const parts = reliability(samples, bins)
    .map((bin) => ({ ...bin, trials: trialsOf(bin.members) }))
    .filter(({ trials }) => trials > 1)
  const total = sum(parts.map(({ weight }) => weight))
  if (!total) return null
  const square = sum(
    parts.map(
      ({ weight, trials, meanProbability, observed }) =>
        (weight / total) * ((meanProbability - observed) ** 2 - (observed * (1 - observed)) / (trials - 1)),
    ),
  )
  return Math.sqrt(Math.max(0, square))
}

/** Mean squared distance between stated probability and what the file is (Brier 1950). */
export const brier = (samples: readonly Predicted[]): number | null =>
  samples.length ? mean(samples.map(({ probability, manipulated }) => (probability - Number(manipulated)) ** 2)) : null

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length

export interface Interval {
  readonly low: number
  readonly high: number
}

/** 95 % score interval of a proportion (Wilson, "Probable Inference", JASA 1927). */
export function wilson(hits: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 }
  const z = 1.959964
  const p = hits / n
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
