import type { LeftOut } from '../../evaluation/cross-validate.ts'
import type { Figure } from '../../evaluation/measure.ts'

/** In five folds by group: what it says of groups that it was not fitted on. */
export function leftOutWords({ n, groups, outside, byChance, debiased }: LeftOut, { value, interval }: Figure): string {
  const range = interval ? ` [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]` : ''
  const chance = byChance
    ? ` With so many groups chance alone makes ${byChance.median.toFixed(2)}, and up to ${byChance.most.toFixed(2)} in 95 of 100 draws.`
    : ''
  const without =
    debiased === null
      ? ''
      : ` With chance taken out (Kumar, Liang and Ma 2019, root mean square): ${debiased.toFixed(2)}.`
  return `Expected calibration error on groups left out of the fit, each counted once: ${value.toFixed(2)}${range}, n = ${n} of ${groups} groups; ${outside} lay outside the fit's domain.${chance}${without}`
}
