/** Whether a judgement and the indicators point different ways; the workbench decides again when it is filed. */
import type { Likelihood } from '../../../main/contract/common.ts'
import type { Band } from '../../../main/contract/findings.ts'

const FOR: ReadonlySet<Likelihood> = new Set(['likely', 'very-likely', 'almost-certain'])
const AGAINST: ReadonlySet<Likelihood> = new Set(['almost-no-chance', 'very-unlikely', 'unlikely'])

export function pointsElsewhere(likelihood: Likelihood | null, band: Band | undefined): boolean {
  if (!likelihood) return false
  return (FOR.has(likelihood) && band === 'none') || (AGAINST.has(likelihood) && band === 'strong')
}
