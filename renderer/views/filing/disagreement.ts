/** Whether a judgement and the indicators point different ways; the workbench decides again when it is filed. */
import type { Likelihood } from '../../../main/contract/common.ts'
import type { Band } from '../../../main/contract/findings.ts'

const FOR: readonly Likelihood[] = ['likely', 'very-likely', 'almost-certain']
const AGAINST: readonly Likelihood[] = ['almost-no-chance', 'very-unlikely', 'unlikely']

export function pointsElsewhere(likelihood: Likelihood | null, band: Band | undefined): boolean {
  if (!likelihood) return false
  return (FOR.includes(likelihood) && band === 'none') || (AGAINST.includes(likelihood) && band === 'strong')
}
