/** Looking up DISARM techniques. Ids, names and tactics: DISARM Foundation, CC BY-SA 4.0. */
import { z } from 'zod'
import { op } from './base.ts'

export const DisarmTactic = z.object({
  /** `TA06`. */
  id: z.string(),
  name: z.string(),
  /** `phase_name` in STIX: `develop-content`. */
  phase: z.string(),
})
export type DisarmTactic = z.infer<typeof DisarmTactic>
export const DisarmTechnique = z.object({
  /** `T0088`, or `T0088.001` for a sub-technique. */
  id: z.string(),
  name: z.string(),
  /** Ids of tactics. */
  tactics: z.array(z.string()),
  parent: z.string().optional(),
})
export type DisarmTechnique = z.infer<typeof DisarmTechnique>

export const disarm = {
  /** Every tactic, in DISARM's order. */
  tactics: op.output(z.object({ tactics: z.array(DisarmTactic), attribution: z.string(), asOf: z.string() })),
  /** Techniques whose id or name holds every word of the text. */
  techniques: op
    .input(z.object({ text: z.string().max(200).default(''), limit: z.number().int().min(1).max(500).default(50) }))
    .output(z.array(DisarmTechnique)),
}
