/**
 * `data/records.json`: the records of a case whole, row by row, so that another library can take them in without a loss. The
 * same rows as in the STIX bundle beside it, for this program rather than for others.
 */
import { z } from 'zod'
import type { Exported } from '../../cases/exchange/scope.ts'
import { Evidence } from '../../contract/intake.ts'
import { Judgement } from '../../contract/findings.ts'
import { CaseRow, EntityRow, RelationRow } from '../../store/exchange/rows.ts'

export const RECORDS = 'data/records.json'

export const BundleRecords = z.object({
  format: z.literal('assay-records'),
  version: z.literal(1),
  case: CaseRow,
  entities: z.array(EntityRow).max(200_000),
  relations: z.array(RelationRow).max(500_000),
  judgements: z.array(Judgement).max(100_000),
  evidence: z.array(Evidence).max(100_000),
})
export type BundleRecords = z.infer<typeof BundleRecords>

export function bundleRecords({ cases, entities, relations, judgements, evidence }: Exported): BundleRecords {
  const [only] = cases
  if (!only) throw new Error('a bundle is of one case')
  return {
    format: 'assay-records',
    version: 1,
    case: only,
    entities: [...entities.values()],
    relations: [...relations],
    judgements: [...judgements],
    evidence: [...evidence.values()],
  }
}
