/** Where an assertion comes from, as forms hold it. */
import type { Sourcing } from '../../../main/contract/common.ts'
import { kept } from '../../kept.ts'

export const UNSOURCED: Sourcing = {
  sourceId: null,
  reliability: 'F',
  credibility: '6',
  likelihood: null,
  confidence: null,
  firstSeen: null,
  lastSeen: null,
  supports: [],
}

export const RELIABILITIES = ['A', 'B', 'C', 'D', 'E', 'F'] as const
export const CREDIBILITIES = ['1', '2', '3', '4', '5', '6'] as const

/** Somebody who enters a report enters twenty values of one source: the next form begins with the last one's source. */
export const lastSource = kept<Pick<Sourcing, 'sourceId' | 'reliability' | 'credibility'>>({
  sourceId: null,
  reliability: 'F',
  credibility: '6',
})

export const startingSourcing = (): Sourcing => ({ ...UNSOURCED, ...lastSource.get() })

export function rememberSource({ sourceId, reliability, credibility }: Sourcing): void {
  lastSource.set({ sourceId, reliability, credibility })
}
