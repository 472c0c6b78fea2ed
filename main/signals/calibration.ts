/** From a raw score to a likelihood ratio with its interval, and the gate for input unlike the calibration data. */
import { z } from 'zod'
import { Sha256 } from '../contract/common.ts'
import { logOdds } from './calibration-curve.ts'

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

/** As it is written to the file. */
export const round = (value: number): number => Math.round(value * 1e6) / 1e6
const short = (value: number): string => String(Number(value.toPrecision(3)))
