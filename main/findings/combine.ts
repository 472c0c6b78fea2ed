/**
 * One likelihood ratio from those of the calibrated signals, with the dependence between them taken into account.
 *
 * Natural logs are added (Bayes' rule in odds form holds for independent evidence). Signals that look at the same pixels or
 * the same bytes are not independent: of such a group the one that speaks loudest counts in full, the others by
 * `DEPENDENT_SHARE`. Interval ends are added the same way, which is wider than independent errors would give. Findings
 * without a calibration are left out: nobody has measured what they are worth.
 */
import type { Priority } from '../contract/findings.ts'
import type { SignalOutput } from '../contract/signals.ts'

/**
 * Signals of one group depend on each other: container and bitstream are written by the same program in the same step;
 * what looks at faces looks at the same ones.
 */
export const DEPENDENT: readonly (readonly string[])[] = [
  ['provenance', 'encoding'],
  ['face-manipulation', 'portrait-animation', 'synthetic-image'],
]
export const DEPENDENT_SHARE = 0.5
/** A combined ratio beyond these is not shown as such: no development set is large enough to support it. */
const LARGEST = Math.log(100)

/** Null where no calibrated signal ran. Does not depend on the order of the list. */
export function combine(outputs: readonly SignalOutput[]): Priority['likelihood'] {
  const calibrated = outputs
    .flatMap(({ id, applicability, calibration }) =>
      calibration && applicability.state === 'ran' ? [{ id, ...calibration }] : [],
    )
    .sort((a, b) => loudness(b) - loudness(a) || (a.id < b.id ? -1 : 1))
  if (!calibrated.length) return null
  const heard = new Set<readonly string[]>()
  let [ratio, low, high] = [0, 0, 0]
  for (const one of calibrated) {
    const group = DEPENDENT.find((members) => members.includes(one.id))
    const share = group && heard.has(group) ? DEPENDENT_SHARE : 1
    if (group) heard.add(group)
    ratio += share * Math.log(one.likelihoodRatio)
    low += share * Math.log(one.low)
    high += share * Math.log(one.high)
  }
  const bounded = (log: number) => Math.exp(Math.min(LARGEST, Math.max(-LARGEST, log)))
  return {
    ratio: bounded(ratio),
    low: bounded(low),
    high: bounded(high),
    signals: calibrated.map(({ id }) => id).sort(),
  }
}

const loudness = ({ likelihoodRatio }: { likelihoodRatio: number }): number => Math.abs(Math.log(likelihoodRatio))
