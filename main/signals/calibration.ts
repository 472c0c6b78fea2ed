/**
 * From a raw score to a likelihood ratio with its interval, and the gate for input unlike the calibration data.
 *
 * Logistic calibration of the score's log-odds with both classes weighted equally, so that the fitted log-odds are the log
 * likelihood ratio (Brümmer & du Preez, "Application-independent evaluation of speaker detection", Computer Speech and
 * Language 20, 2006). Intervals by a bootstrap over groups (identities, source clips), because copies of one clip are
 * no independent trials, and by the rule of three where there is nothing to draw. Ratios are bounded by how many groups stand behind them (in the spirit of Vergeer et al.,
 * "Numerical likelihood ratios outputted by LR systems are often based on extrapolation", Science & Justice 56, 2016).
 */
import { z } from 'zod'
import { Sha256 } from '../contract/common.ts'
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

/** `calibration.json`, beside the model's card. */
export const Calibration = z.strictObject({
  format: z.literal('assay-calibration-1'),
  /** Of the signal whose scores were fitted; another version is not covered. */
  signal: z.string().min(1).max(100),
  signalVersion: z.string().max(40),
  /** Of the model it was fitted with; null for a signal without one. */
  modelSha256: Sha256.nullable(),
  /** The data it was fitted on, in words. */
  basis: z.string().min(1).max(1000),
  n: z.strictObject({
    manipulated: z.number().int().nonnegative(),
    genuine: z.number().int().nonnegative(),
    manipulatedGroups: z.number().int().nonnegative(),
    genuineGroups: z.number().int().nonnegative(),
  }),
  /** Natural log of the ratio at each raw score, ascending, with its 95 % interval; between them linear, outside constant. */
  knots: z
    .array(z.strictObject({ score: z.number(), logRatio: z.number(), low: z.number(), high: z.number() }))
    .min(2)
    .max(200),
  /** Range of each property that the gate lets through. */
  domain: z.record(z.string().max(100), z.strictObject({ low: z.number(), high: z.number() })),
})
export type Calibration = z.infer<typeof Calibration>

const BOOTSTRAP = 400
const SEED = 0
const KNOTS = 25
/** Log-odds of a raw score are cut here: nothing is learnt from a score nearer to 0 or 1. */
const EDGE = 1e-4
/** Penalty on the slope, in trials: keeps perfectly separated samples from an endless slope. */
const RIDGE = 0.05
/** A property may lie outside the range seen by this factor, or this share of the range where it can be negative. */
const DOMAIN_FACTOR = 1.5
/** The fewest groups of each class from which anything is fitted. */
export const LEAST_GROUPS = 5

const logOdds = (score: number): number => {
  const s = Math.min(1 - EDGE, Math.max(EDGE, score))
  return Math.log(s / (1 - s))
}

/**
 * Fits a calibration. Ratios under 1 are fitted too: whether they are used is the signal's to say (see `raised`).
 * @throws Error where a class has fewer than `LEAST_GROUPS` groups, or a score is not a number
 */
