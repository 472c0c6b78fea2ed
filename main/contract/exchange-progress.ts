/** Progress of a preview or an import, by itself: the stream of changes tells it too. */
import { z } from 'zod'

/** How far a large file is. */
export const ExchangeProgress = z.object({
  phase: z.enum(['reading', 'judging', 'writing', 'indexing']),
  /** 0 to 1, of the whole. */
  fraction: z.number().min(0).max(1),
})
export type ExchangeProgress = z.infer<typeof ExchangeProgress>
