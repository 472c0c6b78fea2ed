/** Items: the same bytes are the same item, whatever its id. */
import type { Evidence } from '../../contract/intake.ts'
import { foreignId } from '../../cases/exchange/foreign.ts'
import { evidenceBySha } from '../../store/evidence.ts'
import { hasEvidence } from '../../store/exchange/rows.ts'
import type { Ground } from './ground.ts'

/** @returns those to be taken in; tells the ground which of theirs is which of ours */
export function planItems({ lib, parcel, items, left, count }: Ground): Evidence[] {
  const evidence: Evidence[] = []
  for (const item of parcel.records.evidence) {
    const here = evidenceBySha(lib, item.sha256)
    if (here) items.set(item.id, here.id)
    else if (parcel.inside.has(item.sha256)) {
      const id = hasEvidence(lib, item.id) ? foreignId(`evidence ${item.sha256}`) : item.id
      items.set(item.id, id)
      evidence.push({ ...item, id })
    } else
      left.add(`“${item.name}” came by its hash only and is not here: nothing that was found on it can be taken in.`)
    if (here || items.has(item.id)) count('evidence', here ? 'same' : 'added')
  }
  return evidence
}
