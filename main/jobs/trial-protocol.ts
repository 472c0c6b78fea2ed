/** What the host and the worker that tries a model say to each other. Parsed on both sides, like every worker's talk. */
import { z } from 'zod'
import { FailureReport } from '../contract/common.ts'

/** Host to worker. */
export const TrialOrder = z.object({
  type: z.literal('trial'),
  /** Folder of model folders. */
  models: z.string(),
  id: z.string().max(100),
  /** Most resident memory of the worker, bytes. */
  residentBytes: z.number().positive(),
})
export type TrialOrder = z.infer<typeof TrialOrder>

/** Worker to host. */
export const TrialMessage = z.discriminatedUnion('type', [
  /** The worker is up and reads the model now: the clock starts. */
  z.object({ type: z.literal('trial-began') }),
  z.object({
    type: z.literal('trial-passed'),
    /** Seconds of loading and running. */
    seconds: z.number().nonnegative().max(1e6),
    /** Largest resident memory of the worker, bytes. */
    peakBytes: z.number().nonnegative().max(1e15),
  }),
  z.object({ type: z.literal('trial-failed'), error: FailureReport }),
])
export type TrialMessage = z.infer<typeof TrialMessage>
