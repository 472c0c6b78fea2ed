/** Long work that is waited for: how far it is, told while it runs, and at its end what came of it. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'

export const Progress = z.object({
  type: z.literal('progress'),
  /** What is being done, in a few words. */
  words: z.string(),
  done: z.number().nonnegative(),
  /** In the unit of `done`; 0 while it is not known. */
  total: z.number().nonnegative(),
})
export type Progress = z.infer<typeof Progress>

/**
 * The output of an operation that tells its progress, at most ten times a second, and then its result. Whoever stops
 * listening cancels the work.
 */
export const withProgress = <Result extends z.ZodType>(result: Result) =>
  eventIterator(z.discriminatedUnion('type', [Progress, z.object({ type: z.literal('done'), result })]))