export function fitCalibration(
  samples: readonly CalibrationSample[],
  about: Pick<Calibration, 'signal' | 'signalVersion' | 'modelSha256' | 'basis'>,
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
    const { slope, offset } = logistic(a, g)
    const tails = tailRatios(a, g, at)
    return at.map((x, k) => {
      const line = offset + slope * x
      const seen = line > 0 ? Math.min(line, tails[k]!.most) : Math.max(line, tails[k]!.least)
      return Math.min(highest, Math.max(lowest, seen))
    })
  }
  const best = read(altered, genuine)
  const draws = Array.from({ length: BOOTSTRAP }, () => read(redraw(altered, random), redraw(genuine, random)))
  const surest = surestRatios(altered, genuine, at)
  const knots = at.map((x, k) => {
    const spread = draws.map((drawn) => drawn[k]!).sort((a, b) => a - b)
    const logRatio = round(best[k]!)
    return {
      score: 1 / (1 + Math.exp(-x)),
      logRatio,
      low: Math.min(logRatio, round(spread[Math.floor(0.025 * BOOTSTRAP)]!), round(surest[k]!.most)),
      high: Math.max(logRatio, round(spread[Math.ceil(0.975 * BOOTSTRAP) - 1]!), round(surest[k]!.least)),
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

/** What a calibration says of one measurement. */
export type Calibrated = ({ readonly inside: true } & Ratio) | { readonly inside: false; readonly reason: string }

/** Reads the ratio for a score, or says why this input lies outside what was measured. */
export function calibrate(
  { knots, domain }: Calibration,
  score: number,
  properties: Readonly<Record<string, number>>,
): Calibrated {
  for (const [name, { low, high }] of Object.entries(domain)) {
    const value = properties[name]
    if (value === undefined || (value >= low && value <= high)) continue
    return {
      inside: false,
      reason: `outside what this was measured on: ${name} ${short(value)}, measured from ${short(low)} to ${short(high)}`,
    }
  }
  return { inside: true, ...ratioAt(knots, score) }
}

/** Between two knots the logarithm of the ratio is a line over the log-odds of the score; beyond the outermost it stays. */
function ratioAt(knots: Calibration['knots'], score: number): Ratio {
  const next = knots.findIndex((knot) => knot.score >= score)
  const above = knots[next === -1 ? knots.length - 1 : next]!
  const below = next <= 0 ? above : knots[next - 1]!
  const share =
    above === below ? 0 : (logOdds(score) - logOdds(below.score)) / (logOdds(above.score) - logOdds(below.score) || 1)
  const between = (key: 'logRatio' | 'low' | 'high') => Math.exp(below[key] + share * (above[key] - below[key]))
  return { likelihoodRatio: between('logRatio'), low: between('low'), high: between('high') }
}

/**
 * The fit on much material, never surer than a fit on the part of it that is most like what it will be used on: at every score
 * its interval holds the interval of that one as well. Ratio, domain and numbers stay those of the whole.
 */
export function asCautiousAs(whole: Calibration, part: Calibration): Calibration {
  return {
    ...whole,
    knots: whole.knots.map((knot) => {
      const { low, high } = ratioAt(part.knots, knot.score)
      return {
        ...knot,
        low: Math.min(knot.low, round(Math.log(low))),
        high: Math.max(knot.high, round(Math.log(high))),
      }
    }),
  }
}

/**
 * The ratio as a signal uses it whose low scores say nothing (`raisesOnly`): never under 1. What was fitted is calibrated on its
 * material; other ways to manipulate than those in it may score low, and so a low score must clear nobody.
 */
export function raised({ likelihoodRatio, low, high }: Ratio): Ratio {
  return { likelihoodRatio: Math.max(1, likelihoodRatio), low: Math.max(1, low), high: Math.max(1, high) }
}

export interface Ratio {
  readonly likelihoodRatio: number
  readonly low: number
  readonly high: number
}

interface Group {
  readonly scores: readonly number[]
}

/**
 * Penalised logistic regression by Newton's method; every group weighs 1, spread over its scores, and each class half of
 * all. A slope below 0 (a score that points the wrong way) is taken as 0: the ratio is then 1 everywhere.
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

/**
 * Per knot the largest and the smallest log ratio that the material itself bears: the shares of manipulated and of genuine groups
 * at this score or beyond, each with half a group added, and the best of the knots before. A line through the middle of two
 * distributions says too much at their ends, where there is next to nothing.
 */
function tailRatios(altered: readonly Group[], genuine: readonly Group[], at: readonly number[]): Tail[] {
  const share = (groups: readonly Group[], beyond: Beyond): number =>
    (reaching(groups, beyond) + 0.5) / (groups.length + 1)
  const ratio = (beyond: Beyond): number => share(altered, beyond) / share(genuine, beyond)
  return tails(at, ratio, ratio)
}

/**
 * As `tailRatios`, for the cautious ends: where none of n groups reaches a score, 3 in n of all others may (the rule of
 * three: Hanley & Lippman-Hand, JAMA 249, 1983). Drawing groups again cannot tell, since none of them does in any draw.
 */
function surestRatios(altered: readonly Group[], genuine: readonly Group[], at: readonly number[]): Tail[] {
  const share = (groups: readonly Group[], beyond: Beyond): number => reaching(groups, beyond) / groups.length
  const most = (groups: readonly Group[], beyond: Beyond): number => Math.max(share(groups, beyond), 3 / groups.length)
  return tails(
    at,
    (beyond) => share(altered, beyond) / most(genuine, beyond),
    (beyond) => most(altered, beyond) / share(genuine, beyond),
  )
}

type Beyond = (score: number) => boolean
interface Tail {
  readonly most: number
  readonly least: number
}

/** How many groups lie beyond, each by the share of its scores. */
function reaching(groups: readonly Group[], beyond: Beyond): number {
  return groups.reduce((total, { scores }) => total + scores.filter(beyond).length / scores.length, 0)
}

/** The best ratio over all tails that a knot lies in: of scores at least so high, and at most so high. */
function tails(at: readonly number[], above: (beyond: Beyond) => number, below: (beyond: Beyond) => number): Tail[] {
  let [most, least] = [0, 0]
  const upper = at.map((x) => (most = Math.max(most, Math.log(above((score) => score >= x)))))
  const lower = at
    .toReversed()
    .map((x) => (least = Math.min(least, Math.log(below((score) => score <= x)))))
    .toReversed()
  return at.map((_, k) => ({ most: upper[k]!, least: lower[k]! }))
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

const round = (value: number): number => Math.round(value * 1e6) / 1e6
const short = (value: number): string => String(Number(value.toPrecision(3)))
